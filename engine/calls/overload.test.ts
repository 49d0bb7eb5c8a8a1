/**
 * Goal: new calls are refused while calls are carried late for some time, by whatever they are late, and are taken again
 * soon after. Method: a table of what the switch and our own timers do at each look, on a virtual clock.
 */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Reply } from "../switch/wire.js";
import { LATE_MS, LOOK_MS, OVER_MS, Overload, USUAL_MS } from "./overload.js";

const OK: Reply = { outcome: "ok", text: "1" };

/** @param callsALook how many calls arrive between two looks */
function stage(callsALook = 4) {
  const clock = new VirtualClock();
  let [replyMs, stallMs, sent] = [0, 0, 0];
  const said: string[] = [];
  const log = pino(
    { level: "info" },
    { write: (line) => said.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const overload = new Overload({
    link: {
      send: (_command, done) => {
        sent += 1;
        clock.after(replyMs, () => done(OK));
      },
    },
    // The event loop stands still: whatever is due comes so much later.
    clock: { ...bound(clock), after: (ms, fire) => clock.after(ms + stallMs, fire) },
    log,
  });
  const call = (mayBeRefused = true) => overload.refuses("call", () => mayBeRefused);
  /** Lets time pass in which calls arrive; returns how many of them were refused. */
  const pass = (ms: number): number => {
    let refused = 0;
    const everyMs = LOOK_MS / callsALook;
    for (let passedMs = 0; passedMs < ms; passedMs += everyMs) {
      if (call()) refused += 1;
      clock.advanceBy(everyMs);
    }
    return refused;
  };
  return {
    clock,
    overload,
    call,
    pass,
    said,
    sent: () => sent,
    slow: (ms: number) => (replyMs = ms),
    stalled: (ms: number) => (stallMs = ms),
  };
}

function bound(clock: VirtualClock) {
  return { nowMs: () => clock.nowMs(), cancel: clock.cancel.bind(clock) };
}

describe("new calls", () => {
  it.each<[string, number, { replyMs?: number; stallMs?: number; forMs: number }, boolean]>([
    ["are taken when all is in time", 4, { forMs: 5_000 }, false],
    ["are taken when replies are later than usual", 4, { replyMs: LATE_MS - 50, forMs: 5_000 }, false],
    ["are refused when replies are late", 4, { replyMs: LATE_MS + 50, forMs: 5_000 }, true],
    ["are refused when no reply comes at all", 4, { replyMs: 60_000, forMs: 5_000 }, true],
    ["are refused when the engine itself is late", 4, { stallMs: LATE_MS + 50, forMs: 5_000 }, true],
    ["are taken when the machine stood still for a moment", 4, { stallMs: 900, forMs: 900 }, false],
    ["are taken when there are few of them", 1, { replyMs: 60_000, forMs: 5_000 }, false],
  ])("%s", (_what, callsALook, { replyMs = 0, stallMs = 0, forMs }, expected) => {
    const { pass, slow, stalled, overload } = stage(callsALook);
    pass(1_000);
    slow(replyMs);
    stalled(stallMs);
    const refused = pass(forMs);
    expect(refused > 0).toBe(expected);
    slow(0);
    stalled(0);
    pass(1_000 + LATE_MS);
    expect(overload.figures.isFull && replyMs < 60_000).toBe(false);
  });

  it("are taken again within a second after replies are as usual", () => {
    const { pass, slow } = stage();
    slow(1_000);
    expect(pass(4_000)).toBeGreaterThan(0);
    slow(USUAL_MS / 2);
    pass(2_000);
    expect(pass(10_000)).toBe(0);
  });

  it("stay refused while replies are between usual and late: no wavering", () => {
    const { pass, slow, said } = stage();
    slow(1_000);
    pass(4_000);
    slow((LATE_MS + USUAL_MS) / 2);
    const calls = 8_000 / (LOOK_MS / 4);
    expect(pass(8_000)).toBe(calls);
    expect(said).toHaveLength(1);
  });

  it("are not refused that must not be", () => {
    const { pass, slow, call, overload } = stage();
    slow(1_000);
    pass(4_000);
    const { refused } = overload.figures;
    expect(call(false)).toBe(false);
    expect(overload.figures).toEqual({ isFull: true, refused });
    expect(call(true)).toBe(true);
  });

  it("are taken after the connection was lost", () => {
    const { pass, slow, call, overload } = stage();
    slow(60_000);
    pass(4_000);
    expect(call()).toBe(true);
    overload.reset();
    slow(0);
    expect(pass(3_000)).toBe(0);
  });
});

describe("what it costs", () => {
  it("is nothing while single calls arrive, and when none do", () => {
    const { clock, call, sent } = stage();
    for (let n = 0; n < 100; n += 1) {
      call();
      clock.advanceBy(1_000);
    }
    expect(sent()).toBe(0);
    expect(clock.step()).toBe(false);
  });

  it("is one small command a look otherwise, and one at a time", () => {
    const { pass, sent, slow } = stage();
    pass(10_000);
    expect(sent()).toBeLessThanOrEqual(10_000 / LOOK_MS);
    slow(60_000);
    const before = sent();
    pass(10_000);
    expect(sent() - before).toBeLessThanOrEqual(1);
  });
});

describe("the log", () => {
  it("tells of an overload once, though it comes and goes, and of its end", () => {
    const { pass, slow, said, clock } = stage();
    for (let n = 0; n < 5; n += 1) {
      slow(1_000);
      pass(3_000);
      slow(0);
      pass(2_000);
    }
    expect(said).toEqual([expect.stringContaining("new ones are refused")]);
    clock.advanceBy(OVER_MS + 2 * LOOK_MS);
    expect(said).toEqual([expect.anything(), expect.stringContaining("in time again")]);
    expect(clock.step()).toBe(false);
  });
});
