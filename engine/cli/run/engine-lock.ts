/** Waits, for a moment or without limit, until this process is the only engine on a database. */
import { hostname } from "node:os";
import { join } from "node:path";
import { EngineLock, type Holder } from "../../../storage/engine-lock.js";
import type { Clock } from "../../clock.js";
import { type ProcessName, thisProcess } from "./other-process.js";

export type LockTaken =
  | { readonly ok: true; readonly release: () => Promise<void> }
  | { readonly ok: false; readonly why: string };

/** An engine that was told to stop may still be running when the next one is started. */
const PATIENCE_MS = 2_000;
/** The longest time from the end of one engine to the beginning of the next. */
const ASK_AGAIN_MS = 50;

/**
 * Takes the lock of a database.
 * @param standingBy null: give up when another engine holds the lock; else called with the holder, and the wait has no
 * limit
 * @param wait resolves when the lock is to be tried again; gets the process that holds it, if it is one of this machine
 */
export async function takeEngineLock(
  path: string,
  clock: Clock,
  standingBy: ((by: string) => void) | null,
  wait: (holder: ProcessName | undefined) => Promise<void> = () =>
    new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve)),
): Promise<LockTaken> {
  // No other process can open a database in memory.
  if (path === ":memory:") return { ok: true, release: () => Promise.resolve() };
  const as = { pid: process.pid, host: hostname(), ...thisProcess() };
  const untilMs = clock.nowMs() + PATIENCE_MS;
  let saidOf = "";
  for (;;) {
    const taken = await EngineLock.take(path, { ...as, sinceMs: clock.nowMs() });
    if (taken.outcome === "taken") return { ok: true, release: () => taken.lock.release() };
    if (taken.outcome === "failed")
      return {
        ok: false,
        why: `the lock ${taken.path} cannot be used: ${taken.detail}; its folder must be there and writable, and while no engine runs it may be deleted`,
      };
    const by = describeHolder(path, taken.by);
    if (standingBy === null && clock.nowMs() >= untilMs)
      return { ok: false, why: `${by}; stop it first, or start this one with --standby` };
    if (standingBy !== null && taken.by !== undefined && saidOf !== by) {
      saidOf = by;
      standingBy(by);
    }
    await wait(processOf(taken.by));
  }
}

/**
 * Keeps a second engine off a folder of recordings: an engine on a copy of the database would take recordings of the
 * other for leftovers, and remove them. A folder that is missing or cannot be written to has no lock; nothing is
 * recorded there either.
 */
export async function takeRecordingsLock(folder: string | undefined, clock: Clock): Promise<LockTaken> {
  const free: LockTaken = { ok: true, release: () => Promise.resolve() };
  if (folder === undefined) return free;
  const as = { pid: process.pid, host: hostname() };
  const untilMs = clock.nowMs() + PATIENCE_MS;
  for (;;) {
    const taken = await EngineLock.take(join(folder, RECORDINGS_LOCK), { ...as, sinceMs: clock.nowMs() });
    if (taken.outcome === "taken") return { ok: true, release: () => taken.lock.release() };
    if (taken.outcome === "failed") return free;
    if (clock.nowMs() >= untilMs)
      return { ok: false, why: `${describeHolder(folder, taken.by)}; give this one a folder of its own` };
    await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
  }
}

/** The lock's file in the folder, without its ending. */
const RECORDINGS_LOCK = ".ringline";

function processOf(by: Holder | undefined): ProcessName | undefined {
  if (by === undefined || by.host !== hostname()) return undefined;
  const { pid, namespace, startTicks } = by;
  return typeof namespace === "string" && typeof startTicks === "number"
    ? { pid, namespace, startTicks }
    : undefined;
}

function describeHolder(path: string, by: Holder | undefined): string {
  if (by === undefined) return `another engine runs on ${path}`;
  const since = new Date(by.sinceMs).toISOString();
  return `another engine runs on ${path}: process ${by.pid} on ${by.host}, since ${since}`;
}
