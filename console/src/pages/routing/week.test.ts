/** The hours of a week: as files write them and back, over midnight, and the days as the office reads them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANNOUNCEMENTS as OF_SWITCH } from "../../../../policy/steps/announce/file.js";
import * as kinds from "../../../../policy/steps/index.js";
import {
  writeDays as daysAsOffice,
  readDays as daysOfOffice,
} from "../../../../policy/steps/schedule/file.js";
import { ANNOUNCEMENTS, STEP_KINDS } from "./steps.js";
import { barsOf, DAYS, hoursOf, readDays, type Week, weekOf, writeDays } from "./week.js";
import { instantOf, localOf } from "./zone-time.js";

const someDays = fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 });
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const ranges = fc.uniqueArray(fc.record({ from: time, to: time }), {
  maxLength: 4,
  selector: ({ from }) => from,
});
const week = fc.record(Object.fromEntries(DAYS.map((day) => [day, ranges]))) as fc.Arbitrary<Week>;

describe("days", () => {
  it("are written and read as the office does", () => {
    fc.assert(
      fc.property(someDays, (days) => {
        const text = writeDays(days);
        expect(text).toBe(daysAsOffice(DAYS.filter((day) => days.includes(day))));
        expect(readDays(text)).toEqual(daysOfOffice(text));
      }),
    );
  });

  it.each(["fri-mon", "mon-wed,sat", "sun", "sat-tue,thu"])("are read as the office does: %s", (text) => {
    expect(readDays(text)).toEqual(daysOfOffice(text));
  });
});

describe("a week", () => {
  it("is the same after it was written for a file", () => {
    fc.assert(
      fc.property(week, (written) => {
        expect(weekOf(hoursOf(weekOf(hoursOf(written))))).toEqual(weekOf(hoursOf(written)));
      }),
    );
  });

  it("has days with the same hours in one line", () => {
    const open = [
      { days: "mon-thu", from: "08:00", to: "18:00" },
      { days: "fri", from: "08:00", to: "16:00" },
    ];
    expect(hoursOf(weekOf(open))).toEqual(open);
  });

  it("goes on after midnight on the next day, and after Sunday on Monday", () => {
    const open = weekOf([{ days: "sun", from: "22:00", to: "02:30" }]);
    expect(barsOf(open, "sun")).toEqual([{ from: 1320, to: 1440 }]);
    expect(barsOf(open, "mon")).toEqual([{ from: 0, to: 150 }]);
  });

  it("ends a day at midnight and not on the next day", () => {
    const open = weekOf([{ days: "mon", from: "18:00", to: "24:00" }]);
    expect(barsOf(open, "mon")).toEqual([{ from: 1080, to: 1440 }]);
    expect(barsOf(open, "tue")).toEqual([]);
  });
});

describe("a time of a zone", () => {
  it.each([
    ["2026-12-01T17:00", "America/New_York", "2026-12-01T22:00:00.000Z"],
    ["2026-07-01T17:00", "America/New_York", "2026-07-01T21:00:00.000Z"],
    // The night in which the clocks go back: the hour from one to two comes twice.
    ["2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00.000Z"],
    // The night in which they go forward: there is no half past two.
    ["2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00.000Z"],
    ["2026-12-01T00:00", "Asia/Kolkata", "2026-11-30T18:30:00.000Z"],
  ])("%s in %s is %s", (local, zone, instant) => {
    expect(new Date(instantOf(local, zone)).toISOString()).toBe(instant);
  });

  it("is what the clock shows there", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true }),
        fc.constantFrom("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"),
        (date, zone) => {
          const shown = localOf(date.getTime(), zone);
          expect(localOf(instantOf(shown, zone), zone)).toBe(shown);
        },
      ),
    );
  });
});

describe("what the page knows of steps", () => {
  it("has every kind", () => {
    expect([...STEP_KINDS].sort()).toEqual(Object.keys(kinds).sort());
  });

  it("has every announcement", () => {
    expect([...ANNOUNCEMENTS].sort()).toEqual([...OF_SWITCH].sort());
  });
});
