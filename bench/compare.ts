/**
 * `npm run bench -- compare REV NAME [options]`: checks REV out into a temporary folder beside these sources, builds it,
 * and runs the benchmark NAME on both in turns (`--turns`, 2), then shows the medians of both and their ratio. A benchmark
 * of programs is that of these sources in both cases, and only what it measures is REV's; one that measures parts from
 * within is REV's own. Exit code 1: REV cannot be built, or a benchmark failed; 2: wrong arguments.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../fixtures/harness/switch-files.js";
import { BENCHES } from "./catalogue.js";
import { tableText } from "./figures.js";
import { comparison, type Side } from "./page/comparison.js";
import { PRODUCT_VARIABLE } from "./product.js";

const USAGE = "usage: npm run bench -- compare REV NAME [--turns N] [options of NAME]\n";

interface Wanted {
  readonly revision: string;
  readonly name: string;
  readonly turns: number;
  readonly options: readonly string[];
}

export async function compare(args: readonly string[]): Promise<number> {
  const wanted = readWanted(args);
  if (wanted === null) {
    process.stderr.write(USAGE);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "ringline-compare-"));
  const other = join(folder, "ringline");
  // Also when the run is interrupted: git would go on to list the checkout.
  process.once("exit", () => {
    git("worktree", "remove", "--force", other);
    rmSync(folder, { recursive: true, force: true });
  });
  checkOut(wanted.revision, other);
  const sides = runAll(wanted, other);
  process.stdout.write(`\n${tableText(comparison(wanted.revision, sides))}\n`);
  return 0;
}

function readWanted(args: readonly string[]): Wanted | null {
  const [revision, name, ...rest] = args;
  if (revision === undefined || name === undefined || !Object.hasOwn(BENCHES, name)) return null;
  const at = rest.indexOf("--turns");
  const turns = at < 0 ? 2 : Number(rest[at + 1]);
  if (!Number.isInteger(turns) || turns < 1) return null;
  return { revision, name, turns, options: at < 0 ? rest : rest.toSpliced(at, 2) };
}

/** Checks the revision out and builds it, with the same packages where it asks for the same. */
function checkOut(revision: string, folder: string): void {
  const root = repositoryRoot();
  must(git("worktree", "add", "--detach", folder, revision), `${revision} cannot be checked out`);
  const locked = (at: string) => readFileSync(join(at, "package-lock.json"), "utf8");
  if (locked(root) === locked(folder) && existsSync(join(root, "node_modules")))
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  else must(run("npm", ["ci"], folder), "npm ci failed");
  process.stderr.write(`${revision} is built\n`);
  must(run("npm", ["run", "build:programs"], folder), `${revision} cannot be built`);
}

/** One turn of each after the other, and the other way round in every second turn. */
function runAll({ name, turns, options }: Wanted, other: string): Readonly<Record<Side, readonly unknown[]>> {
  const found: Record<Side, unknown[]> = { revision: [], these: [] };
  for (let turn = 0; turn < turns; turn += 1)
    for (const side of turn % 2 === 0 ? (["revision", "these"] as const) : (["these", "revision"] as const)) {
      process.stderr.write(
        `--- turn ${turn + 1} of ${turns}: ${side === "these" ? "these sources" : "the revision"}\n`,
      );
      found[side].push(runOne(side, name, options, other));
    }
  return found;
}

function runOne(side: Side, name: string, options: readonly string[], other: string): unknown {
  const isForeign = side === "revision" && BENCHES[name]?.ofPrograms === false;
  const program = join(isForeign ? other : repositoryRoot(), "dist", "bench", "run.js");
  const product = side === "revision" && !isForeign ? { [PRODUCT_VARIABLE]: other } : {};
  const { status, stdout } = spawnSync(process.execPath, [program, name, ...options, "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...product },
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  if (status !== 0)
    throw new Error(`${name} failed on ${side === "these" ? "these sources" : "the revision"}`);
  return JSON.parse(stdout);
}

const OUTPUT_BYTES_MAX = 64 * 2 ** 20;

function git(...args: readonly string[]): boolean {
  return run("git", args, repositoryRoot());
}

/** Its output goes to stderr, as the figures go to stdout. */
function run(program: string, args: readonly string[], cwd: string): boolean {
  return spawnSync(program, args, { cwd, stdio: ["ignore", 2, 2] }).status === 0;
}

function must(done: boolean, why: string): void {
  if (!done) throw new Error(why);
}
