/**
 * Many calls in progress: the engine's memory and stalls, and what one more call costs beside them. Then many calls one
 * after the other: whether the engine's heap grows by them.
 */
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { sleep, until } from "../fixtures/harness/clock.js";
import { claimPorts, type Ports } from "../fixtures/harness/ports.js";
import type { Bench, BenchResult } from "./bench.js";
import { numberIn, numbersIn, switchProgram, variantsIn } from "./calls/arguments.js";
import { numberOf, PATIENT_NUMBER, VARIANT_NAMES, type Variant } from "./calls/carried.js";
import { type CrowdRun, type CrowdStep, crowdReport, type InARow } from "./calls/crowd-report.js";
import { leftOverWithin } from "./calls/left-over.js";
import { Rig, type Turn } from "./calls/rig.js";
import { planOf, SHAPES } from "./calls/shapes.js";
import type { EngineMemory } from "./engine-probe.js";
import { median, percentile, rounded } from "./figures.js";
import { watchLoad } from "./machine.js";
import { memoryOf, withProbe } from "./probed-engine.js";
import { cpuMs } from "./process-cpu.js";
import type { CallPlan, CallTimes } from "./sip/call.js";

/** Two legs a call, and further calls beside the crowd. */
const MAX_SESSIONS = "8000";
const PROBE_RATE = 10;
const TALK_MS = 500;
const IDLE_MS = 3_000;
const SETTLE_MS = 3_000;
const LEFT_WITHIN_MS = 60_000;
/** Before the heap is measured for the first time: what every engine needs after its first calls is not growth. */
const WARM_UP = 500;
const FIRST_CALLER = 13_000_000_000;

interface Plan {
  readonly steps: readonly number[];
  readonly probeSeconds: number;
  readonly rate: number;
  readonly inARow: number;
  readonly lanes: number;
  readonly hold: "talking" | "ringing";
}

/**
 * `--calls` in progress (1000), `--steps` (10,100,500,1000), `--probe` seconds of further calls at each step (10), `--rate`
 * at which the crowd arrives (20), `--in-a-row` calls (10000), `--lanes` of them at once (10), `--hold` talking or ringing
 * (talking), `--variants` (parked,asked).
 */
export const crowd: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: "string", default: "1000" },
      steps: { type: "string", default: "10,100,500,1000" },
      probe: { type: "string", default: "10" },
      rate: { type: "string", default: "20" },
      "in-a-row": { type: "string", default: "10000" },
      lanes: { type: "string", default: "10" },
      hold: { type: "string", default: "talking" },
      variants: { type: "string", default: "parked,asked" },
    },
  });
  const calls = numberIn(values.calls);
  const { hold } = values;
  if (hold !== "talking" && hold !== "ringing") throw new Error(`--hold: talking or ringing, found ${hold}`);
  const steps = numbersIn(values.steps).filter((step) => step < calls);
  const plan: Plan = {
    steps: [...steps, calls],
    probeSeconds: numberIn(values.probe),
    rate: numberIn(values.rate),
    inARow: numberIn(values["in-a-row"], 0),
    lanes: numberIn(values.lanes),
    hold,
  };
  const variants = variantsIn(values.variants).filter(
    (variant) => variant === "parked" || variant === "asked",
  );
  const program = await switchProgram();
  if ("skipped" in program) return program;
  const ports = await claimPorts(process.env);
  const switchEnv = { RINGLINE_MAX_SESSIONS: MAX_SESSIONS };
  const rig = await Rig.open({ ...program, ports, variants, normalPriority: true, switchEnv }, say);
  try {
    return await measureAll(rig, ports, plan, say);
  } finally {
    await rig.close();
  }
};

async function measureAll(
  rig: Rig,
  ports: Ports,
  plan: Plan,
  say: (line: string) => void,
): Promise<BenchResult> {
  const [first] = rig.switches;
  if (first === undefined) return { skipped: "no engine can be measured here" };
  const runs: CrowdRun[] = [];
  for (const variant of rig.variants) {
    const steps = await measureCrowd(rig, ports, plan, variant, say);
    const inARow = plan.inARow === 0 ? null : await measureInARow(rig, ports, plan, variant, say);
    runs.push({ variant, steps, inARow });
  }
  return crowdReport(first.version, plan.hold, runs);
}

/** A variant's engine with the probe inside. */
interface Probed {
  readonly turn: Turn;
  memory(): Promise<EngineMemory>;
  enginePid(): number;
}

async function probed(rig: Rig, ports: Ports, variant: Variant): Promise<Probed> {
  const port = ports.next();
  const turn = await rig.begin(variant, withProbe(port));
  const { engine } = turn;
  if (engine === null) throw new Error(`${variant} has no engine`);
  return { turn, memory: () => memoryOf(port), enginePid: () => engine.pid };
}

async function measureCrowd(
  rig: Rig,
  ports: Ports,
  plan: Plan,
  variant: Variant,
  say: (line: string) => void,
): Promise<readonly CrowdStep[]> {
  const one = await probed(rig, ports, variant);
  const holding = new Crowd(one.turn, plan.hold);
  const steps: CrowdStep[] = [];
  try {
    await one.turn.pair.place(PROBE_RATE, WARM_UP / 10, (index) => probeCall(variant, index));
    await one.memory();
    for (const size of plan.steps) {
      await holding.growTo(size, plan.rate);
      const step = await measureStep(one, size, plan, holding);
      steps.push(step);
      say(
        `${VARIANT_NAMES[variant]}: beside ${step.inProgress} calls a call costs ${step.engineMsPerCall.toFixed(2)} ms of the engine, ` +
          `${step.residentMB} MB, longest stall ${step.longestStallMs} ms${step.lost === 0 ? "" : `; LOST: ${step.lostBy}`}`,
      );
    }
    await holding.end();
    const left = await leftOverWithin(one.turn.theSwitch, LEFT_WITHIN_MS);
    if (left.channels + left.claims > 0) say(`left on the switch: ${JSON.stringify(left)}`);
    return steps;
  } finally {
    await one.turn.stop();
  }
}

function probeCall(variant: Variant, index: number): CallPlan {
  const shape = SHAPES.desk;
  return planOf(shape, numberOf(variant, shape), String(FIRST_CALLER + index), TALK_MS);
}

/** Further calls beside the crowd, and the CPU time that the crowd alone takes, which is not theirs. */
async function measureStep(
  { turn, memory, enginePid }: Probed,
  size: number,
  { probeSeconds }: Plan,
  holding: Crowd,
): Promise<CrowdStep> {
  await sleep(SETTLE_MS);
  const whileGrowing = await memory();
  const cpu = () => ({ engine: cpuMs(enginePid()), theSwitch: cpuMs(turn.theSwitch.pid) });
  const since = (before: ReturnType<typeof cpu>) => {
    const now = cpu();
    return { engine: now.engine - before.engine, theSwitch: now.theSwitch - before.theSwitch };
  };
  const idleFrom = cpu();
  await sleep(IDLE_MS);
  const idle = since(idleFrom);
  const [startMs, busyFrom, watched] = [stopwatchMs(), cpu(), watchLoad()];
  const calls = await turn.pair.place(PROBE_RATE, PROBE_RATE * probeSeconds, (index) =>
    probeCall(turn.variant, index),
  );
  const [busy, tookMs, load] = [since(busyFrom), stopwatchMs() - startMs, watched()];
  const { longestStallMs, heapBytes, residentBytes } = await memory();
  const perCall = (all: number, alone: number) =>
    rounded(Math.max(0, all - (alone * tookMs) / IDLE_MS) / calls.length);
  const toRing = calls.flatMap(({ rangMs, invitedMs }) => (rangMs === undefined ? [] : [rangMs - invitedMs]));
  return {
    inProgress: size,
    lost: holding.lost,
    lostBy: holding.lostBy,
    failed: calls.filter(({ failure }) => failure !== undefined).length,
    engineMsPerCall: perCall(busy.engine, idle.engine),
    switchMsPerCall: perCall(busy.theSwitch, idle.theSwitch),
    engineAlonePercent: rounded((100 * idle.engine) / IDLE_MS, 1),
    inviteToInviteMs: rounded(median(toRing)),
    inviteToInviteP99Ms: rounded(percentile(toRing, 0.99)),
    heapMB: rounded(heapBytes / 1e6, 1),
    residentMB: rounded(residentBytes / 1e6, 1),
    longestStallMs: rounded(Math.max(longestStallMs, whileGrowing.longestStallMs), 1),
    load,
  };
}

/** The calls in progress: each talks, or rings, until the crowd ends. */
class Crowd {
  readonly #turn: Turn;
  readonly #hold: Plan["hold"];
  readonly #calls: Array<Promise<CallTimes>> = [];
  #leave: () => void = () => {};
  readonly #left = new Promise<void>((resolve) => {
    this.#leave = resolve;
  });
  #answered = 0;
  #over = 0;
  #isEnding = false;
  /** How calls of the crowd ended that ended before it did, and how many so. */
  readonly #lost = new Map<string, number>();

  constructor(turn: Turn, hold: Plan["hold"]) {
    this.#turn = turn;
    this.#hold = hold;
  }

  /** Calls of the crowd that ended before it did. */
  get lost(): number {
    return [...this.#lost.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The same with their ends, for people; empty: none was lost. */
  get lostBy(): string {
    return [...this.#lost].map(([why, count]) => `${count} ${why}`).join(", ");
  }

  async growTo(size: number, rate: number): Promise<void> {
    while (this.#calls.length < size) {
      this.#calls.push(this.#one(this.#calls.length));
      await sleep(1_000 / rate);
    }
    if (this.#hold === "talking") await until(() => this.#answered + this.lost >= size, SETTLE_MS * 10);
  }

  #one(index: number): Promise<CallTimes> {
    const { pair } = this.#turn;
    const caller = String(FIRST_CALLER + 100_000 + index);
    const talk = async () => {
      this.#answered += 1;
      await this.#left;
    };
    const call = { number: PATIENT_NUMBER, caller, talkMs: HOLD_MS };
    const plan =
      this.#hold === "talking"
        ? { ...call, voice: { port: HELD_PORT, talk } }
        : { ...call, answerAfterMs: () => null, patienceMs: HOLD_MS, cancelled: this.#left };
    return pair.call(plan).then((times) => {
      this.#over += 1;
      const why = times.failure ?? "hung up";
      if (!this.#isEnding) this.#lost.set(why, (this.#lost.get(why) ?? 0) + 1);
      return times;
    });
  }

  /** Callers who talk hang up, and those who hear ringing cancel. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#leave();
    await until(() => this.#over === this.#calls.length, LEFT_WITHIN_MS);
  }
}

/** Longer than any run. */
const HOLD_MS = 3_600_000;
/** Where the callers of the crowd want their RTP: the discard port, as those without a voice. */
const HELD_PORT = 9;

async function measureInARow(
  rig: Rig,
  ports: Ports,
  plan: Plan,
  variant: Variant,
  say: (line: string) => void,
): Promise<InARow> {
  const { turn, memory } = await probed(rig, ports, variant);
  try {
    await inLanes(turn, WARM_UP, plan.lanes);
    await sleep(SETTLE_MS);
    const before = await memory();
    const startMs = stopwatchMs();
    const failed = await inLanes(turn, plan.inARow, plan.lanes);
    const seconds = (stopwatchMs() - startMs) / 1_000;
    await sleep(SETTLE_MS);
    const after = await memory();
    const row: InARow = {
      calls: plan.inARow,
      failed,
      seconds: rounded(seconds, 0),
      heapBeforeMB: rounded(before.heapBytes / 1e6, 2),
      heapAfterMB: rounded(after.heapBytes / 1e6, 2),
      residentAfterMB: rounded(after.residentBytes / 1e6, 1),
      longestStallMs: rounded(after.longestStallMs, 1),
    };
    say(`${VARIANT_NAMES[variant]}: ${JSON.stringify(row)}`);
    return row;
  } finally {
    await turn.stop();
  }
}

/** Each lane places one call after the other. Returns how many failed. */
async function inLanes(turn: Turn, count: number, lanes: number): Promise<number> {
  let [next, failed] = [0, 0];
  const lane = async () => {
    while (next < count) {
      const times = await turn.pair.call({ ...probeCall(turn.variant, next++), talkMs: 0 });
      if (times.failure !== undefined) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return failed;
}
