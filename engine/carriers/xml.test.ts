/**
 * Goal: what the switch reads of a carrier is what the office says, whatever signs a setting or a password has.
 * Method: a reader that does what the switch does before and while it parses (preprocess and switch_xml_decode in
 * switch_xml.c), over tables and random settings.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Carrier } from "../../policy/office/office.js";
import { type Gateway, gatewaysOf, MARK_VARIABLE, markOf } from "./gateway.js";
import type { SecretValue } from "./secrets.js";
import { addressesXml, carrierUserXml, gatewaysXml } from "./xml.js";

const KEY = "the secret of the directory";
const known = (text: string): SecretValue => ({ kind: "known", text });
const PASSWORD = { env: "CARRIER_PASSWORD" };

/** Lines that mean something to the preprocessor are dropped, and its variables are replaced. */
function preprocessed(xml: string): string {
  return xml
    .split("\n")
    .filter((line) => !/<\?|<include|X-PRE-PROCESS|<!--/i.test(line))
    .join("\n")
    .replaceAll(/\$\$\{[^}]*\}/g, "EXPANDED");
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

function elementsIn(xml: string): Element[] {
  return [...preprocessed(xml).matchAll(/<([a-z]+)((?: [a-z]+="[^"]*")*)\/?>/g)].map(
    ([, name = "", attributes = ""]) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
          key,
          decoded(value),
        ]),
      ),
    }),
  );
}

function decoded(text: string): string {
  return text.replace(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)));
}

/** Name and settings of each gateway, in order. */
function gatewaysIn(xml: string): Array<{ name: string; params: string[][]; variables: string[][] }> {
  const found: Array<{ name: string; params: string[][]; variables: string[][] }> = [];
  for (const { name, attributes } of elementsIn(xml)) {
    const pair = [attributes["name"] ?? "", attributes["value"] ?? ""];
    if (name === "gateway") found.push({ name: pair[0] ?? "", params: [], variables: [] });
    else if (name === "param") found.at(-1)?.params.push(pair);
    else if (name === "variable") found.at(-1)?.variables.push([...pair, attributes["direction"] ?? ""]);
  }
  return found;
}

const asRead = ({ name, params, variables }: Gateway) => ({
  name,
  params: params.map((pair) => [...pair]),
  variables: variables.map((triple) => [...triple]),
});

describe("the gateway of a carrier", () => {
  const rows: ReadonlyArray<
    readonly [what: string, carrier: Omit<Carrier, "id">, params: Readonly<Record<string, string>>]
  > = [
    [
      "by address",
      { proxy: "192.0.2.10" },
      { proxy: "192.0.2.10", register: "false", "caller-id-in-from": "true" },
    ],
    [
      "by registration",
      { proxy: "sip.example.net", username: "acme", password: PASSWORD },
      {
        proxy: "sip.example.net",
        register: "true",
        username: "acme",
        password: "s3cret",
        "caller-id-in-from": "true",
      },
    ],
    [
      "that answers challenges and does not register",
      { proxy: "sip.example.net", username: "acme", password: PASSWORD, register: false },
      {
        proxy: "sip.example.net",
        register: "false",
        username: "acme",
        password: "s3cret",
        "caller-id-in-from": "true",
      },
    ],
    [
      "with everything that a carrier may want",
      {
        proxy: "sip.example.net",
        port: 5070,
        transport: "tcp",
        username: "acme",
        authUsername: "auth@acme",
        password: PASSWORD,
        realm: "example net",
        fromDomain: "acme.example",
        fromUser: "49302312500",
        extension: "+49302312500",
        expireMs: 600_000,
        pingMs: 30_000,
      },
      {
        proxy: "sip.example.net:5070",
        register: "true",
        username: "acme",
        "auth-username": "auth@acme",
        password: "s3cret",
        realm: "example net",
        "from-domain": "acme.example",
        "from-user": "49302312500",
        "caller-id-in-from": "false",
        extension: "+49302312500",
        "extension-in-contact": "true",
        "register-transport": "tcp",
        "expire-seconds": "600",
        ping: "30",
      },
    ],
    [
      "whose proxy names its own port",
      { proxy: "sip.example.net:5080", moreProxies: [] },
      { proxy: "sip.example.net:5080", register: "false", "caller-id-in-from": "true" },
    ],
    [
      "over TLS by address",
      { proxy: "192.0.2.10", transport: "tls" },
      {
        proxy: "192.0.2.10:5061",
        register: "false",
        "caller-id-in-from": "true",
        "register-transport": "tls",
      },
    ],
    [
      "over TLS by name, so that DNS may name the port",
      { proxy: "sip.example.net", transport: "tls" },
      {
        proxy: "sip.example.net",
        register: "false",
        "caller-id-in-from": "true",
        "register-transport": "tls",
      },
    ],
    [
      "at an IPv6 address",
      { proxy: "[2001:db8::1]", port: 5070 },
      { proxy: "[2001:db8::1]:5070", register: "false", "caller-id-in-from": "true" },
    ],
  ];
  it.each(rows)("%s", (_what, carrier, params) => {
    const [gateway, ...others] = gatewaysIn(
      gatewaysXml(gatewaysOf({ id: "main", ...carrier }, known("s3cret"), KEY)),
    );
    expect(others).toEqual([]);
    expect(gateway?.name).toBe("main");
    expect(Object.fromEntries(gateway?.params ?? [])).toEqual(params);
  });

  it.each([
    ["optional", "optional"],
    ["required", "mandatory"],
    ["never", "forbidden"],
  ] as const)("with srtp: %s", (srtp, word) => {
    const [gateway] = gatewaysIn(
      gatewaysXml(gatewaysOf({ id: "main", proxy: "192.0.2.1", srtp }, undefined, KEY)),
    );
    expect(gateway?.variables.filter(([name]) => name === "rtp_secure_media")).toEqual([
      ["rtp_secure_media", word, "outbound"],
      ["rtp_secure_media", word, "inbound"],
    ]);
  });

  it("is one for each proxy, in order", () => {
    const carrier: Carrier = { id: "main", proxy: "a.example", moreProxies: ["b.example:5070", "192.0.2.3"] };
    const found = gatewaysIn(gatewaysXml(gatewaysOf({ ...carrier, port: 5090 }, undefined, KEY)));
    expect(found.map(({ name, params }) => [name, Object.fromEntries(params)["proxy"]])).toEqual([
      ["main", "a.example:5090"],
      ["main.2", "b.example:5070"],
      ["main.3", "192.0.2.3:5090"],
    ]);
  });

  it.each([
    ["missing", { kind: "missing", why: "it is not set" }],
    ["not read", { kind: "unknown", why: "the engine may not read it" }],
    ["not asked for yet", undefined],
  ] as const)("is none while its password is %s", (_what, value) => {
    const carrier: Carrier = { id: "main", proxy: "a.example", username: "acme", password: PASSWORD };
    expect(gatewaysOf(carrier, value, KEY)).toEqual([]);
  });
});

describe("hostile text", () => {
  const HOSTILE = [
    `"/></params></gateway><gateway name="evil">`,
    "]]><!-- -->",
    "<?xml version='1.0'?>",
    "$${ringline_directory_secret}",
    "X-PRE-PROCESS",
    `<include><X-PRE-PROCESS cmd="exec" data="id"/>`,
    "&#38;quot;&amp;&lt;",
    "  two  blanks  ",
    "päss😀wörd",
    "%{a}${b}`c`'d'\\e",
  ];
  it.each(HOSTILE)("%j as a password stays a password", (password) => {
    const gateways = gatewaysOf(
      { id: "main", proxy: "a.example", username: "acme", password: PASSWORD },
      known(password),
      KEY,
    );
    const found = gatewaysIn(gatewaysXml(gateways));
    expect(found).toEqual(gateways.map(asRead));
    expect(Object.fromEntries(found[0]?.params ?? [])["password"]).toBe(password);
  });

  it.each(["\n", "\r", "\0", "\t", "\u0085", "\u2028", "\u007f"])(
    "a control character (%j) is refused in the writer",
    (sign) => {
      const gateway: Gateway = {
        name: "main",
        carrier: "main",
        registers: false,
        params: [["proxy", `a${sign}b`]],
        variables: [],
      };
      expect(() => gatewaysXml([gateway])).toThrow("control character");
      expect(() => addressesXml([{ cidr: "192.0.2.1/32", carriers: [sign] }])).toThrow("control character");
      expect(() => carrierUserXml(sign)).toThrow("control character");
    },
  );

  it.each(["", "a b", "a/b", `a"`, "a;b", ".a", "a".repeat(72)])("%j is no gateway's name", (name) => {
    expect(() =>
      gatewaysXml([{ name, carrier: "main", registers: false, params: [], variables: [] }]),
    ).toThrow("name of a gateway");
  });

  const text = fc
    .string({ unit: "binary", minLength: 1, maxLength: 40 })
    .filter((each) => !/[\p{Cc}\u2028\u2029\p{Cs}\ufffe\uffff]/u.test(each));
  it("of any kind is read again as it was written", () => {
    const gateways = fc.array(
      fc.record({
        name: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,30}$/),
        carrier: fc.constant("main"),
        registers: fc.boolean(),
        params: fc.array(fc.tuple(fc.constantFrom("proxy", "password", "realm", "username"), text)),
        variables: fc.array(
          fc.tuple(
            fc.constantFrom("rtp_secure_media", MARK_VARIABLE),
            text,
            fc.constantFrom("inbound", "outbound"),
          ),
        ),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(gateways, (those) => {
        expect(gatewaysIn(gatewaysXml(those))).toEqual(those.map(asRead));
      }),
    );
  });
});

describe("the mark of a gateway", () => {
  const carrier: Carrier = { id: "main", proxy: "a.example", username: "acme", password: PASSWORD };
  const mark = (changed: Partial<Carrier>, password = "one", key = KEY) =>
    gatewaysOf({ ...carrier, ...changed }, known(password), key)
      .map(markOf)
      .join();

  it("is the same for the same settings, and for settings that are not the switch's", () => {
    expect(mark({})).toBe(mark({}));
    expect(mark({ trusted: true, sendsNumbers: "national", addresses: ["192.0.2.1"] })).toBe(mark({}));
  });

  it.each([
    ["the proxy", mark({ proxy: "b.example" })],
    ["the port", mark({ port: 5070 })],
    ["the transport", mark({ transport: "tcp" })],
    ["encryption", mark({ srtp: "required" })],
    ["the name", mark({ username: "other" })],
    ["the password", mark({}, "two")],
    ["the registration", mark({ register: false })],
    ["the key", mark({}, "one", "another key")],
  ])("is another with another value of %s", (_what, other) => {
    expect(other).not.toBe(mark({}));
  });

  it("does not show the password, nor a digest of it that could be tried without the key", () => {
    expect(mark({})).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("the addresses of carriers", () => {
  it("are users with a cidr; one of several carriers names them all", () => {
    const xml = addressesXml([
      { cidr: "192.0.2.0/24", carriers: ["main"] },
      { cidr: "2001:db8::1/128", carriers: ["backup", "main"] },
    ]);
    expect(elementsIn(xml).filter(({ name }) => name === "user")).toEqual([
      { name: "user", attributes: { id: "main", cidr: "192.0.2.0/24" } },
      { name: "user", attributes: { id: "backup+main", cidr: "2001:db8::1/128" } },
    ]);
    expect(elementsIn(xml).find(({ name }) => name === "domain")?.attributes["name"]).toBe(
      "ringline-carriers",
    );
  });

  it("belong to users with which nobody can sign in", () => {
    const names = elementsIn(carrierUserXml("main")).map(({ name, attributes }) => [
      name,
      attributes["name"],
      attributes["value"],
    ]);
    expect(names).toContainEqual(["param", "allow-empty-password", "false"]);
    expect(carrierUserXml("main")).not.toMatch(/a1-hash|"password"/);
  });
});
