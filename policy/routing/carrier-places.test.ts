/**
 * Goal: the called number and the caller's are found where each carrier puts them. Method: tables of what carriers send,
 * through the arrival of a call.
 */
import { describe, expect, it } from "vitest";
import { office } from "../../fixtures/core/scene.js";
import { resolveArrival } from "../call/dialled.js";
import type { Arrival } from "../call/input.js";
import type { Carrier, NumberEntry } from "../office/office.js";
import { type CarrierWords, carrierOf, headersOf } from "./carrier-places.js";
import { RoutingTable } from "./table.js";

const OWN = "+493023125042";
const TRUNK = "+49302312500";

interface Sent {
  readonly uri: string;
  readonly to?: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly from?: string;
  readonly words?: Partial<CarrierWords>;
}

function arrive(carriers: readonly Carrier[], sent: Sent, numbers: readonly string[] = [OWN, TRUNK]) {
  const entries = numbers.map((number): NumberEntry => ({ number, leadsTo: { kind: "steps", steps: [] } }));
  const made = office([], { country: "DE", carriers, numbers: entries });
  const { uri, to = uri, from = "+4989123456", more = {}, words = {} } = sent;
  const arrival: Arrival = {
    id: "11111111-2222-4333-8444-000000000000",
    atMs: 0,
    dialled: [...new Set([uri, to])],
    origin: { kind: "carrier" },
    callerNumber: from,
    callerName: "",
    words: { places: { request_uri: uri, to, from, ...more }, ...words },
    media: "none",
    codecs: "",
  };
  const world = {
    office: RoutingTable.of(made, 1),
    contactsOf: () => [],
    memory: { rungFirst: () => undefined, answeredMs: () => undefined, byHand: () => undefined },
  };
  const { caller, source } = resolveArrival(arrival, world);
  return { called: source.kind === "unassigned" ? null : caller.called, caller: caller.number };
}

const one = (more: Partial<Carrier> = {}): Carrier[] => [{ id: "main", proxy: "sip.example.net", ...more }];

describe("the called number", () => {
  it.each<[string, Partial<Carrier>, Sent, string | null]>([
    ["in the request URI", {}, { uri: OWN, to: "sip" }, OWN],
    ["in To, behind a trunk's name", {}, { uri: "trunk-7", to: "493023125042" }, OWN],
    [
      "in To, where the request URI has the trunk's own number",
      { username: "49302312500" },
      { uri: TRUNK, to: OWN },
      OWN,
    ],
    ["in the request URI, where To has the number called first", {}, { uri: OWN, to: TRUNK }, OWN],
    ["the trunk's own number, where To has nothing", { username: TRUNK }, { uri: TRUNK, to: "trunk" }, TRUNK],
    [
      "in P-Called-Party-ID",
      {},
      { uri: "trunk", more: { p_called_party_id: `<sip:${OWN}@carrier.example>` } },
      OWN,
    ],
    [
      "in Diversion, with a name and parameters",
      {},
      { uri: "trunk", more: { diversion: `"Praxis, Berlin" <tel:${OWN}>;reason=unconditional` } },
      OWN,
    ],
    [
      "in History-Info, in the first entry of several",
      {},
      {
        uri: "trunk",
        more: { history_info: `<sip:${OWN}@x?Reason=SIP%3Bcause%3D302>;index=1, <sip:trunk@x>;index=1.1` },
      },
      OWN,
    ],
    ["in To, as the office says", { calledNumber: "to" }, { uri: TRUNK, to: OWN }, OWN],
    [
      "in the request URI, as the office says",
      { calledNumber: "request_uri" },
      { uri: TRUNK, to: OWN },
      TRUNK,
    ],
    [
      "in a header by name, in any case",
      { calledNumber: { header: "X-Called-Number" } },
      { uri: TRUNK, more: { "header:x-called-number": "03023125042" } },
      OWN,
    ],
    [
      "elsewhere, where the named header is missing",
      { calledNumber: { header: "X-Called" } },
      { uri: OWN },
      OWN,
    ],
    [
      "not where the office says that it is not",
      { calledNumber: "to" },
      { uri: OWN, to: "+4940123456" },
      null,
    ],
    [
      "without its plus, of such a carrier",
      { sendsNumbers: "e164_without_plus" },
      { uri: "493023125042" },
      OWN,
    ],
    ["behind 00, of such a carrier", { sendsNumbers: "00" }, { uri: "00493023125042" }, OWN],
    ["national, of such a carrier", { sendsNumbers: "national" }, { uri: "03023125042" }, OWN],
  ])("is found %s", (_how, carrier, sent, called) => expect(arrive(one(carrier), sent).called).toBe(called));

  it("is any number for an office with a catch-all, but one of its own comes first", () => {
    const numbers = [OWN, "any"];
    expect(arrive(one(), { uri: "trunk", to: "030 99 88 77 66" }, numbers).called).toBe("+493099887766");
    expect(arrive(one(), { uri: "+4940123456", to: OWN }, numbers).called).toBe(OWN);
    expect(arrive(one(), { uri: "trunk" }, numbers).called).toBe("trunk");
  });
});

describe("the caller's number", () => {
  const more = {
    p_asserted_identity: "+4989222222",
    remote_party_id: '"Praxis" <sip:+4989333333@carrier.example>;party=calling;privacy=off',
    "header:x-caller": "+4989444444",
  };
  it.each<[string, Partial<Carrier>, string]>([
    ["as the switch found it", {}, "004989123456"],
    ["of From", { callerNumber: "from" }, "004989123456"],
    ["of P-Asserted-Identity", { callerNumber: "p_asserted_identity" }, "+4989222222"],
    ["of Remote-Party-ID", { callerNumber: "remote_party_id" }, "+4989333333"],
    ["of a header by name", { callerNumber: { header: "X-Caller" } }, "+4989444444"],
    ["in E.164, of a carrier that writes 00", { sendsNumbers: "00" }, "+4989123456"],
  ])("is shown %s", (_how, carrier, caller) =>
    expect(arrive(one(carrier), { uri: OWN, from: "004989123456", more }).caller).toBe(caller),
  );

  it("stays as it is where it is no number", () => {
    expect(arrive(one({ sendsNumbers: "00" }), { uri: OWN, from: "anonymous" }).caller).toBe("anonymous");
  });
});

describe("the carrier of a call", () => {
  const carriers: Carrier[] = [
    { id: "one", proxy: "sip.one.example:5062" },
    { id: "two", proxy: "192.0.2.7" },
    { id: "three", proxy: "[2001:db8::7]:5060" },
    { id: "twin-a", proxy: "sip.twin.example" },
    { id: "twin-b", proxy: "sip.twin.example" },
  ];
  it.each<[CarrierWords | undefined, string | undefined]>([
    [{ gateway: "two", address: "192.0.2.9", places: {} }, "two"],
    [{ gateway: "gone", address: "192.0.2.7", places: {} }, "two"],
    [{ address: "2001:db8::7", places: {} }, "three"],
    [{ address: "192.0.2.9", domain: "SIP.one.example", places: {} }, "one"],
    [{ domain: "sip.twin.example", places: {} }, undefined],
    [{ address: "192.0.2.9", places: {} }, undefined],
    [{ letInAs: "two", domain: "sip.one.example", places: {} }, "two"],
    [{ gateway: "one", letInAs: "two", places: {} }, "one"],
    [{ letInAs: "one+two", domain: "sip.one.example", places: {} }, "one"],
    [{ letInAs: "nobody", places: {} }, undefined],
    [undefined, undefined],
  ])("%j is %s", (words, id) => expect(carrierOf(words, carriers)?.id).toBe(id));

  it("is found by the gateway and the address of each of its proxies", () => {
    const several = [
      { id: "a", proxy: "a.example", moreProxies: ["192.0.2.7:5070", "b.example"] },
      { id: "b", proxy: "c.example" },
    ];
    for (const words of [
      { gateway: "a.2" },
      { gateway: "a.3" },
      { address: "192.0.2.7" },
      { domain: "B.example" },
    ])
      expect(carrierOf({ ...words, places: {} }, several)?.id).toBe("a");
    expect(carrierOf({ gateway: "a.4", places: {} }, several)).toBeUndefined();
  });

  it("is the only one, where there is one", () => {
    expect(carrierOf({ address: "192.0.2.9", places: {} }, carriers.slice(0, 1))?.id).toBe("one");
  });

  it("says which headers are read", () => {
    expect(
      headersOf([
        { id: "a", proxy: "a", calledNumber: { header: "X-Called" }, callerNumber: "from" },
        { id: "b", proxy: "b", callerNumber: { header: "P-Caller" } },
      ]),
    ).toEqual(["x-called", "p-caller"]);
  });
});
