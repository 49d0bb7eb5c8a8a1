/** Nudging is on while a person waits for a call's next event and a moment longer, and off otherwise. */
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { LINGER_MS, Nudging } from "./nudging.js";

function setup() {
  const clock = new VirtualClock();
  const said: boolean[] = [];
  return { clock, said, nudging: new Nudging(clock, (on) => said.push(on)) };
}

describe("nudging", () => {
  it("begins with the first call that waits, and ends a while after the last", () => {
    const { clock, said, nudging } = setup();
    nudging.set("a", true);
    nudging.set("b", true);
    nudging.set("a", false);
    clock.advanceBy(10 * LINGER_MS);
    expect(said).toEqual([true]);
    nudging.set("b", false);
    clock.advanceBy(LINGER_MS - 1);
    expect(said).toEqual([true]);
    clock.advanceBy(1);
    expect(said).toEqual([true, false]);
  });

  it("goes on without a break when another call comes meanwhile", () => {
    const { clock, said, nudging } = setup();
    nudging.set("a", true);
    nudging.set("a", false);
    clock.advanceBy(LINGER_MS / 2);
    nudging.set("b", true);
    clock.advanceBy(10 * LINGER_MS);
    expect(said).toEqual([true]);
  });

  it("does not count a call twice, nor one that never waited", () => {
    const { clock, said, nudging } = setup();
    nudging.set("a", true);
    nudging.set("a", true);
    nudging.set("c", false);
    nudging.set("a", false);
    clock.advanceBy(LINGER_MS);
    nudging.set("a", false);
    expect(said).toEqual([true, false]);
  });
});
