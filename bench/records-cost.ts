/**
 * What records of calls cost the engine: the same calls by an engine that keeps none, by one that keeps them, and by one that
 * also tells a webhook of every event, in turns. The recorder's thread counts as the engine. The switch is the simulated one;
 * engine, switch and receiver share the machine.
 */
import { createServer } from "node:http";
import { stopwatchMs } from "../engine/clock.js";
import { sleep } from "../fixtures/harness/clock.js";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";
import { startLiveEngine } from "../fixtures/live/engine.js";
import { type Load as Calls, openLoad } from "../fixtures/live/load.js";
import type { Table } from "./bench.js";
import { median, percentile, rounded, spread } from "./figures.js";
import { type Load, warningsOf, watchLoad } from "./machine.js";
import { cpuMs } from "./process-cpu.js";

const SECRET_VARIABLE = "RINGLINE_BENCH_WEBHOOK";
/** Signs what goes from one process of the bench to another. */
const SECRET = "of-the-receiver-of-the-bench-0123456789";
const KINDS = ["no records", "records", "records and a webhook"] as const;
type Kind = (typeof KINDS)[number];

/** Until as many calls end as begin. */
const WARM_UP_MS = 20_000;

export interface CostPlan {
  /** 0: it is not measured. */
  readonly rounds: number;
  readonly seconds: number;
  readonly rate: number;
}

/** One engine's turn. */
export interface CostRound {
  readonly kind: Kind;
  readonly msPerCall: number;
  readonly toRingP99Ms: number;
  /** What the webhook was told meanwhile. */
  readonly events: number;
  readonly load: Load;
}

export async function measureCost(plan: CostPlan, say: (line: string) => void): Promise<CostRound[]> {
  if (plan.rounds === 0) return [];
  const receiver = await openReceiver();
  const calls = await openLoad();
  const rounds: CostRound[] = [];
  try {
    for (let n = 0; n < plan.rounds; n += 1)
      // The order changes from round to round.
      for (const kind of n % 2 === 0 ? KINDS : [...KINDS].reverse()) {
        const round = await measureOne(kind, calls, receiver, plan);
        rounds.push(round);
        say(`${kind.padEnd(22)} ${round.msPerCall.toFixed(2)} ms of CPU a call, ${round.events} events told`);
      }
  } finally {
    await calls.close();
    await receiver.close();
  }
  return rounds;
}

async function measureOne(
  kind: Kind,
  calls: Calls,
  receiver: Receiver,
  { seconds, rate }: CostPlan,
): Promise<CostRound> {
  const engine = await startLiveEngine(calls, {
    nodeArgs:
      kind === "no records" ? ["--import", new URL("./without-records.js", import.meta.url).href] : [],
    env: { [SECRET_VARIABLE]: SECRET },
    office: kind === "records and a webhook" ? { webhooks: [receiver.webhook] } : {},
  });
  try {
    calls.callsPerSecond(rate);
    await sleep(WARM_UP_MS);
    calls.ringTimes();
    const [before, beganMs, told, watched] = [
      cpuMs(engine.pid),
      stopwatchMs(),
      receiver.events(),
      watchLoad(),
    ];
    await sleep(1_000 * seconds);
    const placed = (rate * (stopwatchMs() - beganMs)) / 1_000;
    return {
      kind,
      msPerCall: (cpuMs(engine.pid) - before) / placed,
      toRingP99Ms: percentile(calls.ringTimes(), 0.99),
      events: receiver.events() - told,
      load: watched(),
    };
  } finally {
    calls.callsPerSecond(0);
    await engine.stop();
  }
}

interface Receiver {
  readonly webhook: Readonly<Record<string, unknown>>;
  events(): number;
  close(): Promise<void>;
}

/** Answers every event at once. */
async function openReceiver(): Promise<Receiver> {
  let events = 0;
  const server = createServer((request, response) => {
    events += 1;
    request.resume();
    request.once("end", () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    webhook: {
      id: "bench",
      url: `http://${LOOPBACK}:${address.port}/`,
      allow_private: true,
      secret: { env: SECRET_VARIABLE },
    },
    events: () => events,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The table, and what made it inexact; nothing when nothing was measured. */
export function costParts(rounds: readonly CostRound[]): readonly (Table | string)[] {
  if (rounds.length === 0) return [];
  const of = (kind: Kind) => rounds.filter((round) => round.kind === kind);
  const without = median(of("no records").map(({ msPerCall }) => msPerCall));
  const rows = KINDS.map((kind) => {
    const own = of(kind).map(({ msPerCall }) => msPerCall);
    const more = rounded(100 * (median(own) / without - 1), 1);
    return [kind, spread(own, 2), `${more < 0 ? "" : "+"}${more} %`, String(of(kind)[0]?.toRingP99Ms ?? 0)];
  });
  return [
    { heads: ["the engine keeps", "CPU ms a call", "beside none", "INVITE to 180 p99, ms"], rows },
    ...warningsOf(rounds.map(({ load }) => load)),
  ];
}
