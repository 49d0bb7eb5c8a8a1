/**
 * The folder of recordings, which the switch writes and the engine reads: whether it has room, how much sound a file
 * has, repairing and removing files. A file's name is the id of its message, greeting or draft.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, open, readdir, readFile, rename, stat, statfs, unlink } from "node:fs/promises";
import type { SilenceLevel } from "../../policy/mailbox/silence.js";
import {
  lengthFields,
  readWavHeader,
  SoundSpan,
  WAV_HEADER_BYTES_MAX,
  WAV_HEADER_BYTES_MIN,
  type WavLayout,
  wavHeader,
  wholeSamples,
} from "./wav.js";

/** No recording begins with less room than this on the disk, besides what recordings in progress may need. */
const ROOM_BYTES_MIN = 100_000_000;

/** Why no recording may begin. */
export type NoRoom =
  | { readonly why: "missing"; readonly detail: string }
  | { readonly why: "not_writable"; readonly detail: string }
  | { readonly why: "disk_full"; readonly freeBytes: number };

/** The measures of a recording. */
export interface Sound {
  readonly bytes: number;
  readonly lengthMs: number;
  /** From the first sound to the last, without silence before and after. */
  readonly soundMs: number;
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
}

/** A recording that is being made. */
export interface GrowingSound {
  /** How many milliseconds of silence there are at its end by now; undefined: nobody can tell. */
  quietMs(): Promise<number | undefined>;
}

/** Why a recording has no sound to measure. */
export type NoSound = "missing" | "empty" | "unreadable";

/** A text kept beside a recording; `id` is the recording's. */
export interface Note {
  readonly id: string;
  readonly text: string;
}

const NOTE_SUFFIX = ".row.json";

const READ_BYTES = 65_536;

/** The public side of {@link Recordings}, for folders that are not on a disk. */
export type RecordingFolder = Pick<Recordings, keyof Recordings>;

export class Recordings {
  constructor(
    readonly folder: string,
    private readonly roomBytesMin: number = ROOM_BYTES_MIN,
  ) {}

  path(id: string): string {
    return `${this.folder}/${id}.wav`;
  }

  /**
   * Why no recording may begin; undefined: it may. If the folder is missing, the switch hangs the caller up.
   * @param bytesToCome bytes that recordings in progress may still take
   */
  async noRoom(bytesToCome: number): Promise<NoRoom | undefined> {
    try {
      if (!(await stat(this.folder)).isDirectory()) return { why: "missing", detail: "not a folder" };
      await access(this.folder, constants.W_OK | constants.X_OK);
      const { bavail, bsize } = await statfs(this.folder);
      const freeBytes = bavail * bsize;
      return freeBytes < this.roomBytesMin + bytesToCome ? { why: "disk_full", freeBytes } : undefined;
    } catch (error) {
      const code = codeOf(error);
      return { why: code === "ENOENT" ? "missing" : "not_writable", detail: code };
    }
  }

  /** Measures a recording, as far as it is written. */
  async measure(id: string, level: SilenceLevel = "auto"): Promise<Sound | NoSound> {
    return this.#read(id, level, false);
  }

  /** Corrects the header's lengths, syncs the file to the disk, then measures it. */
  async seal(id: string, level: SilenceLevel = "auto"): Promise<Sound | NoSound> {
    return this.#read(id, level, true);
  }

  /** A recording that is being made, to be listened to. */
  growing(id: string, level: SilenceLevel): GrowingSound {
    const path = this.path(id);
    let span: SoundSpan | undefined;
    let at = 0;
    return {
      quietMs: async () => {
        const file = await open(path, "r").catch(() => undefined);
        if (file === undefined) return undefined;
        try {
          if (span === undefined) {
            const { layout } = await head(file);
            if (layout === undefined) return undefined;
            span = new SoundSpan(layout.rate, level);
            at = layout.dataAt;
          }
          at = await hear(file, at, span);
          return span.quietMs;
        } catch {
          return undefined;
        } finally {
          await file.close();
        }
      },
    };
  }

  /** Whether the file has samples, judged by its header and size. */
  async isPlayable(id: string): Promise<boolean> {
    const file = await open(this.path(id), "r").catch(() => undefined);
    if (file === undefined) return false;
    try {
      const { layout, size } = await head(file);
      return layout !== undefined && wholeSamples(size - layout.dataAt) > 0;
    } catch {
      return false;
    } finally {
      await file.close();
    }
  }

  /**
   * Joins two recordings, or copies one. The new file gets its name when it is complete, so that a crash leaves no
   * half file under that name.
   * @param first null: copy `second` alone
   * @returns false when a file cannot be read, or their sample rates differ
   */
  async join(first: string | null, second: string, as: string): Promise<boolean> {
    const part = this.#partOf(as);
    const parts = first === null ? [second] : [first, second];
    if (!(await this.#joinTo(part, parts))) return false;
    await rename(part, this.path(as));
    return true;
  }

  async #joinTo(part: string, ids: readonly string[]): Promise<boolean> {
    const to = await open(part, "w");
    try {
      let rate = 0;
      let bytes = 0;
      for (const id of ids) {
        const piece = await append(to, this.path(id), WAV_HEADER_BYTES_MIN + bytes, rate);
        if (piece === undefined) return false;
        rate = piece.rate;
        bytes += piece.bytes;
      }
      await to.write(wavHeader(rate, bytes), 0, WAV_HEADER_BYTES_MIN, 0);
      await to.sync();
      return true;
    } finally {
      await to.close();
    }
  }

  /** Keeps a short text beside a recording that may not exist yet. */
  async keepNote(id: string, text: string): Promise<void> {
    const part = `${this.#noteOf(id)}.part`;
    const file = await open(part, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, this.#noteOf(id));
  }

  async notes(): Promise<Note[]> {
    const notes: Note[] = [];
    for (const name of (await readdir(this.folder).catch(unlessMissing)) ?? []) {
      if (!name.endsWith(NOTE_SUFFIX)) continue;
      // Another engine may have removed it since.
      const text = await readFile(`${this.folder}/${name}`, "utf8").catch(unlessMissing);
      if (text !== undefined) notes.push({ id: name.slice(0, -NOTE_SUFFIX.length), text });
    }
    return notes;
  }

  async forgetNote(id: string): Promise<void> {
    await unlink(this.#noteOf(id)).catch(unlessMissing);
  }

  #noteOf(id: string): string {
    return `${this.folder}/${id}${NOTE_SUFFIX}`;
  }

  #partOf(id: string): string {
    return `${this.folder}/${id}.part`;
  }

  /** Removes a recording; a missing file is no error. */
  async remove(id: string): Promise<void> {
    for (const path of [this.path(id), this.#partOf(id)]) await unlink(path).catch(unlessMissing);
  }

  async #read(id: string, level: SilenceLevel, seal: boolean): Promise<Sound | NoSound> {
    const file = await open(this.path(id), "r").catch((error: unknown) => codeOf(error));
    if (typeof file === "string") return file === "ENOENT" ? "missing" : "unreadable";
    try {
      const { layout, size } = await head(file);
      // Shorter than a header: the switch died while it created the file.
      if (layout === undefined) return size < WAV_HEADER_BYTES_MIN ? "empty" : "unreadable";
      if (seal && layout.dataBytesSaid !== wholeSamples(size - layout.dataAt)) {
        await this.#repair(id, layout, size);
        return await this.#read(id, level, false);
      }
      if (seal) await file.sync();
      return await measureSound(file, layout, size, level);
    } catch {
      return "unreadable";
    } finally {
      await file.close();
    }
  }

  /**
   * Corrects the lengths in a header. The switch may run as another user, and others may not write its files (0644,
   * psf_open of libsndfile): we may write in the folder, so a corrected copy replaces such a file.
   */
  async #repair(id: string, layout: WavLayout, size: number): Promise<void> {
    const file = await open(this.path(id), "r+").catch((error: unknown) => codeOf(error));
    if (typeof file === "string") {
      if (!(await this.join(null, id, id))) throw new Error(`a recording cannot be repaired: ${file}`);
      return;
    }
    try {
      for (const [at, value] of lengthFields(layout, size)) {
        const field = Buffer.alloc(4);
        field.writeUInt32LE(value);
        await file.write(field, 0, 4, at);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

type File = Awaited<ReturnType<typeof open>>;

async function head(file: File): Promise<{ readonly layout: WavLayout | undefined; readonly size: number }> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.min(size, WAV_HEADER_BYTES_MAX));
  await file.read(bytes, 0, bytes.length, 0);
  return { layout: readWavHeader(bytes), size };
}

/**
 * Copies the samples of a file to an offset of another; undefined: they cannot be read, or their rate is not `rate`
 * (0: any).
 */
async function append(
  to: File,
  path: string,
  at: number,
  rate: number,
): Promise<{ readonly rate: number; readonly bytes: number } | undefined> {
  const from = await open(path, "r").catch(() => undefined);
  if (from === undefined) return undefined;
  try {
    const { layout, size } = await head(from);
    if (layout === undefined || (rate !== 0 && layout.rate !== rate)) return undefined;
    const bytes = wholeSamples(size - layout.dataAt);
    const buffer = Buffer.alloc(READ_BYTES);
    for (let done = 0; done < bytes; ) {
      const { bytesRead } = await from.read(
        buffer,
        0,
        Math.min(READ_BYTES, bytes - done),
        layout.dataAt + done,
      );
      if (bytesRead === 0) return undefined;
      await to.write(buffer, 0, bytesRead, at + done);
      done += bytesRead;
    }
    return { rate: layout.rate, bytes };
  } finally {
    await from.close();
  }
}

/** Adds the samples from an offset of a file on to those heard before. @returns the offset of the end */
async function hear(file: File, from: number, span: SoundSpan): Promise<number> {
  const buffer = Buffer.alloc(READ_BYTES);
  let at = from;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, READ_BYTES, at);
    if (bytesRead === 0) return at;
    span.add(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

async function measureSound(
  file: File,
  layout: WavLayout,
  size: number,
  level: SilenceLevel,
): Promise<Sound> {
  const hash = createHash("sha256");
  const span = new SoundSpan(layout.rate, level);
  const buffer = Buffer.alloc(READ_BYTES);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(buffer, 0, READ_BYTES, at);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    if (at + bytesRead > layout.dataAt) span.add(piece.subarray(Math.max(0, layout.dataAt - at)));
    at += bytesRead;
  }
  const samples = wholeSamples(size - layout.dataAt) / 2;
  return {
    bytes: size,
    lengthMs: Math.round((samples * 1000) / layout.rate),
    soundMs: span.soundMs,
    sha256: hash.digest("hex"),
  };
}

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== "ENOENT") throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
