/** Lengths of time as people say and read them. */

const SECOND_MS = 1_000;

/** `0:09`, `2:05`, `1:02:05`; fractions of a second are left out, as a clock does. */
export function clockTime(ms: number): string {
  const all = Math.max(0, Math.floor(ms / SECOND_MS));
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  return hours === 0 ? `${minutes}:${two(seconds)}` : `${hours}:${two(minutes)}:${two(seconds)}`;
}

/** `9 seconds`, `2 minutes 5 seconds`, `1 hour 2 minutes`. */
export function lengthInWords(ms: number): string {
  const all = Math.max(0, Math.round(ms / SECOND_MS));
  if (all === 0) return "less than a second";
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  const parts = [
    ...(hours > 0 ? [count(hours, "hour")] : []),
    ...(minutes > 0 ? [count(minutes, "minute")] : []),
    ...(seconds > 0 && hours === 0 ? [count(seconds, "second")] : []),
  ];
  return parts.join(" ");
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
