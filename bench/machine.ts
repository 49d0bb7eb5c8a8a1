/** What a measurement says of the machine that it ran on, and how busy that machine was. */
import { arch, cpus, loadavg, release, totalmem, type } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { stopwatchMs } from "../engine/clock.js";
import { rounded } from "./figures.js";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** The load average of the last minute, before the measurement. */
  readonly loadBefore: number;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: rounded(totalmem() / 2 ** 30, 1),
    system: `${type()} ${release()} ${arch()}`,
    loadBefore: rounded(loadavg()[0] ?? 0, 1),
  };
}

/** How busy this process and the machine were. */
export interface Load {
  /** CPU time of this process, in percent of one core. */
  readonly ownPercent: number;
  /** By how much this process's timers were late: what is below it cannot be told apart. */
  readonly ownLateP99Ms: number;
  /** How much of all cores was in use, by all programs. */
  readonly machinePercent: number;
}

/** A process that takes more than this of its core may be what is measured. */
const OWN_PERCENT_MAX = 75;
const FULL_PERCENT = 95;
const RESOLUTION_MS = 2;

/** What is to be said of measurements because of their loads, if anything. */
export function warningsOf(loads: readonly Load[]): readonly string[] {
  const limited = loads.filter(isLimit);
  const full = loads.filter(({ machinePercent }) => machinePercent > FULL_PERCENT);
  const own = Math.max(0, ...loads.map(({ ownPercent }) => ownPercent));
  return [
    ...(limited.length === 0
      ? []
      : [
          `THE BENCH WAS THE LIMIT in ${limited.length} of ${loads.length} turns: its callers and phones took up to ${own} % of a core`,
        ]),
    ...(full.length === 0
      ? []
      : [
          `the machine was full in ${full.length} of ${loads.length} turns: all its cores were in use, of which callers and phones took at most ${own} % of one`,
        ]),
  ];
}

/** Whether the bench's own process, and not what it measures, may have been too slow. */
export function isLimit({ ownPercent }: Load): boolean {
  return ownPercent > OWN_PERCENT_MAX;
}

/** Measures the load until the returned function is called. */
export function watchLoad(): () => Load {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const startedMs = stopwatchMs();
  const own = process.cpuUsage();
  const all = coreTimes();
  return () => {
    delays.disable();
    const tookMs = stopwatchMs() - startedMs;
    const { user, system } = process.cpuUsage(own);
    const now = coreTimes();
    return {
      ownPercent: rounded((100 * (user + system)) / 1_000 / tookMs, 0),
      ownLateP99Ms: rounded(Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS), 1),
      machinePercent: rounded(100 * (1 - (now.idleMs - all.idleMs) / (now.totalMs - all.totalMs)), 0),
    };
  };
}

function coreTimes(): { readonly idleMs: number; readonly totalMs: number } {
  const times = cpus().map((core) => core.times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    idleMs: sum(times.map(({ idle }) => idle)),
    totalMs: sum(times.flatMap((each) => Object.values(each))),
  };
}
