/** Sound files that people bring along, as the switch plays and the engine measures them: 8 kHz, mono, 16 bit. */
import { BYTES_PER_SAMPLE, readWavHeader, wavHeader, wholeSamples } from "./wav.js";

export const TELEPHONE_RATE = 8_000;

/**
 * The same sound with a header and nothing else around it: what other programs write behind the samples would be
 * heard as noise. Undefined: it is not of this form, and has to be converted.
 */
export function telephoneWav(file: Buffer): Buffer | undefined {
  const layout = readWavHeader(file);
  if (layout === undefined || layout.rate !== TELEPHONE_RATE) return undefined;
  const bytes = wholeSamples(Math.min(file.length - layout.dataAt, layout.dataBytesSaid));
  return Buffer.concat([
    wavHeader(TELEPHONE_RATE, bytes),
    file.subarray(layout.dataAt, layout.dataAt + bytes),
  ]);
}

/** How long a file of {@link telephoneWav} lasts. */
export function telephoneMs(file: Buffer): number {
  return ((file.length - wavHeader(TELEPHONE_RATE, 0).length) * 1_000) / (TELEPHONE_RATE * BYTES_PER_SAMPLE);
}
