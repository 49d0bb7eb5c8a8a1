/**
 * Goal: what the switch has not said is never taken for an answer. Method: the engine on the simulated switch; a reply is
 * missing or broken, a command is not sent, a job begins late, or an event is lost, and the caller is served all the same.
 */
import { describe, expect, it } from "vitest";
import { type EngineStage, type Fate, openStage } from "../../fixtures/core/engine-stage.js";
import { NUMBER, office, sipDevice, user } from "../../fixtures/core/scene.js";
import type { CallerCall } from "../../fixtures/switch/callers.js";
import { answers, neverAnswers } from "../../fixtures/switch/phone-script.js";
import type { Office } from "../../policy/office/office.js";
import type { Step } from "../../policy/steps/types.js";
import type { Reply } from "../switch/wire.js";
import { NO_VOICEMAIL, type VoicemailPort } from "../voicemail/voicemail-port.js";

const RING: Step = {
  kind: "ring",
  target: { kind: "user", username: "alice" },
  timeoutMs: null,
  skip: false,
};
const OFFICE: Office = office([RING, { kind: "hangup", reason: "no_answer" }], {
  users: [user("alice", [sipDevice("alice-desk")])],
});
const HEARTBEAT = { "Event-Name": "HEARTBEAT" };

function stage(answeredMs: number | null): Promise<EngineStage> {
  const script = answeredMs === null ? neverAnswers() : answers({ afterMs: answeredMs });
  return openStage(OFFICE, { "alice-desk": script });
}

/** Lets time pass, and everything that promises were waiting for. */
async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= SLICE_MS) {
    clock.advanceBy(Math.min(SLICE_MS, leftMs));
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

const SLICE_MS = 100;

/** The first `times` commands that match have this fate. */
function first(times: number, pattern: RegExp, fate: Fate): (line: string) => Fate | undefined {
  let left = times;
  return (line) => {
    if (left === 0 || !pattern.test(line)) return undefined;
    left -= 1;
    return fate;
  };
}

const garbled = (text: string): Fate => ({ kind: "garbled", reply: { outcome: "ok", text } });
const NO_REPLY: Fate = { kind: "garbled", reply: { outcome: "unknown", text: "no reply" } };
const refused = (text: string): Reply => ({ outcome: "refused", text });

const BROKEN: ReadonlyArray<readonly [string, Fate]> = [
  ["missing", NO_REPLY],
  ["not asked for, because too many commands wait", { kind: "not_sent" }],
  ["cut off", garbled('{"Event-Name":"CHANNEL_DATA","Unique-ID":"')],
  ["empty", garbled("")],
  ["no object", garbled("[]")],
  ["another channel's", garbled('{"Unique-ID":"99999999-2222-4333-8444-000000000000"}')],
  ["a refusal that says nothing about the channel", { kind: "garbled", reply: refused("-ERR no reply") }],
];

describe("a caller whose phones ring is taken over and connected", () => {
  it.each(BROKEN)("though the first two dumps of the caller are %s", async (_how, fate) => {
    const there = await stage(6_000);
    there.clock.advanceBy(1_000);
    there.die();
    const { engine } = await there.start({}, (link) => {
      link.fate = first(2, new RegExp(`uuid_dump ${there.caller.uuid}`), fate);
    });
    await pass(there, 4_000);
    expect(engine.calls.has(there.caller.uuid)).toBe(true);
    await pass(there, 3_000);
    expect(there.caller.talked).toHaveLength(1);
  });

  it.each([
    ["the list of channels is missing", /^show channels/, NO_REPLY],
    ["the list of channels is cut off", /^show channels/, garbled('{"row_count":1,"rows":[{"uu')],
    ["the list of channels is none", /^show channels/, garbled('{"rows":"none"}')],
    ["nobody says whose the claim is", /^hash select/, NO_REPLY],
    ["the dumps of the legs are missing", /^uuid_dump/, NO_REPLY],
  ] as const)("though at first %s", async (_what, pattern, fate) => {
    const there = await stage(8_000);
    there.clock.advanceBy(1_000);
    there.die();
    const { engine } = await there.start({}, (link) => {
      link.fate = first(4, pattern, fate);
    });
    await pass(there, 6_000);
    expect(engine.calls.has(there.caller.uuid)).toBe(true);
    await pass(there, 5_000);
    expect(there.caller.talked).toHaveLength(1);
  });
});

describe("the list of registrations", () => {
  it("that does not come is asked for again, before a caller is told that no phone is there", async () => {
    const there = await stage(8_000);
    there.clock.advanceBy(50);
    there.die();
    const { engine } = await there.start({}, (link) => {
      link.fate = first(2, /^sofia xmlstatus/, NO_REPLY);
    });
    expect(engine.ready).toBe(true);
    const caller = there.sw.call({ dialled: NUMBER, callerNumber: "+19175550198", context: "inbound" });
    await pass(there, 9_000);
    expect(caller.talked).toHaveLength(1);
  });
});

describe("a caller whom nobody tends", () => {
  it("is found with the next HEARTBEAT, when the event of their parking was lost", async () => {
    const there = await stage(1_000);
    await pass(there, 5_000);
    there.caller.hangup();
    await pass(there, 1_000);
    there.link.loses = ({ "Event-Name": name }) => name === "CHANNEL_PARK";
    const caller = there.sw.call({ dialled: NUMBER, callerNumber: "+19175550198", context: "inbound" });
    await pass(there, 2_000);
    there.link.loses = () => false;
    expect(there.engine.calls.count).toBe(0);
    there.engine.calls.event(HEARTBEAT);
    await pass(there, 3_000);
    expect(caller.talked).toHaveLength(1);
  });

  it("is looked for without disturbing anybody else, and costs one command", async () => {
    const there = await stage(1_000);
    await pass(there, 6_000);
    const sent = there.link.lines.length;
    there.engine.calls.event(HEARTBEAT);
    await pass(there, 2_000);
    // What a HEARTBEAT asks about carriers is asked once for all calls.
    const lines = there.link.lines.slice(sent).filter((line) => line !== "sofia xmlstatus gateway");
    expect(lines).toEqual(["show channels as json", "hash_dump db ringline-claim"]);
  });

  it("is handed to the switch's fallback when the call was given up and the command for that was lost", async () => {
    const there = await stage(null);
    await pass(there, 1_000);
    there.die();
    there.sw.api(`hash delete/ringline-claim/${there.caller.uuid}`, () => {});
    await there.start();
    await pass(there, 4_000);
    expect(there.caller.heard.map(({ sound }) => sound)).toContain("try-again-later.wav");
  });

  it("is sent nowhere when they have hung up since they were looked at, and their claim does not stay", async () => {
    const there = await stage(null);
    await pass(there, 1_000);
    there.die();
    there.sw.api(`hash delete/ringline-claim/${there.caller.uuid}`, () => {});
    const { link } = await there.start();
    let asked = 0;
    link.fate = (line) => {
      // The first look only makes sure that the caller is not just being hung up.
      if (line.startsWith("hash select") && ++asked === 2)
        there.sw.api(`uuid_kill ${there.caller.uuid}`, () => {});
      return undefined;
    };
    await pass(there, 4_000);
    expect(there.caller.ending).not.toBeNull();
    const sent = link.lines.filter((line) => line.includes(there.caller.uuid));
    expect(sent.filter((line) => line.startsWith("uuid_transfer"))).toEqual([]);
    // Whether the channel is gone is asked once more, for the call's record.
    expect(sent.filter((line) => !line.startsWith("uuid_dump")).at(-1)).toMatch(/^hash delete_ifmatch/);
  });

  it("is left alone when another engine has the call, and claimed by nobody else twice", async () => {
    const there = await stage(null);
    await pass(there, 1_000);
    there.die();
    there.sw.api(`hash delete/ringline-claim/${there.caller.uuid}`, () => {});
    there.sw.api(`hash insert/ringline-claim/${there.caller.uuid}/engine-2`, () => {});
    const { engine, link } = await there.start();
    await pass(there, 4_000);
    const sent = link.lines.length;
    engine.calls.event(HEARTBEAT);
    await pass(there, 4_000);
    expect(there.caller.ending).toBeNull();
    expect(link.lines.slice(sent).filter((line) => line.includes(there.caller.uuid))).toEqual([
      `uuid_exists ${there.caller.uuid}`,
    ]);
  });
});

describe("a command that our own link does not send", () => {
  it("leaves a call in our books whose state could not be saved, and saves it again", async () => {
    const there = await stage(20_000);
    there.link.fate = first(1, /^uuid_setvar_multi .*ringline_state/, { kind: "not_sent" });
    await pass(there, 4_000);
    expect(there.engine.calls.has(there.caller.uuid)).toBe(true);
    there.die();
    const { engine } = await there.start();
    await pass(there, 17_000);
    expect(engine.calls.has(there.caller.uuid)).toBe(true);
    expect(there.caller.talked).toHaveLength(1);
  });

  it.each([
    ["another reason than that the channel is gone", "-ERR not sent: it holds 2000000 characters"],
    ["a reason of the switch's own", "-ERR no reply"],
  ])("leaves a call in our books whose save is refused for %s", async (_why, text) => {
    const there = await stage(3_000);
    there.link.fate = first(1, /^uuid_setvar_multi .*ringline_state/, {
      kind: "garbled",
      reply: refused(text),
    });
    await pass(there, 5_000);
    expect(there.caller.talked).toHaveLength(1);
  });

  it.each([
    ["dialled", /^originate/],
    ["answered", /^uuid_answer/],
    ["bridged", /^uuid_bridge/],
    ["taken from the fallback", /^sched_del/],
    ["saved", /^uuid_setvar_multi/],
    ["claimed", /^hash insert_ifempty/],
  ])("does not cost a caller the call: %s", async (_what, pattern) => {
    const there = await stage(3_000);
    there.link.fate = first(1, pattern, { kind: "not_sent" });
    await pass(there, 15_000);
    expect(there.caller.ending).toBeNull();
    expect(there.caller.talked).toHaveLength(1);
    expect(there.sw.channels.size).toBe(2);
  });
});

/** A mailbox that takes every message, and notes what it is asked. */
function mailbox() {
  const asked: string[] = [];
  const port: VoicemailPort = {
    ...NO_VOICEMAIL,
    folder: "/recordings",
    ask: (ask, _asker, done) => {
      asked.push(ask.kind);
      done(
        ask.kind === "open_message"
          ? { kind: "opened", greetings: [] }
          : ask.kind === "measure_message"
            ? { kind: "measured", soundMs: 1_000 * (there?.sw.recordings.length ?? 0) }
            : { kind: "failed" },
      );
    },
  };
  let there: EngineStage | undefined;
  return { asked, port, isAt: (stage: EngineStage) => (there = stage) };
}

describe("a recording that goes on while an engine takes over", () => {
  it("is neither stopped nor dropped, at whatever moment the engine looks", async () => {
    const flow: Office = office([{ kind: "voicemail", target: { kind: "user", username: "alice" } }], {
      users: [user("alice", [sipDevice("alice-desk")])],
    });
    for (let atMs = 600; atMs <= 6_000; atMs += 37) {
      const box = mailbox();
      const there = await openStage(flow, {}, box.port);
      box.isAt(there);
      there.clock.advanceBy(atMs);
      there.die();
      await there.start();
      await pass(there, 12_000);
      expect({ atMs, ending: there.caller.ending, asked: box.asked }).toEqual({
        atMs,
        ending: null,
        asked: ["open_message"],
      });
      there.caller.hangup();
      await pass(there, 500);
      expect(there.sw.recordings).toHaveLength(1);
      expect(there.sw.recordings[0]?.speechMs).toBeGreaterThan(5_000);
    }
  });
});

describe("a leg that is being dialled while the connection breaks", () => {
  it.each([200, 900, 1_900])("and appears %i ms later, is connected when it answers", async (ms) => {
    const there = await stage(3_000);
    there.link.fate = (line) => (line.startsWith("originate") ? { kind: "begins_late", ms } : undefined);
    await pass(there, 60);
    there.sw.cutLinks();
    await pass(there, ms + 4_000);
    expect(there.caller.ending).toBeNull();
    expect(there.caller.talked).toHaveLength(1);
    expect(there.sw.channels.size).toBe(2);
  });

  it("and appears when it counts as lost, is ended, and the caller hears what the flow says", async () => {
    const there = await stage(3_000);
    there.link.fate = (line) =>
      line.startsWith("originate") ? { kind: "begins_late", ms: 6_000 } : undefined;
    await pass(there, 60);
    there.sw.cutLinks();
    await pass(there, 12_000);
    expect(there.caller.ending).toBe("refused");
    expect(there.sw.channels.size).toBe(0);
    expect(there.engine.calls.count).toBe(0);
  });

  it("is connected by the engine that takes over", async () => {
    const there = await stage(3_000);
    there.link.fate = (line) =>
      line.startsWith("originate") ? { kind: "begins_late", ms: 1_500 } : undefined;
    await pass(there, 60);
    there.die();
    await there.start();
    await pass(there, 6_000);
    expect(there.caller.talked).toHaveLength(1);
  });
});

describe("a leg whose caller hung up while no engine was there", () => {
  it("is ended, though the switch made its channel after the caller was gone", async () => {
    const there = await stage(null);
    there.link.fate = (line) =>
      line.startsWith("originate") ? { kind: "begins_late", ms: 1_000 } : undefined;
    await pass(there, 60);
    there.die();
    there.caller.hangup();
    await pass(there, 2_000);
    expect(there.sw.channels.size).toBe(1);
    await there.start();
    await pass(there, 5_000);
    expect(there.sw.channels.size).toBe(0);
  });
});

describe("a switch that was restarted", () => {
  it("has new callers whose events are held back: they are served, and not ended with the calls of before", async () => {
    const there = await stage(3_000);
    await pass(there, 1_000);
    let newcomer: CallerCall | undefined;
    // The list of registrations is asked for, and until it comes a caller parks.
    there.link.fate = (line) => {
      if (line.startsWith("sofia xmlstatus"))
        newcomer ??= there.sw.call({ dialled: NUMBER, callerNumber: "+19175550198", context: "inbound" });
      return line.startsWith("sofia xmlstatus") ? { kind: "held_up", ms: 500 } : undefined;
    };
    there.sw.restart({ downMs: 1_000 });
    await pass(there, 6_000);
    expect(there.engine.calls.has(newcomer?.uuid ?? "")).toBe(true);
    expect(newcomer?.talked).toHaveLength(1);
    // The caller of before and the newcomer, once each.
    expect(there.notes.filter(({ kind }) => kind === "arrived")).toHaveLength(2);
  });
});
