/**
 * Goal: a schedule is open when its hours, its holidays and the clock on its wall say so. Method: tables of moments in
 * zones whose clocks jump, and random schedules beside a naive reading of the same rules, minute by minute.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateOf, dayOf, momentsOf, wallTime } from "../../office/zone.js";
import { type Hours, hoursAt, nextChange, WEEKDAYS } from "./hours.js";

const MON_FRI = ["mon", "tue", "wed", "thu", "fri"] as const;
const PRACTICE: Hours = {
  open: [
    { days: MON_FRI, fromMinute: 8 * 60, toMinute: 12 * 60 + 30 },
    { days: ["mon", "tue", "wed", "thu"], fromMinute: 13 * 60 + 30, toMinute: 17 * 60 },
  ],
  closed: [
    { from: "2026-12-25", to: "2026-12-25" },
    { from: "2026-12-31", to: "2027-01-01", name: "New Year" },
  ],
};
const NIGHT: Hours = {
  open: [{ days: ["fri", "sat"], fromMinute: 22 * 60, toMinute: 2 * 60 + 30 }],
  closed: [{ from: "2026-12-26", to: "2026-12-26", name: "Boxing Day" }],
};
const ALWAYS: Hours = { open: [{ days: [...WEEKDAYS], fromMinute: 0, toMinute: 1_440 }], closed: [] };

const at = (iso: string) => Date.parse(iso);

describe("a practice in Chicago", () => {
  it.each([
    ["2026-11-30T07:59:59-06:00", false, "a Monday before eight"],
    ["2026-11-30T08:00:00-06:00", true, "a Monday at eight"],
    ["2026-11-30T12:29:59-06:00", true, "before the break"],
    ["2026-11-30T12:30:00-06:00", false, "in the break"],
    ["2026-11-30T13:30:00-06:00", true, "after the break"],
    ["2026-11-30T17:00:00-06:00", false, "in the evening"],
    ["2026-12-04T14:00:00-06:00", false, "a Friday afternoon"],
    ["2026-12-05T10:00:00-06:00", false, "a Saturday"],
    ["2026-12-25T10:00:00-06:00", false, "Christmas"],
    ["2026-12-31T10:00:00-06:00", false, "the first day of a longer holiday"],
    ["2027-01-01T10:00:00-06:00", false, "its last day"],
    ["2027-01-04T10:00:00-06:00", true, "the Monday behind it"],
    ["2026-07-01T07:59:00-05:00", false, "in summer before eight"],
    ["2026-07-01T08:00:00-05:00", true, "in summer at eight"],
  ])("at %s: open %s, %s", (iso, open) => {
    expect(hoursAt(PRACTICE, "America/Chicago", at(iso)).open).toBe(open);
  });

  it("says why it is closed", () => {
    const why = (iso: string) => hoursAt(PRACTICE, "America/Chicago", at(iso)).why;
    expect(why("2026-12-31T10:00:00-06:00")).toEqual({ kind: "holiday", holiday: PRACTICE.closed[1] });
    expect(why("2026-11-30T12:45:00-06:00")).toEqual({ kind: "outside_hours" });
    expect(why("2026-11-30T09:00:00-06:00")).toEqual({ kind: "hours" });
  });

  it.each([
    ["2026-11-30T06:00:00-06:00", "2026-11-30T08:00:00-06:00", "it opens"],
    ["2026-11-30T08:00:00-06:00", "2026-11-30T12:30:00-06:00", "it closes for the break"],
    ["2026-12-04T12:30:00-06:00", "2026-12-07T08:00:00-06:00", "over a weekend"],
    ["2026-12-30T17:00:00-06:00", "2027-01-04T08:00:00-06:00", "over New Year and a weekend"],
  ])("behind %s changes at %s: %s", (iso, next) => {
    expect(nextChange(PRACTICE, "America/Chicago", at(iso))).toBe(at(next));
  });
});

describe("hours over midnight", () => {
  it.each([
    ["2026-11-27T21:59:00+01:00", false, "a Friday before ten"],
    ["2026-11-27T22:00:00+01:00", true, "a Friday at ten"],
    ["2026-11-28T02:29:00+01:00", true, "the night from Friday to Saturday"],
    ["2026-11-28T02:30:00+01:00", false, "that night after half past two"],
    ["2026-11-29T01:00:00+01:00", true, "the night from Saturday to Sunday"],
    ["2026-11-30T01:00:00+01:00", false, "the night from Sunday to Monday"],
    ["2026-12-25T23:00:00+01:00", true, "the evening before a holiday"],
    ["2026-12-26T00:00:00+01:00", false, "from midnight the holiday closes what began before it"],
    ["2026-12-27T01:00:00+01:00", false, "hours that would have begun on the holiday stay closed behind it"],
  ])("in Berlin at %s: open %s, %s", (iso, open) => {
    expect(hoursAt(NIGHT, "Europe/Berlin", at(iso)).open).toBe(open);
  });

  it.each([
    // Berlin sets its clock forward on 2026-03-29 at 02:00, so 02:00 to 03:00 does not come.
    ["2026-03-29T00:59:00Z", true, "before the jump"],
    ["2026-03-29T01:00:00Z", false, "the clock shows 03:00, and the hours have ended at 02:30"],
    // It sets it back on 2026-10-25 at 03:00, so 02:00 to 03:00 comes twice.
    ["2026-10-25T00:29:00Z", true, "02:29 for the first time"],
    ["2026-10-25T00:30:00Z", false, "02:30 for the first time"],
    ["2026-10-25T01:15:00Z", true, "02:15 for the second time"],
    ["2026-10-25T01:30:00Z", false, "02:30 for the second time"],
  ])("in Berlin, when the clocks change, at %s: open %s, %s", (iso, open) => {
    expect(hoursAt(NIGHT, "Europe/Berlin", at(iso)).open).toBe(open);
  });

  it("finds the changes of the night in which an hour comes twice", () => {
    const changes: string[] = [];
    for (let ms = at("2026-10-24T22:00:00Z"); changes.length < 3; ) {
      const next = nextChange(NIGHT, "Europe/Berlin", ms);
      if (next === null) throw new Error("no change");
      changes.push(new Date(next).toISOString());
      ms = next;
    }
    expect(changes).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-25T01:00:00.000Z",
      "2026-10-25T01:30:00.000Z",
    ]);
  });
});

describe("zones of their own", () => {
  const early: Hours = {
    open: [{ days: [...WEEKDAYS], fromMinute: 2 * 60 + 15, toMinute: 3 * 60 }],
    closed: [],
  };
  it.each([
    // Lord Howe sets its clock forward by half an hour: 02:00 becomes 02:30 (2026-10-04).
    ["Australia/Lord_Howe", "2026-10-03T15:29:00Z", false, "01:59"],
    ["Australia/Lord_Howe", "2026-10-03T15:30:00Z", true, "02:30, right after the jump"],
    ["Asia/Kolkata", "2026-11-29T20:44:00Z", false, "02:14"],
    ["Asia/Kolkata", "2026-11-29T20:45:00Z", true, "02:15"],
    ["Pacific/Apia", "2026-11-29T13:15:00Z", true, "02:15 of the next day"],
    ["America/Sao_Paulo", "2026-11-30T05:15:00Z", true, "02:15, without summer time"],
    ["UTC", "2026-11-30T02:15:00Z", true, "02:15"],
  ])("%s at %s: open %s (%s)", (zone, iso, open) => {
    expect(hoursAt(early, zone, at(iso)).open).toBe(open);
  });

  it("leap days are days", () => {
    const leap: Hours = { open: ALWAYS.open, closed: [{ from: "2028-02-29", to: "2028-02-29" }] };
    expect(hoursAt(leap, "UTC", at("2028-02-29T12:00:00Z")).open).toBe(false);
    expect(hoursAt(leap, "UTC", at("2028-03-01T00:00:00Z")).open).toBe(true);
    expect(dayOf("2026-02-29")).toBeUndefined();
  });

  it("a schedule that is always open never changes", () => {
    expect(nextChange(ALWAYS, "Europe/Berlin", at("2026-03-01T00:00:00Z"))).toBeNull();
  });
});

const zones = [
  "America/Chicago",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Pacific/Apia",
  "UTC",
];
const zone = fc.constantFrom(...zones);
/** Around both changes of the clocks of 2026, and any other time of that year. */
const moment = fc
  .oneof(
    fc.constantFrom(at("2026-03-08T00:00:00Z"), at("2026-03-29T00:00:00Z"), at("2026-10-25T00:00:00Z")),
    fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2026-12-31T00:00:00Z") }),
  )
  .chain((ms) => fc.integer({ min: -1_440, max: 1_440 }).map((minutes) => ms + minutes * 60_000));
const date = fc.integer({ min: 20_454, max: 20_820 }).map(dateOf);
const hoursArbitrary: fc.Arbitrary<Hours> = fc.record({
  open: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
      fromMinute: fc.integer({ min: 0, max: 1_439 }),
      toMinute: fc.integer({ min: 1, max: 1_440 }),
    }),
    { maxLength: 4 },
  ),
  closed: fc.array(
    date.map((from) => ({ from, to: dateOf((dayOf(from) ?? 0) + 1) })),
    { maxLength: 3 },
  ),
});

/** The rules once more, by what the platform writes on the wall: date, weekday, hour and minute as text. */
function naive(hours: Hours, inZone: string, ms: number): boolean {
  const written = (value: number) =>
    new Intl.DateTimeFormat("sv-SE", { timeZone: inZone, dateStyle: "short", timeStyle: "short" }).format(
      value,
    );
  const [today = "", clock = ""] = written(ms).split(" ");
  const before = dateOf((dayOf(today) ?? 0) - 1);
  const [hour = "0", minute = "0"] = clock.split(":");
  const now = Number(hour) * 60 + Number(minute);
  const dayName = (iso: string) =>
    new Date(`${iso}T12:00:00Z`)
      .toLocaleDateString("en-US", { weekday: "short", timeZone: "UTC" })
      .toLowerCase();
  const isHoliday = (iso: string) => hours.closed.some(({ from, to }) => iso >= from && iso <= to);
  if (isHoliday(today)) return false;
  return hours.open.some(({ days, fromMinute, toMinute }) => {
    const names: readonly string[] = days;
    const overnight = toMinute <= fromMinute;
    const began = names.includes(dayName(today)) && now >= fromMinute && (overnight || now < toMinute);
    const goesOn = overnight && names.includes(dayName(before)) && !isHoliday(before) && now < toMinute;
    return began || goesOn;
  });
}

describe("any schedule", () => {
  it("is open when a naive reading of its rules says so", () => {
    fc.assert(
      fc.property(hoursArbitrary, zone, moment, (hours, inZone, ms) => {
        expect(hoursAt(hours, inZone, ms).open).toBe(naive(hours, inZone, ms));
      }),
    );
  });

  it("changes at the next change, and not before", () => {
    fc.assert(
      fc.property(hoursArbitrary, zone, moment, (hours, inZone, ms) => {
        const now = hoursAt(hours, inZone, ms).open;
        const next = nextChange(hours, inZone, ms);
        const end = Math.min(next ?? ms + 86_400_000, ms + 86_400_000);
        for (let minute = Math.floor(ms / 60_000) * 60_000 + 60_000; minute < end; minute += 60_000)
          expect(hoursAt(hours, inZone, minute).open).toBe(now);
        if (next !== null) expect(hoursAt(hours, inZone, next).open).toBe(!now);
      }),
      { numRuns: 20 },
    );
  });

  it("every minute that the clock shows is found again", () => {
    fc.assert(
      fc.property(zone, moment, (inZone, ms) => {
        const minute = Math.floor(ms / 60_000) * 60_000;
        const { day, minute: shown } = wallTime(inZone, minute);
        expect(momentsOf(inZone, day, [shown])).toContain(minute);
      }),
    );
  });
});
