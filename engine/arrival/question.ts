/**
 * Reads a question of the switch about a call: the form that mod_xml_curl posts when a channel enters routing. It has all
 * headers and variables of the channel, some 5 KiB. Only those that a call begins from are decoded.
 */
import { VARIABLE_HEADERS } from "../calls/switch-contract.js";
import type { SwitchEvent } from "../switch/wire.js";

/**
 * The headers that a call begins from. The switch is told to post no others (docker/freeswitch/xml_curl), so a new one has
 * to be written there, too.
 */
export const QUESTION_HEADERS: readonly string[] = [
  "Unique-ID",
  "Call-Direction",
  "Answer-State",
  "Caller-Context",
  "Caller-Destination-Number",
  "Caller-Caller-ID-Number",
  "Caller-Caller-ID-Name",
  "Caller-RDNIS",
  "Caller-Privacy-Hide-Number",
  "Caller-Privacy-Hide-Name",
  ...VARIABLE_HEADERS,
  // In the case in which carriers write these headers.
  "variable_sip_h_P-Called-Party-ID",
  "variable_sip_h_Diversion",
];

const FIELDS: ReadonlySet<string> = new Set(["section", ...QUESTION_HEADERS]);

/** More fields than any switch sends, even for a caller with many headers of their own. */
const FIELDS_MAX = 1_000;

/**
 * The question as an event of the channel; undefined: this is none. The switch does not escape the form's first fields
 * (`xml_url_fetch` in mod_xml_curl.c), so a field that occurs twice is not believed.
 * @param body `application/x-www-form-urlencoded`
 */
export function readQuestion(body: string): SwitchEvent | undefined {
  const found: Record<string, string> = {};
  let fields = 0;
  for (let at = 0; at < body.length; ) {
    const next = body.indexOf("&", at);
    const end = next < 0 ? body.length : next;
    const is = body.indexOf("=", at);
    fields += 1;
    if (fields > FIELDS_MAX) return undefined;
    const name = is < 0 || is > end ? "" : body.slice(at, is);
    if (FIELDS.has(name)) {
      const value = decoded(body.slice(is + 1, end));
      if (name in found || value === undefined) return undefined;
      found[name] = value;
    }
    at = end + 1;
  }
  if (found["section"] !== "dialplan") return undefined;
  return found as SwitchEvent;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
