/** Goal: people see where they are signed in, and end what they do not know. Method: several browsers of one person. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { signIn, withAccounts } from "../../../../fixtures/web/accounts.js";
import { type Browser, browser } from "../../../../fixtures/web/browser.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld();
  await withAccounts(world, "alice.wong", "carol.diaz");
});
afterEach(() => world.close());

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";

async function signedIn(username = "carol.diaz", options = {}): Promise<Browser> {
  const own = browser(world, options);
  expect((await signIn(own, username)).status).toBe(200);
  world.pass(60_000);
  return own;
}

async function isIn(own: Browser): Promise<boolean> {
  return (await own.ask("GET", "/me/permissions")).status === 200;
}

it("sessions are listed with device, place and time, and the own one is marked", async () => {
  const phone = await signedIn("carol.diaz", { userAgent: IPHONE, address: "198.51.100.4" });
  const desk = await signedIn();
  await signedIn("alice.wong");
  const { body } = await desk.ask("GET", "/me/sessions");
  expect(body.items).toEqual([
    expect.objectContaining({ device: "Firefox on Linux", is_this: true, way: "password" }),
    expect.objectContaining({
      device: "Safari on an iPhone",
      is_this: false,
      address: "198.51.100.4",
      signed_in_at: "2026-11-30T14:00:00.000Z",
      ends_at: "2026-12-01T02:00:00.000Z",
    }),
  ]);
  expect(JSON.stringify(body)).not.toContain(phone.cookies.get("ringline"));
});

it("ends when the office says so, also while it goes on", async () => {
  const [own, admin] = [await signedIn(), await signedIn("alice.wong")];
  const limits = async (signIn: object) => {
    const { status } = await admin.ask("PATCH", "/office", { sign_in: signIn });
    expect(status).toBe(200);
  };
  world.pass(3 * 3_600_000);
  expect(await isIn(admin)).toBe(true);
  await limits({ idle_hours: 4, absolute_days: 2 });
  expect(await isIn(own)).toBe(true);
  expect((await own.ask("GET", "/me/sessions")).body.items[0]).toMatchObject({
    ends_at: "2026-11-30T21:02:00.000Z",
  });
  world.pass(3 * 3_600_000);
  expect(await isIn(admin)).toBe(true);
  await limits({ idle_hours: 2 });
  expect(await isIn(own)).toBe(false);
  const fresh = browser(world);
  const { headers } = await signIn(fresh, "carol.diaz");
  expect(String(headers["set-cookie"])).toContain("Max-Age=172800");
});

it("only System Admins say how long people stay signed in", async () => {
  const settings = { sign_in: { idle_hours: 700 } };
  await world.apply({
    ...WEB_OFFICE,
    users: WEB_OFFICE.users.map((each) =>
      each.username === "carol.diaz" ? { ...each, permissions: { account_settings: true } } : each,
    ),
  });
  expect(await world.as("carol.diaz").patch("/office", { body: { name: "Acme" } })).toMatchObject({
    status: 200,
  });
  expect(await world.as("carol.diaz").patch("/office", { body: settings })).toMatchObject({
    status: 403,
    body: { permission: "system_admin" },
  });
});

it("one is ended, and its browser has to be told of anew", async () => {
  const [phone, desk, other] = [await signedIn(), await signedIn(), await signedIn("alice.wong")];
  const { items } = (await phone.ask("GET", "/me/sessions")).body;
  const id: string = items.find((each: { is_this: boolean }) => each.is_this).id;
  expect((await other.ask("DELETE", `/me/sessions/${id}`)).status).toBe(404);
  expect(await isIn(phone)).toBe(true);
  expect((await desk.ask("DELETE", `/me/sessions/${id}`)).status).toBe(204);
  expect([await isIn(phone), await isIn(desk)]).toEqual([false, true]);
  // It is not one of the account's browsers any more: guesses elsewhere slow it, too.
  for (let each = 0; each < 5; each += 1) await signIn(browser(world), "carol.diaz", "wrong");
  expect((await signIn(phone, "carol.diaz")).status).toBe(429);
});

it("all others are ended at once", async () => {
  const [first, second, own, other] = [
    await signedIn(),
    await signedIn(),
    await signedIn(),
    await signedIn("alice.wong"),
  ];
  expect((await own.ask("DELETE", "/me/sessions")).body).toEqual({ ended: 2 });
  expect([await isIn(first), await isIn(second), await isIn(own), await isIn(other)]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

it("another password ends the other sessions", async () => {
  const [other, own] = [await signedIn(), await signedIn()];
  const body = { current: "correct horse 7", password: "another horse 8" };
  expect((await own.ask("PUT", "/me/password", body)).status).toBe(204);
  expect([await isIn(other), await isIn(own)]).toEqual([false, true]);
});

it("an account has a hundred sessions at most; the one that was used longest ago ends", async () => {
  const first = await signedIn();
  const second = await signedIn();
  for (let each = 0; each < 99; each += 1) {
    await signIn(browser(world), "carol.diaz");
    world.pass(1_000);
  }
  expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
}, 60_000);
