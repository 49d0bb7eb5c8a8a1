/**
 * Goal: an emergency number is recognised in every country, however it is dialled. Method: a table, and every country
 * there is.
 */
import fc from "fast-check";
import { getCountries } from "libphonenumber-js/min";
import { describe, expect, it } from "vitest";
import {
  type EmergencySays,
  emergencyDialled,
  emergencyNumbers,
  emergencyNumbersOf,
  isTestNumber,
  testNumbers,
} from "./emergency.js";
import { parseNumber } from "./number.js";

describe("emergency numbers", () => {
  it.each([
    ["US", ["911", "933"]],
    ["CA", ["911", "933"]],
    ["GB", ["112", "999"]],
    ["DE", ["112", "110"]],
    ["SE", ["112"]],
    ["AU", ["000", "106", "112"]],
    ["NZ", ["111"]],
    ["JP", ["110", "119"]],
    ["KI", ["112", "911"]],
  ])("of %s are %j", (country, numbers) => {
    expect(emergencyNumbersOf(country)).toEqual(numbers);
  });

  it("exist for every country, are short, and are no public numbers", () => {
    for (const country of getCountries()) {
      const numbers = emergencyNumbersOf(country);
      expect(numbers.length).toBeGreaterThan(0);
      expect(new Set(numbers).size).toBe(numbers.length);
      for (const number of numbers) {
        expect(number).toMatch(/^\d{2,5}$/);
        expect(parseNumber(number, country)).toBeUndefined();
      }
    }
  });

  it("include 112 everywhere in the European Union, and in Switzerland, Norway and Iceland", () => {
    const union = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK CH NO IS";
    for (const country of union.split(" ")) expect(emergencyNumbersOf(country)).toContain("112");
  });

  it("of an office that names its own are those and no others", () => {
    const settings = { country: "US", emergencyNumbers: ["112"] };
    expect(emergencyNumbers(settings)).toEqual(["112"]);
    expect(emergencyDialled("911", settings)).toBeUndefined();
  });

  it.each([
    ["911", "911"],
    ["9-1-1", "911"],
    [" 911 ", "911"],
    ["9 1 1", "911"],
    ["+911", undefined],
    ["9911", undefined],
    ["9111", undefined],
    ["91", undefined],
    ["", undefined],
    ["911@example.net", undefined],
    ["9".repeat(100), undefined],
  ])("dialled as %j: %j", (dialled, number) => {
    expect(emergencyDialled(dialled, { country: "US" })).toBe(number);
  });

  it("are found only in their own digits, with or without separators", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const found = emergencyDialled(text, { country: "GB" });
        if (found !== undefined) expect(text.replace(/[-(). /]/g, "")).toBe(found);
      }),
    );
  });
});

describe("numbers with which emergency calls are tried", () => {
  it.each<[string, EmergencySays, readonly string[], readonly string[]]>([
    ["are those of the country", { country: "US" }, ["911", "933"], ["933"]],
    ["are none elsewhere", { country: "DE" }, ["112", "110"], []],
    ["are of those that the office names", { country: "US", emergencyNumbers: ["911"] }, ["911"], []],
    [
      "are those that the office names so",
      { country: "US", emergency: { testNumbers: ["922"] } },
      ["911", "922"],
      ["922"],
    ],
    [
      "are dialled also where the office names its emergency numbers",
      { country: "DE", emergencyNumbers: ["112"], emergency: { testNumbers: ["933"] } },
      ["112", "933"],
      ["933"],
    ],
    ["can be none", { country: "US", emergency: { testNumbers: [] } }, ["911"], []],
    [
      "are no others than those named",
      { country: "US", emergencyNumbers: ["911", "933"], emergency: { testNumbers: ["922"] } },
      ["911", "933", "922"],
      ["922"],
    ],
  ])("%s", (_what, settings, numbers, tests) => {
    expect(emergencyNumbers(settings)).toEqual(expect.arrayContaining([...numbers]));
    expect(testNumbers(settings)).toEqual(tests);
    for (const number of numbers) {
      expect(emergencyDialled(number, settings)).toBe(number);
      expect(isTestNumber(number, settings)).toBe(tests.includes(number));
    }
  });
});
