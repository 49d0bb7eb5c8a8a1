/** Goal: bars fit the terminal and never hide a call. Method: examples in full, and the property over any counts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cells } from "../shared/cells.js";
import { type Bar, barLines, showsUtf8 } from "./plot.js";

const BARS: Bar[] = [
  { label: "08:00", answered: 0, others: 0 },
  { label: "09:00", answered: 30, others: 10 },
  { label: "10:00", answered: 20, others: 0 },
  { label: "11:00", answered: 1, others: 0 },
];

describe("bars", () => {
  it("are drawn as long as there are calls, to an eighth of a character", () => {
    expect(barLines(BARS, { columns: 31, isUtf8: true })).toBe(
      ["08:00   0", "09:00  40  ███████████████░░░░░", "10:00  20  ██████████", "11:00   1  ▌", ""].join(
        "\n",
      ),
    );
  });

  it("are of ASCII where the terminal has no UTF-8", () => {
    expect(barLines(BARS, { columns: 31, isUtf8: false })).toBe(
      ["08:00   0", "09:00  40  ###############-----", "10:00  20  ##########", "11:00   1  #", ""].join(
        "\n",
      ),
    );
  });

  it("fit the line, show everybody who called, and tell answered calls from others", () => {
    const bar = fc.record({
      label: fc.string({ unit: "grapheme", maxLength: 40 }),
      answered: fc.integer({ min: 0, max: 100_000 }),
      others: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(bar, { maxLength: 31 }),
        fc.integer({ min: 60, max: 120 }),
        fc.boolean(),
        (bars, columns, isUtf8) => {
          const text = barLines(bars, { columns, isUtf8 });
          const lines = text === "" ? [] : text.slice(0, -1).split("\n");
          expect(lines.length).toBe(bars.length);
          const marks = isUtf8 ? /[█░▏▎▍▌▋▊▉]+$/ : /[#-]+$/;
          for (const [index, line] of lines.entries()) {
            const { answered = 0, others = 0 } = bars[index] ?? {};
            expect(cells(line)).toBeLessThanOrEqual(columns);
            if (answered + others > 0) expect(line).toMatch(marks);
          }
          // No character of a label controls the terminal.
          expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
  });
});

it.each<[NodeJS.ProcessEnv, boolean]>([
  [{ LANG: "en_US.UTF-8" }, true],
  [{ LANG: "en_US.utf8" }, true],
  [{ LANG: "C" }, false],
  [{}, false],
  [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, false],
  [{ LANG: "C", LC_CTYPE: "C.UTF-8" }, true],
  [{ LANG: "C.UTF-8", LC_ALL: "" }, true],
])("the locale %j shows UTF-8: %s", (env, expected) => {
  expect(showsUtf8(env)).toBe(expected);
});
