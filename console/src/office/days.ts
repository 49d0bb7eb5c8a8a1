/** Days of the office's calendar as texts such as `2026-11-30`, which the API takes for periods. */

/** The day of a moment in a zone. */
export function dayIn(timeZone: string, atMs: number): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** So many days later; a day has no clock, so that daylight saving does not matter. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days a period has, both ends included. */
export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS) + 1;
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

/** "30 Nov", with the year where it is not this one; of a day, whatever the zone. */
export function dayText(day: string, language: string, options: Intl.DateTimeFormatOptions = {}): string {
  const shown = Object.keys(options).length > 0 ? options : ({ day: "numeric", month: "short" } as const);
  return new Intl.DateTimeFormat(language, { timeZone: "UTC", ...shown }).format(
    new Date(`${day}T12:00:00Z`),
  );
}

const DAY_MS = 86_400_000;
