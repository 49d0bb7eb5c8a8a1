/** Goal: numbers and times are spoken as the platform (Intl) writes them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spokenCaller, spokenCount, spokenDigits, spokenTime } from "./spoken.js";

describe("numbers are spoken", () => {
  it.each([
    [
      "digit by digit when they are dialled",
      spokenDigits("+1 (212)"),
      ["digit-1", "digit-2", "digit-1", "digit-2"],
    ],
    ["as nobody's when there is none", spokenCaller("anonymous"), ["unknown-caller"]],
    ["as nobody's when it is a machine's name", spokenCaller("1".repeat(16)), ["unknown-caller"]],
    ["as one word up to nineteen", spokenCount(17), ["num-17"]],
    ["as tens and ones", spokenCount(42), ["num-40", "digit-2"]],
    ["as hundreds", spokenCount(300), ["digit-3", "num-hundred"]],
    ["as nothing less than zero", spokenCount(-4), ["digit-0"]],
  ])("%s", (_what, spoken, pieces) => expect(spoken).toEqual(pieces));

  it("so that the pieces add up to the count", () => {
    fc.assert(
      fc.property(fc.nat({ max: 999 }), (count) => {
        const sum = spokenCount(count).reduce((total, piece) => {
          const value = Number(piece.split("-")[1]);
          return piece === "num-hundred" ? total * 100 : total + value;
        }, 0);
        expect(sum).toBe(count);
      }),
    );
  });
});

/** The pieces as the platform would write them. */
function written(pieces: readonly string[]): string {
  const clock = pieces.slice(pieces.indexOf("time-at") + 1);
  const half = clock.at(-1) === "time-am" ? "AM" : "PM";
  const numbers = clock.slice(0, -1).filter((piece) => piece !== "time-oclock");
  const value = (piece: string) => (piece === "time-oh" ? 0 : Number(piece.split("-")[1]));
  const [hour = "", ...minutes] = numbers;
  const minute = minutes.reduce((sum, piece) => sum + value(piece), 0);
  return `${value(hour)}:${String(minute).padStart(2, "0")} ${half}`;
}

describe("times are spoken", () => {
  const noon = Date.parse("2026-03-03T12:00:00Z");
  it.each([
    ["today", "2026-03-03T09:05:00Z", ["day-today", "time-at", "digit-9", "time-oh", "digit-5", "time-am"]],
    [
      "yesterday",
      "2026-03-02T23:59:00Z",
      ["day-yesterday", "time-at", "num-11", "num-50", "digit-9", "time-pm"],
    ],
    [
      "with weekday and date before that",
      "2026-03-01T00:00:00Z",
      ["weekday-7", "month-3", "ordinal-1", "time-at", "num-12", "time-oclock", "time-am"],
    ],
  ])("%s", (_what, at, pieces) => expect(spokenTime(Date.parse(at), noon, "UTC")).toEqual(pieces));

  it("as of yesterday, also when the day between has 23 hours", () => {
    const now = Date.parse("2026-03-09T04:30:00Z"); // 00:30 on the 9th in New York; the clocks were set forward at 2:00 on the 8th.
    const at = Date.parse("2026-03-08T05:10:00Z");
    expect(spokenTime(at, now, "America/New_York")[0]).toBe("day-yesterday");
  });

  it("in the office's time zone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.constantFrom("America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"),
        (atMs, timeZone) => {
          const clock = new Intl.DateTimeFormat("en-US", { timeZone, hour: "numeric", minute: "2-digit" });
          const text = clock.format(atMs).replace(/\s/g, " ");
          expect(written(spokenTime(atMs, atMs + 1e9, timeZone))).toBe(text);
        },
      ),
    );
  });
});
