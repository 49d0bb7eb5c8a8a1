/** Goal: what people set by hand counts within a second, also after trouble with the database. Method: a virtual clock. */
import pino from "pino";
import { describe, expect, it } from "vitest";
import { group, office } from "../../fixtures/core/scene.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Rename } from "../../policy/change/renaming.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { ByHand } from "../../storage/by-hand.js";
import type { Remembered } from "../../storage/memory.js";
import { BY_HAND_POLL_MS, CallMemory, WRITE_MS } from "./memory.js";

const OPEN: ByHand = {
  kind: "schedule",
  id: "practice",
  value: { state: "open" },
  untilMs: null,
  author: "ann",
  sinceMs: 5,
};

async function setup(set: { rows: ByHand[]; fails?: boolean }) {
  const clock = new VirtualClock();
  const lines: Array<{ msg: string }> = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  const store = {
    readMemory: async () => [],
    renamesBetween: async () => [],
    remember: async () => {},
    readByHand: async () => {
      if (set.fails === true) throw new Error("busy");
      return set.rows;
    },
  };
  const memory = new CallMemory(store, clock, log, () => RoutingTable.empty());
  await memory.open();
  const poll = async () => {
    clock.advanceTo(clock.nowMs() + BY_HAND_POLL_MS);
    // What was read arrives, and the next look is armed.
    for (let n = 0; n < 10; n += 1) await Promise.resolve();
  };
  return { memory, poll, said: () => lines.map(({ msg }) => msg) };
}

it("what was set before the engine started counts at once", async () => {
  const { memory } = await setup({ rows: [OPEN] });
  expect(memory.byHand("schedule", "practice")).toMatchObject({ value: { state: "open" }, untilMs: null });
  expect(memory.byHand("schedule", "reception")).toBeUndefined();
  expect(memory.byHand("other", "practice")).toBeUndefined();
});

it("what is set and taken back later counts at the next look, and is said once", async () => {
  const set: { rows: ByHand[] } = { rows: [] };
  const { memory, poll, said } = await setup(set);
  set.rows = [OPEN];
  await poll();
  await poll();
  expect(memory.byHand("schedule", "practice")?.value).toEqual({ state: "open" });
  set.rows = [];
  await poll();
  expect(memory.byHand("schedule", "practice")).toBeUndefined();
  expect(said()).toEqual(["set by hand", "no longer set by hand"]);
});

it("a database that cannot be read changes nothing, and is asked again", async () => {
  const set = { rows: [OPEN], fails: false };
  const { memory, poll } = await setup(set);
  set.fails = true;
  set.rows = [];
  await poll();
  expect(memory.byHand("schedule", "practice")).toBeDefined();
  set.fails = false;
  await poll();
  expect(memory.byHand("schedule", "practice")).toBeUndefined();
});

describe("what calls leave behind", () => {
  const answered = (username: string, atMs: number) => ({ kind: "answered", username, atMs }) as const;
  const turn = (username: string) => ({ kind: "rung_first", group: "sales", username }) as const;
  const talked = (untilMs: number) =>
    ({ kind: "outside_call", channel: "c", payer: "user:ann", answeredMs: 1, untilMs }) as const;

  function writing(fails = false) {
    const clock = new VirtualClock();
    const written: unknown[][] = [];
    const store = {
      readMemory: async () => [],
      renamesBetween: async () => [],
      readByHand: async () => [],
      remember: async (...all: readonly unknown[]) => {
        if (fails) throw new Error("busy");
        written.push([...all]);
      },
    };
    return {
      clock,
      written,
      memory: new CallMemory(store, clock, pino({ level: "silent" }), () => RoutingTable.empty()),
    };
  }

  it("counts at once, and is written together once a second, each as it was last", () => {
    const { clock, written, memory } = writing();
    for (let n = 0; n < 50; n += 1) memory.remember(answered("ann", n));
    memory.remember(turn("ann"));
    memory.remember(turn("bob"));
    expect([memory.answeredMs("ann"), memory.rungFirst("sales")]).toEqual([49, "bob"]);
    expect(written).toEqual([]);
    clock.advanceBy(WRITE_MS);
    expect(written).toEqual([[answered("ann", 49), turn("bob")]]);
    clock.advanceBy(10 * WRITE_MS);
    expect(written).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it("is written at once if it costs money", () => {
    const { written, memory } = writing();
    memory.remember(talked(5));
    memory.remember(talked(9));
    expect(written).toEqual([[talked(5)], [talked(9)]]);
  });

  it("is written before the next engine starts", async () => {
    const { written, memory, clock } = writing();
    memory.remember(answered("ann", 1));
    await memory.close();
    expect(written).toEqual([[answered("ann", 1)]]);
    memory.remember(answered("bob", 1));
    expect(clock.pending).toBe(0);
  });

  it("is lost for the next start, and for no call, if the database is busy", async () => {
    const { memory, clock } = writing(true);
    memory.remember(answered("ann", 1));
    clock.advanceBy(WRITE_MS);
    await memory.close();
    expect(memory.answeredMs("ann")).toBe(1);
  });
});

it("after it is closed nothing is read any more", async () => {
  const set: { rows: ByHand[] } = { rows: [] };
  const { memory, poll } = await setup(set);
  await memory.close();
  set.rows = [OPEN];
  await poll();
  expect(memory.byHand("schedule", "practice")).toBeUndefined();
});

describe("the turn of a group that is renamed", () => {
  const RENAME: Rename = { kind: "group", from: "sales", to: "verkauf" };
  const turn = (id: string, username: string) => ({ kind: "rung_first", group: id, username }) as const;
  const withGroups = (revision: number, ...ids: string[]) =>
    RoutingTable.of(office([], { groups: ids.map((id) => group(id, ["ann", "bob"])) }), revision);

  /** An engine that runs on revision 1, where whoever is named was rung first; `rename` makes revision 2. */
  async function renaming(kept: readonly Remembered[] = [turn("sales", "ann")]) {
    const clock = new VirtualClock();
    let table = withGroups(1, "sales");
    let isBusy = false;
    const written: Remembered[] = [];
    const store = {
      readMemory: async () => [...kept],
      readByHand: async () => [],
      renamesBetween: async (after: number, upTo: number = 9) => {
        if (isBusy) throw new Error("busy");
        return after < 2 && upTo >= 2 ? [RENAME] : [];
      },
      remember: async (...all: readonly Remembered[]) => void written.push(...all),
    };
    const memory = new CallMemory(store, clock, pino({ level: "silent" }), () => table);
    await memory.open();
    const live = async (next: RoutingTable, busy = false) => {
      isBusy = busy;
      table = next;
      await memory.officeChanged(next);
    };
    return { memory, clock, written, live };
  }

  it("goes on under the new id, also for calls that know the old one", async () => {
    const { memory, live } = await renaming();
    await live(withGroups(2, "verkauf"));
    expect([memory.rungFirst("verkauf"), memory.rungFirst("sales")]).toEqual(["ann", "ann"]);
    memory.remember(turn("sales", "bob"));
    expect(memory.rungFirst("verkauf")).toBe("bob");
  });

  it("is written under the new id", async () => {
    const { memory, clock, written, live } = await renaming();
    memory.remember(turn("sales", "bob"));
    await live(withGroups(2, "verkauf"));
    clock.advanceBy(WRITE_MS);
    expect(written).toEqual([turn("verkauf", "bob")]);
  });

  it("is not that of another group that gets the old id later", async () => {
    const { memory, live } = await renaming();
    await live(withGroups(2, "verkauf"));
    await live(withGroups(3, "sales", "verkauf"));
    expect(memory.rungFirst("sales")).toBeUndefined();
    memory.remember(turn("sales", "bob"));
    expect(memory.rungFirst("verkauf")).toBe("ann");
  });

  it("is found with the next revision if the database was busy", async () => {
    const { memory, live } = await renaming();
    await live(withGroups(2, "verkauf"), true);
    await live(withGroups(3, "verkauf"));
    expect(memory.rungFirst("verkauf")).toBe("ann");
  });
});
