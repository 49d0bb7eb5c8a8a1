/** Goal: a carrier is sent numbers in the form that it wants. Method: a table. */
import { describe, expect, it } from "vitest";
import { parseNumber } from "./number.js";
import { inForm } from "./number-forms.js";

describe("a number as a carrier wants it", () => {
  it.each([
    ["+4930231250", "e164", "DE", "+4930231250"],
    ["+4930231250", "e164_without_plus", "DE", "4930231250"],
    ["+4930231250", "national", "DE", "030231250"],
    ["+4930231250", "00", "DE", "004930231250"],
    ["+442071838750", "national", "DE", "00442071838750"],
    ["+442071838750", "national", "US", "011442071838750"],
    ["+442071838750", "national", "AU", "0011442071838750"],
    ["+442071838750", "national", "RU", "810442071838750"],
    ["+442071838750", "national", "BR", "00442071838750"],
    ["+12125550100", "national", "US", "2125550100"],
    ["+390669821234", "national", "IT", "0669821234"],
    ["+5491123456789", "national", "AR", "0111523456789"],
    ["+525512345678", "national", "MX", "5512345678"],
    ["112", "e164_without_plus", "DE", "112"],
    ["116117", "00", "DE", "116117"],
    ["anonymous", "national", "DE", "anonymous"],
    ["alice-desk", "00", "DE", "alice-desk"],
  ] as const)("%s as %s in %s is %s", (number, form, country, written) =>
    expect(inForm(number, form, country)).toBe(written),
  );

  it.each(["e164", "e164_without_plus", "national", "00"] as const)("is read again from %s", (form) => {
    for (const [number, country] of [
      ["+496128555010", "DE"],
      ["+442071838750", "DE"],
      ["+5491123456789", "AR"],
      ["+390669821234", "IT"],
      ["+442071838750", "AU"],
    ] as const)
      expect(parseNumber(inForm(number, form, country), country, { form })).toBe(number);
  });
});
