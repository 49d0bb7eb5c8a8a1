/** Goal: guesses get slow, and nobody is slowed for ever. Method: a table of waits, days of guessing in no time, properties. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressOwner, counted, type GuessScope, officeKey, SLOWING, waitMs } from "./slowing.js";

const SCOPES: readonly GuessScope[] = ["account", "address", "browser", "office"];

it.each<[GuessScope, number, number]>([
  ["account", 4, 0],
  ["account", 5, 1_000],
  ["account", 6, 2_000],
  ["account", 14, 512_000],
  ["account", 15, 900_000],
  ["account", 10_000, 900_000],
  ["address", 19, 0],
  ["address", 20, 1_000],
  ["browser", 9, 0],
  ["browser", 16, 60_000],
  ["office", 299, 0],
  ["office", 300, 1_000],
  ["office", 10_000, 10_000],
])("%s: after %i failures the next try waits %i ms", (scope, failures, wait) => {
  expect(waitMs({ failures, lastMs: 1_000_000 }, scope, 1_000_000)).toBe(wait);
  expect(waitMs({ failures, lastMs: 1_000_000 }, scope, 1_000_000 + wait)).toBe(0);
});

it.each<[GuessScope, number]>([
  ["account", 115],
  ["address", 130],
  ["browser", 1_460],
])("%s: who guesses without a pause has fewer than %i tries looked at in a day", (scope, most) => {
  let [nowMs, failures, lastMs] = [0, 0, 0];
  while (nowMs < 86_400_000) {
    nowMs += waitMs({ failures, lastMs }, scope, nowMs);
    [failures, lastMs] = [counted({ failures, lastMs }, scope, nowMs) + 1, nowMs];
  }
  expect(failures).toBeLessThan(most);
});

it("an office has another counter in each hour, so that its own mistakes do not slow it all day", () => {
  expect(officeKey(3_600_000)).not.toBe(officeKey(3_599_999));
  expect(officeKey(3_600_000)).toBe(officeKey(7_199_999));
  let guesses = 0;
  for (let nowMs = 0, known = { failures: 0, lastMs: 0 }; nowMs < 3_600_000; guesses += 1) {
    nowMs += waitMs(known, "office", nowMs);
    known = { failures: known.failures + 1, lastMs: nowMs };
  }
  expect(guesses).toBeLessThan(670);
  expect(waitMs({ failures: 300, lastMs: 0 }, "office", 0, 1_000)).toBe(0);
});

describe("for any failures", () => {
  const failures = fc.record({ failures: fc.nat(5_000), lastMs: fc.nat(2_000_000_000) });
  it("the wait ends, and no failure makes it shorter", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SCOPES), failures, fc.nat(2_000_000_000), (scope, known, nowMs) => {
        const wait = waitMs(known, scope, nowMs);
        expect(wait).toBeLessThanOrEqual(SLOWING[scope].longestMs);
        expect(waitMs(known, scope, nowMs + wait)).toBe(0);
        expect(waitMs({ ...known, failures: known.failures + 1 }, scope, nowMs)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });
});

it.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:0001:2::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("%s counts as %s", (address, owner) => {
  expect(addressOwner(address)).toBe(owner);
});
