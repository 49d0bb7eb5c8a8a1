/** Goal: it is known that a reader of a pipe is gone, and never believed of one who may be there. Method: pipes and processes. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { readdir, readlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PipeReader } from "./pipe-reader.js";

const readers: ChildProcess[] = [];
let folder: string;
let pipe: string;
let fd: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-pipe-"));
  pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  // Opening it for writing alone would wait for a reader.
  fd = openSync(pipe, constants.O_RDWR);
});
afterEach(() => {
  closeSync(fd);
  for (const reader of readers.splice(0)) reader.kill();
  rmSync(folder, { recursive: true });
});

function readLine(): ChildProcess {
  const reader = spawn("head", ["-n", "1", pipe], { stdio: "ignore" });
  readers.push(reader);
  return reader;
}

/** A process needs a moment to open its files. */
async function hasOpened({ pid }: ChildProcess): Promise<void> {
  const files = `/proc/${pid}/fd`;
  for (let names: readonly string[] = []; !names.includes(pipe); ) {
    const open = await readdir(files);
    names = await Promise.all(open.map((file) => readlink(join(files, file)).catch(() => "")));
  }
}

describe.runIf(process.platform === "linux")("the reader of a pipe", () => {
  it("is there, then gone; and there again when another one comes", async () => {
    const reader = new PipeReader(fd);
    const first = readLine();
    await hasOpened(first);
    expect(await reader.isGone()).toBe(false);
    writeSync(fd, "one\n");
    await once(first, "exit");
    expect(await reader.isGone()).toBe(true);
    expect(await reader.isGone()).toBe(true);
    await hasOpened(readLine());
    expect(await reader.isGone()).toBe(false);
  });

  it("whom nobody has seen is not gone", async () => {
    expect(await new PipeReader(fd).isGone()).toBe(false);
  });

  it("is not asked for what is no pipe", async () => {
    const file = openSync(join(folder, "file"), "w");
    expect(await new PipeReader(file).isGone()).toBe(false);
    closeSync(file);
    expect(await new PipeReader(9_999).isGone()).toBe(false);
  });
});
