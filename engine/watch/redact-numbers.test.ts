/** Telephone numbers in a log line lose their middle; ids, times and addresses stay as they are. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactLine, redactNumbers } from "./redact-numbers.js";

describe("a number in the log", () => {
  it.each([
    ["+12125550144", "+1212•••44"],
    ["to +12125550144, from 2125550199", "to +1212•••44, from 2125•••99"],
    ["(212) 555-0144", "(2125•••44"],
    ["212.555.0144 / 1-212-555-0144", "2125•••44 / 1212•••44"],
    ["sip:12125550144@192.0.2.7:5060", "sip:1212•••44@192.0.2.7:5060"],
    ["tel:+44%20, %2B12125550144", "tel:+44%20, %2B1212•••44"],
    ["5550144", "55•••44"],
    ["0049 30 1234567", "0049•••67"],
  ])("%s is written %s", (text, redacted) => {
    expect(redactNumbers(text)).toBe(redacted);
  });

  it.each([
    "911, 933 and extension 123456",
    "5b1f3a50-2222-4333-8444-123456789012",
    "2026-11-30T17:28:24.123Z on 2026-11-30",
    "192.168.100.200:50600 and 203.0.113.7",
    "run 1796063887444-f9974ebc, 1796063887444-12345678",
    "revision 12 of alice-desk",
  ])("nothing of %s changes", (text) => {
    expect(redactNumbers(text)).toBe(text);
  });

  it("is found in every text of a line, and the line stays JSON", () => {
    const line = JSON.stringify({
      level: 30,
      time: "2026-11-30T17:28:24.123Z",
      atMs: 1_780_000_000_000,
      call: "5b1f3a50-2222-4333-8444-123456789012",
      whom: { who: "+12125550144", tried: ["2125550199", { "+13105550123": "x" }] },
      err: { message: "no route to 13105550123", stack: "Error: +13105550123\n    at x" },
      msg: "EMERGENCY CALL by +12125550144",
    });
    const redacted = redactLine(`${line}\n`);
    expect(redacted.endsWith("}\n")).toBe(true);
    expect(JSON.parse(redacted)).toEqual({
      level: 30,
      time: "2026-11-30T17:28:24.123Z",
      atMs: 1_780_000_000_000,
      call: "5b1f3a50-2222-4333-8444-123456789012",
      whom: { who: "+1212•••44", tried: ["2125•••99", { "+1310•••23": "x" }] },
      err: { message: "no route to 1310•••23", stack: "Error: +1310•••23\n    at x" },
      msg: "EMERGENCY CALL by +1212•••44",
    });
    expect(redactLine("not JSON: +12125550144\n")).toBe("not JSON: +1212•••44\n");
  });

  it("is never whole, whatever stands around it and however its digits are grouped", () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 15 });
    const separator = fc.constantFrom("", "", "", " ", "-", ".", "/", ") ", " (");
    const around = fc.string().filter((text) => !/\d/.test(text));
    fc.assert(
      fc.property(
        around,
        digits,
        separator,
        fc.integer({ min: 2, max: 4 }),
        around,
        (before, all, between, size, after) => {
          const number = all.join("");
          const groups = number.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
          const text = redactNumbers(`${before}${groups.join(between)}${after}`);
          const isAddressOrDate = /^(\d{1,3}\.){3}\d{1,3}$|^\d{4}-\d\d-\d\d/.test(groups.join(between));
          return isAddressOrDate || !text.replace(/\D/g, "").includes(number);
        },
      ),
    );
  });
});
