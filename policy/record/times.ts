/** Lengths of time as people say and read them. */

const SECOND_MS = 1_000;

/** `0:09`, `2:05`, `1:02:05`, rounded as in {@link lengthInWords}. */
export function clockTime(ms: number): string {
  const all = Math.max(0, Math.round(ms / SECOND_MS));
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  return hours === 0 ? `${minutes}:${two(seconds)}` : `${hours}:${two(minutes)}:${two(seconds)}`;
}

/** `9 seconds`, `2 minutes 5 seconds`, `1 hour 2 minutes`. */
export function lengthInWords(ms: number): string {
  const parts = partsOf(ms);
  if (parts.length === 0) return "less than a second";
  return parts.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ");
}

const SHORT = { hour: "h", minute: "min", second: "s" } as const;

/** The same in few characters: `9 s`, `2 min 5 s`, `1 h 2 min`. */
export function shortLength(ms: number): string {
  const parts = partsOf(ms);
  return parts.length === 0 ? "0 s" : parts.map(([count, unit]) => `${count} ${SHORT[unit]}`).join(" ");
}

/** Seconds do not matter beside hours. */
function partsOf(ms: number): ReadonlyArray<readonly [count: number, unit: keyof typeof SHORT]> {
  const all = Math.max(0, Math.round(ms / SECOND_MS));
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  const parts = [
    [hours, "hour"],
    [minutes, "minute"],
    [hours === 0 ? seconds : 0, "second"],
  ] as const;
  return parts.filter(([count]) => count > 0);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
