/** The switch is asked to be quick while it matters, and not for ever. */
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { Attention, LINGER_MS } from "./nudging.js";

function setup() {
  const clock = new VirtualClock();
  const said: boolean[] = [];
  return { clock, said, attention: new Attention(clock, (on) => said.push(on)) };
}

describe("attention", () => {
  it("begins with the first call that waits, and ends a while after the last", () => {
    const { clock, said, attention } = setup();
    attention.set("a", true);
    attention.set("b", true);
    attention.set("a", false);
    clock.advanceBy(10 * LINGER_MS);
    expect(said).toEqual([true]);
    attention.set("b", false);
    clock.advanceBy(LINGER_MS - 1);
    expect(said).toEqual([true]);
    clock.advanceBy(1);
    expect(said).toEqual([true, false]);
  });

  it("goes on without a break when another call comes meanwhile", () => {
    const { clock, said, attention } = setup();
    attention.set("a", true);
    attention.set("a", false);
    clock.advanceBy(LINGER_MS / 2);
    attention.set("b", true);
    clock.advanceBy(10 * LINGER_MS);
    expect(said).toEqual([true]);
  });

  it("does not count a call twice, nor one that never waited", () => {
    const { clock, said, attention } = setup();
    attention.set("a", true);
    attention.set("a", true);
    attention.set("c", false);
    attention.set("a", false);
    clock.advanceBy(LINGER_MS);
    attention.set("a", false);
    expect(said).toEqual([true, false]);
  });
});
