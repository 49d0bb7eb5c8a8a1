/** The engine as an operator runs it, as a separate process whose CPU time can be read. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep, until } from "../fixtures/harness/clock.js";
import { start } from "../fixtures/harness/processes.js";
import type { LocalSwitch } from "./local-switch.js";
import { ringlineProgram } from "./product.js";

const READY_MS = 60_000;
/** Right after connecting the engine asks the switch for registrations and calls. */
const RESYNC_MS = 500;

export interface EngineProgram {
  readonly pid: number;
  log(): string;
  /** Runs `ringline ARGS --db` with the engine's database and returns its output; throws when it fails. */
  command(...args: readonly string[]): string;
  stop(): Promise<void>;
}

export interface EngineProgramOptions {
  /** More arguments of `ringline run`. */
  readonly args?: readonly string[];
  /** Arguments of Node before the program. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The office, unless there is a database with it. */
  readonly office?: string;
  /** A database that {@link prepareDatabase} has made; the engine runs on a copy. */
  readonly prepared?: string;
}

/** Runs `ringline ARGS --db DATABASE` and returns its output; throws when it fails. */
function runCommand(database: string, args: readonly string[]): string {
  const run = spawnSync(process.execPath, [ringlineProgram(), ...args, "--db", database], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`ringline ${args.join(" ")} failed:\n${run.stdout}${run.stderr}`);
  return run.stdout;
}

/**
 * Makes a database with an office in the folder, and returns its path.
 * @param phones user and device of each phone that gets a password: an engine with a directory signs out all others
 */
export function prepareDatabase(
  folder: string,
  office: string,
  phones: ReadonlyArray<readonly [user: string, device: string]> = [],
): string {
  const file = join(folder, "office.yaml");
  const database = join(folder, "ringline.db");
  writeFileSync(file, office);
  runCommand(database, ["apply", file]);
  for (const phone of phones) runCommand(database, ["device", "credentials", ...phone, "--json"]);
  return database;
}

/** Runs the engine on a database with the office, and resolves when it is ready for calls. */
export async function startEngineProgram(
  theSwitch: LocalSwitch,
  { args: more = [], nodeArgs = [], env = {}, ...its }: EngineProgramOptions,
): Promise<EngineProgram> {
  const folder = mkdtempSync(join(tmpdir(), "ringline-bench-"));
  const database = join(folder, "ringline.db");
  if (its.prepared === undefined) prepareDatabase(folder, its.office ?? "");
  else cpSync(its.prepared, database);
  const ringline = ringlineProgram();
  const address = `${theSwitch.host}:${theSwitch.port}`;
  const program = await start(
    process.execPath,
    [...nodeArgs, ringline, "run", "--db", database, "--switch", address, ...more],
    {
      logFile: join(folder, "engine.log"),
      env: { RINGLINE_SWITCH_PASSWORD: theSwitch.password, ...env },
    },
  );
  const connected = () => /connected to the switch/.test(program.output());
  await until(() => !program.running() || connected(), READY_MS);
  if (!program.running() || !connected()) {
    await program.stop(true);
    throw new Error(`the engine is not connected to the switch:\n${program.output()}`);
  }
  await sleep(RESYNC_MS);
  return {
    pid: program.pid,
    log: () => program.output(),
    command: (...args) => runCommand(database, args),
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
