/**
 * Goal: many who ask at once are one question to the database, and nobody is told what was so before they asked, but for a
 * quarter of a second of what other programs write. Method: questions whose answers the test gives.
 */
import { expect, it } from "vitest";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import { LookedUp, together } from "./looked-up.js";

function lookedUp() {
  const clock = new VirtualClock(0);
  const store = { writes: 0 };
  let asked = 0;
  const known = new LookedUp<number>({ store, clock } as never);
  const get = (key: string) =>
    known.get(key, async () => {
      asked += 1;
      return asked;
    });
  return { clock, store, get };
}

it("what was looked up is known for a quarter of a second, each by its key", async () => {
  const { clock, get } = lookedUp();
  expect(await Promise.all([get("a"), get("a"), get("b")])).toEqual([1, 1, 2]);
  clock.advanceBy(249);
  expect(await get("a")).toBe(1);
  clock.advanceBy(1);
  expect(await get("a")).toBe(3);
});

it("any write of this process has it looked up again", async () => {
  const { store, get } = lookedUp();
  expect(await get("a")).toBe(1);
  store.writes += 1;
  expect(await get("a")).toBe(2);
});

it("a failure is not kept", async () => {
  const { store, clock } = { store: { writes: 0 }, clock: new VirtualClock(0) };
  const known = new LookedUp<number>({ store, clock } as never);
  await expect(known.get("a", () => Promise.reject(new Error("locked")))).rejects.toThrow("locked");
  expect(await known.get("a", async () => 1)).toBe(1);
});

it("those who ask while an answer is on its way share the next one, which is asked for after them", async () => {
  const answers: ((value: number) => void)[] = [];
  const ask = together(() => new Promise<number>((resolve) => void answers.push(resolve)));
  const first = ask();
  const others = [ask(), ask(), ask()];
  expect(answers.length).toBe(1);
  answers[0]?.(1);
  expect(await first).toBe(1);
  await Promise.resolve();
  expect(answers.length).toBe(2);
  answers[1]?.(2);
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  const later = ask();
  answers[2]?.(3);
  expect(await later).toBe(3);
});
