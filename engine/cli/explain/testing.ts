/**
 * Runs the program in tests: a terminal that keeps what was written, and a clock that stands still. A command that runs
 * until it is stopped has its log read while it runs.
 */
import { type Clock, systemClock } from "../../clock.js";
import { plainPaint } from "../../office/render.js";
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

/** A terminal that nobody looks at, in an empty environment, but for these parts. */
export function testTerminal(parts: Partial<Terminal> = {}): Terminal {
  return {
    out: () => undefined,
    err: () => undefined,
    isInteractive: false,
    isTyped: false,
    readSecret: async () => "",
    paint: plainPaint,
    author: "ann",
    clock: stillClock,
    env: {},
    openLog: () => ({ write: () => undefined }),
    stopSignal: () => new Promise(() => undefined),
    exit: () => undefined,
    ...parts,
  };
}

/** Runs one command line to its end. */
export function ringline(...args: string[]): Promise<Ran> {
  return ringlineIn({}, ...args);
}

/** The same with somebody who types these secrets, or a pipe that holds them. */
export function ringlineTyping(
  secrets: readonly string[],
  isTyped: boolean,
  ...args: string[]
): Promise<Ran> {
  const typed = [...secrets];
  return ringlineIn({ isTyped, readSecret: async () => typed.shift() ?? "" }, ...args);
}

/** The same with these parts of the terminal. */
export async function ringlineIn(parts: Partial<Terminal>, ...args: string[]): Promise<Ran> {
  const ran = { out: "", err: "", code: 0 };
  const terminal = testTerminal({
    out: (text) => {
      ran.out += text;
    },
    err: (text) => {
      ran.err += text;
    },
    exit: (given) => {
      ran.code = given;
    },
    ...parts,
  });
  await runProgram(args, terminal);
  return ran;
}

/** One line of a command's log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A command that runs until it is stopped. */
export interface Running {
  readonly log: readonly LogLine[];
  /** Until these words were written to standard output. */
  said(words: string): Promise<string>;
  /** The first line of the log from this one on, written or yet to come, whose message has these words. */
  logged(words: string, from?: number): Promise<LogLine>;
  /** Stops it as the process's signal would; resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<Ran>;
  /** How it ended. */
  readonly ended: Promise<Ran>;
}

/** Starts a command line on the machine's clock, in this environment. */
export function startRingline(env: NodeJS.ProcessEnv, ...args: string[]): Running {
  const log: LogLine[] = [];
  let out = "";
  let wake = (): void => undefined;
  let stopWith: (signal: NodeJS.Signals) => void = () => undefined;
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    stopWith = resolve;
  });
  let hasEnded = false;
  const running = ringlineIn(
    {
      env,
      clock: systemClock,
      out: (text) => {
        out += text;
        wake();
      },
      openLog: () => ({
        write: (line) => {
          log.push(JSON.parse(line) as LogLine);
          wake();
        },
      }),
      stopSignal: () => stopped,
    },
    ...args,
  );
  const ended = running
    .then((ran) => ({ ...ran, out }))
    .finally(() => {
      hasEnded = true;
      wake();
    });
  /** What `find` finds in what was written, now or later. */
  async function found<T>(what: string, find: () => T | undefined): Promise<T> {
    for (;;) {
      const there = find();
      if (there !== undefined) return there;
      if (hasEnded) throw new Error(`ended without ${what}: ${JSON.stringify([await ended, ...log])}`);
      await new Promise<void>((resolve) => {
        const before = wake;
        wake = () => {
          before();
          resolve();
        };
      });
    }
  }
  return {
    log,
    ended,
    said: (words) => found(words, () => (out.includes(words) ? out : undefined)),
    logged: (words, from = 0) => found(words, () => log.slice(from).find(({ msg }) => msg.includes(words))),
    stop(signal = "SIGTERM") {
      stopWith(signal);
      return ended;
    },
  };
}
