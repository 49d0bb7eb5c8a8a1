/** How long ago something was, in a few characters for a table. */

/** Empty: it is not known when, or never. */
export function ago(atMs: number | null, nowMs: number): string {
  return atMs === null ? "" : `${duration(nowMs - atMs)} ago`;
}

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
