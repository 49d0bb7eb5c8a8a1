/**
 * The time from accepting (the digit, or the answer if there is no prompt) to CHANNEL_BRIDGE, by the switch's own
 * dialplan, by mod_lua and by the engine, in turns call by call. Times are the switch's, from its events, and the
 * caller's, from the wire. It also measures the core's time for a step.
 */
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { systemIds } from "../engine/ids.js";
import { sleep } from "../fixtures/harness/clock.js";
import type { TapEvent } from "../fixtures/harness/event-socket.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import { given, mapped } from "../policy/office/optional.js";
import type { Bench, BenchResult, Figures } from "./bench.js";
import { numberIn, switchProgram, variantsIn } from "./calls/arguments.js";
import { numberOf, VARIANT_NAMES, type Variant } from "./calls/carried.js";
import { Rig, type Turn } from "./calls/rig.js";
import { planOf, SHAPES, type Shape } from "./calls/shapes.js";
import { type CoreFigures, measureCore } from "./core-steps.js";
import { percentile, rounded } from "./figures.js";
import type { CallTimes } from "./sip/call.js";

const TALK_MS = 500;
/** Keys are spread over the switch's 20 ms rhythm. */
const KEY_SPREAD_MS = 40;
const WARM_UP = 10;
const SHAPES_MEASURED: readonly Shape[] = [SHAPES.desk, SHAPES.outside];

/** One kind of calls: its variant's turn lasts as long as all others'. */
interface Way {
  readonly variant: Variant;
  readonly shape: Shape;
  readonly turn: Turn;
  readonly tap: Tap;
}

interface Measured {
  readonly way: Way;
  readonly times: CallTimes;
}

/** `--calls` of each kind (100), `--rate` of calls a second over all kinds (8), `--variants`. */
export const ring: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: "string", default: "100" },
      rate: { type: "string", default: "8" },
      variants: { type: "string", default: "plain,lua,parked,asked" },
    },
  });
  const [calls, rate] = [numberIn(values.calls), numberIn(values.rate)];
  const variants = variantsIn(values.variants);
  const core = measureCore();
  say(`the core: ${core.microsecondsAStep.toFixed(1)} us a step`);
  const program = await switchProgram();
  if ("skipped" in program) return program;
  const ports = await claimPorts(process.env);
  const rig = await Rig.open({ ...program, ports, variants, normalPriority: false }, say);
  try {
    return await measureAll(rig, calls, rate, core);
  } finally {
    await rig.close();
  }
};

async function measureAll(rig: Rig, calls: number, rate: number, core: CoreFigures): Promise<BenchResult> {
  const [first] = rig.switches;
  if (first === undefined) return { skipped: "none of these variants can be measured here" };
  const turns: Turn[] = [];
  try {
    for (const variant of rig.variants) turns.push(await rig.begin(variant));
    const taps = new Map(
      await Promise.all(rig.switches.map(async (each) => [each, await tapOf(each)] as const)),
    );
    const ways = turns.flatMap((turn) =>
      SHAPES_MEASURED.flatMap((shape) => {
        const tap = taps.get(turn.theSwitch);
        return tap === undefined ? [] : [{ variant: turn.variant, shape, turn, tap }];
      }),
    );
    await place(ways, rate, WARM_UP * ways.length);
    for (const tap of taps.values()) tap.toBridgeMs.clear();
    return report(first.version, ways, await place(ways, rate, calls * ways.length), core);
  } finally {
    for (const turn of turns) await turn.stop();
  }
}

async function tapOf({ socket }: Turn["theSwitch"]): Promise<Tap> {
  const tap = new Tap();
  await socket.listen(["CHANNEL_ANSWER", "CHANNEL_BRIDGE", "DTMF"], [], (event) => tap.event(event));
  return tap;
}

/** The times of one switch's events, by the number called. */
class Tap {
  readonly #acceptedUs = new Map<string, { answer?: number; digit?: number }>();
  /** Number called -> milliseconds from accepting to CHANNEL_BRIDGE. */
  readonly toBridgeMs = new Map<string, number[]>();

  event(event: TapEvent): void {
    const channel = event["Unique-ID"] ?? "";
    const atUs = Number(event["Event-Date-Timestamp"]);
    const known = this.#acceptedUs.get(channel) ?? {};
    switch (event["Event-Name"]) {
      case "CHANNEL_ANSWER":
        if (event["Call-Direction"] === "outbound") this.#acceptedUs.set(channel, { ...known, answer: atUs });
        return;
      case "DTMF":
        this.#acceptedUs.set(channel, { ...known, digit: atUs });
        return;
      case "CHANNEL_BRIDGE":
        this.#bridged(event, atUs);
    }
  }

  #bridged(event: TapEvent, atUs: number): void {
    const accepted = this.#acceptedUs.get(event["Bridge-B-Unique-ID"] ?? "");
    const number = (event["Caller-Destination-Number"] ?? "").replace("+", "");
    const from = accepted?.digit ?? accepted?.answer;
    if (from === undefined) return;
    const list = this.toBridgeMs.get(number) ?? [];
    list.push((atUs - from) / 1000);
    this.toBridgeMs.set(number, list);
  }
}

async function place(ways: readonly Way[], rate: number, count: number): Promise<readonly Measured[]> {
  const startMs = stopwatchMs();
  const calls: Array<Promise<Measured>> = [];
  while (calls.length < count) {
    const due = Math.min(count, Math.floor(((stopwatchMs() - startMs) * rate) / 1000) + 1);
    while (calls.length < due) {
      const way = ways[calls.length % ways.length];
      if (way === undefined) throw new Error("no way to measure");
      calls.push(callOnce(way, String(13_000_000_000 + calls.length)));
    }
    await sleep(1);
  }
  return Promise.all(calls);
}

async function callOnce(way: Way, caller: string): Promise<Measured> {
  const plan = planOf(way.shape, numberOf(way.variant, way.shape), caller, TALK_MS);
  const key = mapped(plan.key, (pressed) => ({
    ...pressed,
    afterMs: pressed.afterMs + systemIds.below(KEY_SPREAD_MS),
  }));
  return { way, times: await way.turn.pair.call({ ...plan, ...given({ key }) }) };
}

function nameOf({ shape, variant }: Way): string {
  return `${shape.prompt ? "digit" : "answer"}, ${VARIANT_NAMES[variant]}${shape.prompt && variant === "plain" ? " with group_confirm_key" : ""}`;
}

function report(
  version: string,
  ways: readonly Way[],
  calls: readonly Measured[],
  core: CoreFigures,
): Figures {
  const results = SHAPES_MEASURED.flatMap((shape) => ways.filter((way) => way.shape === shape)).map((way) => {
    const mine = calls.filter((call) => call.way === way);
    const good = mine.filter(({ times }) => times.failure === undefined);
    const bridge = way.tap.toBridgeMs.get(numberOf(way.variant, way.shape)) ?? [];
    const seen = good.flatMap(({ times }) =>
      times.answeredMs === undefined || times.acceptedMs === undefined
        ? []
        : [times.answeredMs - times.acceptedMs],
    );
    return {
      from: nameOf(way),
      calls: mine.length,
      failed: mine.length - good.length,
      toBridgeMs: rounded(percentile(bridge, 0.5), 1),
      toBridgeP99Ms: rounded(percentile(bridge, 0.99), 1),
      to200Ms: rounded(percentile(seen, 0.5), 1),
      to200P99Ms: rounded(percentile(seen, 0.99), 1),
    };
  });
  const rows = results.map((each) => Object.values(each).map(String));
  const failures = new Set(
    calls.flatMap(({ way, times }) =>
      times.failure === undefined ? [] : [`${nameOf(way)}: ${times.failure}`],
    ),
  );
  return {
    switchVersion: version,
    parts: [
      ...failures,
      {
        heads: ["from", "calls", "failed", "to CHANNEL_BRIDGE ms", "p99", "to the caller's 200 ms", "p99"],
        rows,
      },
      `the core takes ${core.microsecondsAStep.toFixed(1)} us a step, ${core.microsecondsACall.toFixed(0)} us for a call of ${core.steps} steps`,
    ],
    json: { bench: "ring", version, results, core },
  };
}
