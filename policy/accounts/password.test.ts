/** Goal: people may choose what is not guessed first, however it is typed. Method: a table, and properties. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commonPasswords } from "./common-passwords.js";
import { normalPassword, passwordFaults } from "./password.js";

describe("a password", () => {
  it.each([
    ["kestrel7", []],
    ["hallo wo ist 1", []],
    ["käse-brot-9", []],
    ["kestrels", ["no_digit"]],
    ["kest7", ["too_short"]],
    ["", ["too_short", "no_digit"]],
    ["passw0rd", ["common"]],
    ["PassW0rd!", ["common"]],
    ["!!passw0rd", ["common"]],
    ["１２３４５６７８", ["common"]],
    ["٠٩٨٧٦٥٤٣٢", []],
    ["dave.kim1", ["username"]],
    ["Dave.Kim1!", ["username"]],
    ["davekim12026", ["username"]],
    ["davekim1 and the other 7", []],
    [`${"x".repeat(127)}1`, []],
    [`${"x".repeat(128)}1`, ["too_long"]],
    ["😀😀😀😀😀😀😀", ["too_short", "no_digit"]],
  ])("%j has the faults %j", (password, faults) => {
    expect(passwordFaults(password, "dave.kim1")).toEqual(faults);
  });

  it("is the same however a keyboard composes its characters", () => {
    expect(normalPassword("käse".normalize("NFD"))).toBe(normalPassword("käse".normalize("NFC")));
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("NFC", "NFD", "NFKC", "NFKD"),
        (text, form) => {
          expect(normalPassword(text.normalize(form))).toBe(normalPassword(text));
          expect(passwordFaults(text.normalize(form), "a")).toEqual(passwordFaults(text, "a"));
        },
      ),
    );
  });
});

it("more than ten thousand passwords are known to be common, each of which would be allowed otherwise", () => {
  expect(commonPasswords().size).toBeGreaterThan(10_000);
  for (const word of commonPasswords()) expect(passwordFaults(word, "nobody.else")).toEqual(["common"]);
});
