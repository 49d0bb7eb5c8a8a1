/** The causes of FreeSWITCH, and how an unknown cause is kept. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CAUSES, isHangupCause, readCause } from "./causes.js";

describe("hangup causes", () => {
  it("has every cause of FreeSWITCH 1.10.12, each with a number of its own", () => {
    expect(Object.keys(CAUSES)).toHaveLength(82);
    expect(new Set(Object.values(CAUSES)).size).toBe(82);
  });

  it.each([
    ["LOSE_RACE", 702],
    ["USER_BUSY", 17],
    ["ORIGINATOR_CANCEL", 487],
    ["REJECT_ALL", 825],
  ] as const)("%s is %i", (name, number) => {
    expect(CAUSES[name]).toBe(number);
    expect(readCause(name)).toBe(name);
  });

  it.each([
    [undefined, "unknown cause (none)"],
    ["", "unknown cause (none)"],
    ["user_busy", "unknown cause user_busy"],
    ["toString", "unknown cause toString"],
    ["__proto__", "unknown cause __proto__"],
    ["A\nB: <x>", "unknown cause A_B___x_"],
  ])("keeps %j as an unknown cause", (text, expected) => {
    expect(readCause(text)).toBe(expected);
  });

  it("never yields anything but a known name or harmless text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const cause = readCause(text);
        expect(isHangupCause(cause) || /^unknown cause [A-Za-z0-9_()]{1,40}$/.test(cause)).toBe(true);
      }),
    );
  });
});
