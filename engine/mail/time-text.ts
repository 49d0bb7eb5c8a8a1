/** A moment as mails and pages say it to people. */

/** In the office's zone, with the zone's name. */
export function timeText(atMs: number, timezone: string): string {
  const text = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(atMs);
  return `${text} (${timezone})`;
}
