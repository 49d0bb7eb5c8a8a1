/** Goal: a period in the past is read as people write it, by the clock of the office. Method: one row a form. */
import { describe, expect, it } from "vitest";
import { readDay, readPast } from "./past-time.js";

const ZONE = "America/New_York";
/** Monday 30 November 2026, 10:30 in New York. */
const NOW_MS = Date.UTC(2026, 10, 30, 15, 30);
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 10, day, hour + 5, minute);

describe("a moment", () => {
  it.each([
    ["2026-11-29", at(29, 0), at(30, 0)],
    ["today", at(30, 0), at(31, 0)],
    ["yesterday", at(29, 0), at(30, 0)],
    ["2026-11-29 13:45", at(29, 13, 45), at(29, 13, 45)],
    ["2026-11-29T13:45:00Z", Date.UTC(2026, 10, 29, 13, 45), Date.UTC(2026, 10, 29, 13, 45)],
    ["09:00", at(30, 9), at(30, 9)],
    ["10:30", at(30, 10, 30), at(30, 10, 30)],
    ["10:31", at(29, 10, 31), at(29, 10, 31)],
    ["2h", at(30, 8, 30), at(30, 8, 30)],
    ["30m", at(30, 10), at(30, 10)],
    ["30 min", at(30, 10), at(30, 10)],
    ["7d", NOW_MS - 7 * 86_400_000, NOW_MS - 7 * 86_400_000],
  ])("%s", (text, beginsMs, endsMs) => {
    expect([readPast(text, ZONE, NOW_MS), readPast(text, ZONE, NOW_MS, true)]).toEqual([beginsMs, endsMs]);
  });

  it.each(["", "soon", "2026-02-30", "25:00", "9:00", "-2h", "2026-11-29 25:00", "1 week"])(
    "is not %j",
    (text) => {
      expect(readPast(text, ZONE, NOW_MS)).toBeUndefined();
    },
  );
});

describe("a day", () => {
  it("of a change of the clock is longer or shorter", () => {
    const hours = (text: string) => {
      const day = readDay(text, ZONE, NOW_MS);
      return day === undefined ? undefined : (day.untilMs - day.fromMs) / 3_600_000;
    };
    expect([hours("2026-11-01"), hours("2026-03-08"), hours("2026-11-02"), hours("2026-11-31")]).toEqual([
      25,
      23,
      24,
      undefined,
    ]);
  });
});
