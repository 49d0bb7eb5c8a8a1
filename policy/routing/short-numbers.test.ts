/** Goal: the short numbers that people call are known by country, and those that are only texted are not. Method: a table. */
import { describe, expect, it } from "vitest";
import { isPremiumShortNumber, shortNumber } from "./short-numbers.js";

describe("a short number", () => {
  it.each([
    ["411", "US"],
    ["611", "US"],
    ["811", "US"],
    ["11833", "DE"],
    ["116117", "DE"],
    ["115", "DE"],
    ["118500", "GB"],
    ["101", "GB"],
    ["3635", "FR"],
  ])("%s is called in %s", (dialled, country) => expect(shortNumber(dialled, country)).toBe(dialled));

  it.each([
    ["24280", "US"],
    ["118500", "US"],
    ["101", "DE"],
    ["2125550100", "US"],
    ["411 ", "US"],
    ["", "US"],
    ["411", "ZZ"],
  ])("%j is none in %s", (dialled, country) => expect(shortNumber(dialled, country)).toBeUndefined());
});

describe("a premium short number", () => {
  it.each([
    ["118118", "SE"],
    ["118500", "FR"],
    ["24280", "US"],
    ["018", "NZ"],
  ])("is %s in %s", (number, country) => expect(isPremiumShortNumber(number, country)).toBe(true));

  it.each([
    ["118118", "GB"],
    ["11880", "DE"],
    ["1181188", "SE"],
    ["0118118", "SE"],
    ["+46118118", "SE"],
    ["112", "SE"],
    ["411", "US"],
    ["118118", "ZZ"],
  ])("is not %s in %s", (number, country) => expect(isPremiumShortNumber(number, country)).toBe(false));
});
