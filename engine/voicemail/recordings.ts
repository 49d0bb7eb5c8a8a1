/**
 * The folder of recordings, which the switch writes to and the engine reads: is there room, how much sound is
 * in a file, and away with it. Files are named by the message's id alone.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, open, rename, stat, statfs, unlink } from "node:fs/promises";
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

/** Less room than this on the disk, beside what is being recorded, and no message is begun. */
const ROOM_BYTES_MIN = 100_000_000;

/** Why no recording may begin. */
export type NoRoom =
  | { readonly why: "missing"; readonly detail: string }
  | { readonly why: "not_writable"; readonly detail: string }
  | { readonly why: "disk_full"; readonly freeBytes: number };

/** What is in a file. */
export interface Sound {
  readonly bytes: number;
  readonly lengthMs: number;
  /** From the first sound to the last. */
  readonly soundMs: number;
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
}

/** A file that cannot be listened to. */
export type NoSound = "missing" | "empty" | "unreadable";

const READ_BYTES = 65_536;

/** What {@link Recordings} does, wherever the files are. */
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
   * Whether a recording may begin; undefined: it may. A folder that is not there would hang the caller up.
   * @param bytesToCome of others that are being recorded
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

  /** Listens to a recording, as much of it as is there. */
  async measure(id: string): Promise<Sound | NoSound> {
    return this.#read(id, false);
  }

  /** Makes the header say what is there, and the file safe on the disk; then listens to it. */
  async seal(id: string): Promise<Sound | NoSound> {
    return this.#read(id, true);
  }

  /** Whether there is anything to hear, as far as a look at its beginning tells. */
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
   * Makes a recording out of two, or a copy of one. It gets its name when it is whole: a crash leaves nothing under it.
   * @param first null: there is none
   * @returns false when one of them cannot be read, or they do not fit together
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

  #partOf(id: string): string {
    return `${this.folder}/${id}.part`;
  }

  /** Removes a recording; one that is not there is removed already. */
  async remove(id: string): Promise<void> {
    for (const path of [this.path(id), this.#partOf(id)])
      await unlink(path).catch((error: unknown) => {
        if (codeOf(error) !== "ENOENT") throw error;
      });
  }

  async #read(id: string, seal: boolean): Promise<Sound | NoSound> {
    const file = await open(this.path(id), "r").catch((error: unknown) => codeOf(error));
    if (typeof file === "string") return file === "ENOENT" ? "missing" : "unreadable";
    try {
      const { layout, size } = await head(file);
      // Less than a header: the switch died while it made the file.
      if (layout === undefined) return size < WAV_HEADER_BYTES_MIN ? "empty" : "unreadable";
      if (seal && layout.dataBytesSaid !== wholeSamples(size - layout.dataAt)) {
        await this.#repair(id, layout, size);
        return await this.#read(id, false);
      }
      if (seal) await file.sync();
      return await listen(file, layout, size);
    } catch {
      return "unreadable";
    } finally {
      await file.close();
    }
  }

  /**
   * Sets the lengths in a header right. The switch may run as another user, whose files are nobody else's to write
   * (0644, psf_open of libsndfile): in a folder of ours a copy takes the place of such a one.
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

/** Copies the samples of a file to an offset of another; undefined: it has none, or other than `rate` a second. */
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

async function listen(file: File, layout: WavLayout, size: number): Promise<Sound> {
  const hash = createHash("sha256");
  const span = new SoundSpan(layout.rate);
  const buffer = Buffer.alloc(READ_BYTES);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(buffer, 0, READ_BYTES, at);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    if (at + bytesRead > layout.dataAt) span.hear(piece.subarray(Math.max(0, layout.dataAt - at)));
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

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
