/**
 * Whether anybody still reads the pipe that a command writes to. A process learns of a reader who is gone when it writes, and a
 * command that follows what comes may have nothing to write for hours. Linux shows the open files of each process in /proc;
 * elsewhere, and of a reader who is another user, nothing is known, and the next write tells.
 */
import { fstatSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { isSystemFailure } from "./system-error.js";

const PROC = "/proc";
/** The access mode among the flags of an open file (fcntl.h). */
const ACCESS_MODE = 0o3;
const WRITE_ONLY = 0o1;

export class PipeReader {
  readonly #fd: number;
  /** An open file of the reader, as /proc names it; null: none was seen. */
  #seen: { readonly process: string; readonly file: string } | null = null;

  /** @param fd the end into which this process writes */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Whether a reader that was seen at an earlier question is gone, and no other is seen. */
  async isGone(): Promise<boolean> {
    const pipe = await nameOf(this.#fd);
    if (pipe === null) return false;
    if (this.#seen !== null && (await reads(this.#seen.process, this.#seen.file, pipe)) !== "no")
      return false;
    const found = await readerOf(pipe);
    if (found === null) return this.#seen !== null;
    this.#seen = found;
    return false;
  }
}

/** What /proc calls the pipe; null: it is none, or there is no /proc. */
async function nameOf(fd: number): Promise<string | null> {
  try {
    return fstatSync(fd).isFIFO() ? await readlink(`${PROC}/self/fd/${fd}`) : null;
  } catch {
    return null;
  }
}

/** Any process that reads the pipe, among those whose files this user may see. */
async function readerOf(pipe: string): Promise<{ readonly process: string; readonly file: string } | null> {
  for (const name of await namesIn(PROC)) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    for (const file of await namesIn(`${PROC}/${name}/fd`))
      if ((await reads(name, file, pipe)) === "yes") return { process: name, file };
  }
  return null;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function reads(id: string, file: string, pipe: string): Promise<"yes" | "no" | "unknown"> {
  try {
    if ((await readlink(`${PROC}/${id}/fd/${file}`)) !== pipe) return "no";
    const flags = /^flags:\s*([0-7]+)/m.exec(await readFile(`${PROC}/${id}/fdinfo/${file}`, "utf8"))?.[1];
    return (Number.parseInt(flags ?? "", 8) & ACCESS_MODE) === WRITE_ONLY ? "no" : "yes";
  } catch (error) {
    return isSystemFailure(error) && (error.code === "ENOENT" || error.code === "ESRCH") ? "no" : "unknown";
  }
}
