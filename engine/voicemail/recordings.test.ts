/** Recordings written by another user of the machine are repaired too, in a folder of ours. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { toneWav } from "../../fixtures/tone-wav.js";
import { Recordings } from "./recordings.js";

const NOBODY = 65_534;

let folder: string;
let recordings: Recordings;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-recordings-"));
  chmodSync(folder, 0o777);
  recordings = new Recordings(folder, 0);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Root may write everywhere, so these tests run as another user. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

it("a header that is wrong in a file that may not be written to is set right in a copy, which takes its place", async () => {
  const path = join(folder, "a.wav");
  const broken = toneWav(3_000);
  broken.writeUInt32LE(0, 40);
  writeFileSync(path, broken);
  chmodSync(path, 0o444);
  const sealed = await asNobody(() => recordings.seal("a"));
  expect(sealed).toMatchObject({ lengthMs: 3_000, bytes: broken.length });
  expect(readFileSync(path).equals(toneWav(3_000))).toBe(true);
  expect(readdirSync(folder)).toEqual(["a.wav"]);
});

it("a whole file that may not be written to is left as it is", async () => {
  const path = join(folder, "a.wav");
  writeFileSync(path, toneWav(3_000));
  chmodSync(path, 0o444);
  expect(await asNobody(() => recordings.seal("a"))).toMatchObject({ lengthMs: 3_000 });
});

it("where neither the file nor the folder may be written to, a broken recording stays, and is said to be unreadable", async () => {
  const path = join(folder, "a.wav");
  const broken = toneWav(3_000);
  broken.writeUInt32LE(0, 40);
  writeFileSync(path, broken);
  chmodSync(path, 0o444);
  chmodSync(folder, 0o555);
  expect(await asNobody(() => recordings.seal("a"))).toBe("unreadable");
  expect(readFileSync(path).equals(broken)).toBe(true);
  chmodSync(folder, 0o777);
});
