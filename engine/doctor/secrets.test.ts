/** Goal: a file with secrets that every user of the machine can read is named with its mend, and no other file is. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkSecrets } from "./secrets.js";

let base: string;
let log: string;
let tls: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "ringline-secrets-"));
  chmodSync(base, 0o755);
  log = join(base, "log");
  tls = join(base, "tls");
  for (const folder of [log, tls]) mkdirSync(folder, { mode: 0o755 });
});
afterEach(() => rmSync(base, { recursive: true }));

function file(path: string, mode: number): string {
  writeFileSync(path, "secret");
  chmodSync(path, mode);
  return path;
}

describe("the switch's files with secrets", () => {
  it.each([0o644, 0o604, 0o666])("are open to others with mode %o", async (mode) => {
    const paths = [file(join(log, "freeswitch.xml.fsxml"), mode), file(join(tls, "agent.pem"), mode)];
    const findings = await checkSecrets({ log, tls });
    expect(findings.map(({ level }) => level)).toEqual(["problem", "problem"]);
    for (const [at, path] of paths.entries()) expect(findings[at]?.what).toContain(path);
  });

  it.each([0o600, 0o640, 0o660, 0o400])("are closed with mode %o", async (mode) => {
    file(join(log, "freeswitch.xml.fsxml"), mode);
    file(join(tls, "agent.pem"), mode);
    expect((await checkSecrets({ log, tls })).map(({ level }) => level)).toEqual(["ok"]);
  });

  it("are closed in a folder that others cannot enter, also further up", async () => {
    file(join(log, "freeswitch.xml.fsxml"), 0o644);
    chmodSync(log, 0o750);
    expect((await checkSecrets({ log, tls })).map(({ level }) => level)).toEqual(["ok"]);
    chmodSync(log, 0o755);
    chmodSync(base, 0o700);
    expect((await checkSecrets({ log, tls })).map(({ level }) => level)).toEqual(["ok"]);
  });

  it.each([
    ["are not there", { log: "/nowhere", tls: "/nowhere" }],
    ["are not named", { log: null, tls: null }],
  ])("%s: nothing is wrong", async (_what, places) => {
    expect((await checkSecrets(places)).map(({ level }) => level)).toEqual(["ok"]);
  });
});
