/** Uploaded sound files in the one form that the switch plays and the engine measures: WAV, 8 kHz, mono, 16 bit. */
import { BYTES_PER_SAMPLE, readWavHeader, wavHeader, wholeSamples } from "./wav.js";

export const TELEPHONE_RATE = 8_000;

/**
 * The samples of a file with a plain header: chunks that other programs write behind the samples would be heard as
 * noise. Undefined: the file has another form and must be converted.
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

/** The length of a file made by {@link telephoneWav}. */
export function telephoneMs(file: Buffer): number {
  return ((file.length - wavHeader(TELEPHONE_RATE, 0).length) * 1_000) / (TELEPHONE_RATE * BYTES_PER_SAMPLE);
}
