/**
 * Reads the beginning of a sound file that an office names: whether the switch can play it, and how long it is. The switch
 * plays files by libsndfile (mod_sndfile), at any sample rate, and mixes stereo down.
 */
import type { SoundFact } from "../../../policy/office-file/checks/sounds.js";

/** So many bytes of a file contain its header, with the chunks that editors write before the samples. */
export const SOUND_HEAD_BYTES = 65_536;

/** Codecs of a WAV file that libsndfile reads (its src/wavlike.h): each with what it is called. */
const CODECS: ReadonlyMap<number, string> = new Map([
  [0x0001, "PCM"],
  [0x0002, "MS ADPCM"],
  [0x0003, "float"],
  [0x0006, "A-law"],
  [0x0007, "µ-law"],
  [0x0011, "IMA ADPCM"],
  [0x0014, "G.723"],
  [0x0031, "GSM 06.10"],
  [0x0040, "G.721"],
  [0xfffe, "extensible"],
]);

/** What other files begin with, for people who have only changed the ending of a name. */
const OTHERS: ReadonlyArray<readonly [pattern: RegExp, what: string]> = [
  [/^(?:ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa\xfb])/, "an MP3 file"],
  [/^OggS/, "an Ogg file"],
  [/^fLaC/, "a FLAC file"],
  [/^FORM/, "an AIFF file"],
  [/^\.snd/, "an AU file"],
  [/^.{4}ftyp/s, "an MP4 or M4A file"],
  [/^\x30\x26\xb2\x75/, "a WMA file"],
  [/^RIFF.{4}(?!WAVE)/s, "a RIFF file, but no WAV file"],
];

/** @param head the file's first bytes. @param bytes the size of the whole file */
export function soundFact(head: Buffer, bytes: number): SoundFact {
  if (bytes === 0) return none("the file is empty");
  const magic = head.toString("latin1", 0, 12);
  if (!/^(?:RIFF|RF64).{4}WAVE/s.test(magic)) {
    const other = OTHERS.find(([pattern]) => pattern.test(magic));
    return none(other === undefined ? "it has no header of a WAV file" : `it is ${other[1]}`);
  }
  return wavFact(head, bytes);
}

interface Format {
  readonly channels: number;
  readonly rate: number;
  readonly bytesPerSecond: number;
}

function wavFact(head: Buffer, bytes: number): SoundFact {
  let format: Format | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString("latin1", at, at + 4);
    const length = head.readUInt32LE(at + 4);
    if (name === "fmt ") {
      const read = formatOf(head, at + 8, length);
      if (typeof read === "string") return none(read);
      format = read;
    }
    if (name === "data")
      return format === undefined
        ? none("its header does not say how it is coded")
        : lengthOf(format, length, bytes - at - 8);
    at += 8 + length + (length % 2);
  }
  return none("there are no samples in it");
}

function formatOf(head: Buffer, at: number, length: number): Format | string {
  if (length < 16 || at + 16 > head.length) return "its header is cut off";
  const codec = head.readUInt16LE(at);
  if (!CODECS.has(codec))
    return `it is coded in a way that is none of ${[...CODECS.values()].slice(0, -1).join(", ")}`;
  const format = {
    channels: head.readUInt16LE(at + 2),
    rate: head.readUInt32LE(at + 4),
    bytesPerSecond: head.readUInt32LE(at + 8),
  };
  if (format.rate === 0 || format.bytesPerSecond === 0) return "its header says no sample rate";
  if (format.channels < 1 || format.channels > 2) return `it has ${format.channels} channels`;
  return format;
}

/** A header that was written before the sound says too little or too much: then the size of the file counts. */
function lengthOf({ bytesPerSecond }: Format, said: number, there: number): SoundFact {
  const samples = said === 0 ? there : Math.min(said, there);
  if (samples <= 0) return none("there are no samples in it");
  return { kind: "sound", lengthMs: Math.round((samples * 1_000) / bytesPerSecond) };
}

function none(why: string): SoundFact {
  return { kind: "no_sound", why };
}
