/** A secret that cannot be read is named with the reason, and never shown. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { missingSecrets, missingSecretText } from "./secrets.js";

const folder = mkdtempSync(join(tmpdir(), "ringline-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function said(password: { env: string } | { file: string }, env: NodeJS.ProcessEnv = {}) {
  return (await missingSecrets([{ id: "main", password }], env)).map(missingSecretText);
}

describe("a carrier's secret", () => {
  it.each([
    ["is not set", {}],
    ["is empty", { SECRET: "" }],
    ["is empty", { SECRET: "  " }],
  ])("in a variable %s", async (why, env) => {
    expect(await said({ env: "SECRET" }, env)).toEqual([
      `carrier main has no password: the variable SECRET ${why}`,
    ]);
  });

  it("in a file that is missing, empty, or a folder", async () => {
    for (const [path, why] of [
      [join(folder, "none"), "does not exist"],
      [file("empty", ""), "has an empty first line"],
      [file("blank", "\nsecret\n"), "has an empty first line"],
      [folder, "is a folder"],
    ] as const)
      expect(await said({ file: path })).toEqual([`carrier main has no password: the file ${path} ${why}`]);
  });

  it("that can be read is not missing, nor is that of a carrier without one", async () => {
    expect(await said({ env: "SECRET" }, { SECRET: "s" })).toEqual([]);
    expect(await said({ file: file("good", "secret\nnote\n") })).toEqual([]);
    expect(await missingSecrets([{ id: "main" }], {})).toEqual([]);
  });
});
