/**
 * The highest rate of calls that each variant carries, found stepwise, the variants in turns; and what becomes of calls at
 * twice that rate.
 */
import { parseArgs } from "node:util";
import { sleep } from "../fixtures/harness/clock.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import type { Bench, BenchResult } from "./bench.js";
import { numberIn, shapesIn, switchProgram, variantsIn } from "./calls/arguments.js";
import { capacityReport, type Found, type Step } from "./calls/capacity-report.js";
import { numberOf, VARIANT_NAMES, type Variant } from "./calls/carried.js";
import { CONNECT_MS, isInTime, type Overload, overload, RING_MS, TALK_MS } from "./calls/overload.js";
import { Rig } from "./calls/rig.js";
import { beginSearch, nextSearch, type Search, type SearchOptions } from "./calls/search.js";
import { planOf, type Shape } from "./calls/shapes.js";
import { percentile, rounded } from "./figures.js";
import { watchLoad } from "./machine.js";

/** So many of the calls have to connect in time. */
const CONNECTED_MIN = 0.999;
const WARM_UP = 50;
/** The time after the last call until switch and engine have cleaned up. */
const AFTER_MS = 500;

interface Plan {
  readonly shapes: readonly Shape[];
  readonly seconds: number;
  readonly overloadSeconds: number;
  readonly search: SearchOptions;
}

/**
 * `--seconds` of a step (10), `--from` calls a second (20), `--up-to` (400), `--precision` (0.1), `--overload` in seconds
 * (10; 0: none), `--variants`, `--shapes` (desk,group); `--real-time` for the switch's threads.
 */
export const capacity: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "10" },
      from: { type: "string", default: "20" },
      "up-to": { type: "string", default: "400" },
      precision: { type: "string", default: "0.1" },
      overload: { type: "string", default: "10" },
      variants: { type: "string", default: "plain,lua,parked,asked" },
      shapes: { type: "string", default: "desk,group" },
      "real-time": { type: "boolean", default: false },
    },
  });
  const plan: Plan = {
    shapes: shapesIn(values.shapes),
    seconds: numberIn(values.seconds),
    overloadSeconds: numberIn(values.overload, 0),
    search: {
      from: numberIn(values.from),
      upTo: numberIn(values["up-to"]),
      precision: numberIn(values.precision, 0),
    },
  };
  const variants = variantsIn(values.variants);
  const program = await switchProgram();
  if ("skipped" in program) return program;
  const ports = await claimPorts(process.env);
  const normalPriority = !values["real-time"];
  const rig = await Rig.open({ ...program, ports, variants, normalPriority }, say);
  try {
    return await measureAll(rig, plan, say);
  } finally {
    await rig.close();
  }
};

async function measureAll(rig: Rig, plan: Plan, say: (line: string) => void): Promise<BenchResult> {
  const [first] = rig.switches;
  if (first === undefined) return { skipped: "none of these variants can be measured here" };
  const found: Found[] = [];
  for (const shape of plan.shapes) {
    const searched = await searchAll(rig, shape, plan, say);
    for (const [variant, { search, steps }] of searched) {
      const rate = 2 * (search.passed ?? plan.search.from);
      const over =
        plan.overloadSeconds === 0
          ? null
          : await overloadOne(rig, variant, shape, rate, plan.overloadSeconds);
      if (over !== null) say(sayOverload(shape, variant, over));
      found.push({ shape, variant, search, steps, overload: over });
    }
  }
  return capacityReport(first.version, found);
}

interface Searched {
  search: Search;
  readonly steps: Step[];
}

/** Every variant's search; each that is not over takes a turn before any takes its next one. */
async function searchAll(
  rig: Rig,
  shape: Shape,
  plan: Plan,
  say: (line: string) => void,
): Promise<ReadonlyMap<Variant, Searched>> {
  const all = new Map<Variant, Searched>(
    rig.variants.map((variant) => [variant, { search: beginSearch(plan.search), steps: [] }]),
  );
  while ([...all.values()].some(({ search }) => search.next !== null))
    for (const [variant, searched] of all) {
      const { next } = searched.search;
      if (next === null) continue;
      const step = await stepOnce(rig, variant, shape, next, plan.seconds);
      searched.steps.push(step);
      searched.search = nextSearch(searched.search, step.passed, plan.search);
      say(sayStep(shape, variant, step));
    }
  return all;
}

async function stepOnce(
  rig: Rig,
  variant: Variant,
  shape: Shape,
  rate: number,
  seconds: number,
): Promise<Step> {
  const turn = await rig.begin(variant);
  try {
    const number = numberOf(variant, shape);
    const plan = (index: number) => planOf(shape, number, String(13_000_000_000 + index), TALK_MS);
    await turn.pair.place(Math.min(rate, WARM_UP), Math.min(2 * rate, WARM_UP), plan);
    await sleep(AFTER_MS);
    const watched = watchLoad();
    const calls = await turn.pair.place(rate, Math.round(rate * seconds), plan);
    const load = watched();
    const connected = calls.filter((call) => isInTime(call, shape)).length / calls.length;
    const toRing = calls.flatMap(({ rangMs, invitedMs }) =>
      rangMs === undefined ? [] : [rangMs - invitedMs],
    );
    const ringP99Ms = rounded(percentile(toRing, 0.99), 1);
    return {
      rate,
      connected,
      ringP99Ms,
      passed: connected >= CONNECTED_MIN && ringP99Ms <= RING_MS,
      failures: [...new Set(calls.flatMap(({ failure }) => failure ?? []))],
      load,
    };
  } finally {
    await turn.stop();
  }
}

async function overloadOne(rig: Rig, variant: Variant, shape: Shape, rate: number, seconds: number) {
  const turn = await rig.begin(variant);
  try {
    await turn.pair.place(WARM_UP, WARM_UP, (index) =>
      planOf(shape, numberOf(variant, shape), String(13_000_000_000 + index), TALK_MS),
    );
    return await overload(turn, shape, rate, seconds);
  } finally {
    await turn.stop();
  }
}

/** Calls that are shed are told apart from those that failed, and from those that were left on the switch. */
function sayOverload(
  shape: Shape,
  variant: Variant,
  { rate, calls, fates, normalAfterSeconds, left }: Overload,
): string {
  const { inTime, late, shed, fallback, other } = fates;
  const failed = Object.entries(other).map(([why, count]) => `, ${count} ${why}`);
  const normal = normalAfterSeconds === null ? "not within a minute" : `${normalAfterSeconds} s after`;
  return (
    `${shape.name.padEnd(7)} ${String(rate).padStart(3)}/s ${VARIANT_NAMES[variant].padEnd(15)} OVERLOAD ${calls} calls: ` +
    `${inTime} in time, ${late} late, ${shed} shed, ${fallback} by the fallback${failed.join("")}; normal ${normal}; ` +
    `left: ${left.channels} channels, ${left.claims} claims`
  );
}

function sayStep(shape: Shape, variant: Variant, step: Step): string {
  const { rate, connected, ringP99Ms, passed, failures, load } = step;
  const why = failures.length === 0 ? "" : `   ${failures.join(", ")}`;
  return (
    `${shape.name.padEnd(7)} ${String(rate).padStart(3)}/s ${VARIANT_NAMES[variant].padEnd(15)} ${passed ? "passed" : "FAILED"}   ` +
    `${(100 * connected).toFixed(2)} % within ${CONNECT_MS / 1_000} s   first phone p99 ${ringP99Ms} ms   ` +
    `bench ${load.ownPercent} % of a core, machine ${load.machinePercent} %${why}`
  );
}
