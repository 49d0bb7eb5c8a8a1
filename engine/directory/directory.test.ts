/**
 * Goal: exactly the phones with access can sign in, changes take effect at once, and the switch's cache is flushed.
 * Method: a directory on a real database and a real loopback socket, with a link that records commands.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, sipDevice, user } from "../../fixtures/core/scene.js";
import { newStore } from "../../fixtures/new-store.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { NO_CHANGES } from "../../policy/office/entities.js";
import type { User } from "../../policy/office/office.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { Store } from "../../storage/store.js";
import type { Contact } from "../switch/registrations.js";
import type { Reply, SwitchEvent, WireCommand } from "../switch/wire.js";
import type { CallsOfRemoved } from "./access-keeper.js";
import { SECOND_PASS_MS } from "./access-keeper.js";
import { Directory } from "./directory.js";
import { POLL_MS } from "./live-credentials.js";
import { PROBE_NAME } from "./lookup.js";
import { a1Hash } from "./password.js";
import { FAILURES_MAX } from "./sign-in-guard.js";

const DOMAIN = "ringline";
const HASH = a1Hash("alice-desk", DOMAIN, "a password");
const ALICE = user("alice", [sipDevice("alice-desk")]);

let folder: string;
let store: Store;
let directory: Directory | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-directory-"));
  store = await newStore(join(folder, "db"));
});
afterEach(async () => {
  await directory?.close();
  directory = undefined;
  await store.close();
  rmSync(folder, { recursive: true });
});

function credential(hash = HASH, more: { username?: string; realm?: string } = {}) {
  return {
    sipName: "alice-desk",
    username: "alice",
    realm: DOMAIN,
    a1Hash: hash,
    madeMs: 0,
    madeBy: "ann",
    ...more,
  };
}

/** @param replies what the switch answers, by command; others it does not answer */
async function setUp(callsOfRemoved: CallsOfRemoved = "keep", replies: Readonly<Record<string, Reply>> = {}) {
  const clock = new VirtualClock();
  const sent: string[] = [];
  const logged: string[] = [];
  const registered = new Map<string, readonly Contact[]>();
  let table = RoutingTable.of(office([], { users: [ALICE], groups: [group("sales", ["alice"])] }), 1);
  const opened = new Directory({
    settings: { host: "127.0.0.1", port: 0, secret: "a-secret-of-the-test", domain: DOMAIN, callsOfRemoved },
    store,
    link: {
      send: (command: WireCommand, done: (reply: Reply) => void) => {
        const line = command.verb === "api" ? command.line : command.verb;
        sent.push(line);
        const reply = replies[line];
        if (reply !== undefined) done(reply);
      },
    },
    clock,
    log: pino({ level: "info" }, { write: (line) => logged.push(JSON.parse(line).msg) }),
    table: () => table,
    registrations: {
      all: () => registered.entries(),
      contactsOf: (name) => registered.get(name) ?? [],
      onChange: () => () => undefined,
    },
  });
  directory = opened;
  const listening = await opened.open();
  if (!listening.ok) throw new Error(listening.why);
  const change = (changed: User | undefined) => {
    const before = table;
    const changes = { ...NO_CHANGES, users: [{ key: "alice", value: changed }] };
    table = before.next(changes, before.revision + 1);
    opened.officeChanged(table, before, changes);
  };
  const setOffice = (more: object) => {
    const before = table;
    const changes = { ...NO_CHANGES, settings: [{ key: "office", value: { ...before.settings, ...more } }] };
    table = before.next(changes, before.revision + 1);
    opened.officeChanged(table, before, changes);
  };
  const signIn = (name = "alice-desk", address = "203.0.113.9") =>
    opened.answer(`section=directory&action=sip_auth&sip_auth_username=${name}&ip=${address}&key=id`);
  const register = (name: string) => registered.set(name, [CONTACT]);
  return {
    clock,
    directory: opened,
    sent,
    logged,
    register,
    change,
    setOffice,
    signIn,
    port: listening.port,
  };
}

const CONTACT: Contact = {
  url: "sofia/phones/sip:alice@192.0.2.1",
  callId: "c",
  agent: "a",
  sinceMs: 0,
  seenMs: 0,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
};

/** What the link of an invitation makes. */
async function activate(username: string): Promise<void> {
  await store.accounts.put({ username, passwordHash: "$argon2id$", activatedMs: 1, passwordMs: 1 });
}

/** Waits for the poll of the database, which is real I/O although the clock is virtual. */
async function polled(clock: VirtualClock, until: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !until(); tries++) {
    clock.advanceBy(POLL_MS);
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    await store.currentRevision();
  }
  expect(until()).toBe(true);
}

const FOUND = /<param name="a1-hash" value="([0-9a-f]{32})"\/>/;

describe("a phone", () => {
  it("signs in with what was made for it", async () => {
    await store.writeCredentials([credential()]);
    const { signIn } = await setUp();
    expect(FOUND.exec(signIn())?.[1]).toBe(HASH);
    expect(signIn()).toContain("cacheable=");
  });

  describe("with srtp: required", () => {
    const {
      devices: [desk],
    } = ALICE;
    const secured = { ...ALICE, devices: desk === undefined ? [] : [{ ...desk, srtp: "required" as const }] };
    const by = (protocol: string) =>
      `section=directory&action=sip_auth&sip_auth_username=alice-desk&ip=203.0.113.9&key=id&sip_via_protocol=${protocol}`;

    it("signs in by TLS only", async () => {
      await store.writeCredentials([credential()]);
      const { directory, change, signIn, logged } = await setUp();
      expect(FOUND.test(directory.answer(by("udp")))).toBe(true);
      change(secured);
      for (const protocol of ["udp", "UDP", "tcp", "SIP/2.0/UDP", "ws"])
        expect(directory.answer(by(encodeURIComponent(protocol)))).toContain("not found");
      expect(logged.filter((line) => line.includes("by TLS only"))).toHaveLength(5);
      for (const protocol of ["tls", "TLS", "SIP/2.0/TLS", "wss"])
        expect(FOUND.exec(directory.answer(by(encodeURIComponent(protocol))))?.[1]).toBe(HASH);
      // The switch of this test does not say how.
      expect(FOUND.exec(signIn())?.[1]).toBe(HASH);
    });

    it("is not offered encryption, and not answered with it, with srtp: never", async () => {
      await store.writeCredentials([credential()]);
      const { directory, change } = await setUp();
      change({ ...ALICE, devices: secured.devices.map((device) => ({ ...device, srtp: "never" })) });
      expect(directory.answer(by("udp"))).toContain('<variable name="rtp_secure_media" value="forbidden"/>');
    });

    it("is asked about anew, and stays signed in and in its call, when it becomes so", async () => {
      await store.writeCredentials([credential()]);
      const { directory, register, change, sent } = await setUp();
      register("alice-desk");
      directory.linkUp();
      sent.length = 0;
      change(secured);
      expect(sent).toEqual([
        "xml_flush_cache id alice-desk ringline",
        "sofia profile phones flush_inbound_reg c",
      ]);
      change({ ...ALICE, devices: secured.devices.map((device) => ({ ...device, srtp: "optional" })) });
      expect(sent.slice(2)).toEqual(["xml_flush_cache id alice-desk ringline"]);
    });
  });

  it.each([
    ["has no password", []],
    ["has one that was made for another user's phone", [credential(HASH, { username: "bobby" })]],
    ["has one that was made for another domain", [credential(HASH, { realm: "elsewhere" })]],
  ])("that %s does not", async (_what, credentials) => {
    await store.writeCredentials(credentials);
    const { signIn } = await setUp();
    expect(signIn()).toContain("not found");
  });

  it("that nobody has, or whose user is suspended, does not", async () => {
    await store.writeCredentials([credential()]);
    const { signIn, change } = await setUp();
    expect(signIn("mallory")).toContain("not found");
    change({ ...ALICE, suspended: true });
    expect(signIn()).toContain("not found");
    change(ALICE);
    expect(signIn()).toMatch(FOUND);
    change(undefined);
    expect(signIn()).toContain("not found");
  });

  it("takes up a password that is made while the engine runs, another one, and its end", async () => {
    const { clock, signIn } = await setUp();
    expect(signIn()).toContain("not found");
    await store.writeCredentials([credential()]);
    await polled(clock, () => signIn().includes(HASH));
    const other = a1Hash("alice-desk", DOMAIN, "another");
    await store.writeCredentials([credential(other)]);
    await polled(clock, () => signIn().includes(other));
    expect(await store.removeCredential("alice-desk", { author: "ann", nowMs: 1 })).toBe(true);
    await polled(clock, () => signIn().includes("not found"));
  });

  it("that guesses waits, its answer is forgotten by the switch, and later ones are not remembered", async () => {
    await store.writeCredentials([credential()]);
    const { directory: opened, sent, signIn } = await setUp();
    opened.linkUp();
    sent.length = 0;
    for (let n = 0; n < FAILURES_MAX; n++)
      opened.event({
        "Event-Name": "CUSTOM",
        "Event-Subclass": "sofia::register_attempt",
        "auth-result": "FORBIDDEN",
        "network-ip": "203.0.113.9",
        username: "alice-desk",
      });
    expect(signIn()).toContain("not found");
    expect(sent).toEqual(["xml_flush_cache id alice-desk ringline"]);
    expect(signIn("alice-desk", "198.51.100.1")).toMatch(FOUND);
    expect(signIn("alice-desk", "198.51.100.1")).not.toContain("cacheable");
  });
});

describe("what the switch remembers", () => {
  const flush = "xml_flush_cache id alice-desk ringline";
  const signOut = "sofia profile phones flush_inbound_reg alice-desk@ringline";
  const hangUps = [
    "hupall NORMAL_CLEARING ringline_phone alice-desk",
    "hupall NORMAL_CLEARING sip_auth_username alice-desk",
  ];

  it.each([
    ["keep", [flush, signOut]],
    ["end", [flush, signOut, ...hangUps]],
  ] as const)("of a removed phone is flushed, and its calls: %s", async (calls, expected) => {
    await store.writeCredentials([credential()]);
    const { directory: opened, sent, register, change } = await setUp(calls);
    register("alice-desk");
    opened.linkUp();
    sent.length = 0;
    change(undefined);
    expect(sent).toEqual(expected);
  });

  it.each([
    ["keep", [flush]],
    ["end", [flush, ...hangUps]],
  ] as const)(
    "of a removed phone that was no longer signed in is flushed, and its calls: %s",
    async (calls, expected) => {
      await store.writeCredentials([credential()]);
      const { directory: opened, sent, change } = await setUp(calls);
      opened.linkUp();
      sent.length = 0;
      change({ ...ALICE, suspended: true });
      expect(sent).toEqual(expected);
      // Access is back, so nothing of this phone is ended.
      sent.length = 0;
      change(ALICE);
      expect(sent).toEqual([flush]);
    },
  );

  it("is flushed again when an answer that was on its way must have arrived", async () => {
    await store.writeCredentials([credential()]);
    const { clock, directory: opened, sent, change } = await setUp();
    opened.linkUp();
    sent.length = 0;
    change({ ...ALICE, suspended: true });
    clock.advanceBy(SECOND_PASS_MS);
    expect(sent).toEqual([flush, flush]);
  });

  it("is left alone by a change that is none for the phone", async () => {
    await store.writeCredentials([credential()]);
    const { directory: opened, sent, register, change } = await setUp();
    register("alice-desk");
    opened.linkUp();
    sent.length = 0;
    change({ ...ALICE, name: "Alice B. Wong" });
    expect(sent).toEqual([]);
  });

  it("of a phone with a new password is flushed once more, but the phone stays signed in with it", async () => {
    await store.writeCredentials([credential()]);
    const { clock, directory: opened, sent, register } = await setUp("end");
    register("alice-desk");
    opened.linkUp();
    sent.length = 0;
    await store.writeCredentials([credential("f".repeat(32))]);
    await polled(clock, () => sent.length > 0);
    expect(sent).toEqual([flush, signOut]);
    clock.advanceBy(SECOND_PASS_MS);
    expect(sent).toEqual([flush, signOut, flush]);
  });

  it("of an earlier engine is flushed when the switch is there, and who may not be there is signed out", async () => {
    const { directory: opened, sent, register } = await setUp();
    register("alice-desk");
    register("gone-desk");
    opened.linkUp();
    expect(sent).toEqual([
      "xml_flush_cache",
      signOut,
      "sofia profile phones flush_inbound_reg gone-desk@ringline",
      "global_getvar ringline_domain",
    ]);
  });

  it("is put right after the switch was away", async () => {
    await store.writeCredentials([credential()]);
    const { directory: opened, sent, register, change } = await setUp();
    register("alice-desk");
    opened.linkUp();
    opened.linkDown();
    sent.length = 0;
    change(undefined);
    expect(sent).toEqual([]);
    opened.linkUp();
    expect(sent.slice(0, 2)).toEqual(["xml_flush_cache", signOut]);
  });
});

describe("the switch", () => {
  const event = (subclass: string, more: Readonly<Record<string, string>>): SwitchEvent => ({
    "Event-Name": "CUSTOM",
    "Event-Subclass": subclass,
    "network-ip": "203.0.113.9",
    ...more,
  });
  const failed = (username: string, more: Readonly<Record<string, string>> = {}) =>
    event("sofia::register_attempt", { "auth-result": "FORBIDDEN", username, ...more });

  it("tells of wrong passwords: after some of them the address has to wait, for that name alone", async () => {
    await store.writeCredentials([credential()]);
    const { directory: opened, signIn, sent } = await setUp();
    opened.linkUp();
    sent.length = 0;
    for (let n = 1; n < FAILURES_MAX; n++) opened.event(failed("alice-desk"));
    expect(FOUND.test(signIn())).toBe(true);
    // The switch did not get as far as the name.
    opened.event(failed("unknown", { "from-user": "alice-desk" }));
    expect(FOUND.test(signIn())).toBe(false);
    expect(opened.counts.refused).toBe(1);
    expect(FOUND.test(signIn("alice-desk", "198.51.100.7"))).toBe(true);
    expect(sent).toContain("xml_flush_cache id alice-desk ringline");
  });

  it("tells of a phone that has signed in: earlier failures are forgiven", async () => {
    await store.writeCredentials([credential()]);
    const { directory: opened, signIn } = await setUp();
    for (let n = 1; n < FAILURES_MAX; n++) opened.event(failed("alice-desk"));
    opened.event(event("sofia::register", { username: "alice-desk" }));
    opened.event(failed("alice-desk"));
    expect(FOUND.test(signIn())).toBe(true);
  });

  it("tells of much that says nothing about passwords", async () => {
    await store.writeCredentials([credential()]);
    const { directory: opened, signIn } = await setUp();
    for (let n = 0; n < 3 * FAILURES_MAX; n++) {
      opened.event(event("sofia::register_attempt", { "auth-result": "SUCCESS", username: "alice-desk" }));
      opened.event({ "Event-Name": "CUSTOM", "Event-Subclass": "sofia::register_attempt" });
    }
    expect(FOUND.test(signIn())).toBe(true);
  });

  it.each<[string, Reply, boolean]>([
    ["ours", { outcome: "ok", text: DOMAIN }, false],
    ["another", { outcome: "ok", text: "elsewhere" }, true],
    ["unknown", { outcome: "refused", text: "-ERR no reply" }, false],
  ])("has a domain that is %s", async (_what, reply, isSaid) => {
    const { directory: opened, logged } = await setUp("keep", { "global_getvar ringline_domain": reply });
    opened.linkUp();
    const said = logged.filter((msg) => msg.includes("the switch has another domain than this engine"));
    expect(said).toHaveLength(isSaid ? 1 : 0);
  });

  it("asks whether somebody answers, and about things that are no phones", async () => {
    await store.writeCredentials([credential()]);
    const { directory: opened } = await setUp();
    const probe = opened.answer(`section=directory&key=id&user=${PROBE_NAME}&domain=${DOMAIN}`);
    expect(probe).toContain('<variable name="ringline_directory" value="revision 1, 1 credentials"/>');
    expect(opened.answer("section=directory&purpose=gateways")).toContain("not found");
    expect(opened.counts).toEqual({ granted: 0, denied: 0, refused: 0, other: 1 });
  });

  it("that would not forget a phone is said", async () => {
    const refused: Reply = { outcome: "refused", text: "-ERR" };
    const { directory: opened, logged } = await setUp("keep", { xml_flush_cache: refused });
    opened.linkUp();
    expect(logged).toContain("the switch would not forget a phone");
  });
});

describe("the server", () => {
  const form = "section=directory&action=sip_auth&sip_auth_username=alice-desk&ip=203.0.113.9";
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString("base64")}` });

  it("answers who shows the secret, and nobody else", async () => {
    await store.writeCredentials([credential()]);
    const { port } = await setUp();
    const url = `http://127.0.0.1:${port}/`;
    for (const headers of [
      {},
      basic("ringline:wrong"),
      basic("ringline:"),
      basic("other:a-secret-of-the-test"),
      { Authorization: "Bearer a-secret-of-the-test" },
    ]) {
      const refused = await fetch(url, { method: "POST", body: form, headers });
      expect(refused.status).toBe(401);
      expect(await refused.text()).not.toContain(HASH);
    }
    const answered = await fetch(url, {
      method: "POST",
      body: form,
      headers: basic("ringline:a-secret-of-the-test"),
    });
    expect(answered.status).toBe(200);
    expect(FOUND.exec(await answered.text())?.[1]).toBe(HASH);
  });

  it("takes no body without end, and no other method", async () => {
    const { port } = await setUp();
    const url = `http://127.0.0.1:${port}/`;
    const headers = basic("ringline:a-secret-of-the-test");
    const long = await fetch(url, { method: "POST", body: "x".repeat(1_000_000), headers }).catch(() => null);
    expect(long === null || long.status === 413).toBe(true);
    expect((await fetch(url, { headers })).status).toBe(405);
    expect((await fetch(`${url}phones`, { headers })).status).toBe(200);
    expect((await fetch(`${url}phones`)).status).toBe(401);
  });
});

describe("the database", () => {
  it("is its owner's alone", () => {
    expect(statSync(join(folder, "db")).mode & 0o777).toBe(0o600);
  });
});

describe("an office whose phones need an account", () => {
  const MUST = { phonesNeedAccount: true } as const;

  it("signs out phones of users without one, and forgets what the switch has cached of all", async () => {
    await store.writeCredentials([credential()]);
    const { clock, directory, register, setOffice, signIn, sent } = await setUp();
    directory.linkUp();
    register("alice-desk");
    expect(signIn()).toMatch(FOUND);
    setOffice(MUST);
    await polled(clock, () => sent.some((line) => line.startsWith("sofia profile phones flush_inbound_reg")));
    expect(signIn()).not.toMatch(FOUND);
    expect(sent.filter((line) => line === "xml_flush_cache")).toHaveLength(2);
  });

  it("lets them in as soon as they have one, and out again when it is taken away", async () => {
    await store.writeCredentials([credential()]);
    const { clock, directory, setOffice, signIn } = await setUp();
    directory.linkUp();
    setOffice(MUST);
    await polled(clock, () => !FOUND.test(signIn()));
    await activate("alice");
    await polled(clock, () => FOUND.test(signIn()));
    await store.accounts.remove("alice");
    await polled(clock, () => !FOUND.test(signIn()));
    setOffice({ phonesNeedAccount: undefined });
    expect(signIn()).toMatch(FOUND);
  });

  it("leaves alone the phones of who has one", async () => {
    await store.writeCredentials([credential()]);
    await activate("alice");
    const { clock, directory, register, setOffice, signIn, sent } = await setUp();
    directory.linkUp();
    register("alice-desk");
    setOffice(MUST);
    await polled(clock, () => sent.filter((line) => line === "xml_flush_cache").length === 2);
    expect(signIn()).toMatch(FOUND);
    expect(sent.filter((line) => line.includes("flush_inbound_reg"))).toEqual([]);
  });
});
