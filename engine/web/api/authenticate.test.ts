/**
 * Goal: a browser is signed in as long as its session goes on and its user may, and not for a moment longer. Method: sessions
 * that are begun as the use cases do it, and requests with their cookies.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Browser, browser } from "../../../fixtures/web/browser.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import { SESSION_LIMITS } from "../../../policy/accounts/session-life.js";
import { beginSession, endSession, endSessions, listSessions } from "../../accounts/sessions.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld();
  for (const username of ["carol.diaz", "frank.lee"])
    await world.store.accounts.put({ username, passwordHash: "-", activatedMs: 0, passwordMs: 7 });
});
afterEach(() => world.close());

const HOUR = 3_600_000;

/** A browser in which somebody is signed in. */
async function signedIn(username = "carol.diaz") {
  const from = { address: "192.0.2.10", userAgent: "-", browser: undefined };
  const made = await beginSession(world.services.deps, {
    username,
    way: "password",
    from,
    limits: SESSION_LIMITS,
  });
  if (made.outcome !== "signed_in") throw new Error(made.outcome);
  const own = browser(world);
  own.cookies.set("ringline", made.secret);
  return { ...own, id: made.id };
}

const statusOf = async (own: Browser) => (await own.ask("GET", "/me/permissions")).status;

/** Uses are written behind the answer; this write waits for those before it. */
const usesWritten = () => world.store.accounts.remove("nobody");

it("a session lets its user in, by nothing but its secret", async () => {
  const own = await signedIn();
  expect(await statusOf(own)).toBe(200);
  own.cookies.set("ringline", own.id);
  expect(await statusOf(own)).toBe(401);
  own.cookies.set("ringline", "");
  expect(await statusOf(own)).toBe(401);
});

it.each([
  [11, 200],
  [12, 401],
])("after %i hours without a request: %i", async (hours, status) => {
  const own = await signedIn();
  world.pass(hours * HOUR);
  expect(await statusOf(own)).toBe(status);
});

it("used all the time, it ends after thirty days", async () => {
  const own = await signedIn();
  for (let hours = 0; hours < 30 * 24; hours += 8) {
    expect(await statusOf(own)).toBe(200);
    await usesWritten();
    world.pass(8 * HOUR);
  }
  expect(await statusOf(own)).toBe(401);
});

it("a user who is suspended is signed out, and signs in anew when that is over", async () => {
  const own = await signedIn();
  const suspended = WEB_OFFICE.users.map((user) =>
    user.username === "carol.diaz" ? { ...user, suspended: true as const } : user,
  );
  await world.apply({ ...WEB_OFFICE, users: suspended });
  expect(await statusOf(own)).toBe(401);
  await world.apply(WEB_OFFICE);
  expect(await statusOf(own)).toBe(401);
});

it("a user who is removed is signed out, and a later user of the name is not signed in by it", async () => {
  const own = await signedIn();
  const users = WEB_OFFICE.users.filter(({ username }) => username !== "carol.diaz");
  const groups = WEB_OFFICE.groups.map((group) => ({
    ...group,
    members: group.members.filter(({ username }) => username !== "carol.diaz"),
  }));
  await world.apply({ ...WEB_OFFICE, users, groups });
  expect(await statusOf(own)).toBe(401);
  await world.apply(WEB_OFFICE);
  await world.store.accounts.put({
    username: "carol.diaz",
    passwordHash: "-",
    activatedMs: 0,
    passwordMs: 7,
  });
  expect(await statusOf(own)).toBe(401);
});

it("one session ends, or all but one", async () => {
  const [first, second, third] = [await signedIn(), await signedIn(), await signedIn()];
  expect(await endSession(world.services.deps, "carol.diaz", second.id)).toBe(true);
  expect(await endSession(world.services.deps, "carol.diaz", second.id)).toBe(false);
  expect(await endSession(world.services.deps, "frank.lee", first.id)).toBe(false);
  expect([await statusOf(first), await statusOf(second), await statusOf(third)]).toEqual([200, 401, 200]);
  expect(await endSessions(world.services.deps, "carol.diaz", third.id)).toBe(1);
  expect([await statusOf(first), await statusOf(third)]).toEqual([401, 200]);
  expect(await endSessions(world.services.deps, "carol.diaz", null)).toBe(1);
  expect(await statusOf(third)).toBe(401);
});

it("a session does not begin for a password that was changed meanwhile, nor without an account", async () => {
  const from = { address: "192.0.2.10", userAgent: "-", browser: undefined };
  const begin = async (username: string, passwordMs: number) => {
    const wanted = { username, way: "password", passwordMs, from, limits: SESSION_LIMITS } as const;
    return (await beginSession(world.services.deps, wanted)).outcome;
  };
  expect(await begin("carol.diaz", 7)).toBe("signed_in");
  expect(await begin("carol.diaz", 6)).toBe("account_changed");
  expect(await begin("dave.kim1", 7)).toBe("account_changed");
});

it("the list says where and when each was used last", async () => {
  const own = await signedIn();
  world.pass(2 * HOUR);
  await signedIn();
  world.pass(HOUR);
  await statusOf(own);
  await usesWritten();
  const listed = await listSessions(world.services.deps, "carol.diaz", SESSION_LIMITS);
  expect(listed).toMatchObject([
    { id: own.id, usedMs: world.nowMs(), endsMs: world.nowMs() + 12 * HOUR },
    { usedMs: world.nowMs() - HOUR, address: "192.0.2.10" },
  ]);
  world.pass(11.5 * HOUR);
  expect(await listSessions(world.services.deps, "carol.diaz", SESSION_LIMITS)).toHaveLength(1);
});
