/**
 * Goal: the engine knows when each carrier's last calls were, and which calls and registrations failed because of the
 * carrier; a busy number is no failure of it. Method: events as a switch sends them, on a clock that is set by hand.
 */
import { pino } from "pino";
import { beforeEach, describe, expect, it } from "vitest";
import type { Carrier } from "../../policy/office/office.js";
import { given, mapped } from "../../policy/office/optional.js";
import type { Reply, SwitchEvent } from "../switch/wire.js";
import { CarrierMemory } from "./status-memory.js";

const LEG = "aaaaaaaa-0000-4000-8000-000000000001";

let nowMs: number;
let carriers: readonly Carrier[];
let answer: Reply;
let logged: Array<{ readonly msg: string; readonly [field: string]: unknown }>;
let memory: CarrierMemory;

beforeEach(() => {
  nowMs = 1_000;
  carriers = [
    { id: "main", proxy: "192.0.2.10" },
    { id: "backup", proxy: "192.0.2.20" },
  ];
  answer = { outcome: "ok", text: status({ main: "NOREG UP", backup: "NOREG UP" }) };
  logged = [];
  memory = new CarrierMemory({
    link: { send: (_command, done) => done(answer) },
    clock: { nowMs: () => nowMs },
    log: pino({ base: null }, { write: (line: string) => void logged.push(JSON.parse(line)) }),
    carriers: () => carriers,
  });
});

/** The switch's text: state and status by gateway. */
function status(gateways: Readonly<Record<string, string>>): string {
  const each = Object.entries(gateways).map(([name, text]) => {
    const [state, up] = text.split(" ");
    return `<gateway>\n<name>${name}</name>\n<state>${state}</state>\n<status>${up}</status>\n</gateway>`;
  });
  return ["<gateways>", ...each, "</gateways>"].join("\n");
}

function facts(id = "main") {
  return memory.facts().find((known) => known.id === id);
}

function dial(carrier = "main", leg = LEG): void {
  memory.dialled({ leg, dial: { kind: "gateway", carrier, number: "+12125550199" } });
}

function ended(cause: string, sip?: number, phrase?: string): void {
  memory.event({
    "Event-Name": "CHANNEL_HANGUP_COMPLETE",
    "Unique-ID": LEG,
    "Hangup-Cause": cause,
    ...given({
      variable_sip_invite_failure_status: mapped(sip, String),
      variable_sip_invite_failure_phrase: phrase,
    }),
  });
}

function gateway(event: SwitchEvent): void {
  memory.event({
    "Event-Name": "CUSTOM",
    "Event-Subclass": "sofia::gateway_state",
    Gateway: "main",
    ...event,
  });
}

describe("a call out", () => {
  it("is the carrier's last one", () => {
    nowMs = 5_000;
    dial();
    expect(facts()).toMatchObject({ callsOut: 1, lastOutMs: 5_000, failures: 0, lastFailure: null });
    expect(facts("backup")).toMatchObject({ callsOut: 0, lastOutMs: null });
  });

  it.each([
    ["NORMAL_TEMPORARY_FAILURE", 503, "Service Unavailable"],
    ["NORMAL_TEMPORARY_FAILURE", 500, "Server Error"],
    ["RECOVERY_ON_TIMER_EXPIRE", 408, "Request Timeout"],
    ["CALL_REJECTED", 401, "Unauthorized"],
    ["CALL_REJECTED", 402, "Payment Required"],
    ["NORMAL_UNSPECIFIED", 580, "Precondition Failure"],
    ["RECOVERY_ON_TIMER_EXPIRE", undefined, undefined],
    ["DESTINATION_OUT_OF_ORDER", undefined, undefined],
  ])("that ends with %s and %s is a failure of the carrier", (cause, sip, phrase) => {
    dial();
    nowMs = 9_000;
    ended(cause, sip, phrase);
    expect(facts()).toMatchObject({
      failures: 1,
      lastFailure: { atMs: 9_000, status: sip ?? null, phrase: phrase ?? null, cause },
    });
  });

  it.each([
    ["USER_BUSY", 486],
    ["USER_BUSY", 600],
    ["NO_USER_RESPONSE", 480],
    ["UNALLOCATED_NUMBER", 404],
    ["CALL_REJECTED", 603],
    // A called person who declines arrives so from a telephone network (RFC 3398, 7.2.4.1).
    ["CALL_REJECTED", 403],
    ["NORMAL_UNSPECIFIED", 699],
    ["unknown cause X", undefined],
    ["LOSE_RACE", 487],
    ["ORIGINATOR_CANCEL", undefined],
    ["NO_ANSWER", undefined],
    ["NORMAL_CLEARING", undefined],
  ])("that ends with %s and %s is none", (cause, sip) => {
    dial();
    ended(cause, sip);
    expect(facts()).toMatchObject({ failures: 0, lastFailure: null });
  });

  it("that was answered is none, however it ends", () => {
    dial();
    memory.event({ "Event-Name": "CHANNEL_ANSWER", "Unique-ID": LEG });
    ended("NORMAL_TEMPORARY_FAILURE", 503);
    expect(facts()).toMatchObject({ failures: 0 });
  });

  it.each(["GATEWAY_DOWN", "INVALID_GATEWAY"])("for which no channel was made (%s) is a failure", (cause) => {
    dial();
    memory.event({ "Event-Name": "BACKGROUND_JOB", "Job-UUID": LEG, _body: `-ERR ${cause}\n` });
    expect(facts()).toMatchObject({ failures: 1, lastFailure: { status: null, cause } });
  });

  it("whose job ends before its channel does fails once, with the status of the channel", () => {
    dial();
    memory.event({
      "Event-Name": "BACKGROUND_JOB",
      "Job-UUID": LEG,
      _body: "-ERR NORMAL_TEMPORARY_FAILURE\n",
    });
    ended("NORMAL_TEMPORARY_FAILURE", 503, "Service Unavailable");
    expect(facts()).toMatchObject({ failures: 1, lastFailure: { status: 503 } });
  });

  it("is forgotten when its end is never heard, and the newest ones are not", () => {
    for (let n = 0; n < 10_001; n++) dial("main", `leg-${n}`);
    dial("main", LEG);
    ended("NORMAL_TEMPORARY_FAILURE", 503);
    expect(facts()).toMatchObject({ callsOut: 10_002, failures: 1 });
  });

  it("has a phrase that is cut and without control characters", () => {
    dial();
    ended("NORMAL_TEMPORARY_FAILURE", 503, `\u001b[31mNo\u202e${"x".repeat(100)}`);
    expect(facts()?.lastFailure?.phrase).toBe(`[31mNo${"x".repeat(54)}`);
  });

  it("through a carrier that the office has not is not kept", () => {
    dial("another");
    carriers = [...carriers, { id: "another", proxy: "192.0.2.30" }];
    expect(facts("another")).toMatchObject({ callsOut: 0 });
  });
});

describe("a call in", () => {
  it.each([
    [{ gateway: "backup", places: {} }, "backup"],
    [{ address: "192.0.2.10", places: {} }, "main"],
    [{ address: "203.0.113.9", places: {} }, undefined],
  ])("by %j is counted for %s", (words, id) => {
    nowMs = 4_000;
    memory.arrived(words, carriers);
    const counted = memory.facts().filter(({ callsIn }) => callsIn > 0);
    expect(counted.map((known) => [known.id, known.callsIn, known.lastInMs])).toEqual(
      id === undefined ? [] : [[id, 1, 4_000]],
    );
  });
});

describe("a gateway", () => {
  it("that is refused is so with status and phrase, until it is registered", () => {
    nowMs = 7_000;
    gateway({ State: "FAILED", "Ping-Status": "UP", Status: "403", Phrase: "Forbidden" });
    gateway({ State: "FAIL_WAIT", "Ping-Status": "DOWN" });
    expect(facts()?.refusals).toEqual([{ gateway: "main", atMs: 7_000, status: 403, phrase: "Forbidden" }]);
    gateway({ State: "TRYING", "Ping-Status": "DOWN" });
    expect(facts()?.refusals).toHaveLength(1);
    gateway({ State: "REGISTER", "Ping-Status": "DOWN", Status: "200", Phrase: "OK" });
    expect(facts()?.refusals).toEqual([]);
  });

  it.each([
    ["does not answer REGISTER", { State: "TIMEOUT", "Ping-Status": "DOWN" }, null],
    ["does not answer OPTIONS", { State: "NOREG", "Ping-Status": "DOWN", Status: "408" }, 408],
    [
      "has a status that is the switch's own",
      { State: "TIMEOUT", "Ping-Status": "DOWN", Status: "908" },
      null,
    ],
  ])("that %s", (_what, event, sip) => {
    gateway(event);
    expect(facts()?.refusals).toEqual([{ gateway: "main", atMs: 1_000, status: sip, phrase: null }]);
  });

  it("that is no carrier's is not kept", () => {
    gateway({ Gateway: "another", State: "FAILED", "Ping-Status": "DOWN", Status: "403" });
    expect(memory.facts().flatMap(({ refusals }) => refusals)).toEqual([]);
  });

  it("is up or down as the switch says, and not known while the switch is away", () => {
    expect(memory.figures()).toMatchObject([{ isUp: null }, { isUp: null }]);
    answer = { outcome: "ok", text: status({ main: "FAIL_WAIT DOWN" }) };
    memory.look();
    expect(memory.figures()).toMatchObject([
      { id: "main", isUp: false, isRegistered: false },
      { id: "backup", isUp: false, isRegistered: null },
    ]);
    gateway({ State: "REGISTER", "Ping-Status": "DOWN", Status: "200" });
    expect(memory.figures()).toMatchObject([{ isUp: true, isRegistered: true }, {}]);
    gateway({ State: "REGED", "Ping-Status": "UP" });
    expect(memory.figures()).toMatchObject([{ isUp: true, isRegistered: true }, {}]);
    gateway({ State: "TRYING", "Ping-Status": "UP" });
    expect(memory.figures()).toMatchObject([{ isUp: true, isRegistered: true }, {}]);
    memory.linkDown();
    expect(memory.figures()).toMatchObject([{ isUp: null }, { isUp: null }]);
  });

  it.each(["unknown", "refused"] as const)("is as it was when the switch's answer is %s", (outcome) => {
    memory.look();
    answer = { outcome, text: status({}) };
    memory.look();
    expect(memory.figures()).toMatchObject([{ isUp: true }, { isUp: true }]);
  });

  it("is told in the log when it cannot be used, once, and when it can again", () => {
    memory.look();
    gateway({ State: "FAILED", "Ping-Status": "UP", Status: "403", Phrase: "Forbidden" });
    gateway({ State: "FAIL_WAIT", "Ping-Status": "DOWN" });
    gateway({ State: "TRYING", "Ping-Status": "DOWN" });
    gateway({ State: "FAIL_WAIT", "Ping-Status": "DOWN" });
    gateway({ State: "REGED", "Ping-Status": "UP" });
    expect(logged).toMatchObject([
      { level: 40, carrier: "main", state: "FAIL_WAIT", status: 403, phrase: "Forbidden" },
      { level: 30, carrier: "main", msg: "a carrier can be used again" },
    ]);
  });

  it("that is missing is told when it is missing for the second time: it may be in the making", () => {
    answer = { outcome: "ok", text: status({ main: "NOREG UP" }) };
    memory.look();
    expect(logged).toEqual([]);
    memory.look();
    memory.look();
    expect(logged).toMatchObject([{ level: 40, carrier: "backup", state: "no gateway" }]);
  });
});
