/** Writes an instant as the wall clock of a zone shows it, to the second. */
import { aheadMs } from "./zone.js";

/** `2026-11-01 01:30:05 -05:00 America/Chicago`: tells the two hours apart that daylight saving makes of one. */
export function zonedMoment(atMs: number, timezone: string): string {
  const aheadMinutes = Math.round(aheadMs(timezone, atMs) / MINUTE_MS);
  const onTheClock = new Date(atMs + aheadMinutes * MINUTE_MS).toISOString();
  const [hours, minutes] = [Math.floor(Math.abs(aheadMinutes) / 60), Math.abs(aheadMinutes) % 60];
  const offset = `${aheadMinutes < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`;
  return `${onTheClock.slice(0, "2026-11-01T01:30:05".length).replace("T", " ")} ${offset} ${timezone}`;
}

const MINUTE_MS = 60_000;

function two(number: number): string {
  return String(number).padStart(2, "0");
}
