/**
 * `npm run bench -- keep [NAME…] [--small]`: measures benchmarks with their usual options (without a name: all of them),
 * each in a process of its own, keeps the results and makes docs/benchmarks.md. `--small` tries this command itself:
 * short runs, and results and page go to a new folder. Exit code 1: a benchmark failed; the others are kept.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { given } from "../../policy/office/optional.js";
import { BENCHES } from "../catalogue.js";
import { writePage } from "./write.js";

export async function keepAll(args: readonly string[]): Promise<number> {
  const isSmall = args.includes("--small");
  const asked = args.filter((arg) => arg !== "--small");
  const unknown = asked.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    process.stderr.write(`no bench ${unknown}; there are: ${Object.keys(BENCHES).join(", ")}\n`);
    return 2;
  }
  const folder = isSmall ? mkdtempSync(join(tmpdir(), "ringline-benchmarks-")) : undefined;
  let failed = 0;
  for (const [name, { small }] of Object.entries(BENCHES)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const options = isSmall ? small : [];
    process.stdout.write(`--- ${name} ${options.join(" ")}\n`);
    const program = fileURLToPath(new URL("../run.js", import.meta.url));
    const { status } = spawnSync(process.execPath, [program, name, ...options, "--keep"], {
      stdio: "inherit",
      env: { ...process.env, ...given({ RINGLINE_BENCH_RESULTS: folder }) },
    });
    if (status !== 0) failed += 1;
  }
  writePage(folder, folder);
  return failed === 0 ? 0 : 1;
}
