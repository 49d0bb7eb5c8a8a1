/**
 * Goal: everything that can go wrong with an office's files is reported with the file, and no file is left out
 * silently.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOffice } from "./read.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const OFFICE = "office: { name: Acme, country: US, timezone: America/New_York }\n";
const USER = "users: [{ username: alice.wong, name: Alice Wong, extension: 101 }]\n";

/** What is wrong with the files, in words. */
async function wrong(...paths: string[]): Promise<string[]> {
  const { office, problems } = await readOffice(paths);
  expect(office).toBeUndefined();
  return problems.map(({ code, message }) => `${code}: ${message}`);
}

describe("an office's files", () => {
  it("are all of a folder and its folders, without hidden files and tests", async () => {
    file("a.yaml", OFFICE);
    file("people/b.yml", USER);
    file("a.test.yaml", "tests: nonsense");
    file(".hidden.yaml", "nonsense: true");
    file("notes.txt", "nonsense");
    const { office, problems } = await readOffice([folder]);
    expect(problems).toEqual([]);
    expect(office?.users.map(({ username }) => username)).toEqual(["alice.wong"]);
  });

  it("are read once, however often they are named", async () => {
    const path = file("a.yaml", OFFICE);
    expect((await readOffice([path, path, folder])).problems).toEqual([]);
  });

  it.each<[string, () => string[], RegExp]>([
    [
      "is not there",
      () => [join(folder, "none.yaml")],
      /^file_unreadable: .*there is no such file or folder/,
    ],
    ["is a folder without files", () => [folder], /^no_files: .*the folder has no \.yaml file/],
    [
      "is not text",
      () => [file("a.yaml", Buffer.from([0x6f, 0xff, 0xfe, 0x0a]))],
      /^file_unreadable: .*it is not UTF-8 text/,
    ],
    [
      "is behind a file instead of a folder",
      () => [join(file("a.yaml", OFFICE), "b.yaml")],
      /^file_unreadable: .*ENOTDIR/,
    ],
    [
      "is larger than any office",
      () => [file("a.yaml", Buffer.alloc(40 * 1024 * 1024, "#"))],
      /^file_too_big: .*more than \d+ bytes/,
    ],
    [
      "makes the office larger than any",
      () => [1, 2, 3].map((n) => file(`${n}.yaml`, Buffer.alloc(25 * 1024 * 1024, "#"))),
      /^file_too_big: .*with this file the office has more than \d+ bytes/,
    ],
  ])("are no office when one %s", async (_what, paths, words) => {
    expect(await wrong(...paths())).toEqual([expect.stringMatching(words)]);
  });
});
