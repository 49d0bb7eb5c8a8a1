/**
 * What readers of the live feed cost: the same load with none, one and twenty of them, in turns, on one engine. The switch is
 * the simulated one, so that nothing but Node.js is needed; engine, switch and readers are processes of their own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { sleep } from "../fixtures/harness/clock.js";
import { type LiveEngine, startLiveEngine } from "../fixtures/live/engine.js";
import { type Load as Calls, openLoad } from "../fixtures/live/load.js";
import type { Bench, Figures } from "./bench.js";
import { numberIn, numbersIn } from "./calls/arguments.js";
import { median, percentile, spread } from "./figures.js";
import type { Read } from "./live-readers.js";
import { type Load, warningsOf, watchLoad } from "./machine.js";
import { cpuMs } from "./process-cpu.js";

/** Until as many calls end as begin. */
const WARM_UP_S = 25;
const SETTLE_MS = 1_000;

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly rate: number;
  readonly readers: readonly number[];
}

/** One turn with so many readers. */
interface Round {
  readonly readers: number;
  readonly seconds: number;
  readonly enginePercent: number;
  /** From each INVITE to the first 180. */
  readonly toRing: readonly number[];
  readonly read: Read;
  readonly load: Load;
}

/** `--rounds` (5), `--seconds` of each turn (10), `--rate` (25), `--readers` (0,1,20), `--warm-up` in seconds (25). */
export const live: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "10" },
      rate: { type: "string", default: "25" },
      readers: { type: "string", default: "0,1,20" },
      "warm-up": { type: "string", default: String(WARM_UP_S) },
    },
  });
  const plan: Plan = {
    rounds: numberIn(values.rounds),
    seconds: numberIn(values.seconds),
    rate: numberIn(values.rate),
    readers: numbersIn(values.readers, 0),
  };
  const calls = await openLoad();
  try {
    const engine = await startLiveEngine(calls);
    try {
      calls.callsPerSecond(plan.rate);
      await sleep(1_000 * numberIn(values["warm-up"]));
      return report(plan, await measureAll(calls, engine, plan, say));
    } finally {
      await engine.stop();
    }
  } finally {
    await calls.close();
  }
};

async function measureAll(
  calls: Calls,
  engine: LiveEngine,
  plan: Plan,
  say: (line: string) => void,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let n = 0; n < plan.rounds; n += 1)
    // The order changes from round to round.
    for (const readers of n % 2 === 0 ? plan.readers : [...plan.readers].reverse()) {
      const round = await measureOne(calls, engine, plan, readers);
      rounds.push(round);
      say(sayRound(round));
    }
  return rounds;
}

async function measureOne(calls: Calls, engine: LiveEngine, plan: Plan, count: number): Promise<Round> {
  const readers = count === 0 ? null : await startReaders(`${engine.db}.live`, count);
  await sleep(SETTLE_MS);
  calls.ringTimes();
  const [before, beganMs, watched] = [cpuMs(engine.pid), stopwatchMs(), watchLoad()];
  await sleep(1_000 * plan.seconds);
  const [after, passedMs, load] = [cpuMs(engine.pid), stopwatchMs() - beganMs, watched()];
  const toRing = calls.ringTimes();
  const read = (await readers?.end()) ?? { bytes: 0, lines: 0, snapshots: 0, lost: 0 };
  const enginePercent = (100 * (after - before)) / passedMs;
  return { readers: count, seconds: passedMs / 1_000, enginePercent, toRing, read, load };
}

interface Readers {
  end(): Promise<Read>;
}

/** Resolves when each reader has its snapshot. */
async function startReaders(socket: string, count: number): Promise<Readers> {
  const program = fileURLToPath(new URL("./live-readers.js", import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [program, socket, String(count)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("no pipes");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the readers have ended");
    return value;
  };
  await next();
  return {
    end: async () => {
      stdin.end();
      return JSON.parse(await next()) as Read;
    },
  };
}

function report(plan: Plan, rounds: readonly Round[]): Figures {
  const groups = plan.readers.map((readers) => rounds.filter((round) => round.readers === readers));
  const percentOf = (group: readonly Round[] = []) => group.map(({ enginePercent }) => enginePercent);
  const without = median(percentOf(groups[0]));
  const rows = groups.map((group) => {
    const toRing = group.flatMap((round) => round.toRing);
    const more = median(percentOf(group)) - without;
    const bytes = group.map(
      ({ read, readers, seconds }) => read.bytes / Math.max(1, readers) / seconds / 1_000,
    );
    return [
      String(group[0]?.readers ?? 0),
      spread(percentOf(group)),
      `${more < 0 ? "" : "+"}${more.toFixed(1)}`,
      String(toRing.length),
      `${median(toRing)}`,
      `${percentile(toRing, 0.99)}`,
      spread(bytes, 0),
    ];
  });
  const heads = [
    ...["readers", "engine CPU % of a core", "beside none", "calls"],
    ...["INVITE to 180 ms", "p99", "KB/s to each reader"],
  ];
  const about = `${plan.rate} calls a second on the simulated switch, some 300 in progress, to an office of 256 phones.`;
  return {
    parts: [about, { heads, rows }, ...warningsOf(rounds.map(({ load }) => load))],
    json: { bench: "live", rate: plan.rate, rounds },
  };
}

function sayRound({ readers, enginePercent, toRing, read, load }: Round): string {
  return (
    `${String(readers).padStart(2)} readers   engine ${enginePercent.toFixed(1)} % of a core   ` +
    `to 180 ${median(toRing)} ms, p99 ${percentile(toRing, 0.99)} ms   ` +
    `${read.lines} lines, ${read.snapshots} snapshots, ${read.lost} lost   machine ${load.machinePercent} %`
  );
}
