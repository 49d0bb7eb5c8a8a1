/**
 * The folder of recordings, which the switch writes to and the engine reads: is there room, how much sound is
 * in a file, and away with it. Files are named by the message's id alone.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, open, stat, statfs, unlink } from "node:fs/promises";
import {
  lengthFields,
  readWavHeader,
  SoundSpan,
  WAV_HEADER_BYTES_MAX,
  WAV_HEADER_BYTES_MIN,
  type WavLayout,
  wholeSamples,
} from "./wav.js";

/** Less room than this on the disk, and no message is begun: twenty callers at their limit of five minutes. */
export const ROOM_BYTES_MIN = 100_000_000;

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

export class Recordings {
  constructor(
    readonly folder: string,
    private readonly roomBytesMin: number = ROOM_BYTES_MIN,
  ) {}

  path(id: string): string {
    return `${this.folder}/${id}.wav`;
  }

  /** Whether a recording may begin; undefined: it may. A folder that is not there would hang the caller up. */
  async noRoom(): Promise<NoRoom | undefined> {
    try {
      if (!(await stat(this.folder)).isDirectory()) return { why: "missing", detail: "not a folder" };
      await access(this.folder, constants.W_OK | constants.X_OK);
      const { bavail, bsize } = await statfs(this.folder);
      const freeBytes = bavail * bsize;
      return freeBytes < this.roomBytesMin ? { why: "disk_full", freeBytes } : undefined;
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

  /** Removes a recording; one that is not there is removed already. */
  async remove(id: string): Promise<void> {
    await unlink(this.path(id)).catch((error: unknown) => {
      if (codeOf(error) !== "ENOENT") throw error;
    });
  }

  async #read(id: string, seal: boolean): Promise<Sound | NoSound> {
    const file = await open(this.path(id), seal ? "r+" : "r").catch((error: unknown) => codeOf(error));
    if (typeof file === "string") return file === "ENOENT" ? "missing" : "unreadable";
    try {
      const { size } = await file.stat();
      const head = Buffer.alloc(Math.min(size, WAV_HEADER_BYTES_MAX));
      await file.read(head, 0, head.length, 0);
      const layout = readWavHeader(head);
      // Less than a header: the switch died while it made the file.
      if (layout === undefined) return size < WAV_HEADER_BYTES_MIN ? "empty" : "unreadable";
      if (seal) {
        await repair(file, layout, size);
        await file.sync();
      }
      return await listen(file, layout, size);
    } catch {
      return "unreadable";
    } finally {
      await file.close();
    }
  }
}

type File = Awaited<ReturnType<typeof open>>;

async function repair(file: File, layout: WavLayout, size: number): Promise<void> {
  if (layout.dataBytesSaid === wholeSamples(size - layout.dataAt)) return;
  for (const [at, value] of lengthFields(layout, size)) {
    const field = Buffer.alloc(4);
    field.writeUInt32LE(value);
    await file.write(field, 0, 4, at);
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
