/**
 * The gain and cost of nudging: how late events come, and the CPU time of both sides, without nudging and for several
 * periods, interleaved in one run, so that other load affects all. One link listens, another causes the events.
 *
 * A running switch (RINGLINE_SWITCH) is measured as it is, and nothing on it is changed.
 */
import pino from "pino";
import { stopwatchMs, systemClock } from "../engine/clock.js";
import { systemIds } from "../engine/ids.js";
import { createLink, type TcpLink } from "../engine/switch/link.js";
import type { SwitchEvent, WireCommand } from "../engine/switch/wire.js";
import { findSwitch } from "../fixtures/harness/find-switch.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import type { Bench } from "./bench.js";
import { percentile, rounded } from "./figures.js";
import { startLocalSwitch } from "./local-switch.js";

/** Periods compared, in milliseconds; null: no nudging. */
const PERIODS_MS = [null, 10, 5, 3, 2, 1] as const;
const ROUNDS = 5;
const EVENTS_A_ROUND = 60;
/** The longest gap between two events; gaps vary, so that events hit every moment of the 20 ms poll. */
const GAP_MS_MAX = 25;
const IDLE_MS = 1_500;

interface Address {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

interface Listener {
  readonly link: TcpLink;
  readonly periodMs: number | null;
  readonly latenciesMs: number[];
  seen: (id: string) => void;
  idleMs: number;
  ownCpuMs: number;
  switchCpuMs: number;
}

/** One line of the result: latencies in milliseconds, CPU in percent of one core above that of `off`. */
interface Line {
  readonly nudge: string;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly ownCpuPercent: number;
  readonly switchCpuPercent: number;
}

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    systemClock.after(ms, resolve);
  });

/** Connects a link and resolves once it is up. */
function connect(
  address: Address,
  nudgeEveryMs: number,
  event: (event: SwitchEvent) => void,
): Promise<TcpLink> {
  const link = createLink({
    ...address,
    clock: systemClock,
    ids: systemIds,
    log: pino({ level: "warn" }, pino.destination(2)),
    events: ["HEARTBEAT"],
    customEvents: ["ringline::echo"],
    nudgeEveryMs,
  });
  return new Promise((resolve, reject) => {
    link.open({ up: () => resolve(link), down: (reason) => reject(new Error(reason)), event });
  });
}

function ask(link: TcpLink, command: WireCommand): Promise<string> {
  return new Promise((resolve, reject) => {
    link.send(command, (reply) =>
      reply.outcome === "ok" ? resolve(reply.text) : reject(new Error(reply.text)),
    );
  });
}

/** CPU time of the whole switch so far, in milliseconds: `getcputime` answers `user,kernel`. */
async function switchCpuMs(link: TcpLink): Promise<number> {
  const text = await ask(link, { verb: "api", line: "getcputime" });
  return text.split(",").reduce((sum, part) => sum + Number(part), 0);
}

async function listen(address: Address, periodMs: number | null): Promise<Listener> {
  const listener: { -readonly [K in keyof Listener]?: Listener[K] } = {
    periodMs,
    latenciesMs: [],
    seen: () => {},
    idleMs: 0,
    ownCpuMs: 0,
    switchCpuMs: 0,
  };
  listener.link = await connect(address, periodMs ?? 1, (event) =>
    listener.seen?.(event["Ringline-Echo"] ?? ""),
  );
  return listener as Listener;
}

/** Causes one event on `cause`; returns the milliseconds until `listener` gets it. */
async function oneEvent(cause: TcpLink, listener: Listener): Promise<number> {
  const id = systemIds.uuid();
  const arrived = new Promise<number>((resolve) => {
    listener.seen = (seenId) => {
      if (seenId === id) resolve(stopwatchMs());
    };
  });
  const sentMs = stopwatchMs();
  await ask(cause, echo(id));
  return (await arrived) - sentMs;
}

/** An event that the switch sends back to whoever subscribed to it. */
function echo(id: string): WireCommand {
  const headers = [
    ["Event-Subclass", "ringline::echo"],
    ["Ringline-Echo", id],
  ] as const;
  return { verb: "sendevent", name: "CUSTOM", headers };
}

async function round(cause: TcpLink, listener: Listener): Promise<void> {
  listener.link.nudging(listener.periodMs !== null);
  await wait(50);
  const startMs = stopwatchMs();
  const own = process.cpuUsage();
  const theirs = await switchCpuMs(cause);
  await wait(IDLE_MS);
  listener.switchCpuMs += (await switchCpuMs(cause)) - theirs;
  const used = process.cpuUsage(own);
  listener.ownCpuMs += (used.user + used.system) / 1000;
  listener.idleMs += stopwatchMs() - startMs;
  for (let n = 0; n < EVENTS_A_ROUND; n += 1) {
    await wait(systemIds.below(GAP_MS_MAX));
    listener.latenciesMs.push(await oneEvent(cause, listener));
  }
  listener.link.nudging(false);
}

function line(listener: Listener, off: Listener | undefined): Line {
  const percent = (of: (l: Listener) => number): number =>
    rounded((100 * of(listener)) / listener.idleMs - (off === undefined ? 0 : (100 * of(off)) / off.idleMs));
  return {
    nudge: listener.periodMs === null ? "off" : `every ${listener.periodMs} ms`,
    medianMs: rounded(percentile(listener.latenciesMs, 0.5)),
    p99Ms: rounded(percentile(listener.latenciesMs, 0.99)),
    ownCpuPercent: percent((l) => l.ownCpuMs),
    switchCpuPercent: percent((l) => l.switchCpuMs),
  };
}

/** Measures every period. The first line is without nudging; the CPU time of the others is above that line. */
async function measure(address: Address): Promise<readonly Line[]> {
  const cause = await connect(address, 1, () => {});
  const listeners: Listener[] = [];
  for (const periodMs of PERIODS_MS) listeners.push(await listen(address, periodMs));
  for (let n = 0; n < ROUNDS; n += 1) for (const listener of listeners) await round(cause, listener);
  const off = listeners[0];
  const lines = listeners.map((listener) => line(listener, listener === off ? undefined : off));
  await Promise.all([cause, ...listeners.map((listener) => listener.link)].map((link) => link.close()));
  return lines;
}

export const nudge: Bench = async () => {
  const found = await findSwitch(process.env);
  if (found.kind === "running") return report(await measure(found), `the running switch at ${found.host}`);
  if (found.kind !== "binary") return { skipped: `no FreeSWITCH program and none that runs: ${found.kind}` };
  const theSwitch = await startLocalSwitch(found.path, await claimPorts(process.env), "");
  try {
    return report(await measure(theSwitch), theSwitch.version);
  } finally {
    await theSwitch.stop();
  }
};

function report(lines: readonly Line[], version: string) {
  const rows = lines.map((each) => [
    each.nudge,
    String(each.medianMs),
    String(each.p99Ms),
    String(each.ownCpuPercent),
    String(each.switchCpuPercent),
  ]);
  return {
    switchVersion: version,
    parts: [{ heads: ["nudging", "event ms", "p99", "own CPU %", "switch CPU %"], rows }],
    json: { bench: "nudge", results: lines },
  };
}
