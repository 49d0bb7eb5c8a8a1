/** Goal: only fields that the switch escapes are trusted. Method: look-ups as mod_xml_curl writes them, and forged ones. */
import { describe, expect, it } from "vitest";
import { PROBE_NAME, readLookup } from "./lookup.js";

const HEAD = "hostname=pbx&section=directory&tag_name=domain&key_name=name&key_value=ringline";
/** As the switch 1.10.12 posted it, less the headers that every event has. */
const SIGN_IN = `${HEAD}&Event-Name=REQUEST_PARAMS&action=sip_auth&sip_profile=phones&sip_user_agent=Phone%2F1&sip_auth_username=alice-desk&sip_auth_realm=ringline&sip_auth_nonce=n&sip_auth_uri=sip%3Aringline&sip_contact_user=alice-desk.0&sip_to_user=alice-desk&sip_auth_response=0123&sip_auth_method=REGISTER&client_port=5060&key=id&user=alice-desk&domain=ringline&ip=203.0.113.9`;

describe("a question of the switch", () => {
  it("about a phone that signs in names it, and where from", () => {
    expect(readLookup(SIGN_IN)).toEqual({ kind: "sign_in", sipName: "alice-desk", address: "203.0.113.9" });
  });

  it.each([
    [
      "a realm that a phone chose",
      SIGN_IN.replace("key_value=ringline", "key_value=x&sip_auth_username=bob-desk"),
    ],
    ["an address that a phone chose", SIGN_IN.replace("key_value=ringline", "key_value=x&ip=192.0.2.1")],
    ["another action", SIGN_IN.replace("key_value=ringline", "key_value=x&action=other")],
    ["another section", SIGN_IN.replace("key_value=ringline", "key_value=x&section=dialplan")],
  ])("with %s pasted into it is about nobody", (_what, body) => {
    expect(readLookup(body).kind).toBe("other");
  });

  it.each([
    ["no name", SIGN_IN.replace("sip_auth_username=alice-desk&", "")],
    ["an empty name", SIGN_IN.replace("sip_auth_username=alice-desk", "sip_auth_username=")],
    ["no address", SIGN_IN.replace("&ip=203.0.113.9", "")],
    ["gateways at the start of a profile", `${HEAD}&purpose=gateways&profile=phones`],
    ["a user of the event socket", `${HEAD}&action=event_socket_auth&key=id&user=admin&domain=ringline`],
    ["a call to a user", `${HEAD}&action=user_call&key=id&user=alice-desk&domain=ringline`],
    ["a challenge of ours", `${HEAD}&action=reverse-auth-lookup&key=id&user=alice-desk&domain=ringline`],
    ["a user's data", `${HEAD}&key=id&user=alice-desk&domain=ringline`],
    ["another section", SIGN_IN.replace("section=directory", "section=dialplan")],
    ["nothing", ""],
    ["noise", "%%%=&&&&==%zz"],
    ["a thousand fields", `${SIGN_IN}${"&x=1".repeat(1_000)}`],
  ])("with %s is about nobody", (_what, body) => {
    expect(readLookup(body).kind).toBe("other");
  });

  const CARRIERS = HEAD.replace("key_value=ringline", "key_value=ringline-carriers");
  it.each([
    [
      "the gateways of the carriers' profile",
      `${CARRIERS}&Event-Name=REQUEST_PARAMS&purpose=gateways&profile=carriers`,
      { kind: "gateways" },
    ],
    [
      "the addresses of carriers",
      `${CARRIERS}&Event-Name=GENERAL&domain=ringline-carriers&purpose=network-list`,
      { kind: "addresses" },
    ],
    [
      "the carrier that an address belongs to",
      `${CARRIERS}&Event-Name=REQUEST_PARAMS&variable_x=1&key=id&user=main&domain=ringline-carriers`,
      { kind: "carrier", name: "main" },
    ],
  ])("about %s is that", (_what, body, lookup) => expect(readLookup(body)).toEqual(lookup));

  it.each([
    [
      "gateways in a realm that a phone chose",
      SIGN_IN.replace("key_value=ringline", "key_value=x&purpose=gateways&profile=carriers&action=x"),
    ],
    [
      "gateways in a header of a caller",
      `${CARRIERS}&purpose=gateways&profile=carriers&key=id&user=main&domain=ringline`,
    ],
    ["gateways of another profile", `${CARRIERS}&purpose=gateways&profile=other`],
    ["gateways twice", `${CARRIERS}&purpose=gateways&purpose=gateways&profile=carriers`],
    ["addresses of another domain", `${CARRIERS}&domain=ringline&purpose=network-list`],
    ["a carrier in the domain of phones", `${HEAD}&key=id&user=main&domain=ringline`],
    ["two carriers", `${CARRIERS}&key=id&user=main&user=other&domain=ringline-carriers`],
    ["a carrier in two domains", `${CARRIERS}&key=id&user=main&domain=ringline-carriers&domain=ringline`],
    [
      "a phone that signs in as a carrier",
      `${CARRIERS}&action=sip_auth&key=id&user=main&domain=ringline-carriers`,
    ],
  ])("about %s is about nobody", (_what, body) => expect(readLookup(body).kind).toBe("other"));

  it("keeps letters of any script and signs that XML means something by", () => {
    const name = `ä<&">`;
    const body = SIGN_IN.replace(
      "sip_auth_username=alice-desk",
      `sip_auth_username=${encodeURIComponent(name)}`,
    );
    expect(readLookup(body)).toEqual({ kind: "sign_in", sipName: name, address: "203.0.113.9" });
  });

  it("whether anybody answers names us", () => {
    const probe = `${HEAD}&user=${encodeURIComponent(PROBE_NAME)}&domain=ringline&type=var&key=id&user=${encodeURIComponent(PROBE_NAME)}&domain=ringline`;
    expect(readLookup(probe)).toEqual({ kind: "probe" });
  });
});
