/** Goal: a key may do a part of what its maker may, looked at again each time. Method: keys that are made and used by the API. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { signIn, withAccounts } from "../../../../fixtures/web/accounts.js";
import { type Browser, browser } from "../../../../fixtures/web/browser.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";
import type { User } from "../../../../policy/office/office.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld();
  await withAccounts(world, "alice.wong", "bella.ruiz", "carol.diaz");
});
afterEach(() => world.close());

async function signedIn(username: string): Promise<Browser> {
  const own = browser(world);
  expect((await signIn(own, username)).status).toBe(200);
  return own;
}

/** A key that somebody makes; the text is what a program has. */
async function made(username: string, body: object) {
  const answer = await (await signedIn(username)).ask("POST", "/keys", { name: "reports", ...body });
  return { answer, text: String(answer.body?.key) };
}

function byKey(text: string, path = "/users") {
  return browser(world).ask("GET", path, undefined, { authorization: `Bearer ${text}` });
}

/** Changes users of the office. */
function change(username: string, more: Partial<User>): Promise<void> {
  const users = WEB_OFFICE.users.map((user) => (user.username === username ? { ...user, ...more } : user));
  return world.apply({ ...WEB_OFFICE, users });
}

it("a key asks for its maker, with the powers it was given", async () => {
  const { answer, text } = await made("alice.wong", { powers: ["users"] });
  expect(answer.status).toBe(201);
  expect(text).toMatch(/^rk_[a-z0-9]{12}_[\w-]{43}$/);
  expect((await byKey(text)).status).toBe(200);
  expect(await byKey(text, "/me/permissions")).toMatchObject({ status: 403, body: { permission: "own" } });
});

it.each<[what: string, change: (text: string) => string]>([
  ["another secret", (text) => `${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`],
  ["another id", (text) => text.replace(/^rk_./, text[3] === "a" ? "rk_b" : "rk_a")],
  ["no secret", (text) => text.slice(0, 16)],
  ["another beginning", (text) => text.slice(3)],
  ["more behind it", (text) => `${text}A`],
  ["the digest that is kept", () => "rk_aaaaaaaaaaaa_".padEnd(60, "0")],
])("a key with %s is nobody's", async (_what, changed) => {
  const { text } = await made("alice.wong", { powers: ["users"] });
  expect((await byKey(changed(text))).status).toBe(401);
});

it("a cookie that comes with a wrong key does not help it", async () => {
  const own = await signedIn("alice.wong");
  expect((await own.ask("GET", "/users", undefined, { authorization: "Bearer rk_x" })).status).toBe(401);
  expect((await own.ask("GET", "/users", undefined, { authorization: "Basic YTpi" })).status).toBe(401);
});

it("nobody gives a key what they may not do, and only who may have keys makes some", async () => {
  expect(await made("carol.diaz", { powers: ["own"] })).toMatchObject({
    answer: { status: 403, body: { permission: "integrations" } },
  });
  await change("bella.ruiz", { permissions: { integrations: true } });
  expect((await made("bella.ruiz", { powers: ["own", "billing"] })).answer.status).toBe(201);
  for (const power of ["users", "system_admin"])
    expect((await made("bella.ruiz", { powers: ["own", power] })).answer).toMatchObject({
      status: 403,
      body: { permission: power },
    });
  expect((await made("alice.wong", { powers: ["everything"] })).answer.status).toBeGreaterThanOrEqual(400);
  expect((await made("alice.wong", { powers: [] })).answer.status).toBeGreaterThanOrEqual(400);
});

it("a key loses what its maker loses, and has it again with them", async () => {
  await change("bella.ruiz", { permissions: { integrations: true, users: true } });
  const { text } = await made("bella.ruiz", { powers: ["users"] });
  expect((await byKey(text)).status).toBe(200);
  await change("bella.ruiz", { permissions: { integrations: true } });
  expect((await byKey(text)).status).toBe(403);
  await change("bella.ruiz", { permissions: { users: true } });
  expect((await byKey(text)).status).toBe(403);
  await change("bella.ruiz", { permissions: { integrations: true, users: true } });
  expect((await byKey(text)).status).toBe(200);
  await change("bella.ruiz", { permissions: { integrations: true, users: true }, suspended: true });
  expect(await byKey(text)).toMatchObject({ status: 403, body: { type: "suspended" } });
});

it("a key never makes keys, sessions or second factors", async () => {
  const { text } = await made("alice.wong", { powers: ["own", "system_admin", "integrations"] });
  for (const [method, path, body] of [
    ["POST", "/keys", { name: "x", powers: ["own"] }],
    ["GET", "/me/sessions"],
    ["DELETE", "/me/sessions"],
    ["POST", "/me/totp"],
    ["POST", "/me/passkeys/options"],
    ["PUT", "/me/password", { current: "correct horse 7", password: "another horse 8" }],
  ] as const)
    expect(
      (await browser(world).ask(method, path, body, { authorization: `Bearer ${text}` })).status,
      path,
    ).toBe(403);
});

it("a key ends at its time, by its maker, or by a System Admin; others do not see it", async () => {
  await change("bella.ruiz", { permissions: { integrations: true } });
  const expires = new Date(world.nowMs() + 60_000).toISOString();
  const { text } = await made("alice.wong", { powers: ["users"], expires_at: expires });
  expect((await byKey(text)).status).toBe(200);
  world.pass(60_000);
  expect((await byKey(text)).status).toBe(401);
  const past = await made("alice.wong", { powers: ["users"], expires_at: expires });
  expect(past.answer).toMatchObject({ status: 422, body: { errors: [{ field: "/expires_at" }] } });

  const bellas = await made("bella.ruiz", { powers: ["own"] });
  const alices = await made("alice.wong", { powers: ["users"] });
  const [alice, bella] = [await signedIn("alice.wong"), await signedIn("bella.ruiz")];
  const names = async (own: Browser) =>
    (await own.ask("GET", "/keys")).body.items.map((each: { username: string }) => each.username).sort();
  expect(await names(bella)).toEqual(["bella.ruiz"]);
  expect(await names(alice)).toEqual(["alice.wong", "alice.wong", "bella.ruiz"]);
  expect((await bella.ask("DELETE", `/keys/${alices.answer.body.id}`)).status).toBe(404);
  expect((await alice.ask("DELETE", `/keys/${bellas.answer.body.id}`)).status).toBe(204);
  expect((await byKey(bellas.text, "/me/permissions")).status).toBe(401);
  expect((await byKey(alices.text)).status).toBe(200);
});

it("the list says what each key works for and where it was used last, and never its text", async () => {
  await change("bella.ruiz", { permissions: { integrations: true, users: true } });
  const { text, answer } = await made("bella.ruiz", { powers: ["own", "users"] });
  await byKey(text);
  await change("bella.ruiz", { permissions: { integrations: true } });
  const { body } = await (await signedIn("bella.ruiz")).ask("GET", "/keys");
  expect(body).toEqual({
    items: [
      {
        id: answer.body.id,
        username: "bella.ruiz",
        name: "reports",
        powers: ["own", "users"],
        works_for: ["own"],
        made_at: "2026-11-30T14:00:00.000Z",
        expires_at: null,
        used_at: "2026-11-30T14:00:00.000Z",
        used_from: "192.0.2.10",
        may: { end: true },
      },
    ],
    next: null,
  });
  expect(JSON.stringify([body, world.log])).not.toContain(text.slice(16));
});

it("a person has a hundred keys at most, and pages have them all once", async () => {
  const own = await signedIn("alice.wong");
  const make = () => own.ask("POST", "/keys", { name: "x", powers: ["own"] });
  for (let each = 0; each < 100; each += 1) expect((await make()).status).toBe(201);
  expect((await make()).status).toBe(409);
  const seen: string[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const query = `/keys?limit=30${after === "" ? "" : `&after=${after}`}`;
    const { body }: { body: { items: { id: string }[]; next: string | null } } = await own.ask("GET", query);
    seen.push(...body.items.map(({ id }) => id));
    after = body.next;
  }
  expect([seen.length, new Set(seen).size]).toEqual([100, 100]);
});
