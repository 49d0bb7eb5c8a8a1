/**
 * Goal: a number, however it is written, gives one E.164 number; a text that is no number gives none. Method: tables of
 * what carriers and people write, and properties over ways of writing.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNumber, validReadings } from "./number.js";
import { dialledText } from "./written.js";

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
    "+1\u2011212\u2013555\u20110100",
    "\u202a+1 212 555 0100\u202c",
    "\u200b212\u00ad555\u20600100\ufeff",
    "２１２５５５０１００",
    "＋１（２１２）５５５－０１００",
    "٢١٢٥٥٥٠١٠٠",
    "+1 [212] 555\u22120100",
    "212\u00b7555\u00b70100",
    "212~555~0100",
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

describe("digits without a plus sign", () => {
  it.each([
    // The office's own number decides, whatever else the digits may mean.
    ["496128555010", "DE", "+496128555010", "+496128555010"],
    ["496128555010", "DE", "+49496128555010", "+49496128555010"],
    ["06128 555010", "DE", "+496128555010", "+496128555010"],
    ["6561234567", "US", "+6561234567", "+6561234567"],
    ["6561234567", "US", "+16561234567", "+16561234567"],
    ["442071838750", "DE", "+442071838750", "+442071838750"],
    // Argentina's mobiles, with and without their 9.
    ["+541123456789", "AR", "+5491123456789", "+5491123456789"],
    ["+54 9 11 2345-6789", "AR", "+541123456789", "+541123456789"],
    // A number that no plan has is the office's all the same.
    ["49999555010", "DE", "+49999555010", "+49999555010"],
  ])("%s in %s, where the office owns %s, is %s", (written, country, own, number) =>
    expect(parseNumber(written, country, { owns: (each) => each === own })).toBe(number),
  );

  it.each([
    ["496128555010", "DE", "+496128555010"],
    ["0496128555010", "DE", "+49496128555010"],
    ["4930 901820", "DE", "+4930901820"],
    ["4961123456789", "DE", "+4961123456789"],
    ["436601234567", "AT", "+436601234567"],
    ["39 06 6982 1234", "IT", "+390669821234"],
    ["47 12 34 56", "NO", "+4747123456"],
  ])("%s in %s is %s where the office owns neither", (written, country, number) =>
    expect(parseNumber(written, country)).toBe(number),
  );

  it.each([
    ["496128555010", "e164_without_plus", "+496128555010"],
    ["496128555010", "e164", "+496128555010"],
    ["496128555010", "national", "+49496128555010"],
    ["00496128555010", "00", "+496128555010"],
    ["00442071838750", "national", "+442071838750"],
    ["442071838750", "e164_without_plus", "+442071838750"],
  ] as const)("%s of a carrier that writes %s is %s in DE", (written, form, number) =>
    expect(parseNumber(written, "DE", { form })).toBe(number),
  );
});

describe("the international prefix of the country", () => {
  it.each([
    ["0016561234567", "HK", "+6561234567"],
    ["001 44 20 7183 8750", "HK", "+442071838750"],
    ["0011 44 20 7183 8750", "AU", "+442071838750"],
    ["0014 44 20 7183 8750", "AU", "+442071838750"],
    ["1411 0011 44 20 7183 8750", "AU", "+442071838750"],
    ["010 44 20 7183 8750", "JP", "+442071838750"],
    ["8~10 44 20 7183 8750", "RU", "+442071838750"],
    ["0015 44 20 7183 8750", "BR", "+442071838750"],
    ["009 44 20 7183 8750", "CO", "+442071838750"],
    ["000 44 20 7183 8750", "KE", "+442071838750"],
    ["119 44 20 7183 8750", "CU", "+442071838750"],
    ["990 44 20 7183 8750", "FI", "+442071838750"],
    ["0044 20 7183 8750", "AU", "+442071838750"],
  ])("%s, dialled in %s, is %s", (written, country, number) =>
    expect(parseNumber(written, country)).toBe(number),
  );
});

describe("forms that a plan has given up", () => {
  it.each([
    ["+52 1 55 1234 5678", "US", "+525512345678"],
    ["5215512345678", "MX", "+525512345678"],
    ["011 52 1 55 1234 5678", "US", "+525512345678"],
    ["044 55 1234 5678", "MX", "+525512345678"],
    ["045 55 1234 5678", "MX", "+525512345678"],
    ["01 55 1234 5678", "MX", "+525512345678"],
    ["55 1234 5678", "MX", "+525512345678"],
    ["011 15 2345-6789", "AR", "+5491123456789"],
    ["+54 11 15 2345 6789", "US", "+5491123456789"],
    ["11 2345-6789", "AR", "+541123456789"],
  ])("%s, read in %s, is %s", (written, country, number) =>
    expect(parseNumber(written, country)).toBe(number),
  );
});

describe("what is dialled", () => {
  it.each([
    ["101#", "101"],
    ["2125550100#", "2125550100"],
    ["*97101#", "*97101"],
    ["sip:101%23@office.example", "101"],
    ["\u200e1 0 1", "101"],
    ["１０１", "101"],
    ["#", "#"],
    ["#101#", "#101#"],
    ["alice", "alice"],
  ])("%j is %s", (sent, dialled) => expect(dialledText(sent)).toBe(dialled));
});

describe("digits that may be two numbers of the country", () => {
  it.each([
    ["496128555010", "DE", ["+496128555010", "+49496128555010"]],
    ["06128555010", "DE", ["+496128555010"]],
    ["+496128555010", "DE", []],
    ["2125550100", "US", ["+12125550100"]],
  ])("%s in %s: %j", (written, country, numbers) => expect(validReadings(written, country)).toEqual(numbers));
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
    "2125550100 ext. 5",
    "+999999999999999999",
    // The library knows longer numbers than E.164 has.
    "+4918084213295056",
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
