/** Goal: by default only the office's own country and toll-free numbers can be called. Method: a table of numbers. */
import { describe, expect, it } from "vitest";
import { placeRefusal } from "./places.js";

const NOTHING: readonly undefined[] = [];

describe("from an office in the United States that names nothing", () => {
  it.each([
    ["+12125550144", null],
    ["+18005551234", null],
    ["+80012345678", null],
    ["+19005551234", "premium"],
    ["+19000005555", "place"],
    ["+14165550100", "place"],
    ["+18765550100", "place"],
    ["+18095550100", "place"],
    ["+442079460000", "place"],
    ["+448001111111", "place"],
    ["+881612345678", "premium"],
    ["+870773111222", "premium"],
    ["+979123456789", "premium"],
    ["+88213123456", "place"],
    ["+15551234567", "place"],
    ["not a number", "place"],
  ])("%s: %s", (number, refusal) => {
    expect(placeRefusal(number, "US", NOTHING)).toBe(refusal);
  });
});

describe("what is named", () => {
  it.each([
    ["a country", "+442079460000", { countries: ["GB"] }, null],
    ["a country with the same calling code", "+14165550100", { countries: ["CA"] }, null],
    ["not the premium numbers of a country", "+449098765432", { countries: ["GB"] }, "premium"],
    ["not its personal numbers", "+447012345678", { countries: ["GB"] }, "premium"],
    ["premium numbers, by their first digits", "+19005551234", { prefixes: ["+1900"] }, null],
    ["a satellite, by its first digits", "+881612345678", { prefixes: ["+8816"] }, null],
    ["no more than the first digits say", "+881712345678", { prefixes: ["+8816"] }, "premium"],
  ] as const)("may be called: %s", (_what, number, places, refusal) => {
    expect(placeRefusal(number, "US", [undefined, places])).toBe(refusal);
    expect(placeRefusal(number, "US", [places, undefined])).toBe(refusal);
  });
});
