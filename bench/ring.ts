/**
 * The time from accepting (the digit, or the answer if there is no prompt) to CHANNEL_BRIDGE, by the engine and by the
 * dialplan's own `bridge` (with `group_confirm_key` for the prompt), in turns call by call. Times are the switch's, from
 * its events, and the caller's, from the wire. It also measures the core's time for a step.
 */
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { systemIds } from "../engine/ids.js";
import { sleep } from "../fixtures/harness/clock.js";
import type { TapEvent } from "../fixtures/harness/event-socket.js";
import { findSwitch } from "../fixtures/harness/find-switch.js";
import { claimPorts } from "../fixtures/harness/ports.js";
import { LOOPBACK } from "../fixtures/harness/sip-message.js";
import type { Bench, Figures } from "./bench.js";
import { type CoreFigures, measureCore } from "./core-steps.js";
import { startEngineProgram } from "./engine-program.js";
import { percentile, rounded } from "./figures.js";
import { PHONE, startLocalSwitch } from "./local-switch.js";
import type { CallTimes } from "./sip/call.js";
import { SipPair } from "./sip/pair.js";

const TALK_MS = 500;
/** By this time the prompt plays, with either way. */
const KEY_AFTER_MS = 600;
/** Keys are spread over the switch's 20 ms rhythm. */
const KEY_SPREAD_MS = 40;
const WARM_UP = 40;

const WAYS = [
  { name: "answer, engine", number: "12125550100", prompt: false },
  { name: "answer, dialplan bridge", number: "12125550199", prompt: false },
  { name: "digit, engine", number: "12125550101", prompt: true },
  { name: "digit, dialplan group_confirm_key", number: "12125550198", prompt: true },
] as const;
type Way = (typeof WAYS)[number];

const OFFICE = `
office: { name: Bench, country: US, timezone: America/New_York }
users:
  - { username: bench.user, name: Bench User, extension: 101, devices: [ { id: desk, sip: ${PHONE.user} } ] }
numbers:
  - { number: "+12125550100", steps: [ { ring: user:bench.user, timeout: 20 }, { hangup: no_answer } ] }
  - { number: "+12125550101", steps: [ { ring: user:bench.user, timeout: 20, accept: always }, { hangup: no_answer } ] }
`;

interface Measured {
  readonly way: Way;
  readonly times: CallTimes;
}

/** `--calls` of each kind (100), `--rate` of calls a second over all kinds (8). */
export const ring: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: { calls: { type: "string", default: "100" }, rate: { type: "string", default: "8" } },
  });
  const core = measureCore();
  say(`the core: ${core.microsecondsAStep.toFixed(1)} us a step`);
  const found = await findSwitch(process.env);
  if (found.kind !== "binary")
    return { skipped: `needs a freeswitch program of its own (RINGLINE_FREESWITCH), found: ${found.kind}` };
  const ports = await claimPorts(process.env);
  const phonePort = ports.next();
  const theSwitch = await startLocalSwitch(found.path, ports, plainExtensions(phonePort));
  try {
    const pair = await SipPair.open({
      callerPort: ports.next(),
      phonePort,
      switchSip: theSwitch.sip,
      domain: theSwitch.domain,
      phones: [PHONE],
    });
    const engine = await startEngineProgram(theSwitch, OFFICE);
    try {
      const tap = new Tap();
      await theSwitch.socket.listen(["CHANNEL_ANSWER", "CHANNEL_BRIDGE", "DTMF"], [], (event) =>
        tap.event(event),
      );
      const rate = Number(values.rate);
      await place(pair, rate, WARM_UP);
      const calls = await place(pair, rate, Number(values.calls) * WAYS.length);
      pair.close();
      return report(theSwitch.version, calls, tap, core);
    } finally {
      await engine.stop();
    }
  } finally {
    await theSwitch.stop();
  }
};

function plainExtensions(phonePort: number): string {
  const phone = `sofia/phones/sip:${PHONE.user}@${LOOPBACK}:${phonePort}`;
  const confirm = "{group_confirm_key=1,group_confirm_file=press-1-to-accept.wav}";
  const extension = (way: Way, dial: string) =>
    `<extension name="plain"><condition field="destination_number" expression="^\\+?${way.number}$">
      <action application="ring_ready"/><action application="bridge" data="${dial}"/></condition></extension>`;
  return extension(WAYS[1], phone) + extension(WAYS[3], confirm + phone);
}

/** The times of the switch's events, by the caller's number. */
class Tap {
  readonly #acceptedUs = new Map<string, { answer?: number; digit?: number }>();
  /** Number of the way -> milliseconds from accepting to CHANNEL_BRIDGE. */
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

async function place(pair: SipPair, rate: number, count: number): Promise<readonly Measured[]> {
  const startMs = stopwatchMs();
  const calls: Array<Promise<Measured>> = [];
  while (calls.length < count) {
    const due = Math.min(count, Math.floor(((stopwatchMs() - startMs) * rate) / 1000) + 1);
    while (calls.length < due) {
      const way = WAYS[calls.length % WAYS.length] ?? WAYS[0];
      calls.push(callOnce(pair, way, String(13_000_000_000 + calls.length)));
    }
    await sleep(1);
  }
  return Promise.all(calls);
}

async function callOnce(pair: SipPair, way: Way, caller: string): Promise<Measured> {
  const key = { digit: "1", afterMs: KEY_AFTER_MS + systemIds.below(KEY_SPREAD_MS), timesMax: 3 };
  const times = await pair.call({
    number: way.number,
    caller,
    talkMs: TALK_MS,
    ...(way.prompt ? { key } : {}),
  });
  return { way, times };
}

function report(version: string, calls: readonly Measured[], tap: Tap, core: CoreFigures): Figures {
  const results = WAYS.map((way) => {
    const mine = calls.filter((call) => call.way === way);
    const good = mine.filter(({ times }) => times.failure === undefined);
    const bridge = tap.toBridgeMs.get(way.number) ?? [];
    const seen = good.flatMap(({ times }) =>
      times.answeredMs === undefined || times.acceptedMs === undefined
        ? []
        : [times.answeredMs - times.acceptedMs],
    );
    return {
      from: way.name,
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
    calls.flatMap(({ way, times }) => (times.failure === undefined ? [] : [`${way.name}: ${times.failure}`])),
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
