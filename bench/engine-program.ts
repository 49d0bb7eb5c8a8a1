/** The engine as an operator runs it, in a process of its own whose CPU time can be read. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sleep, until } from "../fixtures/harness/clock.js";
import { start } from "../fixtures/harness/processes.js";
import type { LocalSwitch } from "./local-switch.js";

const READY_MS = 15_000;
/** It asks the switch who is registered, and which calls there are, right after connecting. */
const RESYNC_MS = 500;

export interface EngineProgram {
  readonly pid: number;
  log(): string;
  stop(): Promise<void>;
}

/** Applies the office, runs the engine, and resolves when it takes calls. */
export async function startEngineProgram(theSwitch: LocalSwitch, office: string): Promise<EngineProgram> {
  const folder = mkdtempSync(join(tmpdir(), "ringline-bench-"));
  const file = join(folder, "office.yaml");
  const database = join(folder, "ringline.db");
  const ringline = fileURLToPath(new URL("../engine/cli/ringline.js", import.meta.url));
  writeFileSync(file, office);
  const applied = spawnSync(process.execPath, [ringline, "apply", file, "--db", database], {
    encoding: "utf8",
  });
  if (applied.status !== 0) throw new Error(`ringline apply failed:\n${applied.stdout}${applied.stderr}`);
  const address = `${theSwitch.host}:${theSwitch.port}`;
  const program = await start(process.execPath, [ringline, "run", "--db", database, "--switch", address], {
    logFile: join(folder, "engine.log"),
    env: { RINGLINE_SWITCH_PASSWORD: theSwitch.password },
  });
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
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
