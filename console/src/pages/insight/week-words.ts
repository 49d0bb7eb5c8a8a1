/** Weekdays and hours as people of each language write them. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

/** @param weekday as the API names it */
export function weekdayText(weekday: string, language: string, length: "long" | "short"): string {
  const nth = (WEEKDAYS as readonly string[]).indexOf(weekday);
  return new Intl.DateTimeFormat(language, { weekday: length, timeZone: "UTC" }).format(
    MONDAY + nth * DAY_MS,
  );
}

/** "9 AM", "9 Uhr": the hour that begins then. */
export function hourText(hour: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: "numeric", timeZone: "UTC" }).format(
    MONDAY + hour * 3_600_000,
  );
}
