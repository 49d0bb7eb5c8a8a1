/** Goal: the events of a call tell what happened, in its order, each once, and nothing that is withheld. */
import { describe, expect, it } from "vitest";
import { sampleRecords } from "../../fixtures/records/sample-records.js";
import type { User } from "../office/office.js";
import { fold } from "../record/fold.js";
import type { Happening, What } from "../record/happening.js";
import { alarmEvent, type EventOffice, eventsOf } from "./events.js";
import { EVENT_KINDS } from "./kinds.js";
import { sampleEvent } from "./samples.js";
import { eventSchema } from "./shape.js";

const CALL = "514ef208-9f83-4968-8c1d-406e0e655232";
const BEGAN_MS = 1_796_000_000_000;

const OFFICE: EventOffice = { name: "Acme", user: () => undefined };

const BEGAN = {
  kind: "began",
  direction: "in",
  from: "+13105550101",
  name: "Jane Roe",
  isWithheld: false,
  user: null,
  device: null,
  called: "+12125550100",
  revision: 1,
  carrier: "main",
  sipCallId: "a@b",
  partOf: null,
  engine: "e",
} as const satisfies What;

const leg = (name: string, who: string, device = "desk"): What => ({
  kind: "leg_dialled",
  leg: name,
  who,
  device,
  to: name,
  group: "sales",
  carrier: null,
  shows: null,
  payer: null,
});

function happened(...whats: readonly What[]): Happening[] {
  return whats.map((what, index) => ({ call: CALL, atMs: BEGAN_MS + index * 1_000, what }));
}

function eventsAfter(whats: readonly What[], office: EventOffice = OFFICE) {
  return eventsOf(fold(undefined, happened(...whats)), undefined, office);
}

describe("events of a call", () => {
  it("are told once each, also when the true end of a leg replaces a guess", () => {
    const end = (isSeen: boolean): What => ({
      kind: "leg_ended",
      leg: "1",
      cause: isSeen ? "USER_BUSY" : "LOST",
      status: null,
      side: "unknown",
      isSeen,
      sipCallId: null,
    });
    const first = [BEGAN, leg("1", "alice.wong"), leg("2", "bob.stone"), end(false)];
    const then = [{ kind: "connected", leg: "2", who: "bob.stone", device: "desk" } as const, end(true)];
    const before = fold(undefined, happened(...first));
    const after = fold(before, happened(...first, ...then).slice(first.length));
    expect(eventsOf(after, before, OFFICE).map(({ event }) => event)).toEqual(["call.answered"]);
  });

  it("tell an answered call from its beginning to its end", () => {
    const events = eventsAfter([
      BEGAN,
      leg("1", "alice.wong"),
      leg("2", "alice.wong", "cell"),
      leg("3", "bob.stone"),
      { kind: "leg_rings", leg: "1" },
      { kind: "leg_rings", leg: "2" },
      { kind: "leg_rings", leg: "3" },
      { kind: "connected", leg: "3", who: "bob.stone", device: "desk" },
      {
        kind: "ended",
        ending: { kind: "answered", by: "bob.stone" },
        side: "callee",
        cause: "NORMAL_CLEARING",
        isSeen: true,
      },
    ]);
    expect(events.map(({ event }) => event)).toEqual([
      "call.started",
      "call.ringing",
      "call.ringing",
      "call.answered",
      "call.ended",
    ]);
    expect(events[1]).toMatchObject({ ringing: { who: "alice.wong", device: "desk", group: "sales" } });
    expect(events[3]).toMatchObject({ answered: { who: "bob.stone", device: "desk", waitMs: 7_000 } });
    expect(events[4]).toMatchObject({
      ended: { result: "answered", side: "callee", answeredBy: "bob.stone", connectedMs: BEGAN_MS + 7_000 },
    });
  });

  it.each<[string, What, readonly string[]]>([
    [
      "missed",
      { kind: "ended", ending: { kind: "missed" }, side: "caller", cause: null, isSeen: true },
      ["call.missed", "call.ended"],
    ],
    [
      "missed, and we hung up, since there was no mailbox",
      {
        kind: "ended",
        ending: { kind: "hung_up", reason: "unavailable" },
        side: "office",
        cause: null,
        isSeen: true,
      },
      ["call.missed", "call.ended"],
    ],
    [
      "at a number that leads nowhere",
      {
        kind: "ended",
        ending: { kind: "hung_up", reason: "unassigned" },
        side: "office",
        cause: null,
        isSeen: true,
      },
      ["call.ended"],
    ],
    [
      "with a message",
      {
        kind: "ended",
        ending: { kind: "message", box: "group:sales" },
        side: "caller",
        cause: null,
        isSeen: true,
      },
      ["message.left", "call.ended"],
    ],
    [
      "that nobody saw end",
      { kind: "ended", ending: { kind: "lost" }, side: "unknown", cause: null, isSeen: false },
      ["call.ended"],
    ],
  ])("tell how it ended: %s", (_how, end, kinds) => {
    const events = eventsAfter([BEGAN, end]);
    expect(events.slice(1).map(({ event }) => event)).toEqual(kinds);
  });

  it("of a call are missed and left as its record says", async () => {
    for (const record of (await sampleRecords()).records) {
      const kinds = eventsOf(record, undefined, OFFICE).map(({ event }) => event);
      const isSeen = record.ending?.kind !== "lost";
      expect(kinds.includes("call.missed"), record.id).toBe(isSeen && record.result === "missed");
      expect(kinds.includes("message.left"), record.id).toBe(record.result === "message");
    }
  });

  it("are the same, with the same ids, in however many parts the happenings are read", async () => {
    for (const { happenings } of (await sampleRecords()).records) {
      const whole = eventsOf(fold(undefined, happenings), undefined, OFFICE);
      for (let cut = 1; cut < happenings.length; cut += 1) {
        const before = fold(undefined, happenings.slice(0, cut));
        const after = fold(before, happenings.slice(cut));
        const parts = [...eventsOf(before, undefined, OFFICE), ...eventsOf(after, before, OFFICE)];
        expect(parts.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
      }
    }
  });

  it("of all sample calls have the documented shape, and ids of their own", async () => {
    const events = (await sampleRecords()).records.flatMap((record) => eventsOf(record, undefined, OFFICE));
    for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const kinds = new Set(events.map(({ event }) => event));
    // Alarms belong to no call.
    expect(EVENT_KINDS.filter((kind) => !kinds.has(kind))).toEqual(["fraud.alarm"]);
  });

  it("never name a withheld number", () => {
    const withheld = { ...BEGAN, from: "+13105550199", name: "Secret", isWithheld: true };
    const events = eventsAfter([withheld, leg("1", "alice.wong"), { kind: "leg_rings", leg: "1" }]);
    expect(JSON.stringify(events)).not.toMatch(/3105550199|Secret/);
    expect(events[0]).toMatchObject({ call: { from: null, name: null, isWithheld: true } });
  });
});

describe("a call for help", () => {
  const carol: User = {
    username: "carol.diaz",
    name: "Carol Diaz",
    extension: "103",
    location: "Building 2",
    outboundNumber: "+12125550103",
    devices: [
      {
        id: "desk",
        at: { kind: "sip", name: "carol-desk" },
        delayMs: 0,
        ringMs: null,
        accept: "auto",
        location: "Building 2, room 310",
      },
      { id: "soft", at: { kind: "sip", name: "carol-soft" }, delayMs: 0, ringMs: null, accept: "auto" },
    ],
    flow: [],
  };
  const office: EventOffice = { name: "Acme", user: (name) => (name === carol.username ? carol : undefined) };

  function emergency(device: string | null, isTest: boolean, user: string | null, where = office) {
    const events = eventsAfter(
      [BEGAN, { kind: "emergency", number: isTest ? "933" : "911", user, device, isTest }],
      where,
    );
    return events.find(({ event }) => event === "emergency.call");
  }

  it("says who needs help, and where", () => {
    expect(emergency("desk", false, "carol.diaz")).toMatchObject({
      emergency: {
        number: "911",
        isTest: false,
        userName: "Carol Diaz",
        extension: "103",
        location: "Building 2, room 310",
        callBack: "+12125550103",
      },
    });
  });

  it("says where the user is if the phone says nothing", () => {
    expect(emergency("soft", false, "carol.diaz")).toMatchObject({ emergency: { location: "Building 2" } });
  });

  it("says that a test is one", () => {
    expect(emergency("desk", true, "carol.diaz")).toMatchObject({
      emergency: { number: "933", isTest: true },
    });
  });

  it("is told of whoever calls", () => {
    expect(emergency(null, false, null)).toMatchObject({
      emergency: { user: null, location: null, callBack: null },
    });
  });

  it("names the office's number to call back, else the one that the service is shown", () => {
    const named = { ...office, emergency: { callBack: "+12125550199" } };
    expect(emergency("desk", false, "carol.diaz", named)).toMatchObject({
      emergency: { callBack: "+12125550199" },
    });
    const shown: What = {
      kind: "leg_dialled",
      leg: "1",
      who: "911",
      device: "",
      to: "911",
      group: null,
      carrier: "main",
      shows: "+12125550142",
      payer: null,
    };
    const call: What = {
      kind: "emergency",
      number: "911",
      user: "carol.diaz",
      device: "desk",
      isTest: false,
    };
    const [, event] = eventsAfter([BEGAN, call, shown], office);
    expect(event).toMatchObject({ emergency: { callBack: "+12125550142" } });
  });
});

it("an alarm has the documented shape", () => {
  const alarm = { kind: "spike", payer: "bob.stone", atMs: BEGAN_MS, figures: { calls: 21 } } as const;
  const event = alarmEvent("a1", alarm, "Acme");
  expect(eventSchema.parse(event)).toEqual(event);
});

it.each(EVENT_KINDS)("the sample of %s has the documented shape", (kind) => {
  const event = sampleEvent(kind, "sample", BEGAN_MS, "Acme");
  expect(eventSchema.parse(event)).toEqual(event);
});
