/**
 * Goal: every number of a block leads where the smallest block that has it leads, and a block has one form however it is
 * written. Method: tables, and random blocks compared with looking through all of them.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { office } from "../../fixtures/core/scene.js";
import type { NumberEntry } from "../office/office.js";
import { parseNumberKey } from "./block-text.js";
import { blockKey, NumberBlocks, rangeOf, sizeOf } from "./blocks.js";
import { RoutingTable } from "./table.js";

describe("a block as it is written", () => {
  it.each([
    ["+49 30 231250-00..99", "+493023125000..99"],
    ["+49 30 231250-00 .. 99", "+493023125000..99"],
    ["+49 30 231250-00…99", "+493023125000..99"],
    ["030 231250 00..99", "+493023125000..99"],
    ["+493023125000..+493023125099", "+493023125000..99"],
    ["+493023125000..493023125099", "+493023125000..99"],
    ["+493023125000..030 231250 99", "+493023125000..99"],
    ["+49 30 231250-10..9", "+493023125010..19"],
    ["+49 30 231250-10..19", "+493023125010..19"],
    ["+49 30 231250-0..9", "+49302312500..09"],
    ["+49 30 231250-000..199", "+4930231250000..199"],
    ["+49 30 231250-98..+49 30 231251-02", "+493023125098..102"],
    ["+49 30 231250-99..00", undefined],
    ["+49 30 231250-00..00", undefined],
    ["+49 30 231250-00..", undefined],
    ["..99", undefined],
    ["+49 30 231250-00..99..", undefined],
    ["+49 30 231250-00..9x", undefined],
    ["+49 30 231250-00..+49 30 2312509", undefined],
    ["any", "any"],
    ["Any", undefined],
    ["+49 30 231250-00", "+493023125000"],
  ])("%s is %s", (written, key) => expect(parseNumberKey(written, "DE")).toBe(key));

  it("is read again as the same block", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_998 }), fc.integer({ min: 1, max: 9_999 }), (low, more) => {
        const [first, last] = [low, Math.min(9_999, low + more)].map(
          (line) => `+1212555${String(line).padStart(4, "0")}`,
        );
        const key = blockKey(first ?? "", last ?? "");
        expect(rangeOf(key)).toEqual({ first: Number(first?.slice(1)), last: Number(last?.slice(1)) });
        expect(parseNumberKey(key, "US")).toBe(key);
      }),
    );
  });
});

const entry = (number: string): NumberEntry => ({ number, leadsTo: null, label: number });

describe("looking up a number", () => {
  const numbers = ["+493023125000..99", "+493023125010..19", "+493023125012", "any"].map(entry);
  const table = RoutingTable.of({ ...office([]), country: "DE", numbers }, 1);
  it.each([
    ["+493023125012", "+493023125012"],
    ["+493023125013", "+493023125010..19"],
    ["030 231250-19", "+493023125010..19"],
    ["493023125020", "+493023125000..99"],
    ["+493023125099", "+493023125000..99"],
    ["+493023125100", undefined],
    ["+4930231250", undefined],
    ["+4930231250131", undefined],
    ["+493023125000..99", undefined],
    ["any", undefined],
    ["", undefined],
  ])("finds %s in %s", (dialled, key) => expect(table.lookupNumber(dialled)?.number).toBe(key));

  it("finds no number in the catch-all, which is asked for by itself", () => {
    expect(table.anyNumber?.number).toBe("any");
    expect(table.lowestNumber()).toBe("+493023125012");
  });

  it("goes on for an earlier revision, and for a later one, when blocks change", () => {
    const key = "+493023125010..19";
    const next = table.next(
      {
        settings: [],
        carriers: [],
        users: [],
        groups: [],
        flows: [],
        sections: [],
        numbers: [
          { key, value: undefined },
          { key: "any", value: undefined },
          { key: "+493023125100..99", value: entry("+493023125100..99") },
        ],
      },
      2,
    );
    expect(table.lookupNumber("+493023125013")?.number).toBe(key);
    expect(next.lookupNumber("+493023125013")?.number).toBe("+493023125000..99");
    expect(next.lookupNumber("+493023125113")?.number).toBe("+493023125100..99");
    expect([table.numberEntry(key)?.number, next.numberEntry(key)]).toEqual([key, undefined]);
    expect([table.anyNumber?.number, next.anyNumber]).toEqual(["any", undefined]);
  });

  it("finds the smallest of any blocks that have it", () => {
    const line = fc.integer({ min: 0, max: 60 });
    const block = fc
      .tuple(line, line)
      .filter(([a, b]) => a !== b)
      .map((lines) => lines.sort((a, b) => a - b).map((each) => `+1212555${String(each).padStart(4, "0")}`))
      .map(([first = "", last = ""]) => blockKey(first, last));
    fc.assert(
      fc.property(fc.uniqueArray(block, { maxLength: 12 }), line, (keys, dialled) => {
        const blocks = new NumberBlocks(new Map(keys.map((key) => [key, entry(key)])));
        const number = 12_125_550_000 + dialled;
        const sizes = keys.flatMap((key) => {
          const range = rangeOf(key);
          return range !== undefined && range.first <= number && number <= range.last ? [sizeOf(range)] : [];
        });
        const found = blocks.find(`+${number}`)?.number;
        const size = found === undefined ? undefined : rangeOf(found);
        expect(size && sizeOf(size)).toBe(sizes.length === 0 ? undefined : Math.min(...sizes));
      }),
      { numRuns: 300 },
    );
  });
});
