/**
 * Goal: the right person signs in, and nobody else; what is told about names that do not exist is nothing. Method: browsers
 * with cookies of their own, against the real server and database.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PASSWORD, signIn, withAccounts } from "../../../../fixtures/web/accounts.js";
import { type Browser, browser } from "../../../../fixtures/web/browser.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";
import { makeFirstPassword } from "../../../office/changes/phone-passwords.js";
import { setPin } from "../../../voicemail/admin/pins.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld(WEB_OFFICE, { sendsMail: true });
  await withAccounts(world, "alice.wong", "carol.diaz", "frank.lee");
});
afterEach(() => world.close());

const [SECOND, MINUTE] = [1_000, 60_000];

async function isIn(own: Browser): Promise<boolean> {
  return (await own.ask("GET", "/me/permissions")).status === 200;
}

describe("over plain HTTP on the network", () => {
  const NETWORK = { host: "10.0.0.5:8080", origin: "http://10.0.0.5:8080" };
  const body = { username: "carol.diaz", password: PASSWORD };

  it("people sign in where the operator says so, and the cookie comes back over plain HTTP", async () => {
    await world.close();
    world = await webWorld(WEB_OFFICE, { allowsPlainHttp: true });
    await withAccounts(world, "carol.diaz");
    const own = browser(world);
    const { status, headers } = await own.ask("POST", "/sign-in", body, NETWORK);
    expect(status).toBe(200);
    expect(headers["set-cookie"]).toEqual([
      expect.stringMatching(/^ringline=.*; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/),
      expect.stringMatching(/^ringline-browser=.*; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/),
    ]);
    expect((await own.ask("GET", "/me/permissions", undefined, NETWORK)).status).toBe(200);
    const next = { current: PASSWORD, password: "another horse 8" };
    expect((await own.ask("PUT", "/me/password", next, NETWORK)).status).toBe(204);
    expect(
      await own.ask("POST", "/sign-out", undefined, { ...NETWORK, origin: "http://10.0.0.6:8080" }),
    ).toMatchObject({ status: 403, body: { type: "other_origin" } });
  });

  it.each(["[", "a b", "localhost@evil", "x:99999", "a/b", "локал"])(
    "a host of %j is told to be none",
    async (host) => {
      const answer = await browser(world).ask("POST", "/sign-in", body, { host, origin: `http://${host}` });
      expect(answer).toMatchObject({
        status: 400,
        body: { type: "wrong_request", errors: [{ field: "header/host" }] },
      });
      expect(world.log).toEqual([]);
    },
  );
});

describe("a password", () => {
  it.each(["carol.diaz", "carol@example.com", " Carol@Example.com "])("signs in as %j", async (name) => {
    const own = browser(world);
    expect(await signIn(own, name)).toMatchObject({
      status: 200,
      body: { state: "signed_in", username: "carol.diaz" },
    });
    expect(await isIn(own)).toBe(true);
  });

  it.each<[what: string, name: string, password: string]>([
    ["a wrong password", "carol.diaz", "correct horse 8"],
    ["an empty password", "carol.diaz", ""],
    ["a user without an account", "dave.kim1", PASSWORD],
    ["a name that does not exist", "nobody", PASSWORD],
    ["an empty name", " ", PASSWORD],
    ["a name of objects", "__proto__", PASSWORD],
    ["a suspended user's wrong password", "frank.lee", "wrong"],
  ])("is refused in the same words for %s", async (_what, name, password) => {
    const own = browser(world);
    const { status, body } = await signIn(own, name, password);
    expect({ status, body }).toEqual({
      status: 401,
      body: {
        type: "wrong_credentials",
        title: "The sign-in is not right",
        status: 401,
        detail: "the name, the password or the code is wrong",
      },
    });
    expect([...own.cookies]).toEqual([]);
  });

  it("that is right tells a suspended user why it is refused, and begins nothing", async () => {
    const own = browser(world);
    expect(await signIn(own, "frank.lee")).toMatchObject({ status: 403, body: { type: "suspended" } });
    expect([...own.cookies]).toEqual([]);
    expect(await world.store.sessions.of("frank.lee")).toEqual([]);
  });

  it("typed with other characters for the same letters is the same", async () => {
    expect(await signIn(browser(world), "carol.diaz", PASSWORD.replace("7", "７"))).toMatchObject({
      status: 200,
    });
  });

  it("of two people with one address signs in by the username only", async () => {
    const users = WEB_OFFICE.users.map((user) =>
      user.username === "dave.kim1" ? { ...user, email: "CAROL@example.com" } : user,
    );
    await world.apply({ ...WEB_OFFICE, users });
    expect(await signIn(browser(world), "carol@example.com")).toMatchObject({ status: 401 });
    expect(await signIn(browser(world), "carol.diaz")).toMatchObject({ status: 200 });
  });
});

it("neither the SIP password of a phone nor the PIN of a mailbox signs anybody in", async () => {
  const { deps } = world.services;
  const phone = { username: "carol.diaz", id: "desk", domain: "office.example.com", author: "test" };
  const sip = await makeFirstPassword(deps, phone);
  const pin = await setPin(deps, "carol.diaz", { kind: "generated" });
  if (sip.outcome !== "made" || pin.outcome !== "set" || pin.pin === null) throw new Error("not made");
  const { sipName, password } = sip.signIn;
  const digest = (await world.store.credentialOf(sipName))?.a1Hash ?? "none";
  for (const secret of [password, digest, pin.pin])
    for (const name of ["carol.diaz", sipName])
      expect(
        (await signIn(browser(world, { address: `198.51.100.${secret.length}` }), name, secret)).status,
      ).toBe(401);
  expect((await signIn(browser(world), "carol.diaz")).status).toBe(200);
});

describe("the cookie", () => {
  it("is kept from scripts and other sites, and lasts as long as the session can", async () => {
    const { headers } = await signIn(browser(world), "carol.diaz");
    expect(headers["set-cookie"]).toEqual([
      expect.stringMatching(/^ringline=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/),
      expect.stringMatching(
        /^ringline-browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=34560000$/,
      ),
    ]);
  });

  it("is never one that somebody else knows: each sign-in makes its own, and ends the one before", async () => {
    const [attacker, victim] = [browser(world), browser(world)];
    await signIn(attacker, "alice.wong");
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value);
    await signIn(victim, "carol.diaz");
    for (const [name, value] of attacker.cookies) expect(victim.cookies.get(name)).not.toBe(value);
    expect(await isIn(victim)).toBe(true);
    expect(await isIn(attacker)).toBe(false);
    // The browser that was planted is not one that Carol's account knows.
    for (let tries = 0; tries < 5; tries += 1) await signIn(attacker, "carol.diaz", "wrong");
    expect(await signIn(attacker, "carol.diaz", "wrong")).toMatchObject({ status: 429 });
  });

  it("planted before the sign-in, of no session, is not taken over", async () => {
    const own = browser(world);
    own.cookies.set("ringline", "planted");
    own.cookies.set("ringline-browser", "planted");
    await signIn(own, "carol.diaz");
    expect([...own.cookies.values()]).not.toContain("planted");
    const other = browser(world);
    other.cookies.set("ringline", "planted");
    expect(await isIn(other)).toBe(false);
  });

  it("ends with the sign-out", async () => {
    const own = browser(world);
    await signIn(own, "carol.diaz");
    const copy = browser(world);
    copy.cookies.set("ringline", own.cookies.get("ringline") ?? "");
    expect((await own.ask("POST", "/sign-out")).status).toBe(204);
    expect(own.cookies.has("ringline")).toBe(false);
    expect(await isIn(copy)).toBe(false);
  });
});

it.each([
  ["phones.example.com", 403],
  ["192.168.1.5:8080", 403],
  ["localhost.example.com", 403],
  ["127.0.0.1:8080", 200],
  ["[::1]:8080", 200],
  ["localhost:8080", 200],
])("over plain HTTP to %s: %i", async (host, status) => {
  const headers = { host, origin: `http://${host}` };
  const body = { username: "carol.diaz", password: PASSWORD };
  expect((await browser(world).ask("POST", "/sign-in", body, headers)).status).toBe(status);
});

describe("guesses", () => {
  const guess = (name: string, address: string, password = "wrong") =>
    signIn(browser(world, { address }), name, password);

  it("for one account from ever other addresses get slow, whether the account exists or not", async () => {
    for (const name of ["carol.diaz", "carol@example.com", "dave.kim1", "nobody"]) {
      const statuses: number[] = [];
      for (let each = 0; each < 7; each += 1) statuses.push((await guess(name, `198.51.100.${each}`)).status);
      expect(statuses, name).toEqual([401, 401, 401, 401, 401, 429, 429]);
      expect(await guess(name, "203.0.113.9")).toMatchObject({
        headers: { "retry-after": "1" },
        body: { type: "too_many", retry_after: 1 },
      });
    }
  });

  it("of many accounts from one address get slow, also for the right password", async () => {
    const statuses: number[] = [];
    for (let each = 0; each < 21; each += 1)
      statuses.push((await guess(`nobody${each}`, "198.51.100.1")).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect((await guess("carol.diaz", "198.51.100.1", PASSWORD)).status).toBe(429);
    expect((await guess("carol.diaz", "198.51.100.2", PASSWORD)).status).toBe(200);
    world.pass(2 * SECOND);
    expect((await guess("carol.diaz", "198.51.100.1", PASSWORD)).status).toBe(200);
  });

  it("from addresses of one IPv6 network count together", async () => {
    const statuses: number[] = [];
    for (let each = 0; each < 21; each += 1)
      statuses.push((await guess(`nobody${each}`, `2001:db8:1:2::${each.toString(16)}`)).status);
    expect(statuses.at(-1)).toBe(429);
  });

  it("that come at the same moment are not looked at more often than one after the other", async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, each) => guess("carol.diaz", `198.51.100.${each}`)),
    );
    expect(all.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(35);
  });

  it("elsewhere never slow a browser in which the person signed in before", async () => {
    const own = browser(world, { address: "198.51.100.1" });
    await signIn(own, "carol.diaz");
    await own.ask("POST", "/sign-out");
    for (let each = 0; each < 30; each += 1) await guess("carol.diaz", "198.51.100.1");
    expect((await guess("carol.diaz", "198.51.100.1", PASSWORD)).status).toBe(429);
    expect((await signIn(own, "carol.diaz")).status).toBe(200);
  });

  it("in a known browser get slow by themselves, and wait a minute at most", async () => {
    const own = browser(world);
    await signIn(own, "carol.diaz");
    let looked = 0;
    for (let each = 0; each < 30; each += 1)
      if ((await signIn(own, "carol.diaz", "wrong")).status === 401) looked += 1;
    expect(looked).toBe(10);
    world.pass(MINUTE);
    expect((await signIn(own, "carol.diaz")).status).toBe(200);
  });

  it("are forgotten when the person signs in, for that account", async () => {
    for (let each = 0; each < 4; each += 1) await guess("carol.diaz", "198.51.100.1");
    expect((await guess("carol.diaz", "198.51.100.2", PASSWORD)).status).toBe(200);
    for (let each = 0; each < 5; each += 1)
      expect((await guess("carol.diaz", "198.51.100.3")).status).toBe(401);
  });

  it("slowed by too many passwords at once are not counted as wrong", async () => {
    const right = await Promise.all(
      Array.from({ length: 10 }, (_, each) => guess("carol.diaz", `198.51.100.${each}`, PASSWORD)),
    );
    // Each counts until it has been found right; then none is left.
    expect(right.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
    for (let each = 0; each < 5; each += 1)
      expect((await guess("carol.diaz", "198.51.100.77")).status).toBe(401);
  });
});

describe("a sign-in in a browser that is new to the account", () => {
  const mails = async () => {
    const kinds: unknown[] = [];
    for (;;) {
      const mail = await world.store.accountMails.take(world.nowMs(), world.nowMs() + MINUTE);
      if (mail === undefined) return kinds;
      kinds.push({ kind: mail.kind, username: mail.username, detail: mail.detail });
    }
  };

  it("is told by mail, once", async () => {
    const own = browser(world, { address: "198.51.100.7" });
    await signIn(own, "carol.diaz");
    await signIn(own, "carol.diaz");
    const detail = { device: "Firefox on Linux", address: "198.51.100.7", atMs: world.nowMs() };
    expect(await mails()).toEqual([{ kind: "new_device", username: "carol.diaz", detail }]);
  });

  it("is not told to who chose the password a moment ago, and is when a second browser follows", async () => {
    const account = await world.store.accounts.account("carol.diaz");
    if (account === undefined) throw new Error("no account");
    await world.store.accounts.put({ ...account, passwordMs: world.nowMs() - MINUTE });
    await signIn(browser(world), "carol.diaz");
    expect(await mails()).toEqual([]);
    await signIn(browser(world), "carol.diaz");
    expect(await mails()).toHaveLength(1);
  });
});

it("sign-ins and failures are in the audit, and what was typed as a name is not", async () => {
  await signIn(browser(world), "carol.diaz");
  await signIn(browser(world), "carol.diaz", "wrong");
  await signIn(browser(world), "my secret 1", "wrong");
  const entries = (await world.store.audit.list({}, { limit: 10 })).filter(
    ({ action }) => action !== "office_changed",
  );
  expect(
    entries.map(({ action, actor, subject, detail }) => [
      action,
      actor,
      subject,
      detail["way"] ?? detail["because"],
    ]),
  ).toEqual([
    ["sign_in_failed", null, null, "wrong"],
    ["sign_in_failed", null, "user:carol.diaz", "wrong"],
    ["signed_in", "carol.diaz", "user:carol.diaz", "password"],
  ]);
  expect(JSON.stringify([entries, world.log])).not.toMatch(/my secret|correct horse/);
});
