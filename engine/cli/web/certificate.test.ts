/** Goal: a renewed certificate is used without a restart, and a broken one never. Method: files, and a virtual clock. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { expect, it } from "vitest";
import { ringline } from "../../../fixtures/cli/run-program.js";
import { untilTrue } from "../../../fixtures/until-true.js";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import { readTls, watchCertificate } from "./certificate.js";

it("is read again when its files change", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ringline-certificate-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const write = (text: string) => {
    writeFileSync(cert, text);
    writeFileSync(key, text);
  };
  write("first");
  const clock = new VirtualClock();
  const used: string[] = [];
  const lines: string[] = [];
  const end = watchCertificate({
    cert,
    key,
    clock,
    log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
    use: (files) => {
      if (files.cert.toString() === "broken certificate") throw new Error("no start line");
      used.push(files.cert.toString());
    },
  });
  const look = async () => {
    await untilTrue(() => clock.pending === 1);
    clock.advanceBy(60_000);
    await untilTrue(() => clock.pending === 1);
  };
  await look();
  expect(used).toEqual([]);
  write("second certificate");
  await look();
  expect(used).toEqual(["second certificate"]);
  write("broken certificate");
  await look();
  rmSync(cert);
  await look();
  write("the third certificate");
  await look();
  expect(used).toEqual(["second certificate", "the third certificate"]);
  expect(lines.filter((line) => line.includes("cannot be used"))).not.toEqual([]);
  end();
  expect(clock.pending).toBe(0);
  rmSync(folder, { recursive: true });
});

it("that cannot be read is said, and none is none", async () => {
  expect(await readTls("/nowhere", "/nowhere")).toMatchObject({
    ok: false,
    why: expect.stringContaining("ENOENT"),
  });
  expect(await readTls(undefined, undefined)).toEqual({ ok: true, files: null });
});

it("that is none, or does not fit its key, is refused in one sentence", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ringline-certificate-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(cert, "no certificate");
  writeFileSync(key, "no key");
  const options = ["web", "--db", join(folder, "x.db"), "--cert", cert, "--key", key];
  const { code, err } = await ringline(...options);
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/^error: \S+cert\.pem and \S+key\.pem cannot be used: [^\n]+\n$/),
  });
  rmSync(folder, { recursive: true });
});
