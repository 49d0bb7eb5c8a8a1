/**
 * Goal: each viewer knows at each moment what concerns them, and nothing else, within 300 ms, whatever they may see and
 * however slow they are. Method: the engine on the simulated switch with a virtual clock; its feed read by the hub as by
 * `ringline web`, and the boards of several viewers.
 */
import { afterEach, describe, expect, it, vi } from "vitest";
import { type EngineStage, openStage } from "../../../fixtures/core/engine-stage.js";
import { group, NUMBER, office, sipDevice, user } from "../../../fixtures/core/scene.js";
import { answers, neverAnswers, type PhoneScript } from "../../../fixtures/switch/phone-script.js";
import { Board } from "../../../fixtures/web/live-board.js";
import type { FeedReader } from "../../feed/feed.js";
import type { FeedCall } from "../../feed/protocol.js";
import { readLine, TOPICS } from "../../feed/protocol.js";
import { FeedView } from "../../feed/reading.js";
import { Snapshots } from "./encoded.js";
import { callEvent, phoneEvent } from "./event-forms.js";
import { type HubDeps, LiveHub } from "./hub.js";
import type { Sight } from "./sight.js";
import { Viewer } from "./viewer.js";

vi.mock("./event-forms.js", { spy: true });
afterEach(() => {
  vi.clearAllMocks();
});

const OFFICE = office(
  [
    { kind: "ring", target: { kind: "group", id: "sales" }, timeoutMs: 20_000, skip: false },
    { kind: "hangup", reason: "no_answer" },
  ],
  {
    users: [
      user("alice", [sipDevice("alice-desk")]),
      user("bobby", [sipDevice("bobby-desk")], { extension: "102" }),
      user("carol", [sipDevice("carol-desk")]),
    ],
    groups: [group("sales", ["alice", "bobby"]), group("support", ["carol"])],
  },
);

const PHONES: Record<string, PhoneScript> = {
  "alice-desk": answers({ afterMs: 3_000, hangupAfterMs: 10_000 }),
  "bobby-desk": neverAnswers(),
  "carol-desk": neverAnswers(),
};

const ALL: Sight = { username: "admin", groups: null, carriers: true };
const BOBBY: Sight = { username: "bobby", groups: new Set(["sales", "all-users"]), carriers: false };
const CAROL: Sight = { username: "carol", groups: new Set(["support", "all-users"]), carriers: false };

/** Feeds the hub as a socket does. */
function openTo(stage: () => EngineStage["engine"] | null): HubDeps["open"] {
  return ({ onLine, onAway }) => {
    const reader: FeedReader = {
      queuedBytes: 0,
      write: (bytes) => {
        for (const text of Buffer.from(bytes).toString("utf8").split("\n").slice(0, -1)) {
          const line = readLine(text);
          if (line === undefined) throw new Error(`not in the protocol: ${text}`);
          if (!onLine(line, text)) throw new Error(`a gap before ${text}`);
        }
      },
      end: (why) => onAway(why, false),
    };
    const engine = stage();
    if (engine === null) {
      onAway("no engine runs there", false);
      return () => {};
    }
    const leave = engine.feed.join(reader, TOPICS);
    if (leave === "too_many_readers") throw new Error(leave);
    return leave;
  };
}

async function opened() {
  const stage = await openStage(OFFICE, PHONES);
  let revision = 1;
  const sights = new Map<string, Sight | undefined>();
  const hub = new LiveHub({
    clock: stage.clock,
    open: openTo(() => stage.engine),
    revision: async () => revision,
  });
  const watch = (sight: Sight) => {
    const gone = new AbortController();
    sights.set(sight.username, sight);
    const events = hub.watch(sight, async () => sights.get(sight.username), gone.signal);
    if (events === undefined) throw new Error("no place");
    return { board: new Board(events, () => stage.clock.nowMs()), gone };
  };
  /** Lets time pass, and what waits for it be done. */
  const pass = async (ms: number, step = 20) => {
    for (let passed = 0; passed < ms; passed += step) {
      stage.clock.advanceBy(step);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  };
  const change = (username: string, sight: Sight | undefined) => {
    revision += 1;
    sights.set(username, sight);
  };
  return { stage, hub, watch, pass, change };
}

describe("a call", () => {
  it("is told to those whom it concerns as it goes on, and to nobody else", async () => {
    const { stage, watch, pass } = await opened();
    const [all, bobby, carol] = [watch(ALL).board, watch(BOBBY).board, watch(CAROL).board];
    await pass(1_000);
    const id = stage.engine.calls.list()[0]?.state.id ?? "";
    for (const board of [all, bobby])
      expect(board.calls.get(id)).toMatchObject({
        ...{ direction: "in", from: "+19175550199", called: NUMBER, state: "ringing" },
        rings: [
          { who: "alice", device: "alice-desk", state: "rings" },
          { who: "bobby", device: "bobby-desk", state: "rings" },
        ],
      });
    await pass(3_000);
    expect(bobby.calls.get(id)).toMatchObject({ state: "talking", talks: { who: "alice" } });
    await pass(12_000);
    expect([all.calls.size, bobby.calls.size]).toEqual([0, 0]);
    expect(bobby.names).toContain("call_ended");
    expect(JSON.stringify(carol.told)).not.toContain("+19175550199");
    expect(carol.names.filter((name) => name.startsWith("call"))).toEqual([]);
  });

  it("is on the board within 300 ms: that it has come, rings, talks and is over", async () => {
    const { stage, watch, pass } = await opened();
    const { board } = watch(ALL);
    await pass(1_000);
    const before = board.told.length;
    const cameMs = stage.clock.nowMs();
    stage.sw.call({ dialled: NUMBER, callerNumber: "+13105550123", context: "inbound" });
    await pass(20_000);
    const states = new Map<string, number>();
    for (const { event, data, atMs } of board.told.slice(before)) {
      const call = data["call"] as { from: string; state: string } | undefined;
      if (event === "call" && call?.from === "+13105550123" && !states.has(call.state))
        states.set(call.state, atMs);
    }
    const { call } = stage.happenings.find(({ what, atMs }) => what.kind === "began" && atMs >= cameMs) ?? {};
    const happened = (kind: string) =>
      stage.happenings.find((each) => each.what.kind === kind && each.call === call)?.atMs ?? 0;
    for (const [state, kind] of [
      ["ringing", "leg_dialled"],
      ["talking", "connected"],
    ] as const)
      expect((states.get(state) ?? Number.POSITIVE_INFINITY) - happened(kind), state).toBeLessThanOrEqual(
        300,
      );
    const ended = board.told.find(({ event, data }) => event === "call_ended" && data["id"] === call);
    expect((ended?.atMs ?? Number.POSITIVE_INFINITY) - happened("ended")).toBeLessThanOrEqual(300);
  });
});

describe("phones, groups and figures", () => {
  it("are one's own, those of one's groups, and for those who see all", async () => {
    const { watch, pass } = await opened();
    const [all, bobby, carol] = [watch(ALL).board, watch(BOBBY).board, watch(CAROL).board];
    await pass(1_500);
    expect([...all.phones.keys()].sort()).toEqual(["alice-desk", "bobby-desk", "carol-desk"]);
    expect([...bobby.phones.keys()]).toEqual(["bobby-desk"]);
    expect([...carol.phones.keys()]).toEqual(["carol-desk"]);
    expect([...all.groups.keys()].sort()).toEqual(["sales", "support"]);
    expect([...bobby.groups.keys()]).toEqual(["sales"]);
    expect(bobby.groups.get("sales")).toMatchObject({ waits: 1, member_count: 2, reachable: 2 });
    expect([all.names.includes("figures"), bobby.names.includes("figures")]).toEqual([true, false]);
    expect(bobby.told[0]?.data).toMatchObject({ scope: "groups", carriers: null, figures: null });
  });
});

describe("a viewer", () => {
  it("who came first knows what one who comes now is told", async () => {
    const { stage, watch, pass } = await opened();
    const first = watch(BOBBY).board;
    for (let step = 0; step < 30; step++) {
      await pass(400);
      const now = watch(BOBBY);
      await pass(20);
      for (const of of ["calls", "phones", "groups"] as const)
        expect([step, of, [...first[of]].sort()]).toEqual([step, of, [...now.board[of]].sort()]);
      now.gone.abort();
      if (step === 3) stage.sw.call({ dialled: NUMBER, callerNumber: "+13105550123", context: "inbound" });
    }
  });

  it("who gets or loses a group sees so within a second, by a snapshot", async () => {
    const { watch, pass, change } = await opened();
    const { board } = watch(CAROL);
    await pass(1_000);
    expect(board.calls.size).toBe(0);
    change("carol", { ...CAROL, groups: new Set(["sales"]) });
    await pass(1_020);
    expect([board.names.filter((name) => name === "snapshot").length, board.calls.size]).toEqual([2, 1]);
    change("carol", CAROL);
    await pass(1_020);
    expect(board.calls.size).toBe(0);
  });

  it("who may see nothing any more is let go within a second", async () => {
    const { watch, pass, change, hub } = await opened();
    const { board } = watch(CAROL);
    await pass(1_000);
    change("carol", undefined);
    await pass(1_020);
    expect([board.isOver, hub.viewers]).toEqual([true, 0]);
  });

  it("who is gone before the first event leaves nothing behind", async () => {
    const { hub, pass } = await opened();
    const gone = new AbortController();
    hub.watch(ALL, async () => ALL, gone.signal);
    gone.abort();
    await pass(100);
    expect(hub.viewers).toBe(0);
  });

  it("who takes nothing gets a snapshot instead of all that was", async () => {
    const { stage, hub, pass } = await opened();
    const gone = new AbortController();
    const events = hub.watch(ALL, async () => ALL, gone.signal)?.[Symbol.asyncIterator]();
    await pass(1_000);
    expect((await events?.next())?.value.event).toBe("snapshot");
    for (let call = 0; call < 300; call++) {
      stage.sw.call({ dialled: NUMBER, callerNumber: `+1310555${1000 + call}`, context: "inbound" });
      await pass(100, 100);
    }
    const next = await events?.next();
    expect(next?.value).toMatchObject({ event: "snapshot", data: { seq: 2 } });
    gone.abort();
  });
});

describe("the feed", () => {
  it("is read once for all viewers, and not any more when they have gone for a while", async () => {
    const { stage, hub, watch, pass } = await opened();
    const viewers = Array.from({ length: 50 }, () => watch(ALL));
    await pass(1_500);
    const figures = viewers[0]?.board.told.find(({ event }) => event === "figures")?.data["figures"];
    expect(figures).toMatchObject({ calls: { all: 1 } });
    expect(hub.viewers).toBe(50);
    for (const { gone } of viewers) gone.abort();
    await pass(11_000);
    expect(hub.viewers).toBe(0);
    stage.link.lines.length = 0;
    await pass(5_000);
    expect(stage.link.lines).not.toContain("uptime");
  });

  it("that cannot be read is said to be away, and comes back with a snapshot", async () => {
    const stage = await openStage(OFFICE, PHONES);
    let engine: EngineStage["engine"] | null = null;
    let handlers: Parameters<HubDeps["open"]>[0] | undefined;
    const open = openTo(() => engine);
    const hub = new LiveHub({
      clock: stage.clock,
      revision: async () => 1,
      open: (given) => {
        handlers = given;
        return open(given);
      },
    });
    const events = hub.watch(ALL, async () => ALL, new AbortController().signal);
    if (events === undefined || handlers === undefined) throw new Error("no place");
    const board = new Board(events, () => stage.clock.nowMs());
    const settle = async () => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    };
    await settle();
    expect(board.told).toMatchObject([{ event: "away", data: { why: "no engine runs there" } }]);
    engine = stage.engine;
    open(handlers);
    stage.clock.advanceBy(200);
    await settle();
    expect(board.names).toEqual(["away", "snapshot"]);
    handlers.onAway("the engine has closed the connection", false);
    await settle();
    expect(board.names.at(-1)).toBe("away");
    hub.close();
    await settle();
    expect(board.isOver).toBe(true);
  });
});

describe("who asks once which phones are reachable", () => {
  it("is told what the engine knows, with viewers and without", async () => {
    const { hub, pass } = await opened();
    const asked = hub.phones();
    await pass(1_000);
    const phones = await asked;
    expect([...(phones ?? [])].map(([sip]) => sip).sort()).toEqual([
      "alice-desk",
      "bobby-desk",
      "carol-desk",
    ]);
  });

  it("waits a second for an engine that says nothing, and is told that nobody can tell", async () => {
    const { pass, stage } = await opened();
    const hub = new LiveHub({ clock: stage.clock, open: () => () => {}, revision: async () => 1 });
    let told: unknown = "nothing yet";
    void hub.phones().then((phones) => {
      told = phones;
    });
    await pass(900);
    expect(told).toBe("nothing yet");
    await pass(200);
    expect(told).toBeNull();
  });

  it("waits no longer than it wants", async () => {
    const { pass, stage } = await opened();
    const hub = new LiveHub({ clock: stage.clock, open: () => () => {}, revision: async () => 1 });
    let told: unknown = "nothing yet";
    void hub.phones(150).then((phones) => {
      told = phones;
    });
    await pass(200);
    expect(told).toBeNull();
  });

  it("is told at once that no engine runs", async () => {
    const { stage } = await opened();
    const open = openTo(() => null);
    const hub = new LiveHub({ clock: stage.clock, open, revision: async () => 1 });
    expect(await hub.phones()).toBeNull();
  });
});

describe("two hundred viewers", () => {
  it("are told what was written once for all of them", async () => {
    const { stage, watch, pass } = await opened();
    for (let nth = 0; nth < 200; nth += 1) watch(nth % 2 === 0 ? ALL : BOBBY);
    await pass(1_000);
    stage.sw.call({ dialled: NUMBER, callerNumber: "+13105550123", context: "inbound" });
    await pass(4_000);
    for (const form of [callEvent, phoneEvent]) {
      const written = vi.mocked(form as (thing: object) => object).mock.calls.map(([thing]) => thing);
      expect(written.length).toBeGreaterThan(1);
      expect(new Set(written).size).toBe(written.length);
    }
  });
});

describe("who is slow", () => {
  it("has only so much text waiting; then a snapshot counts", async () => {
    const view = new FeedView();
    const [office, engine] = [
      { name: "Acme", timezone: "UTC" },
      { id: "e1", startedMs: 0 },
    ];
    const snapshot = { v: 1, kind: "snapshot", seq: 1, atMs: 0, office, engine } as never;
    view.take({ is: "snapshot", snapshot });
    const viewer = new Viewer(view, new Snapshots(view), ALL, null);
    const events = viewer.events();
    expect((await events.next()).value?.event).toBe("snapshot");
    const call = (nth: number) =>
      ({
        id: `${nth}`,
        name: "x".repeat(10_000),
        sinceMs: 0,
        stateSinceMs: 0,
        rings: [],
        about: [],
        talks: null,
      }) as never as FeedCall;
    for (let nth = 0; nth < 20; nth += 1)
      viewer.take({ kind: "call_began", seq: nth, call: call(nth) } as never);
    expect((await events.next()).value?.event).toBe("call");
    for (let nth = 20; nth < 40; nth += 1)
      viewer.take({ kind: "call_began", seq: nth, call: call(nth) } as never);
    expect((await events.next()).value?.event).toBe("snapshot");
  });
});
