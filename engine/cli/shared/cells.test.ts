/** Goal: a table stays a table whatever names are in it. Method: a table of texts, and any text. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { cells, inCells } from "./cells.js";

it.each([
  ["plain", 7, "plain  "],
  ["just so", 7, "just so"],
  ["too long", 7, "too lo…"],
  ["王小明", 7, "王小明 "],
  ["王小明王", 7, "王小明…"],
  ["王小明", 4, "王… "],
  ["e\u0301te\u0301", 4, "e\u0301te\u0301 "],
  ["😀😀", 3, "😀…"],
  ["a\u001b[2Jb", 7, "a\ufffd[2Jb "],
  ["\u202eevil", 7, "\ufffdevil  "],
  ["z\u0301\u0301\u0301\u0301\u0301x", 3, "z\u0301\u0301x "],
  ["", 2, "  "],
  ["x", 0, ""],
])("%j in %i cells is %j", (text, width, shown) => {
  expect(inCells(text, width)).toBe(shown);
});

it("any text takes exactly the cells that it is given, and controls nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.nat(60), (text, width) => {
      const shown = inCells(text, width);
      expect(cells(shown)).toBe(width);
      expect(shown).not.toMatch(/\p{C}/u);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.nat(60), (text, width) => {
      expect(cells(inCells(text, width))).toBe(width);
    }),
  );
});
