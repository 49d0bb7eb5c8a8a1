/**
 * Goal: attacks on signing in do not work, and tell nothing. Method: each is made as an attacker would; the
 * statements that the database is asked and the hashes that are computed are compared, which no busy machine disturbs; times are
 * measured by `npm run bench -- signin`.
 */
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { untilTrue } from "../../../fixtures/until-true.js";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import { PASSWORD, signIn, withAccounts } from "../../../fixtures/web/accounts.js";
import { type Browser, browser } from "../../../fixtures/web/browser.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import type { Office } from "../../../policy/office/office.js";
import { Database } from "../../../storage/database.js";
import { webServer } from "../server.js";
import { authenticator } from "./authenticate.js";
import { route } from "./route.js";

/** What a sign-in does: statements, and hashes that a password is compared with. */
const done = vi.hoisted((): string[] => []);
vi.mock("@node-rs/argon2", async (original) => {
  const real = await original<typeof import("@node-rs/argon2")>();
  return {
    ...real,
    verify: (...args: Parameters<typeof real.verify>) => {
      done.push("compare with a hash");
      return real.verify(...args);
    },
  };
});

let world: WebWorld;
afterEach(() => world.close());

const MINUTE = 60_000;

describe("names that do not exist", () => {
  beforeEach(async () => {
    world = await webWorld();
    await withAccounts(world, "carol.diaz", "frank.lee");
  });
  afterEach(() => vi.restoreAllMocks());

  /** Names of all kinds, with a password that is wrong for each. */
  const NAMES = ["carol.diaz", "carol@example.com", "dave.kim1", "frank.lee", "nobody", "nobody@example.com"];

  it("ask the database the same as names that do, and have their password compared as well", async () => {
    // The first request of all reads the office.
    await signIn(browser(world), "erin.hall", "wrong horse 9");
    for (const method of ["all", "run", "runReturning"] as const) {
      const real = Database.prototype[method] as (...args: unknown[]) => Promise<unknown>;
      vi.spyOn(Database.prototype, method).mockImplementation(function (this: Database, ...args: unknown[]) {
        done.push(String(args[0]));
        return real.apply(this, args) as Promise<never>;
      });
    }
    const asked = new Map<string, string[]>();
    for (const name of NAMES) {
      done.length = 0;
      expect((await signIn(browser(world), name, "wrong horse 9")).status).toBe(401);
      asked.set(name, [...done]);
    }
    expect(asked.get("nobody")?.length).toBeGreaterThan(5);
    expect(asked.get("nobody")).toContain("compare with a hash");
    for (const name of NAMES) expect(asked.get(name), name).toEqual(asked.get("nobody"));
  });
});

describe("over HTTPS", () => {
  it("cookies have names that no other host can plant, and cookies of other names count for nothing", async () => {
    world = await webWorld();
    await withAccounts(world, "carol.diaz");
    const server = await webServer({
      host: "127.0.0.1",
      port: 0,
      log: world.services.log,
      deps: world.services.deps,
      templates: new Map(),
      trustedProxies: ["192.0.2.10"],
      api: { services: world.services, ...authenticator(world.services), clock: new VirtualClock(0) },
    });
    const own = browser({ server });
    const https = {
      host: "phones.example.com",
      origin: "https://phones.example.com",
      "x-forwarded-proto": "https",
      "x-forwarded-for": "198.51.100.1",
    };
    const body = { username: "carol.diaz", password: PASSWORD };
    const { headers } = await own.ask("POST", "/sign-in", body, https);
    expect(headers["set-cookie"]).toEqual([
      expect.stringMatching(/^__Host-ringline=.*; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=\d+$/),
      expect.stringMatching(
        /^__Host-ringline-browser=.*; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=\d+$/,
      ),
    ]);
    const ask = async (cookie: string) =>
      (await browser({ server }).ask("GET", "/me/permissions", undefined, { ...https, cookie })).status;
    const secret = own.cookies.get("__Host-ringline") ?? "";
    expect(await ask(`__Host-ringline=${secret}`)).toBe(200);
    expect(await ask(`ringline=${secret}`)).toBe(401);
    expect(await ask(`__host-ringline=${secret}`)).toBe(401);
    await server.close();
  });
});

describe("guesses at many accounts from many addresses", () => {
  const OF = { signIn: { guessesAnHour: 20 } };
  const guess = (nth: number) =>
    signIn(browser(world, { address: `198.51.100.${nth}` }), `nobody.${nth}`, "wrong horse 9");

  beforeEach(async () => {
    world = await webWorld({ ...WEB_OFFICE, ...OF });
    await withAccounts(world, "carol.diaz", "dave.kim1");
  });

  it("wait when the office has had many, and nobody waits where they signed in before", async () => {
    const own = browser(world, { address: "203.0.113.9" });
    await signIn(own, "carol.diaz");
    await own.ask("POST", "/sign-out");
    for (let nth = 1; nth <= 20; nth += 1) expect((await guess(nth)).status).toBe(401);
    expect(await guess(21)).toMatchObject({ status: 429, body: { retry_after: 1 } });
    expect((await signIn(own, "carol.diaz")).status).toBe(200);
    const other = browser(world, { address: "203.0.113.10" });
    expect((await signIn(other, "dave.kim1")).status).toBe(429);
    world.pass(1_000);
    expect((await signIn(other, "dave.kim1")).status).toBe(200);
  });

  it("are counted anew in the next hour, and sign-ins that are right do not count", async () => {
    for (let nth = 1; nth <= 19; nth += 1) await guess(nth);
    for (const address of ["203.0.113.1", "203.0.113.2", "203.0.113.3"])
      expect((await signIn(browser(world, { address }), "carol.diaz")).status).toBe(200);
    expect((await guess(30)).status).toBe(401);
    expect((await guess(31)).status).toBe(429);
    world.pass(60 * MINUTE);
    expect((await guess(32)).status).toBe(401);
  });
});

describe("another site's page", () => {
  beforeEach(async () => {
    world = await webWorld();
    await withAccounts(world, "carol.diaz");
  });

  it.each<[what: string, headers: Record<string, string>]>([
    ["by its origin", { origin: "https://evil.example.com" }],
    ["by its site", { "sec-fetch-site": "cross-site" }],
    ["of the same domain", { "sec-fetch-site": "same-site", origin: "http://localhost:8080" }],
    ["that hides its origin", { origin: "null" }],
  ])("%s changes nothing with a person's cookie", async (_what, headers) => {
    const own = browser(world);
    await signIn(own, "carol.diaz");
    for (const [method, path, body] of [
      ["POST", "/sign-out"],
      ["DELETE", "/me/sessions"],
      ["POST", "/me/totp"],
      ["POST", "/keys", { name: "x", powers: ["own"] }],
      ["PUT", "/me/password", { current: PASSWORD, password: "another horse 8" }],
      ["POST", "/sign-in", { username: "carol.diaz", password: PASSWORD }],
    ] as const)
      expect(await own.ask(method, path, body, headers), path).toMatchObject({
        status: 403,
        body: { type: "other_origin" },
      });
    expect((await own.ask("GET", "/me/permissions")).status).toBe(200);
  });
});

describe("a stream that is open", () => {
  let port: number;
  beforeEach(async () => {
    const streams = route({
      method: "GET",
      path: "/stream",
      tag: "Test",
      summary: "Read events",
      access: { needs: "own" },
      answer: { raw: "events", contentType: "text/event-stream" },
      handle: async ({ signal }) => ({ kind: "events", events: silence(signal) }),
    });
    const { ROUTES } = await import("./routes.js");
    world = await webWorld(WEB_OFFICE, {}, [...Object.values(ROUTES), streams]);
    await withAccounts(world, "alice.wong", "carol.diaz");
    const bound = await world.server.listen();
    if (!bound.ok) throw new Error(bound.why);
    port = bound.port;
  });

  async function* silence(signal: AbortSignal): AsyncGenerator<never> {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }

  /** Opens a stream, and waits until it is. */
  async function opened(header: string): Promise<() => string> {
    let text = "";
    const socket = connect(port, "127.0.0.1");
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", () => undefined);
    socket.write(`GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
    await untilTrue(() => text.includes("retry:"));
    return () => text;
  }

  const cookieOf = (own: Browser) => `Cookie: ringline=${own.cookies.get("ringline")}`;
  const office = (more: Partial<Office>) => world.apply({ ...WEB_OFFICE, ...more });

  const ENDS: readonly [what: string, end: (own: Browser, other: Browser) => Promise<unknown>][] = [
    ["the person signs out", (own) => own.ask("POST", "/sign-out")],
    ["the session is ended elsewhere", (_own, other) => other.ask("DELETE", "/me/sessions")],
    [
      "the password is changed elsewhere",
      (_own, other) => other.ask("PUT", "/me/password", { current: PASSWORD, password: "another horse 8" }),
    ],
    [
      "the user is suspended",
      () =>
        office({
          users: WEB_OFFICE.users.map((user) =>
            user.username === "carol.diaz" ? { ...user, suspended: true as const } : user,
          ),
        }),
    ],
    [
      "the user is removed",
      () =>
        office({
          users: WEB_OFFICE.users.filter(({ username }) => username !== "carol.diaz"),
          groups: WEB_OFFICE.groups.map((group) => ({
            ...group,
            members: group.members.filter(({ username }) => username !== "carol.diaz"),
          })),
        }),
    ],
    ["the account is taken away", () => world.store.accounts.remove("carol.diaz")],
  ];

  it.each(ENDS)("ends within a second when %s", async (_what, end) => {
    const [own, other] = [browser(world), browser(world)];
    await signIn(own, "carol.diaz");
    await signIn(other, "carol.diaz");
    const text = await opened(cookieOf(own));
    world.pass(1_000);
    await end(own, other);
    expect(text()).not.toContain("event: ended");
    world.pass(1_000);
    await untilTrue(() => text().includes("event: ended"));
  });

  it("ends when nobody has used the page for twelve hours: it is no use of its own", async () => {
    const own = browser(world);
    await signIn(own, "carol.diaz");
    const text = await opened(cookieOf(own));
    world.pass(12 * 60 * MINUTE);
    await untilTrue(() => text().includes("event: ended"));
  });

  it("ends within a second when the key by which it was opened ends", async () => {
    const own = browser(world);
    await signIn(own, "alice.wong");
    const { id, key } = (await own.ask("POST", "/keys", { name: "board", powers: ["own"] })).body;
    const text = await opened(`Authorization: Bearer ${key}`);
    expect((await own.ask("DELETE", `/keys/${id}`)).status).toBe(204);
    world.pass(1_000);
    await untilTrue(() => text().includes("event: ended"));
  });
});
