/**
 * Takes telephone numbers out of the log, where `--redact-numbers` asks for it: `+12125550144` becomes `+1212•••44`. What is
 * left tells a country and an area, and lets a person recognise a number that they know; seven digits of which two are left
 * are still a hundred thousand numbers. The call's id stands on the same line, and leads to the record, which has the number.
 *
 * It works on the finished line, so that no field, message or error of any part can have a number in it.
 */

/** So many digits or more, also in groups, count as somebody's number; extensions and emergency numbers have fewer. */
const DIGITS_MIN = 7;

/** These have many digits and are no numbers: ids of calls and legs, runs of engines, times, addresses of machines. */
const UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}";
/** Milliseconds since the epoch, and the engine's id (`engine/records/journal.ts`). */
const RUN = "1[5-9]\\d{11}-[0-9a-f]{8}(?![0-9a-fA-F])";
const TIME = "(?:19|20)\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])(?:T[\\d:.]+Z?)?(?!\\d)";
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ADDRESS = `(?:${OCTET}\\.){3}${OCTET}(?!\\d|\\.\\d)(?::\\d{1,5}(?!\\d))?`;
const NUMBER = `\\+?\\d(?:[ ().\\/-]{0,2}\\d){${DIGITS_MIN - 1},}`;

const TOKENS = new RegExp(`(?<!\\d)(${UUID}|${RUN}|${TIME}|${ADDRESS})|${NUMBER}`, "g");

/** The text without the middle of any telephone number in it. */
export function redactNumbers(text: string): string {
  return text.replace(TOKENS, (token: string, kept: string | undefined) => kept ?? masked(token));
}

function masked(number: string): string {
  const digits = number.replace(/\D/g, "");
  const head = digits.length >= 10 ? 4 : 2;
  return `${number.startsWith("+") ? "+" : ""}${digits.slice(0, head)}•••${digits.slice(-2)}`;
}

/** A line of the log, one JSON object, without numbers in its texts. JSON's own numbers are counts and times of ours. */
export function redactLine(line: string): string {
  try {
    return `${JSON.stringify(redactedValue(JSON.parse(line)))}\n`;
  } catch {
    return redactNumbers(line);
  }
}

function redactedValue(value: unknown): unknown {
  if (typeof value === "string") return redactNumbers(value);
  if (Array.isArray(value)) return value.map(redactedValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [redactNumbers(key), redactedValue(each)]),
  );
}
