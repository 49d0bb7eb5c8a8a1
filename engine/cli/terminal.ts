/**
 * What a command sees of the process it runs in: where to write, whether a person is looking, and which exit
 * code to leave. Tests hand in their own.
 */
import { userInfo } from "node:os";
import pc from "picocolors";
import type { Clock } from "../clock.js";
import { systemClock } from "../clock.js";
import { type Paint, plainPaint } from "../office/render.js";

export interface Terminal {
  /** Results: what a pipe should get. */
  out(text: string): void;
  /** Everything else: problems, progress. */
  err(text: string): void;
  /** Whether `err` is a person's terminal, where a progress bar makes sense. */
  readonly isInteractive: boolean;
  readonly paint: Paint;
  /** Who runs the command, for the history. */
  readonly author: string;
  readonly clock: Clock;
  /** The process's exit code once everything is done; the last one set holds. */
  exit(code: number): void;
}

/** Who the system says runs the process; containers often have a user without a name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  const isInteractive = process.stderr.isTTY === true;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive,
    paint:
      isInteractive && pc.isColorSupported
        ? { error: pc.red, warning: pc.yellow, faint: pc.dim }
        : plainPaint,
    author: process.env["RINGLINE_AUTHOR"] ?? systemUser(),
    clock: systemClock,
    exit: (code) => {
      process.exitCode = code;
    },
  };
}
