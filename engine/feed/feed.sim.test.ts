/**
 * Goal: a reader of the live feed knows at each moment what goes on, whenever it has come. Method: the engine on the
 * simulated switch and a virtual clock; readers that come first are compared with one that comes now.
 */
import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { TestReader } from "../../fixtures/core/feed-reader.js";
import { group, NUMBER, office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers, neverAnswers, type PhoneScript } from "../../fixtures/switch/phone-script.js";
import type { Office } from "../../policy/office/office.js";
import { ALIVE_MS, BEHIND_BYTES, FLUSH_MS, type JoinFeed, READERS_MAX, TOO_SLOW_MS } from "./feed.js";
import { TOPICS, type Topic } from "./protocol.js";

const SALES: Office = office(
  [
    { kind: "ring", target: { kind: "group", id: "sales" }, timeoutMs: 20_000, skip: false },
    { kind: "hangup", reason: "no_answer" },
  ],
  {
    users: [
      user("alice", [sipDevice("alice-desk")]),
      user("bobby", [sipDevice("bobby-desk")]),
      user("carol", [sipDevice("carol-desk")]),
    ],
    groups: [
      group("sales", ["alice", "bobby", "carol"], {
        members: ["alice", "bobby", "carol"].map((username) => ({
          username,
          delayMs: 0,
          ringMs: null,
          calls: username !== "carol",
          voicemail: true,
        })),
      }),
    ],
  },
);

const PHONES: Record<string, PhoneScript> = {
  "alice-desk": answers({ afterMs: 3_000, hangupAfterMs: 10_000 }),
  "bobby-desk": neverAnswers(),
};

function join(stage: EngineStage, topics: readonly Topic[] = TOPICS, reader = new TestReader()) {
  const leave = stage.engine.feed.join(reader, topics);
  if (leave === "too_many_readers") throw new Error(leave);
  stage.clock.advanceBy(FLUSH_MS);
  return { reader, leave };
}

/** The office with a caller who has been there for a second. */
async function ringing() {
  const stage = await openStage(SALES, PHONES);
  stage.clock.advanceBy(1_000);
  return stage;
}

describe("a call", () => {
  it("is told as it goes on: who rings, who talks since when, and its end", async () => {
    const stage = await openStage(SALES, PHONES);
    const { reader } = join(stage);
    stage.clock.advanceBy(1_000);
    const { id, arrivedMs } = stage.engine.calls.list()[0]?.state ?? { id: "", arrivedMs: 0 };
    expect(reader.view.calls.get(id)).toMatchObject({
      sinceMs: arrivedMs,
      direction: "in",
      from: "+19175550199",
      name: "Caller",
      isWithheld: false,
      user: null,
      called: NUMBER,
      state: "ringing",
      text: "rings",
      rings: [
        { who: "alice", device: "alice-desk", state: "rings" },
        { who: "bobby", device: "bobby-desk", state: "rings" },
      ],
      talks: null,
    });
    expect(reader.view.calls.get(id)?.about).toEqual(
      expect.arrayContaining([`number:${NUMBER}`, "group:sales", "user:alice", "device:bobby/bobby-desk"]),
    );
    const [alice] = reader.view.calls.get(id)?.rings ?? [];
    expect(alice?.sinceMs).toBeGreaterThanOrEqual(arrivedMs);
    expect(alice?.sinceMs).toBeLessThan(arrivedMs + 200);

    stage.clock.advanceBy(3_000);
    const talks = reader.view.calls.get(id);
    expect(talks).toMatchObject({ state: "talking", text: "talks with alice", rings: [] });
    expect(talks?.talks).toMatchObject({ who: "alice", device: "alice-desk" });
    const sinceMs = talks?.talks?.sinceMs ?? 0;
    expect(sinceMs - arrivedMs).toBeGreaterThan(2_900);
    expect(sinceMs - arrivedMs).toBeLessThan(3_300);
    expect(talks?.stateSinceMs).toBe(sinceMs);

    stage.clock.advanceBy(12_000);
    expect(reader.view.calls.size).toBe(0);
    const told = reader.kinds.filter((kind) => kind.startsWith("call_"));
    expect(new Set(told.slice(0, -1))).toEqual(new Set(["call_changed"]));
    expect(told.at(-1)).toBe("call_ended");
    expect(reader.texts.find((text) => text.includes("call_ended"))).toContain('"ending":"answered"');
  });

  it("that is over before anything was told is told all the same, so that calls can be counted", async () => {
    const nobody = office([{ kind: "hangup", reason: "busy" }]);
    const stage = await openStage(nobody, {});
    stage.clock.advanceBy(5_000);
    const { reader } = join(stage, ["calls"]);
    stage.sw.call({ dialled: NUMBER, callerNumber: "+13105550123", context: "inbound" });
    stage.clock.advanceBy(FLUSH_MS * 2);
    expect(reader.kinds).toEqual(["call_began", "call_ended"]);
    expect(reader.texts.at(-1)).toContain('"ending":"busy"');
  });

  it("keeps its times when the reader comes late", async () => {
    const stage = await ringing();
    stage.clock.advanceBy(6_000);
    const { reader } = join(stage);
    const [call] = reader.view.calls.values();
    expect((call?.talks?.sinceMs ?? 0) - (call?.sinceMs ?? 0)).toBeGreaterThan(2_900);
    expect((call?.talks?.sinceMs ?? 0) - (call?.sinceMs ?? 0)).toBeLessThan(3_300);
  });

  it("that was taken over says of what it did before only that it is not known since when", async () => {
    const stage = await ringing();
    stage.clock.advanceBy(6_000);
    stage.die();
    const { engine } = await stage.start();
    const reader = new TestReader();
    engine.feed.join(reader, TOPICS);
    for (let part = 0; part < 10; part++) {
      stage.clock.advanceBy(200);
      // The office of an earlier revision is read.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    }
    const [call] = reader.view.calls.values();
    expect(call).toMatchObject({
      state: "talking",
      stateSinceMs: null,
      talks: { who: "alice", sinceMs: null },
    });
  });
});

describe("a reader who came first", () => {
  it("knows at each moment what one who comes now is told", async () => {
    const stage = await openStage(SALES, PHONES);
    const { reader } = join(stage);
    for (let step = 0; step < 40; step++) {
      stage.clock.advanceBy(400);
      const now = join(stage);
      expect(reader.sum).toEqual(now.reader.sum);
      now.leave();
      if (step === 3) stage.sw.call({ dialled: NUMBER, callerNumber: "+13105550123", context: "inbound" });
      if (step === 6) stage.sw.phone({ sipName: "carol-desk", script: neverAnswers() });
    }
    expect(reader.kinds).toEqual(
      expect.arrayContaining(["phone_registered", "group_changed", "group_waits"]),
    );
  });

  it("is told of nothing twice: what is the same is not a change", async () => {
    const stage = await ringing();
    const { reader } = join(stage);
    const before = reader.lines.length;
    stage.clock.advanceBy(900);
    expect(
      reader.lines.slice(before).flatMap((line) => (line.is === "change" ? [line.change.kind] : [])),
    ).toEqual(["figures"]);
  });
});

describe("phones and groups", () => {
  it("a phone is idle, rings, talks; a group says who can be reached and how many wait", async () => {
    const stage = await ringing();
    const { reader } = join(stage);
    expect(reader.view.phones.get("alice-desk")).toMatchObject({
      user: "alice",
      device: "alice-desk",
      state: "rings",
      contacts: [{}],
    });
    expect(reader.view.groups.get("sales")).toMatchObject({
      memberCount: 3,
      reachable: 2,
      waits: 1,
      members: [
        { user: "alice", calls: true, isReachable: true },
        { user: "bobby", calls: true, isReachable: true },
        { user: "carol", calls: false, isReachable: false },
      ],
    });
    stage.clock.advanceBy(4_000);
    expect(reader.view.phones.get("alice-desk")?.state).toBe("talks");
    expect(reader.view.phones.get("bobby-desk")?.state).toBe("idle");
    expect(reader.view.groups.get("sales")?.waits).toBe(0);
    stage.clock.advanceBy(12_000);
    expect(reader.view.phones.get("alice-desk")?.state).toBe("idle");
  });

  it("a phone that signs in or out is told, and its groups with it", async () => {
    const stage = await openStage(SALES, PHONES);
    const { reader } = join(stage);
    const carol = stage.sw.phone({ sipName: "carol-desk", script: neverAnswers() });
    stage.clock.advanceBy(1_000);
    expect(reader.view.phones.get("carol-desk")).toMatchObject({ user: "carol", state: "idle" });
    expect(reader.view.groups.get("sales")?.members[2]).toMatchObject({ user: "carol", isReachable: true });
    carol.unregister();
    stage.clock.advanceBy(1_000);
    expect(reader.view.phones.has("carol-desk")).toBe(false);
    expect(reader.kinds).toContain("phone_gone");
  });
});

describe("figures", () => {
  it("come once a second, with the rate of calls, and how long the switch takes to reply", async () => {
    const stage = await openStage(SALES, PHONES);
    const { reader } = join(stage, ["figures"]);
    for (let call = 0; call < 20; call++) {
      stage.sw.call({ dialled: NUMBER, callerNumber: `+1310555${1000 + call}`, context: "inbound" });
      stage.clock.advanceBy(100);
    }
    stage.clock.advanceBy(3_000);
    expect(new Set(reader.kinds)).toEqual(new Set(["figures"]));
    expect(reader.kinds).toHaveLength(5);
    expect(reader.view.figures).toMatchObject({
      callsPerSecond: 2.1,
      calls: { all: 21, ringing: 2, talking: 19 },
      contacts: 2,
      loopLagMs: 0,
      switch: { isConnected: true, isReady: true, isOverloaded: false, refused: 0 },
      revision: 1,
      readers: 1,
    });
    expect(reader.view.figures?.switchLagMs).toBeGreaterThanOrEqual(0);
  });

  it("show a switch that does not reply, and one that is away", async () => {
    const stage = await openStage(SALES, PHONES);
    stage.link.fate = (line) => (line === "uptime" ? { kind: "held_up", ms: 5_000 } : undefined);
    const { reader } = join(stage, ["figures"]);
    stage.clock.advanceBy(3_000);
    expect(reader.view.figures?.switchLagMs).toBeGreaterThanOrEqual(2_000);
    stage.sw.acceptsLinks = false;
    stage.sw.cutLinks("gone");
    stage.clock.advanceBy(2_000);
    expect(reader.view.figures).toMatchObject({
      switchLagMs: null,
      switch: { isConnected: false, isReady: false },
    });
  });
});

describe("readers", () => {
  it("get the topics that they ask for, numbered without a gap", async () => {
    const stage = await openStage(SALES, PHONES);
    const { reader } = join(stage, ["groups"]);
    stage.clock.advanceBy(5_000);
    expect(Object.keys(JSON.parse(reader.texts[0] ?? ""))).toEqual([
      ...["v", "kind", "seq", "atMs", "engine", "office", "groups"],
    ]);
    expect(new Set(reader.kinds)).toEqual(new Set(["group_waits"]));
  });

  it("hear that the engine is there when nothing changes", async () => {
    const stage = await openStage(SALES, {});
    const { reader } = join(stage, ["carriers"]);
    stage.clock.advanceBy(3 * ALIVE_MS);
    expect(reader.kinds.filter((kind) => kind === "alive").length).toBeGreaterThanOrEqual(2);
  });

  it("are as many as there may be, and no more", async () => {
    const stage = await openStage(SALES, {});
    const come: JoinFeed = (reader, topics) => stage.engine.feed.join(reader, topics);
    const leaves = Array.from({ length: READERS_MAX }, () => come(new TestReader(), TOPICS));
    expect(come(new TestReader(), TOPICS)).toBe("too_many_readers");
    const [first] = leaves;
    if (typeof first === "function") first();
    expect(come(new TestReader(), TOPICS)).not.toBe("too_many_readers");
  });

  it("who are too slow get a snapshot when they have caught up, and nobody queues for them without end", async () => {
    const stage = await ringing();
    const { reader: slow } = join(stage);
    const { reader: quick } = join(stage);
    slow.isStuck = true;
    slow.queuedBytes = BEHIND_BYTES * 2;
    const before = slow.lines.length;
    stage.clock.advanceBy(6_000);
    expect(slow.lines.length).toBe(before);
    expect(slow.queuedBytes).toBe(BEHIND_BYTES * 2);
    slow.isStuck = false;
    slow.queuedBytes = 0;
    stage.clock.advanceBy(1_000);
    expect(slow.lines.slice(before).map(({ is }) => is)).toEqual(["snapshot"]);
    stage.clock.advanceBy(3_000);
    expect(slow.sum).toEqual(quick.sum);
    expect(slow.lines.slice(before).filter(({ is }) => is === "snapshot")).toHaveLength(1);
  });

  it("who take nothing in are let go", async () => {
    const stage = await ringing();
    const { reader } = join(stage);
    reader.queuedBytes = BEHIND_BYTES * 2;
    stage.clock.advanceBy(TOO_SLOW_MS + 3_000);
    expect(reader.ended).toBe("too_slow");
    expect(join(stage).reader.view.figures?.readers).toBe(1);
  });
});

describe("while nobody reads", () => {
  it("nothing is measured, no timer runs, and no command is sent", async () => {
    const stage = await openStage(office([{ kind: "hangup", reason: "busy" }]), {});
    stage.clock.advanceBy(60_000);
    const idle = stage.clock.pending;
    const { leave } = join(stage);
    expect(stage.clock.pending).toBeGreaterThan(idle);
    stage.clock.advanceBy(2_500);
    expect(stage.link.lines).toContain("uptime");
    leave();
    stage.link.lines.length = 0;
    expect(stage.clock.pending).toBe(idle);
    stage.clock.advanceBy(10_000);
    expect(stage.link.lines).not.toContain("uptime");
  });
});
