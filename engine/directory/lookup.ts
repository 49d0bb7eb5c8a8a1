/**
 * What the switch asks, read from the form that mod_xml_curl posts. The first five fields of it are pasted
 * together unescaped, and `key_value` among them is a realm that a phone may have chosen (mod_xml_curl.c,
 * xml_url_fetch): so nothing is believed but fields that the switch escapes, and none that is there twice.
 */

export type Lookup =
  /** A phone signs in, or calls. */
  | { readonly kind: "sign_in"; readonly sipName: string; readonly address: string }
  /** Somebody asks through the switch whether this directory answers. */
  | { readonly kind: "probe" }
  /** Everything else that the switch looks up: gateways, access lists, people of its own. Nothing of ours. */
  | { readonly kind: "other"; readonly what: string };

/** No phone has this name, since names of phones in this office have no colon: it asks for {@link Lookup} `probe`. */
export const PROBE_NAME = "ringline:directory";

/** More fields than this no switch sends; phones add their X- headers to them (sofia_reg_parse_auth). */
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
    return { kind: "sign_in", sipName, address };
  }
  // `user_data` names the user itself, and the core again for each key that it tries.
  if (
    !fields.has("action") &&
    fields.getAll("user").every((user) => user === PROBE_NAME) &&
    fields.has("user")
  )
    return { kind: "probe" };
  return { kind: "other", what: `action ${short(only("action") ?? only("purpose"))}` };
}

function short(text: string | undefined): string {
  return (text ?? "none").slice(0, 40);
}
