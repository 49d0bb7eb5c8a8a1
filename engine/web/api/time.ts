/** Times as the API writes them: ISO 8601 in UTC, with milliseconds. */

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
