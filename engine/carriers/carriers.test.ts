/**
 * Goal: the switch gets the office's carriers, only what changed is touched, and what is unknown is tried again.
 * Method: the keeper on a virtual clock, with a model of what the switch does with these commands (mod_sofia.c, sofia.c,
 * sofia_reg.c, switch_core.c); the scenarios of the theme `carriers` hold the model to the real switch.
 */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Carrier } from "../../policy/office/office.js";
import type { CarrierAddress } from "../../storage/carrier-addresses.js";
import type { Reply, WireCommand } from "../switch/wire.js";
import { carrierIsAt, KEPT_MS, RESOLVE_MS, RESOLVE_PATIENCE_MS, TRUSTED_MS } from "./addresses.js";
import { Carriers, LOOK_MS, SETTLE_MS, TRIES } from "./carriers.js";
import { SECRETS_MS } from "./live-secrets.js";
import type { SecretValue } from "./secrets.js";

const MAIN: Carrier = { id: "main", proxy: "192.0.2.1", username: "acme", password: { env: "MAIN" } };
const LIST_VARIABLE = "ringline_carriers_list";
const PEER: Carrier = { id: "peer", proxy: "198.51.100.7" };

interface ModelGateway {
  readonly name: string;
  readonly mark: string | null;
  readonly password: string;
  readonly registers: boolean;
  deletedAtMs: number | null;
}

/** What the switch does with the commands about carriers. */
class ModelSwitch {
  readonly sent: string[] = [];
  gateways: ModelGateway[] = [];
  allowed: string[] = [];
  /** Commands whose reply is lost; the switch carries them out, or not. */
  loses: RegExp | undefined;
  ignores: RegExp | undefined;
  isBound = true;
  variables = new Map<string, string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly ask: { gateways(): string; addresses(): string },
  ) {}

  send(command: WireCommand, done: (reply: Reply) => void): void {
    const line = command.verb === "api" || command.verb === "bgapi" ? command.line : command.verb;
    this.sent.push(line);
    const text = this.ignores?.test(line) ? "+OK" : this.#does(line);
    const reply: Reply = this.loses?.test(line)
      ? { outcome: "unknown", text: "" }
      : text === ""
        ? { outcome: "refused", text: "-ERR no reply" }
        : { outcome: "ok", text };
    queueMicrotask(() => done(reply));
  }

  /** The gateways that calls can use, with their passwords. */
  get living(): string[] {
    return this.gateways.flatMap(({ name, password, deletedAtMs }) =>
      deletedAtMs === null ? [`${name} ${password}`] : [],
    );
  }

  takeOver({ gateways, allowed, variables }: ModelSwitch): void {
    Object.assign(this, { gateways, allowed, variables });
  }

  byHand(name: string): void {
    this.gateways.push({ name, mark: null, password: "by hand", registers: false, deletedAtMs: null });
  }

  restartProfile(): void {
    this.gateways = [];
    this.#rescan();
  }

  #does(line: string): string {
    this.#sweep();
    const [first = "", second, third, fourth = "", fifth = ""] = line.split(" ");
    if (line === "sofia xmlstatus gateway") return this.#list();
    if (line === "reloadacl") return this.#reloadAcl();
    if (first === "global_getvar") return this.variables.get(second ?? "") ?? "";
    if (first === "global_setvar") {
      const [name = "", value = ""] = (second ?? "").split("=");
      this.variables.set(name, value);
      return "+OK";
    }
    if (first === "acl") return String(this.allowed.some((cidr) => cidr.split("/")[0] === second));
    if (first === "sofia_gateway_data") return this.#living(second ?? "")?.mark ?? "";
    if (second === "xmlstatus" && third === "gateway")
      return this.#living(fourth) === undefined ? "Invalid Gateway!" : "<gateway>";
    if (fourth === "rescan") return this.#rescan();
    if (fourth === "killgw") return this.#kill(fifth);
    return "+OK";
  }

  /** A gateway that registers signs out first, which takes one more round of a second (sofia_reg_check_gateway). */
  #sweep(): void {
    this.gateways = this.gateways.filter(
      ({ registers, deletedAtMs }) =>
        deletedAtMs === null || this.clock.nowMs() < deletedAtMs + (registers ? 2_000 : 1_000),
    );
  }

  #living(name: string): ModelGateway | undefined {
    return this.gateways.find((each) => each.name === name && each.deletedAtMs === null);
  }

  #list(): string {
    const one = ({ name }: ModelGateway) =>
      `  <gateway>\n    <name>${name}</name>\n    <profile>carriers</profile>\n    <realm><x></realm>\n  </gateway>\n`;
    return `<?xml version="1.0"?>\n<gateways>\n${this.gateways.map(one).join("")}</gateways>\n`;
  }

  #kill(name: string): string {
    const found = this.#living(name);
    if (found === undefined) return "-ERR no such gateway.";
    found.deletedAtMs = this.clock.nowMs();
    return "+OK gateway marked for deletion.";
  }

  #rescan(): string {
    if (!this.isBound) return "+OK scan complete";
    for (const [, name = "", rest = ""] of this.ask
      .gateways()
      .matchAll(/<gateway name="([^"]+)">(.*)<\/gateway>/g)) {
      if (this.#living(name) !== undefined) continue;
      const value = (key: string) => new RegExp(`name="${key}" value="([^"]*)"`).exec(rest)?.[1] ?? "";
      this.gateways.unshift({
        name,
        mark: value("ringline_settings"),
        password: value("password"),
        registers: value("register") === "true",
        deletedAtMs: null,
      });
    }
    return "+OK scan complete";
  }

  #reloadAcl(): string {
    this.allowed = this.isBound
      ? [...this.ask.addresses().matchAll(/cidr="([^"]*)"/g)].map(([, cidr = ""]) => cidr)
      : [];
    return "+OK acl reloaded";
  }
}

interface SetUp {
  readonly secrets?: Record<string, SecretValue>;
  readonly hosts?: Record<string, readonly string[] | null>;
  /** What the database keeps of addresses. */
  readonly kept?: CarrierAddress[];
}

async function setUp(carriers: readonly Carrier[], { secrets = {}, hosts = {}, kept = [] }: SetUp = {}) {
  const clock = new VirtualClock();
  const logged: Array<{ level: number; msg: string; [key: string]: unknown }> = [];
  let office = carriers;
  let uuids = 0;
  let settledTimes = 0;
  const known: Record<string, SecretValue> = { MAIN: { kind: "known", text: "first" }, ...secrets };
  const keeper = new Carriers({
    link: { send: (command, done) => theSwitch.send(command, done) },
    clock,
    ids: {
      uuid: () => `00000000-0000-4000-8000-${String(uuids++).padStart(12, "0")}`,
      below: () => 0,
    },
    log: pino({ level: "info" }, { write: (line) => logged.push(JSON.parse(line)) }),
    carriers: () => office,
    key: "key",
    readSecret: async (secret) =>
      ("env" in secret ? known[secret.env] : undefined) ?? { kind: "missing", why: "it is not set" },
    resolve: async (name) => hosts[name] ?? null,
    onSettled: () => {
      settledTimes += 1;
    },
    kept: {
      readCarrierAddresses: async () => kept,
      writeCarrierAddresses: async (names, all) => {
        const others = kept.filter(({ host }) => !names.includes(host));
        kept.splice(0, kept.length, ...others, ...all);
      },
    },
  });
  const theSwitch = new ModelSwitch(clock, keeper.answers);
  await keeper.open();
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advanceBy(100);
      await settled();
    }
  };
  return {
    keeper,
    theSwitch,
    known,
    hosts,
    pass,
    /** In steps of seconds. */
    passLong: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 1_000) {
        clock.advanceBy(1_000);
        await settled();
      }
    },
    /** Connects, and takes what was sent meanwhile. */
    connect: async () => {
      keeper.linkUp();
      await pass(3 * SETTLE_MS);
    },
    change: async (next: readonly Carrier[]) => {
      office = next;
      keeper.officeChanged();
      await pass(4 * SETTLE_MS);
    },
    errors: () => logged.filter(({ level }) => level >= 40).map(({ msg }) => msg),
    text: () => JSON.stringify(logged),
    settledTimes: () => settledTimes,
    /** The commands that change something, since the last look. */
    acts: () => {
      const acts = theSwitch.sent.filter((line) => !/xmlstatus|gateway_data|^global_|^acl /.test(line));
      theSwitch.sent.length = 0;
      return acts;
    },
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

const RESCAN = "sofia profile carriers rescan";
const kill = (name: string) => `sofia profile carriers killgw ${name}`;

describe("the switch's carriers", () => {
  it("are the office's a moment after the connection, and are then left alone", async () => {
    const { theSwitch, connect, acts, pass, errors, settledTimes, change } = await setUp([MAIN, PEER]);
    await connect();
    expect(acts()).toEqual([RESCAN, "reloadacl"]);
    expect(theSwitch.living).toEqual(["peer ", "main first"]);
    expect(theSwitch.allowed).toEqual(["192.0.2.1/32", "198.51.100.7/32"]);
    await pass(3 * LOOK_MS);
    expect(acts()).toEqual([]);
    expect(errors()).toEqual([]);
    expect(settledTimes()).toBe(1);
    await change([MAIN]);
    expect(settledTimes()).toBe(2);
  });

  it("are not touched by an engine that has not connected, or has no connection any more", async () => {
    const { keeper, theSwitch, connect, change, acts, pass } = await setUp([MAIN]);
    await pass(LOOK_MS);
    expect(theSwitch.sent).toEqual([]);
    await connect();
    keeper.linkDown();
    acts();
    await change([PEER]);
    await pass(LOOK_MS);
    expect(theSwitch.sent).toEqual([]);
  });

  it("are not touched by the next engine if they are right", async () => {
    const first = await setUp([MAIN, PEER]);
    await first.connect();
    const next = await setUp([MAIN, PEER]);
    next.theSwitch.takeOver(first.theSwitch);
    await next.connect();
    await next.pass(3 * LOOK_MS);
    expect(next.acts()).toEqual([]);
  });

  it.each<[what: string, change: (theSwitch: ModelSwitch) => void]>([
    ["has read no list for an engine yet", ({ variables }) => variables.clear()],
    ["has lost it since", ({ allowed }) => void allowed.splice(0)],
    [
      "was about to read it when the engine before died",
      ({ variables }) => variables.set(LIST_VARIABLE, "none"),
    ],
  ])("are told to be read again by the next engine when the switch %s", async (_what, change) => {
    const first = await setUp([MAIN, PEER]);
    await first.connect();
    const next = await setUp([MAIN, PEER]);
    next.theSwitch.takeOver(first.theSwitch);
    change(next.theSwitch);
    await next.connect();
    expect(next.acts()).toEqual(["reloadacl"]);
    expect(next.theSwitch.allowed).toEqual(["192.0.2.1/32", "198.51.100.7/32"]);
  });

  it("are read again by the next engine when the office names others", async () => {
    const first = await setUp([MAIN, PEER]);
    await first.connect();
    const next = await setUp([MAIN]);
    next.theSwitch.takeOver(first.theSwitch);
    await next.connect();
    expect(next.theSwitch.allowed).toEqual(["192.0.2.1/32"]);
  });

  it("are not said to be right while the switch may be reading them", async () => {
    const { theSwitch, connect, change } = await setUp([MAIN]);
    await connect();
    expect(theSwitch.variables.get(LIST_VARIABLE)).toMatch(/^[0-9a-f]{32}$/);
    theSwitch.ignores = /^reloadacl/;
    await change([PEER]);
    expect(theSwitch.variables.get(LIST_VARIABLE)).toBe("none");
  });

  const changes: ReadonlyArray<
    readonly [what: string, next: readonly Carrier[], acts: readonly string[], living: readonly string[]]
  > = [
    [
      "an added carrier",
      [MAIN, PEER, { id: "new", proxy: "203.0.113.1" }],
      [RESCAN, "reloadacl"],
      ["new ", "peer ", "main first"],
    ],
    ["a removed carrier", [PEER], [kill("main"), "reloadacl"], ["peer "]],
    ["all carriers removed", [], [kill("peer"), kill("main"), "reloadacl"], []],
    [
      "a changed setting",
      [MAIN, { ...PEER, fromDomain: "acme.example" }],
      [kill("peer"), RESCAN],
      ["peer ", "main first"],
    ],
    [
      "another address to call from",
      [MAIN, { ...PEER, addresses: ["192.0.2.0/24"] }],
      ["reloadacl"],
      ["peer ", "main first"],
    ],
    [
      "a setting that is none of the switch's",
      [{ ...MAIN, trusted: true }, PEER],
      [],
      ["peer ", "main first"],
    ],
    [
      "a second proxy",
      [MAIN, { ...PEER, moreProxies: ["198.51.100.8"] }],
      [RESCAN, "reloadacl"],
      ["peer.2 ", "peer ", "main first"],
    ],
    [
      "a carrier that registers elsewhere now: the new registration is made again when the old one has ended",
      [{ ...MAIN, realm: "other" }, PEER],
      [kill("main"), RESCAN, "sofia profile carriers register main"],
      ["main first", "peer "],
    ],
  ];
  it.each(changes)("after %s", async (_what, next, expected, living) => {
    const { theSwitch, connect, change, acts, errors } = await setUp([MAIN, PEER]);
    await connect();
    acts();
    await change(next);
    expect(acts()).toEqual(expected);
    expect(theSwitch.living).toEqual(living);
    expect(errors()).toEqual([]);
  });

  it("get a rotated password by themselves", async () => {
    const { theSwitch, known, connect, acts, pass, text } = await setUp([MAIN, PEER]);
    await connect();
    acts();
    known["MAIN"] = { kind: "known", text: "second" };
    await pass(2 * SECRETS_MS + 3 * SETTLE_MS);
    expect(acts()).toEqual([kill("main"), RESCAN, "sofia profile carriers register main"]);
    expect(theSwitch.living).toEqual(["main second", "peer "]);
    expect(text()).not.toContain("second");
  });

  it("lose nothing by a password's file that is being written", async () => {
    const { theSwitch, known, connect, acts, pass } = await setUp([MAIN]);
    await connect();
    acts();
    known["MAIN"] = { kind: "missing", why: "it is empty" };
    await pass(SECRETS_MS);
    known["MAIN"] = { kind: "known", text: "first" };
    await pass(LOOK_MS);
    expect(acts()).toEqual([]);
    expect(theSwitch.living).toEqual(["main first"]);
  });

  it("keep the gateway whose password is gone, and the log says so once, without the password", async () => {
    const { theSwitch, known, connect, pass, errors, text } = await setUp([MAIN, PEER]);
    await connect();
    known["MAIN"] = { kind: "missing", why: "there is no such file" };
    await pass(LOOK_MS);
    expect(theSwitch.living).toEqual(["peer ", "main first"]);
    expect(errors()).toEqual([
      "the password of a carrier is missing: a gateway that the switch has stays as it is, and none is made or changed",
    ]);
    expect(text()).toContain("the environment variable MAIN");
    expect(text()).not.toContain("first");
  });

  it("lose the gateway of a carrier that the office has no more, and one of its proxies, without the password", async () => {
    const two = { ...MAIN, moreProxies: ["192.0.2.2"] };
    const first = await setUp([two, PEER]);
    await first.connect();
    const next = await setUp([two, PEER], { secrets: { MAIN: { kind: "missing", why: "it is not set" } } });
    next.theSwitch.gateways = first.theSwitch.gateways;
    await next.connect();
    expect(next.theSwitch.living).toEqual(["peer ", "main.2 first", "main first"]);
    await next.change([MAIN, PEER]);
    expect(next.theSwitch.living).toEqual(["peer ", "main first"]);
    await next.change([PEER]);
    expect(next.theSwitch.living).toEqual(["peer "]);
  });

  const unread: ReadonlyArray<readonly [when: string, SecretValue]> = [
    { kind: "unknown", why: "the engine may not read it" },
    { kind: "missing", why: "it is not set" },
    { kind: "missing", why: "the switch cannot use a password with a colon" },
  ].flatMap((value) =>
    ["before the engine starts", "while it runs"].map((when) => [when, value as SecretValue] as const),
  );
  it.each(unread)(
    "keep a gateway whose password is not known (%s, %j): that says nothing about it",
    async (when, unread) => {
      const before = await setUp([MAIN]);
      await before.connect();
      const next = await setUp([MAIN], when === "while it runs" ? {} : { secrets: { MAIN: unread } });
      next.theSwitch.gateways = before.theSwitch.gateways;
      await next.connect();
      next.known["MAIN"] = unread;
      await next.pass(LOOK_MS);
      expect(next.theSwitch.living).toEqual(["main first"]);
    },
  );

  it("do not lose a gateway that stands in a file of the switch, and the log says so", async () => {
    const { theSwitch, connect, acts, errors, pass } = await setUp([PEER]);
    theSwitch.byHand("peer");
    theSwitch.byHand("mine");
    await connect();
    await pass(2 * LOOK_MS);
    expect(acts()).toEqual(["reloadacl"]);
    expect(theSwitch.living).toEqual(["peer by hand", "mine by hand"]);
    expect(errors()).toEqual([expect.stringContaining("stand in a file of the switch")]);
  });

  it("come back after the profile was restarted while the switch did not ask", async () => {
    const { theSwitch, connect, acts, pass } = await setUp([MAIN]);
    await connect();
    acts();
    theSwitch.gateways = [];
    await pass(LOOK_MS + 2 * SETTLE_MS);
    expect(acts()).toEqual([RESCAN]);
    theSwitch.restartProfile();
    await pass(2 * LOOK_MS);
    expect(acts()).toEqual([]);
  });
});

describe("what is not known", () => {
  it.each([
    ["the list", /^sofia xmlstatus gateway$/],
    ["a gateway's mark", /gateway_data/],
    ["a gateway's state", /^sofia xmlstatus gateway ./],
  ])("%s: nothing is done, and it is asked again", async (_what, loses) => {
    const { theSwitch, connect, acts, pass } = await setUp([PEER]);
    theSwitch.byHand("peer");
    theSwitch.loses = loses;
    await connect();
    await pass(10 * SETTLE_MS);
    expect(theSwitch.sent.length).toBeGreaterThan(10);
    expect(acts()).toEqual([]);
    theSwitch.loses = undefined;
    await pass(3 * SETTLE_MS);
    expect(acts()).toEqual(["reloadacl"]);
  });

  it.each([
    ["was carried out", undefined],
    ["was not carried out", /killgw|rescan|reloadacl/],
  ])("whether a command %s: the switch is looked at, and the rest is done", async (_what, ignores) => {
    const { theSwitch, connect, change, pass } = await setUp([MAIN, PEER]);
    await connect();
    theSwitch.loses = /killgw|rescan|reloadacl/;
    theSwitch.ignores = ignores;
    await change([
      { ...MAIN, pingMs: 30_000 },
      { id: "new", proxy: "203.0.113.1" },
    ]);
    theSwitch.loses = undefined;
    theSwitch.ignores = undefined;
    await pass(6 * SETTLE_MS);
    expect([...theSwitch.living].sort()).toEqual(["main first", "new "]);
    expect(theSwitch.allowed).toEqual(["192.0.2.1/32", "203.0.113.1/32"]);
  });

  it("a switch that does not ask is told so in the log, with what mends it, and is tried again", async () => {
    const { theSwitch, connect, pass, errors, acts } = await setUp([PEER]);
    theSwitch.isBound = false;
    await connect();
    await pass((TRIES + 2) * SETTLE_MS);
    expect(errors()).toEqual([expect.stringMatching(/RINGLINE_DIRECTORY_URL.*docs\/switch\.md/)]);
    acts();
    await pass(LOOK_MS);
    expect(acts()).toEqual([RESCAN, "reloadacl"]);
    theSwitch.isBound = true;
    await pass(LOOK_MS + SETTLE_MS);
    expect(theSwitch.living).toEqual(["peer "]);
    expect(errors()).toHaveLength(1);
  });

  it("a gateway that the switch was given and has not taken is said, too", async () => {
    const { theSwitch, keeper, connect, pass, errors } = await setUp([{ ...PEER, transport: "tls" }]);
    theSwitch.ignores = /rescan/;
    await connect();
    for (let tries = 0; tries < TRIES + 2; tries += 1) {
      keeper.answers.gateways();
      await pass(SETTLE_MS);
    }
    expect(errors()).toEqual([expect.stringContaining("its own log says why")]);
  });

  it("a change during a look is not lost", async () => {
    const { theSwitch, keeper, change, connect } = await setUp([MAIN]);
    await connect();
    keeper.officeChanged();
    await change([PEER]);
    expect(theSwitch.living).toEqual(["peer "]);
  });
});

describe("the addresses of carriers", () => {
  const NAMED: Carrier = { id: "named", proxy: "sip.example.net" };

  it("are those behind a proxy's name, and follow it", async () => {
    const hosts: Record<string, readonly string[] | null> = {
      "sip.example.net": ["192.0.2.9", "2001:db8::9"],
    };
    const { theSwitch, connect, pass, passLong } = await setUp([NAMED], { hosts });
    await connect();
    expect(theSwitch.allowed).toEqual(["192.0.2.9/32", "2001:db8::9/128"]);
    hosts["sip.example.net"] = ["192.0.2.10"];
    await pass(RESOLVE_MS + 2 * SETTLE_MS);
    expect(theSwitch.allowed).toContain("192.0.2.10/32");
    await passLong(KEPT_MS);
    expect(theSwitch.allowed).toEqual(["192.0.2.10/32"]);
    hosts["sip.example.net"] = null;
    await pass(3 * RESOLVE_MS);
    expect(theSwitch.allowed).toEqual(["192.0.2.10/32"]);
  });

  it("are all those that a name has had of late, since an answer of DNS may have only some of them", async () => {
    const hosts: Record<string, readonly string[] | null> = { "sip.example.net": ["192.0.2.1", "192.0.2.2"] };
    const { theSwitch, connect, passLong, acts } = await setUp([NAMED], { hosts });
    await connect();
    for (const answer of [["192.0.2.3"], ["192.0.2.1"], ["192.0.2.2", "192.0.2.3"]]) {
      hosts["sip.example.net"] = answer;
      await passLong(RESOLVE_MS * 2);
      expect(theSwitch.allowed).toEqual(["192.0.2.1/32", "192.0.2.2/32", "192.0.2.3/32"]);
    }
    // The switch was told once of the third address, and then nothing was new.
    expect(acts().filter((line) => line === "reloadacl")).toHaveLength(2);
  });

  it("tell no carrier if two have the same, however each is written", async () => {
    const { keeper } = await setUp([
      { ...PEER, addresses: ["192.0.2.17/28", "2001:DB8:0:0::1", "2001:db8:1:2::3/48"] },
      { ...NAMED, addresses: ["192.0.2.16/28", "2001:db8::1", "2001:db8:1::/48", "192.0.2.0/28"] },
    ]);
    expect(
      [...keeper.answers.addresses().matchAll(/id="([^"]*)" cidr="([^"]*)"/g)].map(([, id, cidr]) => [
        id?.replaceAll("&#43;", "+"),
        cidr?.replaceAll("&#58;", ":"),
      ]),
    ).toEqual([
      ["named", "192.0.2.0/28"],
      ["named+peer", "192.0.2.16/28"],
      ["named+peer", "2001:db8:1::/48"],
      ["named+peer", "2001:db8::1/128"],
    ]);
  });

  it("stay as the switch has them while a name was never answered for, but not for ever", async () => {
    const { theSwitch, connect, acts, pass, errors } = await setUp([NAMED, PEER]);
    theSwitch.allowed = ["of the engine before"];
    await connect();
    expect(acts()).toEqual([RESCAN]);
    await pass(RESOLVE_PATIENCE_MS);
    await pass(10 * SETTLE_MS);
    expect(theSwitch.allowed).toEqual(["198.51.100.7/32"]);
    expect(errors()).toContain("DNS does not know the host of a carrier: calls from it are not let in");
  });

  it("are those that the engine before has found, when DNS does not answer after a restart", async () => {
    const hosts: Record<string, readonly string[] | null> = { "sip.example.net": ["192.0.2.9"] };
    const kept: CarrierAddress[] = [];
    const first = await setUp([NAMED], { hosts, kept });
    await first.connect();
    hosts["sip.example.net"] = null;
    const next = await setUp([NAMED], { hosts, kept });
    await next.connect();
    expect(next.theSwitch.allowed).toEqual(["192.0.2.9/32"]);
    hosts["sip.example.net"] = ["192.0.2.10"];
    await next.pass(RESOLVE_MS + 2 * SETTLE_MS);
    expect(next.theSwitch.allowed).toContain("192.0.2.10/32");
    expect(kept.map(({ address }) => address).sort()).toContain("192.0.2.10");
  });

  it("are not those of a week ago, which may be somebody else's by now", async () => {
    const host = "sip.example.net _sip._udp _sip._tcp";
    const kept = [{ host, address: "192.0.2.9", namedMs: -TRUSTED_MS }];
    const { theSwitch, connect, pass } = await setUp([NAMED, PEER], { kept });
    await connect();
    await pass(RESOLVE_PATIENCE_MS + 10 * SETTLE_MS);
    expect(theSwitch.allowed).toEqual(["198.51.100.7/32"]);
  });

  it("are known though the database fails", async () => {
    const hosts = { "sip.example.net": ["192.0.2.9"] };
    const failing: CarrierAddress[] = [];
    Object.defineProperty(failing, "filter", {
      value: () => {
        throw new Error("SQLITE_BUSY");
      },
    });
    const { theSwitch, connect, errors } = await setUp([NAMED], { hosts, kept: failing });
    await connect();
    expect(theSwitch.allowed).toEqual(["192.0.2.9/32"]);
    expect(errors()).toContain("the addresses of carriers cannot be written");
  });

  it("are exactly those that the office names, if it names any", async () => {
    const hosts = { "edge.example.net": ["203.0.113.5"], "sip.example.net": ["192.0.2.9"] };
    const addresses = ["192.0.2.0/28", "edge.example.net", "2001:DB8::/32"];
    const { theSwitch, connect } = await setUp([{ ...NAMED, addresses }], { hosts });
    await connect();
    expect(theSwitch.allowed).toEqual(["192.0.2.0/28", "2001:db8::/32", "203.0.113.5/32"]);
  });
});

describe("a carrier is at an address", () => {
  const carriers: readonly Carrier[] = [
    { id: "main", proxy: "192.0.2.1:5080" },
    { id: "peer", proxy: "198.51.100.7", addresses: ["203.0.113.0/24", "2001:db8::/64"] },
    { id: "named", proxy: "sip.example.net" },
  ];

  it.each([
    ["192.0.2.1", true],
    ["198.51.100.7", true],
    ["203.0.113.200", true],
    ["2001:db8::7", true],
    ["192.0.2.2", false],
    ["2001:db9::7", false],
  ])("%s: %s", (ip, expected) => expect(carrierIsAt(carriers, ip)).toBe(expected));
});
