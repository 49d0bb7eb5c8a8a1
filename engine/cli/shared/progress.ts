/** Shows the progress of long work: a bar on a terminal, nothing in a pipe or for short work. */
import type { Terminal } from "./terminal.js";

/** Work shorter than this shows no bar. */
export const PATIENCE_MS = 500;

/** A bar is drawn again no sooner than this. */
export const REDRAW_MS = 100;

const BAR_CHARS = 30;

export interface Progress {
  /** `done` of `total`, in any unit. */
  report(done: number, total: number): void;
  /** Wipes the bar away; must be called before anything else is written. */
  end(): void;
}

/** Runs work with a bar, and removes the bar however the work ended. */
export async function withProgress<T>(
  terminal: Terminal,
  what: string,
  work: (report: Progress["report"]) => Promise<T>,
): Promise<T> {
  const progress = startProgress(terminal, what);
  try {
    return await work(progress.report);
  } finally {
    progress.end();
  }
}

/** @param what the name of the work, for example `applying` */
export function startProgress(terminal: Terminal, what: string): Progress {
  const startedMs = terminal.clock.nowMs();
  let drawnMs = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  return {
    report(done, total) {
      const nowMs = terminal.clock.nowMs();
      if (!terminal.isInteractive || nowMs - startedMs < PATIENCE_MS || nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      isDrawn = true;
      terminal.err(`\r${what} ${bar(done, total)}`);
    },
    end() {
      // Carriage return, then erase to the end of the line (ECMA-48, EL).
      if (isDrawn) terminal.err("\r\u001b[K");
      isDrawn = false;
    },
  };
}

function bar(done: number, total: number): string {
  const share = total <= 0 ? 0 : Math.min(1, Math.max(0, done / total));
  const full = Math.floor(share * BAR_CHARS);
  return `[${"#".repeat(full)}${".".repeat(BAR_CHARS - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}
