/** Where the engine's time goes while calls arrive at an even rate: a flame graph, and the time by place and function. */
import { parseArgs } from "node:util";
import { claimPorts, type Ports } from "../fixtures/harness/ports.js";
import type { Bench, BenchResult, Table } from "./bench.js";
import { numberIn, shapesIn, switchProgram, variantsIn } from "./calls/arguments.js";
import { numberOf, VARIANT_NAMES, type Variant } from "./calls/carried.js";
import { Rig } from "./calls/rig.js";
import { planOf, type Shape } from "./calls/shapes.js";
import { rounded } from "./figures.js";
import { type Load, warningsOf, watchLoad } from "./machine.js";
import type { FlameNode } from "./page/flame-plot.js";
import { beginProfile, endProfile, withProbe } from "./probed-engine.js";
import { flameOf, placeOf, pruned, selfTimes } from "./profile.js";

const TALK_MS = 1_000;
const WARM_UP_SECONDS = 4;
/** Functions in the table. */
const FUNCTIONS = 25;
/** Narrower ones cannot be seen. */
const PART_MIN = 0.004;

interface Profiled {
  readonly variant: Variant;
  readonly shape: Shape;
  readonly calls: number;
  readonly failed: number;
  readonly flame: FlameNode;
  readonly load: Load;
}

/** `--rate` in calls a second (50), `--seconds` (20), `--variants` (parked,asked), `--shapes` (desk). */
export const flame: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: "string", default: "50" },
      seconds: { type: "string", default: "20" },
      variants: { type: "string", default: "parked,asked" },
      shapes: { type: "string", default: "desk" },
    },
  });
  const [rate, seconds] = [numberIn(values.rate), numberIn(values.seconds)];
  const shapes = shapesIn(values.shapes);
  const variants = variantsIn(values.variants).filter((each) => each === "parked" || each === "asked");
  const program = await switchProgram();
  if ("skipped" in program) return program;
  const ports = await claimPorts(process.env);
  const rig = await Rig.open({ ...program, ports, variants, normalPriority: false }, say);
  try {
    const [first] = rig.switches;
    if (first === undefined) return { skipped: "no engine can be measured here" };
    const profiled: Profiled[] = [];
    for (const shape of shapes)
      for (const variant of rig.variants) {
        const one = await profileOne(rig, ports, shape, variant, rate, seconds);
        profiled.push(one);
        say(`${shape.name}, ${VARIANT_NAMES[variant]}: ${(one.flame.ms / one.calls).toFixed(2)} ms a call`);
      }
    return report(first.version, rate, profiled);
  } finally {
    await rig.close();
  }
};

async function profileOne(
  rig: Rig,
  ports: Ports,
  shape: Shape,
  variant: Variant,
  rate: number,
  seconds: number,
): Promise<Profiled> {
  const port = ports.next();
  const turn = await rig.begin(variant, withProbe(port));
  try {
    const number = numberOf(variant, shape);
    const plan = (index: number) => planOf(shape, number, String(13_000_000_000 + index), TALK_MS);
    await turn.pair.place(rate, Math.round(rate * WARM_UP_SECONDS), plan);
    await beginProfile(port);
    const watched = watchLoad();
    const calls = await turn.pair.place(rate, Math.round(rate * seconds), plan);
    const load = watched();
    const profile = await endProfile(port);
    const failed = calls.filter(({ failure }) => failure !== undefined).length;
    return { variant, shape, calls: calls.length, failed, flame: flameOf(profile), load };
  } finally {
    await turn.stop();
  }
}

function report(version: string, rate: number, profiled: readonly Profiled[]): BenchResult {
  return {
    switchVersion: version,
    parts: [
      ...profiled.flatMap((one) => [
        `${one.shape.name}, ${VARIANT_NAMES[one.variant]}, ${rate} calls a second: ${one.calls} calls, of which ${one.failed} failed; ${(one.flame.ms / one.calls).toFixed(2)} ms a call`,
        placeTable(one),
        functionTable(one),
      ]),
      ...warningsOf(profiled.map(({ load }) => load)),
    ],
    plots: profiled.map(({ shape, variant, flame: root, calls }) => ({
      kind: "flame" as const,
      name: `${shape.name}-${variant}`,
      title: `The engine at ${rate} calls a second: ${shape.what}, ${VARIANT_NAMES[variant]}`,
      unit: `width: time; in all ${(root.ms / calls).toFixed(2)} ms a call`,
      root: pruned(root, PART_MIN),
    })),
    json: {
      bench: "flame",
      version,
      results: profiled.map((one) => ({
        shape: one.shape.name,
        carriedBy: one.variant,
        callsPerSecond: rate,
        calls: one.calls,
        failed: one.failed,
        msPerCall: rounded(one.flame.ms / one.calls),
        places: Object.fromEntries(placesOf(one).map(([place, ms]) => [place, rounded(ms / one.calls, 3)])),
      })),
    },
  };
}

function placesOf({ flame: root }: Profiled): ReadonlyArray<readonly [place: string, ms: number]> {
  const places = new Map<string, number>();
  for (const [name, ms] of selfTimes(root)) places.set(placeOf(name), (places.get(placeOf(name)) ?? 0) + ms);
  return [...places].sort(([, a], [, b]) => b - a);
}

function placeTable(one: Profiled): Table {
  return tableOf("place", placesOf(one), one);
}

function functionTable(one: Profiled): Table {
  return tableOf("function", selfTimes(one.flame).slice(0, FUNCTIONS), one);
}

function tableOf(
  what: string,
  times: ReadonlyArray<readonly [name: string, ms: number]>,
  { flame: root, calls }: Profiled,
): Table {
  const rows = times.map(([name, ms]) => [
    name,
    ((100 * ms) / root.ms).toFixed(1),
    ((1_000 * ms) / calls).toFixed(0),
  ]);
  return { heads: [what, "% of the engine's time", "us a call"], rows };
}
