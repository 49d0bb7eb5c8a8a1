/**
 * Runs the program in tests: a terminal that keeps what was written, and a clock that stands still.
 */
import type { Clock } from "../../clock.js";
import { plainPaint } from "../../office/files/render.js";
import { runProgram } from "../program.js";
import type { Terminal } from "../shared/terminal.js";

/** What a run of the program left behind. */
export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** The time in every run: 14 November 2023, 22:13:20 UTC. */
export const TEST_NOW_MS = 1_700_000_000_000;

const stillClock: Clock = {
  nowMs: () => TEST_NOW_MS,
  after: () => {
    throw new Error("no timers in this test");
  },
  cancel: () => undefined,
};

/** Runs one command line to its end. */
export function ringline(...args: string[]): Promise<Ran> {
  return ringlineTyping([], false, ...args);
}

/** The same with somebody who types these secrets, or a pipe that holds them. */
export async function ringlineTyping(
  secrets: readonly string[],
  isTyped: boolean,
  ...args: string[]
): Promise<Ran> {
  const typed = [...secrets];
  let out = "";
  let err = "";
  let code = 0;
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isInteractive: false,
    isTyped,
    readSecret: async () => typed.shift() ?? "",
    paint: plainPaint,
    author: "ann",
    clock: stillClock,
    exit: (given) => {
      code = given;
    },
  };
  await runProgram(args, terminal);
  return { out, err, code };
}
