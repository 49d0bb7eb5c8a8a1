/**
 * What a call costs, and how fast it is: the same calls, in several shapes, are carried by the switch's own dialplan, by
 * a script in mod_lua with SQLite, and by the engine on either road, in turns, so that other load affects all. An engine
 * is connected only during its turn.
 */
import { parseArgs } from "node:util";
import { sleep } from "../fixtures/harness/clock.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import type { Bench, BenchResult } from "./bench.js";
import { numberIn, numbersIn, shapesIn, switchProgram, variantsIn } from "./calls/arguments.js";
import { numberOf, VARIANT_NAMES, type Variant } from "./calls/carried.js";
import { controlReport, type Round } from "./calls/control-report.js";
import { Rig } from "./calls/rig.js";
import { planOf, type Shape } from "./calls/shapes.js";
import { median, rounded } from "./figures.js";
import type { LocalSwitch } from "./local-switch.js";
import { watchLoad } from "./machine.js";
import { cpuMs } from "./process-cpu.js";
import type { CallTimes } from "./sip/call.js";

const TALK_MS = 1_000;
/** The time after the last call until switch and engine have cleaned up. */
const AFTER_MS = 500;
const IDLE_MS = 3_000;

interface Plan {
  readonly shapes: readonly Shape[];
  readonly rates: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUp: number;
}

/**
 * `--seconds` of each round (10), `--rounds` of each shape, rate and variant (3), `--rates` in calls a second (25,50),
 * `--warm-up` calls before each round (100), `--variants`, `--shapes`; `--normal-priority` for the switch.
 */
export const control: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "10" },
      rounds: { type: "string", default: "3" },
      rates: { type: "string", default: "25,50" },
      "warm-up": { type: "string", default: "100" },
      variants: { type: "string", default: "plain,lua,parked,asked" },
      shapes: { type: "string", default: "desk,group,outside,delayed" },
      "normal-priority": { type: "boolean", default: false },
    },
  });
  const plan: Plan = {
    shapes: shapesIn(values.shapes),
    rates: numbersIn(values.rates),
    rounds: numberIn(values.rounds),
    seconds: numberIn(values.seconds),
    warmUp: numberIn(values["warm-up"], 0),
  };
  const variants = variantsIn(values.variants);
  const program = await switchProgram();
  if ("skipped" in program) return program;
  const ports = await claimPorts(process.env);
  const normalPriority = values["normal-priority"];
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
  const idle = await Promise.all(rig.switches.map(idlePercent));
  const rounds: Round[] = [];
  for (let n = 0; n < plan.rounds; n += 1)
    // The order of the variants changes from round to round.
    for (const shape of plan.shapes)
      for (const rate of plan.rates)
        for (const variant of n % 2 === 0 ? rig.variants : [...rig.variants].reverse()) {
          const round = await measureOne(rig, plan, shape, rate, variant);
          rounds.push(round);
          say(sayRound(round));
        }
  return controlReport({ version: first.version, shapes: plan.shapes, rounds, idlePercents: idle });
}

async function idlePercent({ pid }: LocalSwitch): Promise<number> {
  const before = cpuMs(pid);
  await sleep(IDLE_MS);
  return rounded((100 * (cpuMs(pid) - before)) / IDLE_MS, 1);
}

/** One variant's turn: a warm-up at the same rate, then the calls that count. */
async function measureOne(
  rig: Rig,
  { seconds, warmUp }: Plan,
  shape: Shape,
  rate: number,
  variant: Variant,
): Promise<Round> {
  const turn = await rig.begin(variant);
  const { pair, theSwitch, engine } = turn;
  try {
    const number = numberOf(variant, shape);
    const plan = (index: number) => planOf(shape, number, String(13_000_000_000 + index), TALK_MS);
    await pair.place(rate, warmUp, plan);
    await sleep(AFTER_MS);
    const engineMs = () => (engine === null ? 0 : cpuMs(engine.pid));
    const [switchBefore, engineBefore] = [cpuMs(theSwitch.pid), engineMs()];
    const watched = watchLoad();
    const calls = await pair.place(rate, rate * seconds, plan);
    const load = watched();
    await sleep(AFTER_MS);
    return {
      shape: shape.name,
      rate,
      variant,
      switchMsPerCall: (cpuMs(theSwitch.pid) - switchBefore) / calls.length,
      engineMsPerCall: engine === null ? null : (engineMs() - engineBefore) / calls.length,
      ...timesOf(calls),
      load,
    };
  } finally {
    await turn.stop();
  }
}

function timesOf(calls: readonly CallTimes[]) {
  const good = calls.filter((call) => call.failure === undefined);
  const since = (pick: (call: CallTimes) => number | undefined) =>
    good.flatMap((call) => {
      const atMs = pick(call);
      return atMs === undefined ? [] : [atMs - call.invitedMs];
    });
  return {
    calls: calls.length,
    failed: calls.length - good.length,
    failures: [...new Set(calls.flatMap((call) => call.failure ?? []))],
    toRing: since((call) => call.rangMs),
    toLastRing: since((call) => call.rangLastMs),
    toAnswer: since((call) => call.answeredMs),
  };
}

function sayRound(round: Round): string {
  const failed = round.failed === 0 ? "" : `   ${round.failed} FAILED: ${round.failures.join(", ")}`;
  const engine =
    round.engineMsPerCall === null ? "" : `   engine ${round.engineMsPerCall.toFixed(2)} ms/call`;
  return (
    `${round.shape.padEnd(7)} ${String(round.rate).padStart(3)}/s ${VARIANT_NAMES[round.variant].padEnd(15)} ` +
    `switch ${round.switchMsPerCall.toFixed(2)} ms/call${engine}   to INVITE ${median(round.toRing).toFixed(1)} ms   ` +
    `to 200 ${median(round.toAnswer).toFixed(1)} ms   bench ${round.load.ownPercent} %${failed}`
  );
}
