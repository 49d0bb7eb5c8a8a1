/**
 * Goal: secrets are read whole from where an operator put them, and an unusable secret is reported before it is used.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDirectorySecret, readPassword } from "./secret.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-secret-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "secret");
  writeFileSync(path, text);
  return path;
}

describe("the switch's password", () => {
  it.each([
    ["one line", "a password", "a password"],
    ["a line with its end", "a password\n", "a password"],
    ["a line of Windows", "a password\r\nmore\r\n", "a password"],
    ["a line with spaces at its ends", "  a password \n", "  a password "],
  ])("is the first line of a file: %s", async (_what, text, secret) => {
    expect(await readPassword(file(text), { RINGLINE_SWITCH_PASSWORD: "not this" })).toEqual({
      ok: true,
      secret,
    });
  });

  it.each(["", "\n", "\nsecond"])("is refused when the first line is empty: %j", async (text) => {
    expect(await readPassword(file(text), {})).toEqual({
      ok: false,
      why: `${join(folder, "secret")}: the first line is empty`,
    });
  });

  it("is read from the environment when no file is named", async () => {
    expect(await readPassword(undefined, { RINGLINE_SWITCH_PASSWORD: "p" })).toEqual({
      ok: true,
      secret: "p",
    });
    expect(await readPassword(undefined, {})).toMatchObject({ ok: false });
    expect(await readPassword(undefined, { RINGLINE_SWITCH_PASSWORD: "" })).toMatchObject({ ok: false });
  });

  it("cannot be read from a file that is not there", async () => {
    const missing = join(folder, "missing");
    const read = await readPassword(missing, { RINGLINE_SWITCH_PASSWORD: "not this" });
    expect(read).toMatchObject({ ok: false, why: expect.stringContaining(missing) });
  });
});

describe("the secret of the directory", () => {
  it("is optional: without one there is no directory", async () => {
    expect(await readDirectorySecret(undefined, {})).toBeNull();
    expect(await readDirectorySecret(undefined, { RINGLINE_DIRECTORY_SECRET: "" })).toBeNull();
  });

  it.each(["a".repeat(16), "a".repeat(256), "AZaz09._~-AZaz09"])("may be %s", async (secret) => {
    const fromEnvironment = await readDirectorySecret(undefined, { RINGLINE_DIRECTORY_SECRET: secret });
    const fromFile = await readDirectorySecret(file(`${secret}\n`), {
      RINGLINE_DIRECTORY_SECRET: "not this",
    });
    expect([fromEnvironment, fromFile]).toEqual([
      { ok: true, secret },
      { ok: true, secret },
    ]);
  });

  it.each(["a".repeat(15), "a".repeat(257), "sixteen letters&", 'sixteen letters"', "sixteen-letters é"])(
    "may not be %s, and is not repeated in what is said",
    async (secret) => {
      for (const read of [
        await readDirectorySecret(undefined, { RINGLINE_DIRECTORY_SECRET: secret }),
        await readDirectorySecret(file(secret), {}),
      ]) {
        if (read?.ok !== false) throw new Error("taken");
        expect(read.why).toContain("must have 16 to 256 letters, digits");
        expect(read.why).not.toContain(secret);
      }
    },
  );

  it("cannot be read from a file that is empty", async () => {
    expect(await readDirectorySecret(file(""), {})).toMatchObject({
      ok: false,
      why: expect.stringContaining("the first line is empty"),
    });
  });
});
