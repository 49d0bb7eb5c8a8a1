/**
 * Goal: calls outside are counted from their dialling to their end, whichever call has them, and across a restart of the
 * engine; what is used up ends conversations, and what is unusual raises an alarm. Method: events and a virtual clock.
 */
import pino from "pino";
import { describe, expect, it } from "vitest";
import { office, user } from "../../fixtures/core/scene.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { Remembered } from "../../storage/memory.js";
import type { Reply, SwitchEvent, WireCommand } from "../switch/wire.js";
import { SPIKE_CALLS } from "./outside-alarms.js";
import { OutsideMeter } from "./outside-meter.js";

const ALICE = "user:alice";
const CHANNEL = "11111111-2222-4333-8444-000000000001";
const MINUTE_MS = 60_000;

function setUp(answers: Readonly<Record<string, string>> = {}) {
  const clock = new VirtualClock();
  clock.advanceBy(10 * 86_400_000);
  const kept = new Map<string, Extract<Remembered, { kind: "outside_call" }>>();
  const sent: string[] = [];
  const said: string[] = [];
  const users = [user("alice", [], { outsideCalls: { minutesADay: 10 } })];
  const meter = new OutsideMeter({
    link: {
      send: (command: WireCommand, done: (reply: Reply) => void) => {
        const line = "line" in command ? command.line : command.verb;
        sent.push(line);
        done({ outcome: "ok", text: answers[line] ?? "true" });
      },
    },
    clock,
    log: pino({}, { write: (line: string) => said.push(JSON.parse(line).msg) }),
    table: () => RoutingTable.of(office([], { users }), 1),
    remember: (call) => kept.set(call.channel, call),
  });
  const event = (name: string, more: object = {}) =>
    meter.event({ "Event-Name": name, "Unique-ID": CHANNEL, ...more } as SwitchEvent);
  const dial = (leg = CHANNEL, again: { readonly isAgain?: true } = {}) =>
    meter.dialled({
      ...{ leg, ...again },
      dial: { kind: "gateway", carrier: "main", number: "+12125550144", payer: ALICE },
    });
  return { clock, meter, kept, sent, said, event, dial };
}

describe("a call outside", () => {
  it("counts from its dialling to the end of its channel, and its minutes from the answer", () => {
    const { clock, meter, event, dial, kept } = setUp();
    dial();
    expect([meter.callsAtOnce(ALICE), meter.callsAtOnce("office"), meter.callsAtOnce("user:bob")]).toEqual([
      1, 1, 0,
    ]);
    clock.advanceBy(MINUTE_MS);
    event("CHANNEL_ANSWER");
    clock.advanceBy(2 * MINUTE_MS);
    expect(meter.minutes(ALICE)).toBe(2);
    event("CHANNEL_HANGUP_COMPLETE");
    expect([meter.callsAtOnce(ALICE), meter.minutes(ALICE), meter.minutes("office")]).toEqual([0, 2, 2]);
    expect([...kept.values()]).toMatchObject([{ payer: ALICE, untilMs: clock.nowMs() }]);
    clock.advanceBy(86_400_000);
    expect(meter.minutes(ALICE)).toBe(0);
  });

  it("that fails, or that a call for help makes, costs nothing", () => {
    const { meter, event, dial } = setUp();
    dial();
    event("BACKGROUND_JOB", { "Job-UUID": CHANNEL, _body: "-ERR USER_BUSY\n" });
    event("CHANNEL_HANGUP_COMPLETE");
    meter.dialled({ leg: CHANNEL, dial: { kind: "gateway", carrier: "main", number: "911" } });
    expect([meter.callsAtOnce("office"), meter.minutes("office")]).toEqual([0, 0]);
  });

  it("that the second carrier connects has its minutes once", () => {
    const { clock, meter, event, dial } = setUp();
    dial("silent");
    clock.advanceBy(MINUTE_MS);
    dial(CHANNEL, { isAgain: true });
    event("CHANNEL_HANGUP_COMPLETE", { "Unique-ID": "silent" });
    event("CHANNEL_ANSWER");
    clock.advanceBy(2 * MINUTE_MS);
    expect([meter.callsAtOnce(ALICE), meter.minutes(ALICE), meter.minutes("office")]).toEqual([1, 2, 2]);
    event("CHANNEL_HANGUP_COMPLETE");
    expect([meter.callsAtOnce(ALICE), meter.minutes(ALICE), meter.minutes("office")]).toEqual([0, 2, 2]);
  });

  it("whose end nobody heard of is looked for", () => {
    const { clock, meter, event, dial } = setUp({ [`uuid_exists ${CHANNEL}`]: "false" });
    dial();
    clock.advanceBy(2 * MINUTE_MS);
    event("HEARTBEAT");
    expect(meter.callsAtOnce(ALICE)).toBe(0);
  });

  it("is ended when its payer's minutes are used up", () => {
    const { clock, meter, event, dial, sent, said } = setUp();
    dial();
    event("CHANNEL_ANSWER");
    clock.advanceBy(9 * MINUTE_MS);
    event("HEARTBEAT");
    expect(sent).not.toContain(`uuid_kill ${CHANNEL} ALLOTTED_TIMEOUT`);
    expect(meter.alarms.counts.minutes).toBe(1);
    clock.advanceBy(MINUTE_MS);
    event("HEARTBEAT");
    expect(sent).toContain(`uuid_kill ${CHANNEL} ALLOTTED_TIMEOUT`);
    expect(meter.cut).toBe(1);
    expect(said.some((line) => line.startsWith("ALARM"))).toBe(true);
  });
});

describe("an engine that starts anew", () => {
  it.each([
    ["goes on counting a conversation that is still there", "true", 1, 5],
    ["counts one that has ended meanwhile to when it was last seen", "false", 0, 2],
  ])("%s", (_what, exists, calls, minutes) => {
    const { clock, meter } = setUp({ [`uuid_exists ${CHANNEL}`]: exists });
    const nowMs = clock.nowMs();
    meter.recall({
      kind: "outside_call",
      channel: CHANNEL,
      payer: ALICE,
      answeredMs: nowMs - 5 * MINUTE_MS,
      untilMs: nowMs - 3 * MINUTE_MS,
    });
    meter.look(true);
    expect([meter.callsAtOnce(ALICE), meter.minutes(ALICE)]).toEqual([calls, minutes]);
  });
});

describe("an alarm", () => {
  it("is raised once for a spike, and again when it goes on", () => {
    const { clock, meter, dial } = setUp();
    for (let n = 0; n < SPIKE_CALLS.user; n += 1) dial(`${n}`);
    expect(meter.alarms.counts.spike).toBe(0);
    for (let n = 0; n < 5; n += 1) dial(`more ${n}`);
    expect(meter.alarms.counts.spike).toBe(1);
    clock.advanceBy(11 * MINUTE_MS);
    for (let n = 0; n <= SPIKE_CALLS.user; n += 1) dial(`later ${n}`);
    expect(meter.alarms.counts.spike).toBe(2);
  });

  it("is not raised because a carrier fails and each call is dialled by the next one", () => {
    const { meter, dial } = setUp();
    for (let n = 0; n < SPIKE_CALLS.user; n += 1) {
      dial(`first ${n}`);
      dial(`second ${n}`, { isAgain: true });
    }
    expect(meter.alarms.counts.spike).toBe(0);
    dial("one more");
    expect(meter.alarms.counts.spike).toBe(1);
  });

  it("is raised when many calls are refused", () => {
    const { meter } = setUp();
    for (let n = 0; n < 30; n += 1) meter.alarms.refused();
    expect(meter.alarms.counts.refusals).toBe(1);
  });
});
