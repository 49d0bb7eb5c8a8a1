/** Reads an event in the switch's JSON form into a plain object of texts. */
import type { SwitchEvent } from "./wire.js";

/**
 * Returns the event, or undefined when the text is not one. A header with several values, which JSON shows as
 * an array, is written `ARRAY::a|:b`, the flat form that the switch itself uses everywhere else
 * (switch_event.h, so that nothing is lost and a value is always a text).
 */
export function readEventJson(text: string): SwitchEvent | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  const event = parsed as Record<string, unknown>;
  for (const name of Object.keys(event)) {
    const value = event[name];
    if (typeof value !== "string") event[name] = flat(value);
  }
  return event as SwitchEvent;
}

function flat(value: unknown): string | undefined {
  if (Array.isArray(value)) return `ARRAY::${value.map(String).join("|:")}`;
  if (value === null || value === undefined) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
