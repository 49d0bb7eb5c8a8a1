/** The engine as an operator runs it, as a separate process whose CPU time can be read. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep, until } from "../fixtures/harness/clock.js";
import { start } from "../fixtures/harness/processes.js";
import type { LocalSwitch } from "./local-switch.js";
import { ringlineProgram } from "./product.js";

const READY_MS = 15_000;
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
}

/** Applies the office, runs the engine, and resolves when the engine is ready for calls. */
export async function startEngineProgram(
  theSwitch: LocalSwitch,
  office: string,
  { args: more = [], nodeArgs = [], env = {} }: EngineProgramOptions = {},
): Promise<EngineProgram> {
  const folder = mkdtempSync(join(tmpdir(), "ringline-bench-"));
  const file = join(folder, "office.yaml");
  const database = join(folder, "ringline.db");
  const ringline = ringlineProgram();
  writeFileSync(file, office);
  const command = (...args: readonly string[]) => {
    const run = spawnSync(process.execPath, [ringline, ...args, "--db", database], { encoding: "utf8" });
    if (run.status !== 0) throw new Error(`ringline ${args.join(" ")} failed:\n${run.stdout}${run.stderr}`);
    return run.stdout;
  };
  command("apply", file);
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
    command,
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
