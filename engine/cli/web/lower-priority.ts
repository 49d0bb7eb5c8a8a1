/**
 * Gives way to the engine: the web server's threads get the processor when no call needs it. Linux keeps a priority for
 * each thread (sched(7)), and the threads of Node.js are there before any code of ours runs.
 */
import { readdirSync } from "node:fs";
import { constants, setPriority } from "node:os";

const LOWER = constants.priority.PRIORITY_BELOW_NORMAL;

/** @returns why it cannot; undefined: it has */
export function lowerPriority(): string | undefined {
  try {
    for (const thread of threads()) setPriority(thread, LOWER);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** 0 is the calling process: elsewhere its threads follow it. */
function threads(): readonly number[] {
  if (process.platform !== "linux") return [0];
  return readdirSync("/proc/self/task").map(Number);
}
