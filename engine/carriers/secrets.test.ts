/** Goal: a secret is used exactly when the switch can use it, and what hinders is said. Method: real files and an environment. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Carrier } from "../../policy/office/office.js";
import { missingSecrets, passwordFor, secretReader } from "./secrets.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-secrets-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(content: string | Buffer): { file: string } {
  const file = join(folder, "secret");
  writeFileSync(file, content);
  return { file };
}

const read = secretReader({ SET: "s3cret", EMPTY: "", COLON: "a:b" });

describe("a secret", () => {
  it.each([
    ["s3cret", "s3cret"],
    ["s3cret\n", "s3cret"],
    ["s3cret\r\n\n", "s3cret"],
    [" with blanks ", " with blanks "],
    ["pä<&>\"'$${x}", "pä<&>\"'$${x}"],
  ])("in a file with %j is %j", async (content, text) => {
    expect(await read(written(content))).toEqual({ kind: "known", text });
  });

  it.each([
    ["", /empty/],
    ["\n\n", /empty/],
    ["two\nlines", /control/],
    ["nul\0", /control/],
    // XML cannot have it, so the switch would get none of its carriers.
    ["\uffff", /control/],
    ["\ufffe", /control/],
    ["a:b", /colon/],
    [Buffer.from([0x61, 0xff, 0x62]), /UTF-8/],
    ["x".repeat(5_000), /4096/],
  ])("in a file with %j is missing", async (content, why) => {
    const value = await read(written(content));
    expect(value).toMatchObject({ kind: "missing", why: expect.stringMatching(why) });
  });

  it("in a file that does not exist is missing", async () => {
    expect(await read({ file: join(folder, "none") })).toEqual({
      kind: "missing",
      why: "there is no such file",
    });
    expect(await read({ file: join(written("x").file, "below") })).toMatchObject({ kind: "missing" });
  });

  it("in something that cannot be read is not known, which is not the same", async () => {
    mkdirSync(join(folder, "a folder"));
    expect(await read({ file: join(folder, "a folder") })).toMatchObject({ kind: "unknown" });
    const secret = written("x");
    chmodSync(secret.file, 0o000);
    if (process.getuid?.() !== 0)
      expect(await read(secret)).toEqual({ kind: "unknown", why: "the engine may not read it" });
  });

  it("in a named pipe or a device without an end is not waited for", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const file of [pipe, "/dev/zero"])
      expect(await read({ file })).toEqual({ kind: "unknown", why: "it is not a regular file" });
  });

  it.each([
    ["SET", { kind: "known", text: "s3cret" }],
    ["EMPTY", { kind: "missing", why: "it is not set" }],
    ["UNSET", { kind: "missing", why: "it is not set" }],
    ["COLON", { kind: "missing", why: "the switch cannot use a password with a colon" }],
  ])("in the variable %s", async (env, value) => {
    expect(await read({ env })).toEqual(value);
  });

  it.each([
    [{ username: "u".repeat(80) }, 100, "known"],
    [{ username: "u".repeat(80) }, 101, "missing"],
    [{ username: "u".repeat(128), authUsername: "a" }, 179, "known"],
    [{ username: "a", authUsername: "ü".repeat(90) }, 1, "missing"],
  ] as const)("beside %j with %i characters is %s", (carrier, length, kind) => {
    expect(passwordFor(carrier, { kind: "known", text: "x".repeat(length) }).kind).toBe(kind);
  });
});

it("the carriers whose secret is missing are named, with where it should be and why it is not", async () => {
  const carriers: Carrier[] = [
    { id: "a", proxy: "a.example", username: "a", password: { env: "SET" } },
    { id: "b", proxy: "b.example", username: "b", password: { env: "UNSET" } },
    { id: "c", proxy: "c.example", username: "c", password: { file: join(folder, "none") } },
    { id: "d", proxy: "d.example" },
  ];
  expect(await missingSecrets({ carriers }, read)).toEqual([
    { carrier: "b", where: "the environment variable UNSET", why: "it is not set" },
    { carrier: "c", where: `the file ${join(folder, "none")}`, why: "there is no such file" },
  ]);
});
