/**
 * Recordings as the switch writes them: WAV, 16 bit, mono. A switch that dies leaves a header that says zero
 * length; what counts is the bytes that are there.
 */

/** Where the samples are, and how many of a second's there are. */
export interface WavLayout {
  readonly rate: number;
  /** Offset of the first sample in the file. */
  readonly dataAt: number;
  /** What the header says; may be less or more than there is. */
  readonly dataBytesSaid: number;
}

/** The shortest header there is. */
export const WAV_HEADER_BYTES_MIN = 44;

/** Enough of a file for its header, whatever chunks the switch's library puts before the samples. */
export const WAV_HEADER_BYTES_MAX = 4_096;

export const BYTES_PER_SAMPLE = 2;

/** Reads a header; undefined for what is not 16 bit mono PCM. */
export function readWavHeader(head: Buffer): WavLayout | undefined {
  if (head.length < WAV_HEADER_BYTES_MIN || word(head, 0) !== "RIFF" || word(head, 8) !== "WAVE")
    return undefined;
  let rate = 0;
  for (let at = 12; at + 8 <= head.length; ) {
    const bytes = head.readUInt32LE(at + 4);
    if (word(head, at) === "data")
      return rate === 0 ? undefined : { rate, dataAt: at + 8, dataBytesSaid: bytes };
    if (word(head, at) === "fmt ") {
      if (bytes < 16 || at + 24 > head.length) return undefined;
      const [format, channels, bits] = [
        head.readUInt16LE(at + 8),
        head.readUInt16LE(at + 10),
        head.readUInt16LE(at + 22),
      ];
      if (format !== 1 || channels !== 1 || bits !== 16) return undefined;
      rate = head.readUInt32LE(at + 12);
    }
    at += 8 + bytes + (bytes % 2);
  }
  return undefined;
}

/** The header of 16 bit mono PCM, {@link WAV_HEADER_BYTES_MIN} bytes. @param dataBytes of the samples behind it */
export function wavHeader(rate: number, dataBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES_MIN);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(WAV_HEADER_BYTES_MIN - 8 + dataBytes, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** The two lengths of a header, made to say what is there: [offset, value] in the file. */
export function lengthFields(layout: WavLayout, fileBytes: number): ReadonlyArray<readonly [number, number]> {
  const dataBytes = wholeSamples(fileBytes - layout.dataAt);
  return [
    [4, layout.dataAt - 8 + dataBytes],
    [layout.dataAt - 4, dataBytes],
  ];
}

export function wholeSamples(bytes: number): number {
  return Math.max(0, bytes - (bytes % BYTES_PER_SAMPLE));
}

function word(buffer: Buffer, at: number): string {
  return buffer.toString("latin1", at, at + 4);
}

/** Mean of the absolute values (full scale 32767) from which a frame is sound: -58 dB, above the switch's comfort noise. */
const SOUND_LEVEL = 40;
const FRAME_MS = 20;

/** Listens to samples piece by piece: from when to when is there sound? */
export class SoundSpan {
  readonly #frameBytes: number;
  #rest = Buffer.alloc(0);
  #frames = 0;
  #first = -1;
  #last = -1;

  constructor(rate: number) {
    this.#frameBytes = Math.max(1, Math.round((rate * FRAME_MS) / 1000)) * BYTES_PER_SAMPLE;
  }

  add(samples: Buffer): void {
    const all = this.#rest.length === 0 ? samples : Buffer.concat([this.#rest, samples]);
    let at = 0;
    for (; at + this.#frameBytes <= all.length; at += this.#frameBytes) {
      if (loudness(all, at, this.#frameBytes) >= SOUND_LEVEL) {
        if (this.#first < 0) this.#first = this.#frames;
        this.#last = this.#frames;
      }
      this.#frames += 1;
    }
    this.#rest = Buffer.from(all.subarray(at));
  }

  /** Milliseconds from the first frame with sound to the end of the last; 0: there was none. */
  get soundMs(): number {
    return this.#first < 0 ? 0 : (this.#last - this.#first + 1) * FRAME_MS;
  }
}

function loudness(samples: Buffer, from: number, bytes: number): number {
  let sum = 0;
  for (let at = from; at < from + bytes; at += BYTES_PER_SAMPLE) sum += Math.abs(samples.readInt16LE(at));
  return sum / (bytes / BYTES_PER_SAMPLE);
}
