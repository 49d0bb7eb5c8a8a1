/**
 * The runner against a switch that answers as the test says: late, never, twice, or that it does not know.
 * What the core decides is tested beside the core; here it is what becomes of commands and replies.
 */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { NUMBER, office, outsidePhone, sipDevice, user } from "../../fixtures/core/scene.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { CLAIM_MS, CONNECT_INSPECT_MS } from "../../policy/call/bounds.js";
import type { Note } from "../../policy/call/command.js";
import { derivedId } from "../../policy/call/derived-id.js";
import type { User } from "../../policy/office/office.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { Step } from "../../policy/steps/types.js";
import type { Reply, SwitchEvent, SwitchLink, WireCommand } from "../switch/wire.js";
import { Calls } from "./calls.js";

const ENGINE = "99999999-2222-4333-8444-555555555555";
const CALLER = "11111111-2222-4333-8444-000000000000";
const LEG = derivedId(CALLER, 1);
const OK: Reply = { outcome: "ok", text: "+OK" };
const UNKNOWN: Reply = { outcome: "unknown", text: "connection lost" };
const NO_CHANNEL: Reply = { outcome: "refused", text: "-ERR No such channel!" };

type Answer = (line: string) => Reply | "later";

/** Records every command, and answers at once unless the test says `later`. */
class ScriptedLink implements SwitchLink {
  readonly lines: string[] = [];
  readonly pending: Array<{ readonly line: string; readonly done: (reply: Reply) => void }> = [];
  answer: Answer = () => OK;

  open(): void {}
  async close(): Promise<void> {}

  send(command: WireCommand, done: (reply: Reply) => void): void {
    const line =
      command.verb === "sendmsg"
        ? `sendmsg ${command.uuid}`
        : command.verb === "sendevent"
          ? ""
          : command.line;
    this.lines.push(line);
    const reply = this.answer(line);
    if (reply === "later") this.pending.push({ line, done });
    else done(reply);
  }

  sent(pattern: RegExp): string[] {
    return this.lines.filter((line) => pattern.test(line));
  }
}

function setup(more: { readonly steps?: readonly Step[]; readonly users?: readonly User[] } = {}) {
  const clock = new VirtualClock();
  const link = new ScriptedLink();
  const notes: Note[] = [];
  const ring = {
    kind: "ring",
    target: { kind: "user", username: "alice" },
    timeoutMs: 20_000,
    skip: false,
  } as const;
  const anOffice = office(more.steps ?? [ring, { kind: "hangup", reason: "no_answer" }], {
    users: more.users ?? [user("alice", [sipDevice("alice-desk")])],
  });
  const table = RoutingTable.of(anOffice, 1);
  const calls = new Calls({
    link,
    clock,
    ids: new SeededIds(1),
    log: pino({ level: "silent" }),
    engineId: ENGINE,
    table: () => table,
    tableOf: () => Promise.resolve(table),
    contactsOf: (sip) => [{ url: `sofia/phones/sip:${sip}@192.0.2.1:5060` }],
    memory: { rungFirst: () => undefined, answeredMs: () => undefined, byHand: () => undefined },
    remember: () => {},
    onNote: (_call, note) => notes.push(note),
  });
  return { clock, link, calls, notes };
}

const PARKED: SwitchEvent = {
  "Event-Name": "CHANNEL_PARK",
  "Unique-ID": CALLER,
  "Call-Direction": "inbound",
  "Caller-Context": "inbound",
  "Caller-Destination-Number": NUMBER,
  "Caller-Caller-ID-Number": "+19175550199",
  "Answer-State": "ringing",
};

const ended = (notes: readonly Note[]) => notes.filter((note) => note.kind === "ended");

describe("the claim", () => {
  it("cancels the fallback once it is won, and not before", () => {
    const { link, calls } = setup();
    link.answer = (line) => (line.startsWith("hash insert_ifempty") ? "later" : OK);
    calls.event(PARKED);
    expect(link.sent(/^sched_del/)).toEqual([]);
    link.pending[0]?.done(OK);
    expect(link.sent(/^sched_del/)).toEqual([`sched_del ${CALLER}`]);
    expect(link.sent(/^originate/)).toHaveLength(1);
  });

  it("won too late is given back, and leaves the caller to the fallback", () => {
    const { clock, link, calls, notes } = setup();
    link.answer = (line) => (line.startsWith("hash insert_ifempty") ? "later" : OK);
    calls.event(PARKED);
    clock.advanceBy(CLAIM_MS);
    link.pending[0]?.done(OK);
    expect(link.sent(/^sched_del|^originate/)).toEqual([]);
    expect(link.lines.at(-1)).toBe(`hash delete_ifmatch/ringline-claim/${CALLER}/${ENGINE}`);
    expect(ended(notes)).toHaveLength(1);
  });

  it.each([
    ["another's", "somebody else", 0],
    ["our own, of which the reply was lost", ENGINE, 1],
  ])("refused, because the key is %s: %s", (_whose, holder, dialled) => {
    const { link, calls } = setup();
    link.answer = (line) => {
      if (line.startsWith("hash insert_ifempty"))
        return { outcome: "refused", text: "-ERR key already exists" };
      return line.startsWith("hash select") ? { outcome: "ok", text: holder } : OK;
    };
    calls.event(PARKED);
    expect(link.sent(/^originate/)).toHaveLength(dialled);
  });

  it("is removed when the call has ended", () => {
    const { link, calls } = setup();
    calls.event(PARKED);
    calls.event({
      "Event-Name": "CHANNEL_HANGUP_COMPLETE",
      "Unique-ID": CALLER,
      "Hangup-Cause": "ORIGINATOR_CANCEL",
    });
    calls.event({
      "Event-Name": "CHANNEL_HANGUP_COMPLETE",
      "Unique-ID": LEG,
      "Hangup-Cause": "ORIGINATOR_CANCEL",
    });
    expect(link.lines.at(-1)).toBe(`hash delete_ifmatch/ringline-claim/${CALLER}/${ENGINE}`);
    expect(calls.count).toBe(0);
  });
});

describe("after the connection was gone", () => {
  const listing = (uuids: readonly string[]): Reply => ({
    outcome: "ok",
    text: JSON.stringify({
      rows: uuids.map((uuid) => ({ uuid, direction: "inbound", context: "inbound" })),
    }),
  });
  const dumpOf = (more: SwitchEvent): Reply => ({
    outcome: "ok",
    text: JSON.stringify({
      ...PARKED,
      variable_current_application: "park",
      "Channel-State": "CS_EXECUTE",
      ...more,
    }),
  });

  it("takes in a caller who parked meanwhile", () => {
    const { link, calls } = setup();
    link.answer = (line) => {
      if (line.startsWith("show channels")) return listing([CALLER]);
      return line.startsWith("uuid_dump") ? dumpOf({}) : OK;
    };
    calls.resync("core-1");
    expect(link.sent(/^originate/)).toHaveLength(1);
  });

  it.each([
    ["at once", 1, 0],
    ["a moment later", 2, 250],
    ["much later", 4, 4_000],
  ])("takes in a caller whom the switch lists %s, once", (_when, asked, afterMs) => {
    const { clock, link, calls } = setup();
    link.answer = (line) => {
      if (line.startsWith("show channels"))
        return listing(link.sent(/^show channels/).length < asked ? [] : [CALLER]);
      return line.startsWith("uuid_dump") ? dumpOf({}) : OK;
    };
    calls.resync("core-1");
    clock.advanceBy(afterMs);
    expect(link.sent(/^originate/)).toHaveLength(1);
    clock.advanceBy(10_000);
    expect(link.sent(/^originate/)).toHaveLength(1);
  });

  it("does not ask for the list again once the connection is gone", () => {
    const { clock, link, calls } = setup();
    calls.resync("core-1");
    calls.pause();
    clock.advanceBy(10_000);
    expect(link.sent(/^show channels/)).toHaveLength(1);
  });

  it("does not take a caller for gone of whom the switch could not say anything", () => {
    const { link, calls, notes } = setup();
    calls.event(PARKED);
    link.answer = (line) => (line.startsWith("uuid_dump") ? UNKNOWN : OK);
    calls.resync("core-1");
    expect(ended(notes)).toEqual([]);
    expect(link.sent(/^uuid_kill/)).toEqual([]);
  });

  it("ends a call whose caller is gone, and whose leg is too", () => {
    const { link, calls, notes } = setup();
    calls.event(PARKED);
    calls.event({ "Event-Name": "CHANNEL_PROGRESS", "Unique-ID": LEG });
    link.answer = (line) => (line.startsWith("uuid_dump") ? NO_CHANNEL : OK);
    calls.resync("core-1");
    expect(ended(notes)).toMatchObject([{ ending: { kind: "missed" } }]);
    expect(calls.count).toBe(0);
  });

  it("cancels the fallback again, since that may have been lost", () => {
    const { link, calls } = setup();
    calls.event(PARKED);
    link.lines.length = 0;
    link.answer = (line) => (line.startsWith("uuid_dump") ? "later" : OK);
    calls.resync("core-1");
    expect(link.sent(/^sched_del/)).toEqual([`sched_del ${CALLER}`]);
  });

  it("ends every call of a switch that was restarted, without asking it", () => {
    const { link, calls, notes } = setup();
    calls.resync("core-1");
    calls.event(PARKED);
    calls.resync("core-2");
    expect(ended(notes)).toHaveLength(1);
    expect(link.sent(/^uuid_dump/)).toEqual([]);
  });
});

describe("while the connection is gone", () => {
  it("no timer ends a leg that may have been answered, and those that ran out have their turn afterwards", () => {
    const { clock, link, calls } = setup();
    calls.resync("core-1");
    calls.event(PARKED);
    calls.event({ "Event-Name": "CHANNEL_PROGRESS", "Unique-ID": LEG });
    calls.pause();
    clock.advanceBy(60_000);
    expect(link.sent(/^uuid_kill/)).toEqual([]);
    const ringing = { "Channel-State": "CS_CONSUME_MEDIA", "Answer-State": "ringing" };
    link.answer = (line) => {
      if (line === `uuid_dump ${LEG} json`)
        return { outcome: "ok", text: JSON.stringify({ "Unique-ID": LEG, ...ringing }) };
      return line.startsWith("uuid_dump")
        ? {
            outcome: "ok",
            text: JSON.stringify({
              ...PARKED,
              "Channel-State": "CS_EXECUTE",
              variable_current_application: "park",
            }),
          }
        : OK;
    };
    calls.resync("core-1");
    clock.advanceBy(1);
    expect(link.sent(/^uuid_kill/)).toContain(`uuid_kill ${LEG} NO_ANSWER`);
  });

  it("the next step rings for its whole time, though the clocks of the step before ran out meanwhile", () => {
    const ring = (username: string): Step => ({
      kind: "ring",
      target: { kind: "user", username },
      timeoutMs: 20_000,
      skip: false,
    });
    const { clock, link, calls, notes } = setup({
      steps: [ring("alice"), ring("bob"), { kind: "hangup", reason: "no_answer" }],
      users: [
        user("alice", [sipDevice("alice-desk", { ringMs: 5_000 })]),
        user("bob", [sipDevice("bob-desk")]),
      ],
    });
    calls.resync("core-1");
    calls.event(PARKED);
    calls.pause();
    clock.advanceBy(60_000);
    const shown = (more: SwitchEvent): Reply => ({ outcome: "ok", text: JSON.stringify(more) });
    link.answer = (line) => {
      if (line === `uuid_dump ${CALLER} json`)
        return shown({ ...PARKED, "Channel-State": "CS_EXECUTE", variable_current_application: "park" });
      return line === `uuid_dump ${LEG} json`
        ? shown({ "Unique-ID": LEG, "Channel-State": "CS_CONSUME_MEDIA", "Answer-State": "ringing" })
        : OK;
    };
    calls.resync("core-1");
    clock.advanceBy(19_900);
    expect(link.sent(/^originate.*bob-desk/)).toHaveLength(1);
    expect(notes.filter(({ kind }) => kind === "rollover")).toHaveLength(1);
    clock.advanceBy(200);
    expect(notes.filter(({ kind }) => kind === "rollover")).toHaveLength(2);
  });

  it("asks again about a call of which the switch did not say everything", () => {
    const { clock, link, calls } = setup();
    calls.resync("core-1");
    calls.event(PARKED);
    calls.pause();
    link.answer = (line) => (line.startsWith("uuid_dump") ? UNKNOWN : OK);
    calls.resync("core-1");
    const asked = link.sent(/^uuid_dump/).length;
    clock.advanceBy(1_000);
    expect(link.sent(/^uuid_dump/).length).toBeGreaterThan(asked);
  });
});

describe("replies", () => {
  it("a leg the switch refuses to originate counts as ended", () => {
    const { link, calls } = setup();
    link.answer = (line) => (line.startsWith("originate") ? { outcome: "refused", text: "-USAGE" } : OK);
    calls.event(PARKED);
    expect(link.sent(/^uuid_kill/)).toEqual([`uuid_kill ${CALLER} NO_ANSWER`]);
  });

  it("a failed job ends its leg, whether or not a channel was ever seen", () => {
    const { link, calls } = setup();
    calls.event(PARKED);
    calls.event({ "Event-Name": "BACKGROUND_JOB", "Job-UUID": LEG, _body: "-ERR USER_NOT_REGISTERED\n" });
    expect(link.sent(/^uuid_kill/)).toEqual([`uuid_kill ${CALLER} NO_ANSWER`]);
  });

  it("a kill of the caller that finds no channel ends the call", () => {
    const { link, calls, notes } = setup();
    link.answer = (line) => {
      if (line.startsWith("originate")) return { outcome: "refused", text: "-USAGE" };
      return line.startsWith("uuid_kill") ? NO_CHANNEL : OK;
    };
    calls.event(PARKED);
    expect(ended(notes)).toHaveLength(1);
  });

  it("a save that finds no channel ends the call, though the event of its end never came", () => {
    const { link, calls, notes } = setup();
    link.answer = (line) => (line.startsWith("uuid_setvar_multi") ? "later" : OK);
    calls.event(PARKED);
    calls.event({ "Event-Name": "CHANNEL_PROGRESS", "Unique-ID": LEG });
    for (const { done } of link.pending) done(NO_CHANNEL);
    calls.event({ "Event-Name": "CHANNEL_HANGUP_COMPLETE", "Unique-ID": LEG });
    expect(ended(notes)).toMatchObject([{ ending: { kind: "missed" } }]);
  });

  it("a call given up by our own mistake does not keep the clock busy with its timers", () => {
    const { clock, link, calls } = setup();
    calls.event(PARKED);
    link.answer = () => {
      throw new Error("a mistake of ours");
    };
    expect(() => clock.advanceBy(20_000)).toThrow("a mistake of ours");
    link.answer = () => OK;
    expect(() => clock.advanceBy(60_000)).not.toThrow();
  });

  it("an unknown outcome changes nothing by itself", () => {
    const { link, calls, notes } = setup();
    link.answer = (line) => (line.startsWith("originate") ? UNKNOWN : OK);
    calls.event(PARKED);
    expect(ended(notes)).toEqual([]);
    expect(calls.count).toBe(1);
  });
});

describe("a call of which nothing is heard", () => {
  const HEARTBEAT: SwitchEvent = { "Event-Name": "HEARTBEAT" };
  const gone = (line: string): Reply => (line.startsWith("uuid_dump") ? NO_CHANNEL : OK);

  it("is looked at with a heartbeat, and ended when its caller is gone", () => {
    const { clock, link, calls, notes } = setup();
    calls.event(PARKED);
    calls.event({ "Event-Name": "CHANNEL_PROGRESS", "Unique-ID": LEG });
    link.answer = gone;
    clock.advanceBy(15_000);
    calls.event(HEARTBEAT);
    expect(ended(notes)).toEqual([]);
    // The step's own clock ends at 20 s; after that only the caller's end is awaited.
    clock.advanceBy(15_000);
    calls.event(HEARTBEAT);
    expect(ended(notes)).toHaveLength(1);
  });

  it("is left as it is when news come while it is looked at", () => {
    const { clock, link, calls, notes } = setup();
    calls.event(PARKED);
    link.answer = (line) => (line.startsWith("uuid_dump") ? "later" : OK);
    clock.advanceBy(30_000);
    calls.event(HEARTBEAT);
    calls.event({ "Event-Name": "CHANNEL_PROGRESS", "Unique-ID": LEG });
    for (const { done } of link.pending) done(NO_CHANNEL);
    expect(ended(notes)).toEqual([]);
  });
});

describe("a bridge that takes its time", () => {
  const answer = (goesTo: string) => (line: string) =>
    line.startsWith("uuid_dump")
      ? {
          outcome: "ok" as const,
          text: JSON.stringify({
            ...PARKED,
            "Unique-ID": line.split(" ")[1],
            "Answer-State": "answered",
            "Channel-State": "CS_EXECUTE",
            "Channel-State-Number": goesTo,
            variable_current_application: "park",
          }),
        }
      : OK;

  it.each([
    ["is not asked for twice while the switch is at it", "3", 1],
    ["is asked for again when both are parked and stay so", "4", 2],
  ])("%s", (_what, goesTo, bridges) => {
    const { clock, link, calls } = setup();
    calls.event(PARKED);
    calls.event({ "Event-Name": "CHANNEL_ANSWER", "Unique-ID": LEG });
    calls.event({ "Event-Name": "CHANNEL_PARK", "Unique-ID": LEG });
    link.answer = answer(goesTo);
    clock.advanceBy(CONNECT_INSPECT_MS);
    expect(link.sent(/^uuid_bridge/)).toHaveLength(bridges);
  });
});

describe("transfers", () => {
  const OTHER = "22222222-2222-4333-8444-000000000000";
  const OTHER_LEG = derivedId(OTHER, 1);
  const bridge = (a: string, b: string): SwitchEvent => ({
    "Event-Name": "CHANNEL_BRIDGE",
    "Unique-ID": a,
    "Bridge-A-Unique-ID": a,
    "Bridge-B-Unique-ID": b,
  });
  const about = (name: string, id: string, more: SwitchEvent = {}): SwitchEvent => ({
    "Event-Name": name,
    "Unique-ID": id,
    ...more,
  });

  function connected() {
    const all = setup();
    for (const [caller, leg] of [
      [CALLER, LEG],
      [OTHER, OTHER_LEG],
    ] as const) {
      all.calls.event({ ...PARKED, "Unique-ID": caller });
      all.calls.event(about("CHANNEL_ANSWER", leg));
      all.calls.event(about("CHANNEL_PARK", leg, { "Caller-Context": "default" }));
      all.calls.event(bridge(caller, leg));
    }
    all.link.lines.length = 0;
    return all;
  }

  it("attended: the leg that was handed over is ended by nobody", () => {
    const { clock, link, calls, notes } = connected();
    calls.event(bridge(CALLER, OTHER_LEG));
    calls.event(about("CHANNEL_HANGUP_COMPLETE", OTHER, { "Hangup-Cause": "NORMAL_CLEARING" }));
    calls.event(about("CHANNEL_HANGUP_COMPLETE", LEG, { "Hangup-Cause": "NORMAL_CLEARING" }));
    clock.advanceBy(60_000);
    expect(link.sent(/^uuid_kill/)).toEqual([]);
    expect(ended(notes)).toHaveLength(1);
    calls.event(about("CHANNEL_HANGUP_COMPLETE", CALLER, { "Hangup-Cause": "NORMAL_CLEARING" }));
    expect(calls.count).toBe(0);
  });

  it("attended, and the news of it lost: whom the caller talks to is asked for, and nobody is hung up", () => {
    const { clock, link, calls } = connected();
    const talks = {
      ...PARKED,
      "Channel-State": "CS_SOFT_EXECUTE",
      "Answer-State": "answered",
      variable_bridge_to: OTHER_LEG,
    };
    link.answer = (line) => {
      if (line === `uuid_dump ${CALLER} json`) return { outcome: "ok", text: JSON.stringify(talks) };
      return line.startsWith("uuid_dump") ? NO_CHANNEL : OK;
    };
    calls.event(about("CHANNEL_HANGUP_COMPLETE", LEG, { "Hangup-Cause": "NORMAL_CLEARING" }));
    clock.advanceBy(60_000);
    expect(link.sent(new RegExp(`^uuid_kill ${CALLER}`))).toEqual([]);
    expect(calls.list().find(({ id }) => id === CALLER)?.state.phase).toMatchObject({ leg: OTHER_LEG });
  });

  it.each([
    ["another extension", "102", "1"],
    ["where the call began", NUMBER, "1"],
  ])("blind, to %s: the caller goes on from there", (_where, to, transfer) => {
    const { link, calls, notes } = connected();
    const parked = { ...PARKED, "Caller-Destination-Number": to, variable_transfer_source: transfer };
    calls.event(parked);
    expect(notes).toContainEqual({ kind: "transferred", to });
    // The dialplan has armed the fallback anew.
    expect(link.sent(/^sched_del/)).toEqual([`sched_del ${CALLER}`]);
  });

  describe("of a mobile by whoever talks to it, to a number outside", () => {
    const OUTSIDE = "+19175550177";
    const MOBILE = derivedId(CALLER, 1);

    /** Alice has called Carla, whose mobile has answered; Bob talks to somebody else. */
    function talking(permissions: { readonly alice: boolean; readonly bobby: boolean }) {
      const all = setup({
        steps: [
          { kind: "ring", target: { kind: "user", username: "bobby" }, timeoutMs: null, skip: false },
          { kind: "hangup", reason: "no_answer" },
        ],
        users: [
          user("alice", [sipDevice("alice-desk")], { permissions: { outside_calls: permissions.alice } }),
          user("bobby", [sipDevice("bob-desk")], { permissions: { outside_calls: permissions.bobby } }),
          user("carla", [outsidePhone("+19175550144")], { extension: "103" }),
        ],
      });
      all.calls.event({
        ...PARKED,
        "Caller-Context": "phones",
        "Caller-Destination-Number": "103",
        variable_user_name: "alice-desk",
      });
      all.calls.event({ ...PARKED, "Unique-ID": OTHER });
      for (const leg of [MOBILE, OTHER_LEG]) {
        all.calls.event(about("CHANNEL_ANSWER", leg));
        all.calls.event(about("CHANNEL_PARK", leg, { "Caller-Context": "default" }));
      }
      all.link.lines.length = 0;
      return all;
    }

    it.each([
      ["Alice, who may", CALLER, { alice: true, bobby: false }, true],
      ["Alice, who may not", CALLER, { alice: false, bobby: true }, false],
      ["Bob, to whom Alice had handed it, and who may", OTHER_LEG, { alice: false, bobby: true }, true],
      ["Bob, to whom Alice had handed it, and who may not", OTHER_LEG, { alice: true, bobby: false }, false],
      ["a phone of which nobody knows whose it is", ENGINE, { alice: true, bobby: true }, false],
    ])("counts as a call by %s", (_who, by, permissions, allowed) => {
      const { link, calls } = talking(permissions);
      calls.event(
        about("CHANNEL_PARK", MOBILE, {
          "Caller-Context": "phones",
          "Caller-Destination-Number": OUTSIDE,
          "Call-Direction": "outbound",
          "Answer-State": "answered",
          variable_blind_transfer_uuid: by,
        }),
      );
      expect(link.sent(/^originate/).filter((line) => line.includes(OUTSIDE))).toHaveLength(allowed ? 1 : 0);
    });
  });

  it("blind, by the phone that called: who was called is a caller now, and not ended with the old call", () => {
    const { clock, link, calls } = connected();
    calls.event(
      about("CHANNEL_PARK", LEG, {
        "Caller-Context": "phones",
        "Caller-Destination-Number": "102",
        "Call-Direction": "outbound",
        "Answer-State": "answered",
      }),
    );
    expect(link.sent(/^hash insert_ifempty/)).toEqual([
      `hash insert_ifempty/ringline-claim/${LEG}/${ENGINE}`,
    ]);
    calls.event(about("CHANNEL_HANGUP_COMPLETE", CALLER, { "Hangup-Cause": "NORMAL_CLEARING" }));
    const before = link.sent(new RegExp(`^uuid_kill ${LEG}`)).length;
    clock.advanceBy(1_500);
    expect(link.sent(new RegExp(`^uuid_kill ${LEG} NORMAL_CLEARING`))).toHaveLength(before);
  });
});
