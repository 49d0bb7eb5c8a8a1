/**
 * Tells what kind of sound a file is by its first bytes. Files from strangers are only given to a program that converts them
 * with their form said: a program that guesses may take a text for a list of other files, and read those (ffmpeg's
 * demuxers `concat` and `hls`).
 */

export const SOUND_FORMS = ["wav", "ogg", "webm", "mp3", "mp4", "flac"] as const;
export type SoundForm = (typeof SOUND_FORMS)[number];

const BEGINNINGS: readonly (readonly [SoundForm, (bytes: Buffer) => boolean])[] = [
  ["wav", (bytes) => has(bytes, 0, "RIFF") && has(bytes, 8, "WAVE")],
  ["ogg", (bytes) => has(bytes, 0, "OggS")],
  // The id of EBML's head (RFC 8794, 11.2.1).
  ["webm", (bytes) => bytes.length >= 4 && bytes.readUInt32BE(0) === 0x1a45dfa3],
  ["flac", (bytes) => has(bytes, 0, "fLaC")],
  ["mp4", (bytes) => has(bytes, 4, "ftyp")],
  // A tag, or the first frame: eleven bits that are set (ISO 11172-3, 2.4.2.3).
  [
    "mp3",
    (bytes) => has(bytes, 0, "ID3") || (bytes.length >= 2 && (bytes.readUInt16BE(0) & 0xffe0) === 0xffe0),
  ],
];

/** Undefined: it is no sound that is read here. */
export function soundForm(bytes: Buffer): SoundForm | undefined {
  return BEGINNINGS.find(([, begins]) => begins(bytes))?.[0];
}

function has(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString("latin1", at, at + text.length) === text;
}
