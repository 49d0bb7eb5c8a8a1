/** Goal: weak PINs are refused, each with its reason. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { weakPin } from "./pin.js";

const KNOWN = ["101", "+12125550100"];

describe("a PIN is refused", () => {
  it.each([
    ["", "length"],
    ["123", "length"],
    ["92837465019", "length"],
    ["12a4", "not_digits"],
    ["٣٤٥٦", "not_digits"],
    ["0000", "repeated"],
    ["1212", "repeated"],
    ["738738", "repeated"],
    ["1234", "sequence"],
    ["9876", "sequence"],
    ["7890", "sequence"],
    ["0987", "sequence"],
    ["2468", "sequence"],
    ["97531", "sequence"],
    ["2580", "common"],
    ["2000", "common"],
    ["1987", "common"],
    ["5683", "common"],
    ["5501", "known"],
    ["2125550100", "known"],
    ["1010", "repeated"],
    ["1017", "known"],
    ["91017", "known"],
  ])("%s: %s", (pin, why) => expect(weakPin(pin, KNOWN)).toBe(why));

  it.each(["7391", "8402", "193746", "4071952863"])("but not %s", (pin) =>
    expect(weakPin(pin, KNOWN)).toBeUndefined(),
  );

  it("of any length whose digits go in even steps, up or down, also across nine and zero", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 9 }),
        fc.nat({ max: 9 }),
        fc.integer({ min: 4, max: 10 }),
        (first, step, length) => {
          const pin = Array.from({ length }, (_, i) => (first + i * step) % 10).join("");
          expect(weakPin(pin, [])).toMatch(/^(repeated|sequence)$/);
        },
      ),
    );
  });

  it("seldom when it was chosen at random", () => {
    const pins = Array.from({ length: 10_000 }, (_, n) => String(n).padStart(4, "0"));
    const refused = pins.filter((pin) => weakPin(pin, KNOWN) !== undefined).length;
    expect(refused).toBeLessThan(500);
  });
});
