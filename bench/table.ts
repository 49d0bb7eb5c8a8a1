/**
 * The routing table: loading it from SQLite, looking numbers up, applying one change; and, on the real switch, the time
 * to route a number by a plain XML dialplan and by the engine.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pino } from "pino";
import { stopwatchMs, systemClock } from "../engine/clock.js";
import { editOfficeBy } from "../engine/office/changes/edits.js";
import { LiveOffice } from "../engine/office/live-office.js";
import { sleep } from "../fixtures/harness/clock.js";
import type { Edit, EditFields } from "../policy/change/edits/types.js";
import type { RoutingTable } from "../policy/routing/table.js";
import { openStore, type Store } from "../storage/store.js";
import type { Bench, BenchResult } from "./bench.js";
import { median, percentile, rounded } from "./figures.js";
import { foreignNumberAt, numberAt } from "./large-office.js";
import { type Routed, routeTimes } from "./route-times.js";
import { startWriter } from "./writer.js";

/** Look-ups timed together, and the rounds: the best round is the least disturbed. */
const LOOKUPS = 1_000_000;
/** Some ways of writing go through a library that takes microseconds. */
const LOOKUPS_WRITTEN = 20_000;
const ROUNDS = 5;
const CHANGES = 5;
/** The time after loading until garbage is collected. */
const COLLECT_MS = 500;

/** Ways to write a number; the first is the normalised one. */
const WAYS: ReadonlyArray<readonly [way: string, write: (e164: string) => string]> = [
  ["hit", (e164) => e164],
  ["without +", (e164) => e164.slice(1)],
  ["national", (e164) => e164.slice(2)],
  ["punctuated", (e164) => `(${e164.slice(2, 5)}) ${e164.slice(5, 8)}-${e164.slice(8)}`],
  ["00", (e164) => `00${e164.slice(1)}`],
  ["sip: URI", (e164) => `sip:${e164}@192.0.2.1;user=phone`],
];

interface Sized {
  readonly numbers: number;
  readonly loadSeconds: number;
  readonly bytesANumber: number;
  readonly loadStallMs: number;
  /** Nanoseconds. */
  readonly missNs: number;
  /** The same hits in a JavaScript Map with the same keys. */
  readonly mapNs: number;
  readonly waysNs: Readonly<Record<string, number>>;
  readonly whole: {
    readonly loadSeconds: number;
    readonly bytesANumber: number;
    /** From the commit until the change is live, each time. */
    readonly liveMs: readonly number[];
    readonly stallMs: number;
    readonly applyMs: number;
    /** Milliseconds from the request of a change by command until it is committed and described, by what is changed. */
    readonly commandMs: Readonly<Record<string, number>>;
  };
}

/** What commands change in the measured office, each time to another value. */
const BY_COMMAND: ReadonlyArray<readonly [what: string, edit: (round: number) => Edit]> = [
  ["user, name", (round) => set("user", "user.000001", { name: `User ${round}` })],
  ["user, extension", (round) => set("user", "user.000001", { extension: String(2_000 + round) })],
  ["user, suspended", (round) => set("user", "user.000001", { suspended: round % 2 === 0 })],
  ["device", (round) => set("device", "user.000001/cell", { delay: 1 + round })],
  ["member", (round) => set("member", "group-0/user.000001", { delay: 1 + round })],
  ["number", (round) => set("number", numberAt(1), { label: `Line ${round}` })],
];

function set(kind: string, id: string, fields: EditFields): Edit {
  return { verb: "set", kind, id, fields };
}

/** `--sizes` in numbers (10000,100000,1000000), `--calls` on the switch for each dialplan (200; 0: none). */
export const tableBench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string", default: "10000,100000,1000000" },
      calls: { type: "string", default: "200" },
    },
  });
  const sized: Sized[] = [];
  for (const numbers of values.sizes.split(",").map(Number)) {
    sized.push(await measure(numbers));
    say(`${numbers} numbers measured`);
  }
  const calls = Number(values.calls);
  const routed = calls === 0 ? { skipped: "--calls 0" } : await routeTimes(calls, say);
  return report(sized, routed);
};

async function measure(numbers: number): Promise<Sized> {
  const folder = mkdtempSync(join(tmpdir(), "ringline-table-"));
  try {
    const alone = await measureNumbers(join(folder, "numbers.db"), numbers);
    const whole = await measureWhole(join(folder, "whole.db"), numbers);
    return { numbers, ...alone, whole };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureNumbers(path: string, numbers: number): Promise<Omit<Sized, "numbers" | "whole">> {
  const writer = startWriter(path, numbers, "numbers");
  await writer.says();
  await writer.end();
  const store = await open(path);
  const loaded = await load(store, numbers);
  const known = Array.from({ length: LOOKUPS }, (_, n) => numberAt(scattered(n, numbers)));
  const foreign = Array.from({ length: LOOKUPS }, (_, n) => foreignNumberAt(scattered(n, numbers)));
  const waysNs: Record<string, number> = {};
  for (const [way, write] of WAYS)
    waysNs[way] = lookUp(
      (text) => loaded.table.lookupNumber(text),
      known.slice(0, way === "hit" ? LOOKUPS : LOOKUPS_WRITTEN).map(write),
      true,
    );
  const missNs = lookUp((text) => loaded.table.lookupNumber(text), foreign, false);
  const map = new Map(Array.from({ length: numbers }, (_, n) => [numberAt(n), n]));
  const mapNs = lookUp((text) => map.get(text), known, true);
  await store.close();
  const { table: _table, ...figures } = loaded;
  return { ...figures, missNs, mapNs, waysNs };
}

/** The index of the n-th look-up, scattered so that CPU caches do not help. */
function scattered(n: number, numbers: number): number {
  return (Math.imul(n, 0x9e3779b1) >>> 0) % numbers;
}

/** Nanoseconds a look-up, of the best round. */
function lookUp(look: (dialled: string) => unknown, dialled: readonly string[], expected: boolean): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    let found = 0;
    const startedMs = stopwatchMs();
    for (const text of dialled) if (look(text) !== undefined) found += 1;
    best = Math.min(best, ((stopwatchMs() - startedMs) * 1e6) / dialled.length);
    if (found !== (expected ? dialled.length : 0)) throw new Error(`${found} of ${dialled.length} found`);
  }
  return best;
}

interface Loaded {
  readonly table: RoutingTable;
  readonly loadSeconds: number;
  readonly bytesANumber: number;
  readonly loadStallMs: number;
}

async function load(store: Store, numbers: number): Promise<Loaded> {
  const before = await usedBytes();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const startedMs = stopwatchMs();
  const loaded = await store.loadTable();
  const loadSeconds = (stopwatchMs() - startedMs) / 1_000;
  delays.disable();
  const bytesANumber = ((await usedBytes()) - before) / numbers;
  return { table: loaded, loadSeconds, bytesANumber, loadStallMs: delays.max / 1e6 };
}

/** The bytes in use after garbage collection. */
async function usedBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  await sleep(COLLECT_MS);
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function measureWhole(path: string, numbers: number): Promise<Sized["whole"]> {
  const writer = startWriter(path, numbers, "whole");
  await writer.says();
  const store = await open(path);
  const { loadSeconds, bytesANumber } = await load(store, numbers);
  let live: (atMs: number) => void = () => {};
  const office = new LiveOffice(store, systemClock, pino({ level: "silent" }), () =>
    live(systemClock.nowMs()),
  );
  await office.open();
  await usedBytes();
  const liveMs: number[] = [];
  const applyMs: number[] = [];
  let stallMs = 0;
  for (let change = 0; change < CHANGES; change += 1) {
    const isLive = new Promise<number>((resolve) => (live = resolve));
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    const said = writer.says();
    writer.change();
    const [atMs, { committedMs, applyMs: took }] = await Promise.all([isLive, said]);
    delays.disable();
    liveMs.push(atMs - committedMs);
    applyMs.push(took);
    stallMs = Math.max(stallMs, delays.max / 1e6);
  }
  office.close();
  await writer.end();
  const commandMs = await measureCommands(store);
  await store.close();
  return { loadSeconds, bytesANumber, liveMs, stallMs, applyMs: median(applyMs), commandMs };
}

/** The median of each kind of change. */
async function measureCommands(store: Store): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const [what, edit] of BY_COMMAND) {
    const tookMs: number[] = [];
    for (let round = 0; round < CHANGES; round += 1) {
      const startedMs = stopwatchMs();
      const ended = await editOfficeBy({ store, clock: systemClock }, { author: "bench" }, [edit(round)]);
      tookMs.push(stopwatchMs() - startedMs);
      if (ended.outcome !== "applied") throw new Error(`a change by command ended as ${ended.outcome}`);
    }
    found[what] = median(tookMs);
  }
  return found;
}

async function open(path: string): Promise<Store> {
  const opened = await openStore(path, { mustExist: true });
  if (!opened.ok) throw new Error(opened.failure.reason);
  return opened.store;
}

function report(
  sized: readonly Sized[],
  routed: readonly Routed[] | { readonly skipped: string },
): BenchResult {
  const loads = {
    heads: ["numbers", "load s", "bytes/number", "stall ms", "with users: load s", "bytes/number"],
    rows: sized.map(({ numbers, loadSeconds, bytesANumber, loadStallMs, whole }) => [
      String(numbers),
      loadSeconds.toFixed(2),
      bytesANumber.toFixed(0),
      loadStallMs.toFixed(1),
      whole.loadSeconds.toFixed(2),
      whole.bytesANumber.toFixed(0),
    ]),
  };
  const lookups = {
    heads: ["look-up, ns", ...WAYS.map(([way]) => way), "miss", "Map, hit"],
    rows: sized.map(({ numbers, waysNs, missNs, mapNs }) => [
      String(numbers),
      ...WAYS.map(([way]) => (waysNs[way] ?? Number.NaN).toFixed(0)),
      missNs.toFixed(0),
      mapNs.toFixed(0),
    ]),
  };
  const changes = {
    heads: ["one user changed", "live after ms", "slowest", "longest stall ms", "apply took ms"],
    rows: sized.map(({ numbers, whole }) => [
      String(numbers),
      median(whole.liveMs).toFixed(0),
      Math.max(...whole.liveMs).toFixed(0),
      whole.stallMs.toFixed(1),
      whole.applyMs.toFixed(0),
    ]),
  };
  const commands = {
    heads: ["changed by command, ms", ...BY_COMMAND.map(([what]) => what)],
    rows: sized.map(({ numbers, whole }) => [
      String(numbers),
      ...BY_COMMAND.map(([what]) => (whole.commandMs[what] ?? Number.NaN).toFixed(0)),
    ]),
  };
  const routes =
    "skipped" in routed
      ? [`NOT MEASURED on a real switch: ${routed.skipped}`]
      : [
          {
            heads: ["INVITE to refusal, on the switch", "numbers", "ms", "p99"],
            rows: routed.map(({ by, numbers, ms }) => [
              by,
              String(numbers),
              median(ms).toFixed(2),
              percentile(ms, 0.99).toFixed(2),
            ]),
          },
        ];
  return {
    parts: [
      ...[loads, lookups, changes, commands, ...routes],
      "look-ups: the best of five rounds over a million numbers in scattered order; with users: one to ten numbers, " +
        "three devices each; live after: from the commit of another process until calls get the new table; changed by " +
        "command: from the request until the change is committed and described, without the start of the program",
    ],
    json: {
      bench: "table",
      sizes: sized.map((one) => ({
        ...one,
        whole: { ...one.whole, liveMs: one.whole.liveMs.map((ms) => rounded(ms)) },
      })),
      routing:
        "skipped" in routed
          ? routed
          : routed.map(({ by, numbers, ms }) => ({
              by,
              numbers,
              ms: rounded(median(ms)),
              p99Ms: rounded(percentile(ms, 0.99)),
            })),
    },
  };
}
