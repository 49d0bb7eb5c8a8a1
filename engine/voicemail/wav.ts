/**
 * Recordings as the switch writes them: WAV, 16 bit, mono. A switch that dies leaves a header with length zero, so the
 * size of the file counts and not the header.
 */
import { type SilenceLevel, soundLevel } from "../../policy/mailbox/silence.js";
import { LineNoise } from "./line-noise.js";

/** The sample rate, and where the samples are. */
export interface WavLayout {
  readonly rate: number;
  /** Offset of the first sample in the file. */
  readonly dataAt: number;
  /** Bytes of samples by the header; the file may have less or more. */
  readonly dataBytesSaid: number;
}

/** The length of the shortest header. */
export const WAV_HEADER_BYTES_MIN = 44;

/** So many bytes of a file contain its header, with all chunks the switch's library writes before the samples. */
export const WAV_HEADER_BYTES_MAX = 4_096;

export const BYTES_PER_SAMPLE = 2;

/** Reads a header; undefined: not 16 bit mono PCM. */
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

/** Makes a header for 16 bit mono PCM, {@link WAV_HEADER_BYTES_MIN} bytes. @param dataBytes bytes of samples behind it */
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

/** The correct values of a header's two lengths, as [offset in the file, value]. */
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

const FRAME_MS = 20;

/** Finds sound and silence in samples that come piece by piece, by the rule of `policy/mailbox/silence.ts`. */
export class SoundSpan {
  readonly #level: SilenceLevel;
  readonly #frameBytes: number;
  #rest = Buffer.alloc(0);
  /** The loudness of each frame so far: the noise that decides about a frame may be heard after it. */
  readonly #frames: number[] = [];
  readonly #noise = new LineNoise();

  constructor(rate: number, level: SilenceLevel = "auto") {
    this.#level = level;
    this.#frameBytes = Math.max(1, Math.round((rate * FRAME_MS) / 1000)) * BYTES_PER_SAMPLE;
  }

  add(samples: Buffer): void {
    const all = this.#rest.length === 0 ? samples : Buffer.concat([this.#rest, samples]);
    let at = 0;
    for (; at + this.#frameBytes <= all.length; at += this.#frameBytes)
      this.#hear(loudness(all, at, this.#frameBytes));
    this.#rest = Buffer.from(all.subarray(at));
  }

  #hear(frame: number): void {
    this.#frames.push(frame);
    this.#noise.hear(this.#frames);
  }

  /** Milliseconds from the first frame with sound to the end of the last; 0: no sound. */
  get soundMs(): number {
    const first = this.#frames.findIndex(this.#isSound());
    return first < 0 ? 0 : this.#lengthMs - this.quietMs - first * FRAME_MS;
  }

  /** Milliseconds of silence at the end. */
  get quietMs(): number {
    return this.#lengthMs - (this.#frames.findLastIndex(this.#isSound()) + 1) * FRAME_MS;
  }

  get #lengthMs(): number {
    return this.#frames.length * FRAME_MS;
  }

  /**
   * Whether a frame is sound: it is loud, and so are it and its two neighbours together. The loudest single frame of
   * low noise, such as a street's, is more than three times as loud as its quiet moments.
   */
  #isSound(): (frame: number, at: number) => boolean {
    const level = soundLevel(this.#level, this.#noise.loudness);
    return (frame, at) => {
      const around = (this.#frames[at - 1] ?? frame) + frame + (this.#frames[at + 1] ?? frame);
      return frame >= level && around >= 3 * level;
    };
  }
}

function loudness(samples: Buffer, from: number, bytes: number): number {
  let sum = 0;
  for (let at = from; at < from + bytes; at += BYTES_PER_SAMPLE) sum += Math.abs(samples.readInt16LE(at));
  return sum / (bytes / BYTES_PER_SAMPLE);
}
