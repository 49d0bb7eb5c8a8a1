/**
 * Goal: an .xlsx file is read as people see it, and a hostile one is refused in words before it costs memory or time. Method:
 * workbooks made by hand, bombs among them.
 */
import { describe, expect, it } from "vitest";
import { workbook, workbookOf, zipOf } from "../../../fixtures/tables/workbook.js";
import { readXlsx } from "./xlsx.js";

const MEGABYTE = 1024 * 1024;

async function rowsOf(xml: string) {
  const read = await readXlsx(workbookOf([{ name: "Staff", xml }]));
  if (!read.ok) throw new Error(read.reason);
  return read.grids[0]?.rows.map(({ row, cells }) => [row, ...cells]);
}

const cell = (address: string, value: string) => `<c r="${address}"><v>${value}</v></c>`;

describe("an .xlsx file", () => {
  it("has sheets, rows with the numbers that a spreadsheet shows, and texts", async () => {
    const read = await readXlsx(
      workbook([
        { name: "One", rows: [["Name", null, "Ext"], [], ["Zoë & Co", null, 105]] },
        { name: "Two", rows: [["x"]] },
      ]),
    );
    expect(read).toMatchObject({
      ok: true,
      grids: [
        {
          sheet: "One",
          rows: [
            { row: 1, cells: ["Name", "", "Ext"] },
            { row: 2 },
            { row: 3, cells: ["Zoë & Co", "", "105"] },
          ],
        },
        { sheet: "Two", rows: [{ row: 1, cells: ["x"] }] },
      ],
    });
  });

  it.each([
    ["has all digits of a number that is typed as a quantity", cell("A1", "491712345678"), "491712345678"],
    ["has them however the file writes it", cell("A1", "4.91712345678E+11"), "491712345678"],
    [
      "has digits lost where there are too many",
      cell("A1", "1.2345678901234568E+17"),
      "1.2345678901234568e+17",
    ],
    ["has an error as a text", '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"],
    ["has a formula's value", '<c r="A1"><f>100+5</f><v>105</v></c>', "105"],
    ["has a formula that nobody has calculated", '<c r="A1" t="str"><f>A2&amp;B2</f></c>', "=A2&B2"],
    ["has one without any type", '<c r="A1"><f>A2+1</f></c>', "=A2+1"],
  ])("%s", async (_what, xml, text) => {
    expect(await rowsOf(`<row r="1">${xml}</row>`)).toEqual([[1, text]]);
  });

  it("may have formats without values to the last row and column", async () => {
    const edge = '<c r="XFD1" s="0"/>';
    expect(
      await rowsOf(
        `<row r="1">${cell("A1", "1")}${edge}</row><row r="1048576"><c r="A1048576" s="0"/></row>`,
      ),
    ).toEqual([[1, "1"]]);
  });
});

describe("a hostile file is refused:", () => {
  const sheet = (xml: string) => workbookOf([{ name: "Staff", xml }]);
  it.each<[string, () => Buffer, RegExp]>([
    [
      "an entry of zeros",
      () => zipOf([["xl/workbook.xml", Buffer.alloc(200 * MEGABYTE)]]),
      /unpacks to more than/,
    ],
    [
      "one that says it is small",
      () => zipOf([["xl/workbook.xml", Buffer.alloc(200 * MEGABYTE)]], 100),
      /unpacks to more than/,
    ],
    [
      "many entries that are much together",
      () => zipOf(Array.from({ length: 30 }, (_, n) => [`xl/${n}.xml`, Buffer.alloc(8 * MEGABYTE)] as const)),
      /unpacks to more than/,
    ],
    [
      "many parts",
      () => zipOf(Array.from({ length: 2_100 }, (_, n) => [`${n}.xml`, ""] as const)),
      /more than 2000 parts/,
    ],
    [
      "many sheets",
      () => workbookOf(Array.from({ length: 101 }, (_, n) => ({ name: `${n}`, xml: "" }))),
      /100 sheets/,
    ],
    [
      "a value in the last row",
      () => sheet(`<row r="1048576">${cell("A1048576", "1")}</row>`),
      /below row 200000/,
    ],
    [
      "a value below any row",
      () => sheet(`<row r="999999999">${cell("A999999999", "1")}</row>`),
      /proper address|below row/,
    ],
    [
      "a value in the last column",
      () => sheet(`<row r="1">${cell("XFD1", "1")}</row>`),
      /more than 256 columns/,
    ],
    [
      "values that are far apart",
      () => sheet(`<row r="1">${cell("IV1", "1")}</row><row r="190000">${cell("A190000", "1")}</row>`),
      /more than 12000000 cells/,
    ],
    [
      "an address in disguise",
      () => sheet(`<row r="1"><c r="&#65;9999999"><v>1</v></c></row>`),
      /proper address/,
    ],
    [
      "an address by another name",
      () => sheet(`<row x:r="9999999"><c r="A1"><v>1</v></c></row>`),
      /below row/,
    ],
    ["a cell without an address", () => sheet("<row><c><v>1</v></c></row>"), /cannot be read as \.xlsx/],
    [
      "no XML",
      () =>
        zipOf([
          ["xl/workbook.xml", "nonsense"],
          ["xl/_rels/workbook.xml.rels", "<"],
        ]),
      /cannot be read/,
    ],
    ["another format", () => zipOf([["word/document.xml", "<x/>"]]), /a text document/],
    ["the middle of a file", () => workbook([{ name: "a", rows: [["x"]] }]).subarray(0, 300), /no end/],
    [
      "an archive with wrong places",
      () => {
        const bytes = workbook([{ name: "a", rows: [["x"]] }]);
        bytes.writeUInt32LE(0xfffffff0, bytes.length - 6);
        return bytes;
      },
      /archive of this file is broken/,
    ],
  ])("%s", async (_what, bytes, reason) => {
    expect(await readXlsx(bytes())).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });
});
