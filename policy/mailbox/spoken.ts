/**
 * Numbers and times as callers hear them: names of the pieces in `docker/sounds/en.txt`, in the order in which they are
 * played. A dialled number is spoken digit by digit, a count as a number.
 */

/** The digits of a number or extension, one by one; all other characters are left out. */
export function spokenDigits(text: string): string[] {
  return [...text].filter((c) => c >= "0" && c <= "9").map((digit) => `digit-${digit}`);
}

/** E.164 has 15 digits; a longer "number" is some machine's id, which no listener can use. */
export const SPOKEN_DIGITS_MAX = 15;

/** The caller: the number, or that it is unknown. */
export function spokenCaller(number: string): string[] {
  const digits = spokenDigits(number);
  return digits.length === 0 || digits.length > SPOKEN_DIGITS_MAX ? ["unknown-caller"] : digits;
}

/** The largest count that the pieces have words for. */
const COUNT_MAX = 999;

/** A count from 0 on, in English: "two hundred", "forty", "one". A larger count is spoken as 999. */
export function spokenCount(count: number): string[] {
  const n = Math.min(Math.max(0, Math.floor(count)), COUNT_MAX);
  const hundreds = Math.floor(n / 100);
  const rest = n % 100;
  const words = hundreds === 0 ? [] : [`digit-${hundreds}`, "num-hundred"];
  return rest === 0 && hundreds > 0 ? words : [...words, ...belowHundred(rest)];
}

function belowHundred(n: number): string[] {
  if (n < 10) return [`digit-${n}`];
  if (n < 20) return [`num-${n}`];
  const ones = n % 10;
  return ones === 0 ? [`num-${n}`] : [`num-${n - ones}`, `digit-${ones}`];
}

interface LocalTime {
  readonly day: string;
  readonly weekday: number;
  readonly month: number;
  readonly date: number;
  readonly hour: number;
  readonly minute: number;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * A time relative to now: "today at three fifteen p.m.", "yesterday at …", or "Tuesday, March, third, at …".
 * @param atMs milliseconds since the epoch, as `nowMs`
 * @param timezone IANA name
 */
export function spokenTime(atMs: number, nowMs: number, timezone: string): string[] {
  const at = localTime(atMs, timezone);
  return [...spokenDay(at, atMs, nowMs, timezone), "time-at", ...clockTime(at)];
}

function spokenDay(at: LocalTime, atMs: number, nowMs: number, timezone: string): string[] {
  if (at.day === localTime(nowMs, timezone).day) return ["day-today"];
  // Adding 24 hours may end on the same date or two dates later, where a day has 25 or 23 hours.
  if (atMs < nowMs && isDayBefore(at, localTime(nowMs, timezone))) return ["day-yesterday"];
  return [`weekday-${at.weekday}`, `month-${at.month}`, `ordinal-${at.date}`];
}

function isDayBefore(a: LocalTime, b: LocalTime): boolean {
  return Date.parse(`${b.day}T00:00:00Z`) - Date.parse(`${a.day}T00:00:00Z`) === 86_400_000;
}

function clockTime({ hour, minute }: LocalTime): string[] {
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const half = hour < 12 ? "time-am" : "time-pm";
  if (minute === 0) return [...spokenCount(twelve), "time-oclock", half];
  const minutes = minute < 10 ? ["time-oh", `digit-${minute}`] : spokenCount(minute);
  return [...spokenCount(twelve), ...minutes, half];
}

function localTime(ms: number, timezone: string): LocalTime {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? "";
  return {
    day: `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`,
    weekday: WEEKDAYS.indexOf(part("weekday")) + 1,
    month: Number(part("month")),
    date: Number(part("day")),
    hour: Number(part("hour")),
    minute: Number(part("minute")),
  };
}
