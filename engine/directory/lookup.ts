/**
 * Reads a look-up of the switch from the form that mod_xml_curl posts. The switch does not escape the form's first
 * five fields, and one of them, `key_value`, is a realm that a phone may have chosen (mod_xml_curl.c, xml_url_fetch).
 * So we trust only fields that the switch escapes, and no field that occurs twice.
 */

import { given } from "../../policy/office/optional.js";
import { CARRIERS_DOMAIN, CARRIERS_PROFILE } from "../calls/switch-contract.js";

export type Lookup =
  /** A phone signs in, or calls. */
  | {
      readonly kind: "sign_in";
      readonly sipName: string;
      readonly address: string;
      /** The transport that its request names, in lower case; left out: none that the switch tells. */
      readonly transport?: string;
    }
  /** `ringline doctor` asks through the switch whether this directory answers. */
  | { readonly kind: "probe" }
  /** The profile of the carriers wants its gateways: at its start, and when it is told to. */
  | { readonly kind: "gateways" }
  /** The switch reads its lists of addresses. */
  | { readonly kind: "addresses" }
  /** A call came from an address of that list: the switch looks up whose. */
  | { readonly kind: "carrier"; readonly name: string }
  /** Other look-ups of the switch: gateways of other profiles, other lists, its own users. Not ours to answer. */
  | { readonly kind: "other"; readonly what: string };

/** The name that a probe asks for. No phone has it: names of phones have no colon. */
export const PROBE_NAME = "ringline:directory";

/** No switch sends more fields than this, even with the X- headers of phones (sofia_reg_parse_auth). */
const FIELDS_MAX = 200;

/** @param body `application/x-www-form-urlencoded` */
export function readLookup(body: string): Lookup {
  const fields = new URLSearchParams(body);
  if (fields.size > FIELDS_MAX) return { kind: "other", what: "too many fields" };
  const only = (name: string): string | undefined => {
    const values = fields.getAll(name);
    return values.length === 1 ? values[0] : undefined;
  };
  const section = only("section");
  if (section !== "directory") return { kind: "other", what: `section ${short(section)}` };
  if (only("action") === "sip_auth") {
    const sipName = only("sip_auth_username");
    const address = only("ip");
    if (sipName === undefined || sipName === "" || address === undefined)
      return { kind: "other", what: "a sign-in without a name or an address" };
    return {
      kind: "sign_in",
      sipName,
      address,
      ...given({ transport: transportIn(only("sip_via_protocol")) }),
    };
  }
  // `user_data` sends the field `user`, and the core repeats it for each key that it tries.
  if (
    !fields.has("action") &&
    fields.getAll("user").every((user) => user === PROBE_NAME) &&
    fields.has("user")
  )
    return { kind: "probe" };
  return (
    aboutCarriers(fields, only) ?? {
      kind: "other",
      what: `action ${short(only("action") ?? only("purpose"))}`,
    }
  );
}

/**
 * Look-ups of carriers name no action. Those that a phone or a caller causes name a user, so that nothing they send can make
 * one of gateways out of them.
 */
function aboutCarriers(
  fields: URLSearchParams,
  only: (name: string) => string | undefined,
): Lookup | undefined {
  if (fields.has("action")) return undefined;
  if (!fields.has("user") && !fields.has("key")) {
    const purpose = only("purpose");
    if (purpose === "gateways" && only("profile") === CARRIERS_PROFILE) return { kind: "gateways" };
    if (purpose === "network-list" && only("domain") === CARRIERS_DOMAIN) return { kind: "addresses" };
    return undefined;
  }
  const [name, ...others] = new Set(fields.getAll("user"));
  const isOurs =
    fields.getAll("domain").every((domain) => domain === CARRIERS_DOMAIN) && fields.has("domain");
  return isOurs && name !== undefined && others.length === 0 ? { kind: "carrier", name } : undefined;
}

/** `TLS`, or `SIP/2.0/TLS`. */
function transportIn(protocol: string | undefined): string | undefined {
  return protocol?.split("/").at(-1)?.trim().toLowerCase();
}

function short(text: string | undefined): string {
  return (text ?? "none").slice(0, 40);
}
