/** Reads an event in the switch's JSON form as a plain object of texts. */
import type { SwitchEvent } from "./wire.js";

/**
 * Returns the event, or undefined when the text is none. A header with several values, an array in JSON, becomes
 * `ARRAY::a|:b`, the switch's own flat form (switch_event.h): nothing is lost and every value is a text.
 *
 * @param variables the channel variables that are read, as `variable_<name>`; all others are skipped. Variables are
 * two thirds of an event (some 180 at a hangup), and parsing all would take as long as all other work of the engine.
 * @param headers headers of the request, in lower case, whose variables are read too: carriers choose the case
 */
export function readEventJson(
  text: string,
  variables?: readonly string[],
  headers?: ReadonlySet<string>,
): SwitchEvent | undefined {
  const cut = variables === undefined ? undefined : variablesOf(text);
  if (variables === undefined || cut === undefined) return readWhole(text);
  const event = readWhole(text.slice(0, cut.from) + text.slice(cut.to));
  if (event === undefined) return undefined;
  readVariables(text.slice(cut.from, cut.to), setOf(variables), headers, event);
  return event;
}

/** The variable of a header of the request, before the header's name (mod_sofia.h, SOFIA_SIP_HEADER_PREFIX). */
export const HEADER_VARIABLE = "variable_sip_h_";

/** A caller may send any number of headers. */
const HEADERS_MAX = 50;

const SETS = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(names: readonly string[]): ReadonlySet<string> {
  const known = SETS.get(names);
  if (known !== undefined) return known;
  const set = new Set(names);
  SETS.set(names, set);
  return set;
}

/**
 * Adds the variables that are wanted. One pass over the names: to look for each wanted one took several times as long, since
 * most events have few of them.
 */
function readVariables(
  block: string,
  wanted: ReadonlySet<string>,
  headers: ReadonlySet<string> | undefined,
  event: Readable,
): void {
  let headersSeen = 0;
  for (let at = 0; at >= 0; ) {
    const end = block.indexOf('"', at + VARIABLE.length);
    if (end < 0) return;
    const name = block.slice(at + 2, end);
    let isWanted = wanted.has(name);
    if (!isWanted && headers !== undefined && name.startsWith(HEADER_VARIABLE)) {
      headersSeen += 1;
      isWanted = headersSeen <= HEADERS_MAX && headers.has(name.slice(HEADER_VARIABLE.length).toLowerCase());
    }
    if (isWanted && !(name in event)) event[name] = valueAt(block, end + 2);
    at = block.indexOf(VARIABLE, end);
  }
}

/** The text or list of texts that begins there. */
function valueAt(block: string, start: number): string | undefined {
  const value = block.slice(start, endOfValue(block, start));
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? parsed : flat(parsed);
  } catch {
    return undefined;
  }
}

/** The start of every variable. Inside a value the quote would be escaped, so it occurs nowhere else. */
const VARIABLE = ',"variable_';

/** The block of variables: they stand together, after the headers (switch_channel_event_set_extended_data). */
function variablesOf(text: string): { readonly from: number; readonly to: number } | undefined {
  const from = text.indexOf(VARIABLE);
  if (from < 0) return undefined;
  const last = text.indexOf('":', text.lastIndexOf(VARIABLE));
  const to = last < 0 ? -1 : endOfValue(text, last + 2);
  return to < 0 ? undefined : { from, to };
}

/** The index after the text or list of texts that begins at `start`; -1: it has no end, or is of another kind. */
function endOfValue(text: string, start: number): number {
  let at = start;
  let isList = false;
  for (;;) {
    const character = text.charAt(at);
    if (character === '"') {
      at = endOfText(text, at + 1);
      if (at < 0) return -1;
      if (!isList) return at;
    } else if (isList && character === "]") return at + 1;
    else if (character === "[" || (isList && character === ",")) {
      isList = true;
      at += 1;
    } else return -1;
  }
}

/** The index after the quote that ends a text. A quote behind an odd number of backslashes is part of the text. */
function endOfText(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return -1;
}

const BACKSLASH = 92;

type Readable = Record<string, string | undefined>;

/** A value that is no text; also matches within a text, where the quote before it is escaped. */
const OTHER_VALUE = /"\s*:\s*[^"\s]/;

function readWhole(text: string): Readable | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  if (!OTHER_VALUE.test(text)) return parsed as Readable;
  const event = parsed as Record<string, unknown>;
  for (const name of Object.keys(event)) {
    const value = event[name];
    if (typeof value !== "string") event[name] = flat(value);
  }
  return event as Readable;
}

function flat(value: unknown): string | undefined {
  if (Array.isArray(value)) return `ARRAY::${value.map(String).join("|:")}`;
  if (value === null || value === undefined) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
