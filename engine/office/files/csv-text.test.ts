/** Goal: no cell is a formula for a spreadsheet, and each is read again as it was meant. Method: one row a case. */
import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { csvText } from "./csv-text.js";

it.each([
  ["=1+1", "'=1+1"],
  ["+12125550100", "'+12125550100"],
  ["-2", "'-2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["\n=1", "'\n=1"],
  ["＝1+1", "'＝1+1"],
  ["＋1", "'＋1"],
  ["－1", "'－1"],
  ["＠x", "'＠x"],
  ['Ann "A" Lee, Jr.\nsecond line', 'Ann "A" Lee, Jr.\nsecond line'],
  ["O'Neil", "O'Neil"],
])("the cell %j", (text, read) => {
  expect(parse(csvText([[text, "end"]]))).toEqual([[read, "end"]]);
});
