/** Goal: what people set by hand counts within a second, also after trouble with the database. Method: a virtual clock. */
import pino from "pino";
import { expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { ByHand } from "../../storage/by-hand.js";
import { BY_HAND_POLL_MS, CallMemory } from "./memory.js";

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
    remember: async () => {},
    readByHand: async () => {
      if (set.fails === true) throw new Error("busy");
      return set.rows;
    },
  };
  const memory = new CallMemory(store, clock, log);
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

it("after it is closed nothing is read any more", async () => {
  const set: { rows: ByHand[] } = { rows: [] };
  const { memory, poll } = await setup(set);
  memory.close();
  set.rows = [OPEN];
  await poll();
  expect(memory.byHand("schedule", "practice")).toBeUndefined();
});
