/** Times and numbers as people of the office read them: in the office's zone, in the language of the page. */
import { useMemo } from "react";
import { useSpeech } from "../words/words.js";
import { useMe } from "./me.js";

export interface When {
  /** "14:05" today, "Tue 14:05" within a week, else "3 Nov 2026, 14:05". */
  short(iso: string): string;
  /** With date, seconds and the zone's name. */
  full(iso: string): string;
  /** "14:05". */
  time(iso: string): string;
  /** "14:05:09". */
  clock(iso: string): string;
  /** "3 November 2026". */
  day(iso: string): string;
  /** "Tuesday 14:05". */
  weekdayAndTime(iso: string): string;
  /** The office's zone, by name: "New York, EST". */
  readonly zone: string;
  readonly timezone: string;
}

export function useWhen(): When {
  const { language } = useSpeech();
  const { timezone } = useMe().office;
  return useMemo(() => whenIn(language, timezone), [language, timezone]);
}

function whenIn(language: string, timeZone: string): When {
  const comesTwice = hoursThatComeTwice(timeZone);
  const format = (options: Intl.DateTimeFormatOptions) => {
    const usual = new Intl.DateTimeFormat(language, { timeZone, ...options });
    if (options.hour === undefined) return (iso: string) => usual.format(new Date(iso));
    const withZone = new Intl.DateTimeFormat(language, { timeZone, ...options, timeZoneName: "short" });
    return (iso: string) => {
      const at = new Date(iso);
      return (comesTwice(at) ? withZone : usual).format(at);
    };
  };
  // 7:05 PM, and 07:05.
  const hour = language === "en" ? "numeric" : "2-digit";
  const time = format({ hour, minute: "2-digit" });
  const clock = format({ hour, minute: "2-digit", second: "2-digit" });
  const day = format({ day: "numeric", month: "long", year: "numeric" });
  const weekday = format({ weekday: "short", hour, minute: "2-digit" });
  const weekdayAndTime = format({ weekday: "long", hour, minute: "2-digit" });
  const long = format({
    day: "numeric",
    month: "short",
    year: "numeric",
    hour,
    minute: "2-digit",
  });
  const full = format({ dateStyle: "full", timeStyle: "long" });
  const short = (iso: string) => {
    const now = new Date();
    if (day(iso) === day(now.toISOString())) return time(iso);
    const daysAgo = (now.getTime() - new Date(iso).getTime()) / 86_400_000;
    return daysAgo >= 0 && daysAgo < 6 ? weekday(iso) : long(iso);
  };
  return {
    short,
    full,
    time,
    clock,
    day,
    weekdayAndTime,
    timezone: timeZone,
    zone: zoneName(language, timeZone),
  };
}

/** When clocks are put back, the times of an hour come twice on one day, and are told apart by the zone's name alone. */
function hoursThatComeTwice(timeZone: string): (at: Date) => boolean {
  const wall = new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short", timeStyle: "short" });
  const known = new Map<number, boolean>();
  return (at) => {
    const ms = at.getTime();
    const minute = Math.floor(ms / 60_000);
    const found = known.get(minute);
    if (found !== undefined) return found;
    const here = wall.format(ms);
    // Lord Howe Island puts its clocks back by half an hour, all others by one.
    const isTwice = [30, 60].some((apart) =>
      [-apart, apart].some((minutes) => wall.format(ms + minutes * 60_000) === here),
    );
    known.set(minute, isTwice);
    return isTwice;
  };
}

function zoneName(language: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: "short" }).formatToParts(
    new Date(),
  );
  const short = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const city = (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
  return short === "" ? city : `${city}, ${short}`;
}

/** "1:05", "12:40", "1:02:09". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** E.164 in groups that can be read aloud; what is no such number stays as it is. */
export function phone(number: string): string {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (us !== null) return `+1 ${us[1]} ${us[2]} ${us[3]}`;
  const other = /^\+(\d{2})(\d{2,})$/.exec(number);
  return other === null ? number : `+${other[1]} ${(other[2] ?? "").replaceAll(/(\d{3})(?=\d{2})/g, "$1 ")}`;
}
