/**
 * Goal: a number, however it is written, gives one E.164 number; a text that is no number gives none. Method: tables of
 * what carriers and people write, and properties over ways of writing.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNumber } from "./number.js";

const MAIN = "+12125550100";

describe("the number (212) 555-0100, read in the US", () => {
  it.each([
    "+12125550100",
    "12125550100",
    "2125550100",
    "0012125550100",
    "01112125550100",
    "+1 212 555 0100",
    "+1-212-555-0100",
    "+1.212.555.0100",
    "+1 (212) 555-0100",
    "(212) 555-0100",
    "212/555-0100",
    "212\u00a0555\u00a00100",
    "  +1 212 555 0100 ",
    "tel:+12125550100",
    "tel:+1-212-555-0100;ext=5",
    "tel:2125550100;phone-context=+1",
    "TEL:+12125550100",
    "sip:+12125550100@gw.example.net",
    "sip:12125550100@10.0.0.1:5060;user=phone",
    "sip:+12125550100;npdi;rn=+12125551000@gw.example.net;transport=udp",
    "sips:2125550100@gw.example.net",
    "sip:%2B12125550100@gw.example.net",
    "<sip:+12125550100@gw.example.net>",
    "+12125550100;npdi",
    "2125550100@gw.example.net",
  ])("may be written %s", (written) => expect(parseNumber(written, "US")).toBe(MAIN));
});

describe("a number of another country", () => {
  it.each([
    ["+442071838750", "US", "+442071838750"],
    ["011 44 20 7183 8750", "US", "+442071838750"],
    ["00442071838750", "US", "+442071838750"],
    ["020 7183 8750", "GB", "+442071838750"],
    ["+44 (0)20 7183 8750", "GB", "+442071838750"],
    // A carrier left out the plus sign.
    ["442071838750", "GB", "+442071838750"],
    ["442071838750", "US", "+442071838750"],
    ["030 901820", "DE", "+4930901820"],
    ["06 6982 1234", "IT", "+390669821234"],
    ["12125550100", "GB", MAIN],
    ["2125550100", "CA", MAIN],
  ])("%s, read in %s, is %s", (written, country, number) =>
    expect(parseNumber(written, country)).toBe(number),
  );
});

describe("what is no number", () => {
  it.each([
    "",
    "+",
    "+1",
    "101",
    "911",
    "555-0100",
    "+1212555010",
    "1-800-FLOWERS",
    "alice",
    "sip:alice@example.com",
    "sip:%zz2125550100@example.com",
    "+1+2125550100",
    "2125550100\r\nX: y",
    "２１２５５５０１００",
    "2125550100 ext. 5",
    "+999999999999999999",
    "2".repeat(1000),
    `+1${" ".repeat(200)}2125550100`,
  ])("is not read as one: %j", (written) => expect(parseNumber(written, "US")).toBeUndefined());
});

/** North American numbers, with area codes and exchanges as the numbering plan allows them. */
const nanp = fc
  .tuple(
    fc.integer({ min: 200, max: 999 }),
    fc.integer({ min: 200, max: 999 }),
    fc.integer({ min: 0, max: 9999 }),
  )
  .map(([area, exchange, line]) => `${area}${exchange}${String(line).padStart(4, "0")}`);

const separator = fc.constantFrom("", " ", "-", ".", "\u00a0");
const prefix = fc.constantFrom("", "1", "+1", "001", "0111");

describe("reading", () => {
  it("gives the same number whatever prefix and separators it is written with", () => {
    fc.assert(
      fc.property(
        nanp,
        prefix,
        fc.array(separator, { minLength: 10, maxLength: 10 }),
        (digits, start, gaps) => {
          const written = start + [...digits].map((digit, index) => digit + gaps[index]).join("");
          expect(parseNumber(written, "US")).toBe(`+1${digits}`);
        },
      ),
    );
  });

  it("does not change a number that it has read, in any country", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\+?[0-9]{3,15}$/),
        fc.constantFrom("US", "GB", "DE", "IT", "AU"),
        (text, country) => {
          const number = parseNumber(text, country);
          if (number !== undefined) expect(parseNumber(number, "US")).toBe(number);
        },
      ),
    );
  });

  it("never throws and gives E.164 or nothing, for any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 150 }),
        fc.string({ maxLength: 3 }),
        (text, country) => {
          const number = parseNumber(text, country);
          if (number !== undefined) expect(number).toMatch(/^\+[1-9]\d{4,14}$/);
        },
      ),
    );
  });
});
