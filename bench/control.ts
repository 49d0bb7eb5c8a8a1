/**
 * The cost of control by the engine: the same call (one phone rings, answers at once, talks, the caller hangs up) is
 * carried by the engine and by the dialplan's own `bridge`, on one switch, in turns, so that other load affects both.
 * The engine is not connected during the dialplan's turn.
 */
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { sleep } from "../fixtures/harness/clock.js";
import { findSwitch } from "../fixtures/harness/find-switch.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";
import type { Bench, BenchResult } from "./bench.js";
import { startEngineProgram } from "./engine-program.js";
import { median, percentile, rounded, spread, table } from "./figures.js";
import { type LocalSwitch, PHONE, startLocalSwitch } from "./local-switch.js";
import { cpuMs } from "./process-cpu.js";
import { type CallTimes, SipPair } from "./sip-pair.js";

const TALK_MS = 1_000;
/** The time after the last call until switch and engine have cleaned up. */
const AFTER_MS = 500;
const IDLE_MS = 3_000;

const NUMBER = { engine: "12125550100", plain: "12125550199" } as const;
type Variant = keyof typeof NUMBER;
const VARIANTS: readonly Variant[] = ["plain", "engine"];

const OFFICE = `
office: { name: Bench, country: US, timezone: America/New_York }
users:
  - { username: bench.user, name: Bench User, extension: 101, devices: [ { id: desk, sip: ${PHONE.user} } ] }
numbers:
  - { number: "+${NUMBER.engine}", steps: [ { ring: user:bench.user, timeout: 20 }, { hangup: no_answer } ] }
`;

interface Round {
  readonly rate: number;
  readonly variant: Variant;
  readonly calls: number;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly switchMsPerCall: number;
  /** null: no engine. */
  readonly engineMsPerCall: number | null;
  readonly toRing: readonly number[];
  readonly toAnswer: readonly number[];
}

interface Rig {
  readonly theSwitch: LocalSwitch;
  readonly pair: SipPair;
  readonly seconds: number;
  readonly warmUp: number;
  readonly variants: readonly Variant[];
}

/** `--seconds` of each round (10), `--rounds` of each variant and rate (3), `--rates` in calls a second (25,50), `--variants`. */
export const control: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "10" },
      rounds: { type: "string", default: "3" },
      rates: { type: "string", default: "25,50" },
      "warm-up": { type: "string", default: "300" },
      variants: { type: "string", default: "plain,engine" },
    },
  });
  const found = await findSwitch(process.env);
  if (found.kind !== "binary")
    return { skipped: `needs a freeswitch program of its own (RINGLINE_FREESWITCH), found: ${found.kind}` };
  const ports = await claimPorts(process.env);
  const phonePort = ports.next();
  const theSwitch = await startLocalSwitch(found.path, ports, plainExtension(phonePort));
  try {
    const pair = await SipPair.open({
      callerPort: ports.next(),
      phonePort,
      switchPort: { phones: ports.phones, carriers: ports.carriers },
      domain: theSwitch.domain,
      phone: PHONE,
    });
    const idle = await idlePercent(theSwitch);
    const rig: Rig = {
      theSwitch,
      pair,
      seconds: Number(values.seconds),
      warmUp: Number(values["warm-up"]),
      variants: VARIANTS.filter((variant) => values.variants.includes(variant)),
    };
    const rates = values.rates.split(",").map(Number);
    const rounds = await measure(rig, rates, Number(values.rounds), say);
    pair.close();
    return report(theSwitch.version, rounds, rates, idle, pair.resent);
  } finally {
    await theSwitch.stop();
  }
};

function plainExtension(phonePort: number): string {
  const phone = `sofia/phones/sip:${PHONE.user}@${LOOPBACK}:${phonePort}`;
  return `<extension name="plain"><condition field="destination_number" expression="^\\+?${NUMBER.plain}$">
    <action application="ring_ready"/><action application="bridge" data="${phone}"/></condition></extension>`;
}

async function idlePercent(theSwitch: LocalSwitch): Promise<number> {
  const before = cpuMs(theSwitch.pid);
  await sleep(IDLE_MS);
  return rounded((100 * (cpuMs(theSwitch.pid) - before)) / IDLE_MS, 1);
}

async function measure(
  rig: Rig,
  rates: readonly number[],
  times: number,
  say: (line: string) => void,
): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (let n = 0; n < times; n += 1)
    // The order of the variants changes from round to round.
    for (const rate of rates)
      for (const variant of n % 2 === 0 ? rig.variants : [...rig.variants].reverse()) {
        const round = await turn(rig, rate, variant);
        rounds.push(round);
        say(sayRound(round));
      }
  return rounds;
}

/** One variant's turn: a warm-up at the same rate, then the calls that count. */
async function turn(rig: Rig, rate: number, variant: Variant): Promise<Round> {
  const engine = variant === "engine" ? await startEngineProgram(rig.theSwitch, OFFICE) : null;
  try {
    await place(rig.pair, rate, rig.warmUp, NUMBER[variant]);
    await sleep(AFTER_MS);
    const switchBefore = cpuMs(rig.theSwitch.pid);
    const engineBefore = engine === null ? 0 : cpuMs(engine.pid);
    const calls = await place(rig.pair, rate, rate * rig.seconds, NUMBER[variant]);
    await sleep(AFTER_MS);
    const switchMs = cpuMs(rig.theSwitch.pid) - switchBefore;
    const engineMs = engine === null ? null : cpuMs(engine.pid) - engineBefore;
    const good = calls.filter((call) => call.failure === undefined);
    return {
      rate,
      variant,
      calls: calls.length,
      failed: calls.length - good.length,
      failures: [...new Set(calls.flatMap((call) => call.failure ?? []))],
      switchMsPerCall: switchMs / calls.length,
      engineMsPerCall: engineMs === null ? null : engineMs / calls.length,
      toRing: good.flatMap((call) => (call.rangMs === undefined ? [] : [call.rangMs - call.invitedMs])),
      toAnswer: good.flatMap((call) =>
        call.answeredMs === undefined ? [] : [call.answeredMs - call.invitedMs],
      ),
    };
  } finally {
    await engine?.stop();
  }
}

/** Places calls at an even rate, whether or not earlier calls are over; resolves when the last is over. */
async function place(
  pair: SipPair,
  rate: number,
  count: number,
  number: string,
): Promise<readonly CallTimes[]> {
  const startMs = stopwatchMs();
  const calls: Array<Promise<CallTimes>> = [];
  while (calls.length < count) {
    const due = Math.min(count, Math.floor(((stopwatchMs() - startMs) * rate) / 1000) + 1);
    while (calls.length < due)
      calls.push(pair.call({ number, caller: String(13_000_000_000 + calls.length), talkMs: TALK_MS }));
    await sleep(1);
  }
  return Promise.all(calls);
}

function sayRound(round: Round): string {
  const failed = round.failed === 0 ? "" : `   ${round.failed} FAILED: ${round.failures.join(", ")}`;
  const engine =
    round.engineMsPerCall === null ? "" : `   engine ${round.engineMsPerCall.toFixed(2)} ms/call`;
  return (
    `${String(round.rate).padStart(3)}/s ${round.variant.padEnd(6)} switch ${round.switchMsPerCall.toFixed(2)} ms/call${engine}` +
    `   to INVITE ${median(round.toRing).toFixed(1)} ms   to 200 ${median(round.toAnswer).toFixed(1)} ms${failed}`
  );
}

function report(
  version: string,
  rounds: readonly Round[],
  rates: readonly number[],
  idle: number,
  resent: number,
): BenchResult {
  const rows = [
    [
      "calls/s",
      "carried by",
      "calls",
      "failed",
      "switch CPU ms/call",
      "engine CPU ms/call",
      "INVITE to INVITE ms",
      "p99",
      "INVITE to 200 ms",
      "p99",
    ],
  ];
  const results = [];
  for (const rate of rates) {
    const of = (variant: Variant) =>
      rounds.filter((round) => round.rate === rate && round.variant === variant);
    for (const variant of VARIANTS) {
      const these = of(variant);
      if (these.length === 0) continue;
      const engine = these.flatMap((round) => round.engineMsPerCall ?? []);
      const pooled = (pick: (round: Round) => readonly number[]) => these.flatMap(pick);
      const p99 = (pick: (round: Round) => readonly number[]) => percentile(pooled(pick), 0.99).toFixed(1);
      rows.push([
        String(rate),
        variant === "plain" ? "dialplan bridge" : "engine",
        String(these.reduce((sum, round) => sum + round.calls, 0)),
        String(these.reduce((sum, round) => sum + round.failed, 0)),
        spread(these.map((round) => round.switchMsPerCall)),
        engine.length === 0 ? "-" : spread(engine, 2),
        spread(these.map((round) => median(round.toRing))),
        p99((round) => round.toRing),
        spread(these.map((round) => median(round.toAnswer))),
        p99((round) => round.toAnswer),
      ]);
      results.push({
        callsPerSecond: rate,
        carriedBy: variant,
        calls: these.reduce((sum, round) => sum + round.calls, 0),
        failed: these.reduce((sum, round) => sum + round.failed, 0),
        switchCpuMsPerCall: rounded(median(these.map((round) => round.switchMsPerCall))),
        engineCpuMsPerCall: engine.length === 0 ? null : rounded(median(engine)),
        inviteToInviteMs: rounded(median(pooled((round) => round.toRing))),
        inviteToInviteP99Ms: rounded(
          percentile(
            pooled((round) => round.toRing),
            0.99,
          ),
        ),
        inviteTo200Ms: rounded(median(pooled((round) => round.toAnswer))),
        inviteTo200P99Ms: rounded(
          percentile(
            pooled((round) => round.toAnswer),
            0.99,
          ),
        ),
      });
    }
  }
  const ratios = rates.map((rate) => {
    const cpu = (variant: Variant) =>
      median(rounds.filter((r) => r.rate === rate && r.variant === variant).map((r) => r.switchMsPerCall));
    return { callsPerSecond: rate, ratio: rounded(cpu("engine") / cpu("plain")) };
  });
  return {
    lines: [
      version,
      "",
      table(rows),
      "",
      ...ratios
        .filter(({ ratio }) => !Number.isNaN(ratio))
        .map(
          ({ callsPerSecond, ratio }) =>
            `at ${callsPerSecond}/s the switch takes ${ratio} times the CPU of its own bridge`,
        ),
      "medians of the rounds (lowest to highest); p99 over all calls of all rounds",
      `the idle switch takes ${idle} % of a core, which is in both; messages sent again: ${resent}`,
    ],
    json: { bench: "control", version, results, ratios, idlePercent: idle, resent },
  };
}
