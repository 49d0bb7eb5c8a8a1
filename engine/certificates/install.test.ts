/** Goal: the switch finds whole files, and nobody else can read the key. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { installFiles } from "./install.js";

const FILES = { agentPem: "certificate and key\n", caFilePem: "chain\n" };

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "ringline-tls-"));
  folder = join(base, "tls");
});
afterEach(() => rmSync(base, { recursive: true }));

const modeOf = (name: string) => (statSync(join(folder, name)).mode & 0o777).toString(8);
const text = (name: string) => readFileSync(join(folder, name), "utf8");

it("writes both, the key for its owner alone, and makes the folder", async () => {
  await installFiles(folder, FILES);
  expect([text("agent.pem"), text("cafile.pem")]).toEqual([FILES.agentPem, FILES.caFilePem]);
  expect([modeOf("agent.pem"), modeOf("cafile.pem"), modeOf(".")]).toEqual(["600", "644", "700"]);
});

it("replaces files that everybody may read by ones that nobody else may read, and leaves nothing beside", async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, "agent.pem"), "old");
  chmodSync(join(folder, "agent.pem"), 0o666);
  await installFiles(folder, FILES);
  expect([text("agent.pem"), modeOf("agent.pem")]).toEqual([FILES.agentPem, "600"]);
  expect(readdirSync(folder).sort()).toEqual(["agent.pem", "cafile.pem"]);
});

it("does not write through a link that somebody has left there", async () => {
  mkdirSync(folder);
  const elsewhere = join(base, "elsewhere");
  for (const name of ["agent.pem", ".agent.pem.new"]) symlinkSync(elsewhere, join(folder, name));
  await installFiles(folder, FILES);
  expect(readdirSync(base)).toEqual(["tls"]);
  expect(text("agent.pem")).toBe(FILES.agentPem);
});

it("keeps the old certificate when the new one cannot be written", async () => {
  await installFiles(folder, FILES);
  rmSync(join(folder, "cafile.pem"));
  // A folder cannot be replaced by a file.
  mkdirSync(join(folder, "cafile.pem"));
  await expect(installFiles(folder, { ...FILES, agentPem: "new" })).rejects.toThrow();
  expect(text("agent.pem")).toBe(FILES.agentPem);
  expect(readdirSync(folder).sort()).toEqual(["agent.pem", "cafile.pem"]);
});
