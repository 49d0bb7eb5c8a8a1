/** What readers of the live feed cost: the same calls with none, one and twenty of them, in turns, on one engine. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { sleep } from "../fixtures/harness/clock.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import type { Bench, Figures } from "./bench.js";
import { numberIn, numbersIn, switchProgram } from "./calls/arguments.js";
import { numberOf } from "./calls/carried.js";
import { Rig, type Turn } from "./calls/rig.js";
import { planOf, SHAPES } from "./calls/shapes.js";
import { median, percentile, rounded, spread } from "./figures.js";
import { type Load, warningsOf, watchLoad } from "./machine.js";
import { cpuMs } from "./process-cpu.js";

const AFTER_MS = 1_000;
const IDLE_MS = 5_000;
const FIRST_CALLER = 13_000_000_000;

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly rate: number;
  readonly readers: readonly number[];
  readonly talkMs: number;
}

/** One turn with so many readers. */
interface Round {
  readonly readers: number;
  readonly calls: number;
  readonly failed: number;
  readonly engineMsPerCall: number;
  readonly idlePercent: number;
  readonly toRing: readonly number[];
  readonly read: Read;
  readonly seconds: number;
  readonly load: Load;
}

/** What all readers of a turn have read. */
interface Read {
  readonly bytes: number;
  readonly lines: number;
  readonly snapshots: number;
  readonly lost: number;
}

/** `--rounds` (5), `--seconds` of each turn (10), `--rate` (25), `--readers` (0,1,20), `--talk` in seconds (4). */
export const live: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "10" },
      rate: { type: "string", default: "25" },
      readers: { type: "string", default: "0,1,20" },
      talk: { type: "string", default: "4" },
    },
  });
  const plan: Plan = {
    rounds: numberIn(values.rounds),
    seconds: numberIn(values.seconds),
    rate: numberIn(values.rate),
    readers: numbersIn(values.readers, 0),
    talkMs: 1_000 * numberIn(values.talk),
  };
  const program = await switchProgram();
  if ("skipped" in program) return program;
  const ports = await claimPorts(process.env);
  const rig = await Rig.open({ ...program, ports, variants: ["parked"], normalPriority: true }, say);
  const folder = mkdtempSync(join(tmpdir(), "ringline-bench-"));
  const socket = join(folder, "live");
  try {
    const turn = await rig.begin("parked", { env: { RINGLINE_LIVE: socket } });
    try {
      const rounds = await measureAll(turn, plan, socket, say);
      return report(turn.theSwitch.version, plan, rounds);
    } finally {
      await turn.stop();
    }
  } finally {
    await rig.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

async function measureAll(
  turn: Turn,
  plan: Plan,
  socket: string,
  say: (line: string) => void,
): Promise<Round[]> {
  const rounds: Round[] = [];
  await place(turn, plan, plan.rate * 2);
  for (let n = 0; n < plan.rounds; n += 1)
    // The order changes from round to round.
    for (const readers of n % 2 === 0 ? plan.readers : [...plan.readers].reverse()) {
      const round = await measureOne(turn, plan, socket, readers);
      rounds.push(round);
      say(sayRound(round));
    }
  return rounds;
}

function place({ pair }: Turn, { rate, talkMs }: Plan, count: number) {
  const number = numberOf("parked", SHAPES.group);
  return pair.place(rate, count, (index) =>
    planOf(SHAPES.group, number, String(FIRST_CALLER + index), talkMs),
  );
}

async function measureOne(turn: Turn, plan: Plan, socket: string, count: number): Promise<Round> {
  const pid = turn.engine?.pid ?? 0;
  const readers = count === 0 ? null : await startReaders(socket, count);
  const idleBefore = cpuMs(pid);
  await sleep(IDLE_MS);
  const [before, watched] = [cpuMs(pid), watchLoad()];
  const calls = await place(turn, plan, plan.rate * plan.seconds);
  await sleep(AFTER_MS);
  const [after, load] = [cpuMs(pid), watched()];
  const read = (await readers?.end()) ?? { bytes: 0, lines: 0, snapshots: 0, lost: 0 };
  const good = calls.filter(({ failure }) => failure === undefined);
  return {
    readers: count,
    calls: calls.length,
    failed: calls.length - good.length,
    engineMsPerCall: (after - before) / calls.length,
    idlePercent: (100 * (before - idleBefore)) / IDLE_MS,
    toRing: good.flatMap(({ rangMs, invitedMs }) => (rangMs === undefined ? [] : [rangMs - invitedMs])),
    read,
    seconds: plan.seconds,
    load,
  };
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

function report(switchVersion: string, plan: Plan, rounds: readonly Round[]): Figures {
  const groups = plan.readers.map((readers) => rounds.filter((round) => round.readers === readers));
  const without = median(groups[0]?.map(({ engineMsPerCall }) => engineMsPerCall) ?? []);
  const rows = groups.map((group) => {
    const toRing = group.flatMap((round) => round.toRing);
    const more = median(group.map(({ engineMsPerCall }) => engineMsPerCall)) / without - 1;
    const bytes = group.map(
      ({ read, readers, seconds }) => read.bytes / Math.max(1, readers) / seconds / 1_000,
    );
    return [
      String(group[0]?.readers ?? 0),
      String(group.reduce((sum, { calls }) => sum + calls, 0)),
      String(group.reduce((sum, { failed }) => sum + failed, 0)),
      spread(
        group.map(({ engineMsPerCall }) => engineMsPerCall),
        2,
      ),
      `${more < 0 ? "" : "+"}${(100 * more).toFixed(1)} %`,
      spread(group.map(({ idlePercent }) => idlePercent)),
      rounded(median(toRing), 1).toFixed(1),
      rounded(percentile(toRing, 0.99), 1).toFixed(1),
      spread(bytes, 0),
    ];
  });
  const heads = [
    ...["readers", "calls", "failed", "engine CPU ms/call", "beside none", "idle CPU %"],
    ...["INVITE to INVITE ms", "p99", "KB/s to each reader"],
  ];
  const about = `${plan.rate} calls a second to a group of five phones, which talk ${plan.talkMs / 1_000} s; the engine's CPU by each call, and with no calls in percent of a core.`;
  return {
    switchVersion,
    parts: [about, { heads, rows }, ...warningsOf(rounds.map(({ load }) => load))],
    json: { bench: "live", rate: plan.rate, rounds },
  };
}

function sayRound({ readers, engineMsPerCall, idlePercent, toRing, failed, read, load }: Round): string {
  return (
    `${String(readers).padStart(2)} readers   engine ${engineMsPerCall.toFixed(2)} ms/call, idle ${idlePercent.toFixed(1)} %   ` +
    `to INVITE ${median(toRing).toFixed(1)} ms, p99 ${percentile(toRing, 0.99).toFixed(1)} ms   ` +
    `${read.lines} lines, ${read.snapshots} snapshots, ${read.lost} lost   bench ${load.ownPercent} %${failed === 0 ? "" : `   ${failed} FAILED`}`
  );
}
