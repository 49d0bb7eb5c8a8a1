/** Goal: guessing passwords is pointless and locks out no other phone. Method: failures in a row on a virtual clock. */
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import {
  ADDRESS_LOCK_MS,
  FAILURES_MAX,
  FIRST_LOCK_MS,
  FORGET_MS,
  LOCK_MAX_MS,
  NAMES_MAX,
  SignInGuard,
} from "./sign-in-guard.js";

const HERE = "203.0.113.9";

function setUp() {
  const clock = new VirtualClock();
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const guard = new SignInGuard(clock, log);
  const fail = (times: number, name = "alice-desk", address = HERE) => {
    for (let n = 0; n < times; n++) guard.failed(address, name);
  };
  return { clock, guard, fail, lines };
}

describe("a name at an address", () => {
  it("waits after so many failures, and not before", () => {
    const { guard, fail } = setUp();
    fail(FAILURES_MAX - 1);
    expect(guard.refuses(HERE, "alice-desk")).toBe(false);
    expect(guard.failed(HERE, "alice-desk")).toBe(true);
    expect(guard.refuses(HERE, "alice-desk")).toBe(true);
  });

  it("waits twice as long each time, and at last no longer than a quarter of an hour", () => {
    const { clock, guard, fail } = setUp();
    fail(FAILURES_MAX);
    const waits: number[] = [];
    for (let round = 0; round < 9; round++) {
      const fromMs = clock.nowMs();
      while (guard.refuses(HERE, "alice-desk")) clock.advanceBy(1_000);
      waits.push(clock.nowMs() - fromMs);
      fail(1);
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8].map((times) => times * FIRST_LOCK_MS));
    expect(Math.max(...waits)).toBe(LOCK_MAX_MS);
  });

  it("does not wait longer for trying while it waits", () => {
    const { clock, guard, fail } = setUp();
    fail(FAILURES_MAX);
    fail(1_000);
    clock.advanceBy(FIRST_LOCK_MS);
    expect(guard.refuses(HERE, "alice-desk")).toBe(false);
    expect(guard.counts.failed).toBe(FAILURES_MAX);
  });

  it("is forgiven when it signs in, and after an hour", () => {
    for (const forgive of [
      ({ guard }: ReturnType<typeof setUp>) => guard.succeeded(HERE, "alice-desk"),
      ({ clock }: ReturnType<typeof setUp>) => clock.advanceBy(FORGET_MS + 1),
    ]) {
      const scene = setUp();
      scene.fail(FAILURES_MAX - 1);
      forgive(scene);
      scene.fail(FAILURES_MAX - 1);
      expect(scene.guard.refuses(HERE, "alice-desk")).toBe(false);
    }
  });

  it("keeps nobody else out: not the same name elsewhere, not another name here", () => {
    const { guard, fail } = setUp();
    fail(100);
    expect(guard.refuses("198.51.100.1", "alice-desk")).toBe(false);
    expect(guard.refuses(HERE, "bob-desk")).toBe(false);
    expect(guard.isLockedAnywhere("alice-desk")).toBe(true);
    expect(guard.isLockedAnywhere("bob-desk")).toBe(false);
  });
});

describe("an address", () => {
  it("that fails with many names waits with all but those that have signed in from it", () => {
    const { clock, guard, fail } = setUp();
    guard.succeeded(HERE, "reception");
    for (let n = 0; n < NAMES_MAX; n++) fail(1, `guess-${n}`);
    expect(guard.refuses(HERE, "alice-desk")).toBe(true);
    expect(guard.refuses(HERE, "reception")).toBe(false);
    expect(guard.refuses("198.51.100.1", "alice-desk")).toBe(false);
    clock.advanceBy(ADDRESS_LOCK_MS);
    expect(guard.refuses(HERE, "alice-desk")).toBe(false);
  });

  it("of an office whose phones have old passwords, all of them known, never waits as a whole", () => {
    const { guard, fail } = setUp();
    for (let n = 0; n < 3 * NAMES_MAX; n++) guard.succeeded(HERE, `desk-${n}`);
    for (let n = 0; n < 3 * NAMES_MAX; n++) fail(1, `desk-${n}`);
    expect(guard.refuses(HERE, "new-desk")).toBe(false);
  });
});

describe("the log", () => {
  it("has one line a failure, address first, and one when the wait begins", () => {
    const { fail, lines } = setUp();
    fail(FAILURES_MAX + 10);
    expect(lines.map(({ msg }) => msg)).toEqual([
      ...Array.from({ length: FAILURES_MAX }, () => "sign-in failed"),
      "sign-in locked",
    ]);
    expect(Object.keys(lines[0] ?? {})).toEqual(["level", "time", "address", "user", "failures", "msg"]);
  });

  it("cannot be made to name another address by a name that looks like a line", () => {
    const written: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => void written.push(line) });
    const guard = new SignInGuard(new VirtualClock(), log);
    guard.failed(HERE, '","address":"192.0.2.1","user":"x\n{"level":40,"address":"192.0.2.1"');
    expect(written).toHaveLength(1);
    expect(written[0]?.trimEnd().includes("\n")).toBe(false);
    expect(/^\{"level":40,"time":\d+,"address":"([^"]*)","user":/.exec(written[0] ?? "")?.[1]).toBe(HERE);
  });
});

describe("memory", () => {
  it("stays bounded, and a name that fails right now is remembered, whatever else there was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20_001, max: 40_000 }), (others) => {
        const { guard } = setUp();
        guard.counts.failed = 0;
        for (let n = 0; n < others; n += 7) guard.failed(`10.0.${n >> 8}.${n & 255}`, "x");
        for (let n = 0; n < FAILURES_MAX; n++) guard.failed(HERE, "alice-desk");
        expect(guard.refuses(HERE, "alice-desk")).toBe(true);
      }),
      { numRuns: 3 },
    );
  });
});
