/** Goal: schedules are written as they are read, and days and times mean what people mean. Method: tables and a property. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDays, readHoliday, readHours, scheduleSchema, writeDays, writeMinute } from "./file.js";
import { WEEKDAYS } from "./hours.js";

describe("days", () => {
  it.each([
    ["mon-fri", ["mon", "tue", "wed", "thu", "fri"]],
    ["sat", ["sat"]],
    ["sat,sun", ["sat", "sun"]],
    ["mon, wed,fri", ["mon", "wed", "fri"]],
    ["fri-mon", ["mon", "fri", "sat", "sun"]],
    ["mon-sun", [...WEEKDAYS]],
    ["tue-tue", ["tue"]],
    ["mon-wed,wed-thu", ["mon", "tue", "wed", "thu"]],
  ])("%s", (text, days) => {
    expect(readDays(text)).toEqual(days);
  });

  it("are written so that they are read again", () => {
    fc.assert(
      fc.property(fc.subarray([...WEEKDAYS], { minLength: 1 }), (days) => {
        expect(readDays(writeDays(days))).toEqual(days);
      }),
    );
  });

  it("that follow each other are a range", () => {
    expect(writeDays(["mon", "tue", "wed", "fri", "sun"])).toBe("mon-wed,fri,sun");
  });
});

describe("hours", () => {
  it("midnight as an end is the end of the day, and as a beginning its begin", () => {
    expect(readHours({ days: "mon", from: "0:00", to: "24:00" })).toMatchObject({
      fromMinute: 0,
      toMinute: 1_440,
    });
    expect(readHours({ days: "mon", from: "22:00", to: "00:00" })).toMatchObject({ toMinute: 1_440 });
    expect(writeMinute(1_440)).toBe("24:00");
    expect(writeMinute(485)).toBe("08:05");
  });

  it.each([
    { days: "monday", from: "08:00", to: "12:00" },
    { days: "mon-fri", from: "24:00", to: "12:00" },
    { days: "mon-fri", from: "08:60", to: "12:00" },
    { days: "mon-fri", from: "8", to: "12:00" },
    { days: "mon-fri", from: 480, to: "12:00" },
    { days: "", from: "08:00", to: "12:00" },
    { days: "mon-fri", from: "08:00", to: "25:00" },
    { days: "mon-fri", from: "08:00" },
  ])("%j are refused", (hours) => {
    expect(scheduleSchema.safeParse({ id: "a", open: [hours] }).success).toBe(false);
  });
});

describe("holidays", () => {
  it.each([
    ["2026-12-25", { from: "2026-12-25", to: "2026-12-25" }],
    [
      { from: "2026-12-25", name: "Christmas" },
      { from: "2026-12-25", to: "2026-12-25", name: "Christmas" },
    ],
    [
      { from: "2026-12-31", to: "2027-01-01" },
      { from: "2026-12-31", to: "2027-01-01" },
    ],
  ])("%j", (file, holiday) => {
    expect(readHoliday(file)).toEqual(holiday);
  });

  it.each(["25.12.2026", "2026-12", 20261225, { to: "2026-12-25" }, { from: "2026-12-25", until: "x" }])(
    "%j is refused",
    (holiday) => {
      expect(scheduleSchema.safeParse({ id: "a", open: [], closed: [holiday] }).success).toBe(false);
    },
  );
});
