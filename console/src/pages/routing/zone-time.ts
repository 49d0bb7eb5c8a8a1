/** Times of a zone's clock, as native date and time inputs have them (`2026-12-01T17:00`), and the instants they mean. */

/** What the clock of the zone shows at an instant. */
export function localOf(instantMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(new Date(instantMs));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "00";
  return `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

export function localNow(timeZone: string): string {
  return localOf(inHours(0).getTime(), timeZone);
}

/** So many hours from now. */
export function inHours(hours: number): Date {
  const now = new Date();
  return new Date(now.getTime() + hours * 3_600_000);
}

/**
 * The instant at which the clock of the zone shows the time. A time that a change of the clocks skips is read as if they had
 * not been changed yet, and of one that comes twice the first is taken (RFC 5545, section 3.3.5).
 */
export function instantOf(local: string, timeZone: string): number {
  const asUtc = Date.parse(`${local}Z`);
  const offsetAt = (instantMs: number) => Date.parse(`${localOf(instantMs, timeZone)}Z`) - instantMs;
  const DAY_MS = 86_400_000;
  const [before, after] = [offsetAt(asUtc - DAY_MS), offsetAt(asUtc + DAY_MS)];
  const first = asUtc - before;
  if (offsetAt(first) === before) return first;
  const second = asUtc - after;
  return offsetAt(second) === after ? second : first;
}
