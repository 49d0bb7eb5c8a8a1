/** Goal: a time is read as people mean it, in the given zone. Method: a table around one Monday in Chicago. */
import { describe, expect, it } from "vitest";
import { zonedMoment } from "../../../policy/office/zoned-moment.js";
import { readUntil, zonedTime } from "./until.js";

const ZONE = "America/Chicago";
const NOW = Date.parse("2026-11-30T14:00:00-06:00");

describe("until", () => {
  it.each([
    ["18:30", "2026-11-30T18:30:00-06:00"],
    ["8:00", "2026-12-01T08:00:00-06:00"],
    ["14:00", "2026-12-01T14:00:00-06:00"],
    ["30m", "2026-11-30T14:30:00-06:00"],
    ["2h", "2026-11-30T16:00:00-06:00"],
    ["1 d", "2026-12-01T14:00:00-06:00"],
    ["2026-12-24 12:00", "2026-12-24T12:00:00-06:00"],
    ["2026-12-24T12:00Z", "2026-12-24T12:00:00Z"],
  ])("%s is %s", (text, iso) => {
    expect(readUntil(text, ZONE, NOW)).toBe(Date.parse(iso));
  });

  it.each(["", "soon", "25:00", "12:60", "2026-12-24", "-2h", "2026-13-01 12:00"])(
    "%j is no time",
    (text) => {
      expect(readUntil(text, ZONE, NOW)).toBeUndefined();
    },
  );

  it("a minute that the clock skips is the next day's", () => {
    const night = Date.parse("2026-03-08T01:00:00-06:00");
    expect(readUntil("02:30", ZONE, night)).toBe(Date.parse("2026-03-09T02:30:00-05:00"));
  });

  it.each([
    ["America/Chicago", "2026-11-01T06:30:05Z", "2026-11-01 01:30:05 -05:00 America/Chicago"],
    // The hour that comes twice is told apart.
    ["America/Chicago", "2026-11-01T07:30:05Z", "2026-11-01 01:30:05 -06:00 America/Chicago"],
    ["Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29 01:59:59 +01:00 Europe/Berlin"],
    ["Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29 03:00:00 +02:00 Europe/Berlin"],
    ["Asia/Kolkata", "2026-12-31T20:00:00Z", "2027-01-01 01:30:00 +05:30 Asia/Kolkata"],
    ["America/St_Johns", "2026-07-01T00:00:00Z", "2026-06-30 21:30:00 -02:30 America/St_Johns"],
    ["UTC", "2026-07-01T00:00:00Z", "2026-07-01 00:00:00 +00:00 UTC"],
  ])("a moment in %s is written with its distance from UTC and the zone: %s", (zone, iso, written) => {
    expect(zonedMoment(Date.parse(iso), zone)).toBe(written);
  });

  it("a time is written with its weekday, on the clock of the zone", () => {
    expect(zonedTime(NOW, "Europe/Berlin")).toBe("Mon 2026-11-30 21:00");
  });
});
