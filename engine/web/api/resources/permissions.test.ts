/** Goal: people see each of their permissions with its reason. Method: the API, asked as several people. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";

let world: WebWorld;
beforeAll(async () => {
  // Erin adds people, and calls outside.
  world = await webWorld({
    ...WEB_OFFICE,
    users: WEB_OFFICE.users.map((each) =>
      each.username === "erin.hall" ? { ...each, permissions: { users: true, outside_calls: true } } : each,
    ),
  });
});
afterAll(() => world.close());

interface Told {
  readonly permissions: readonly { readonly name: string; readonly may: { readonly change: boolean } }[];
}

it.each([
  ["alice.wong", "users", true, "system_admin", "a System Admin"],
  ["bella.ruiz", "billing", true, "billing_admin", "a Billing Admin"],
  ["carol.diaz", "users", false, "default", "nobody has given it"],
  ["erin.hall", "outside_calls", true, "own", "given by name"],
])("%s is told of %s: %s, %s, %s", async (username, name, allowed, because, reason) => {
  const { status, body } = await world.as(username).get("/me/permissions");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    permissions: expect.arrayContaining([expect.objectContaining({ name, allowed, because, reason })]),
  });
});

it("what does not exist yet says why", async () => {
  const { body } = await world.as("alice.wong").get("/me/permissions");
  expect(body).toMatchObject({
    permissions: expect.arrayContaining([
      expect.objectContaining({
        name: "queues",
        not_available: "there are no queues yet; a group rings its members",
      }),
      expect.objectContaining({ name: "users", not_available: null }),
    ]),
  });
});

it.each([
  [null, "/me/permissions", 401],
  ["frank.lee", "/me/permissions", 403],
  ["carol.diaz", "/users/carol.diaz/permissions", 200],
  ["carol.diaz", "/users/dave.kim1/permissions", 403],
  ["carol.diaz", "/users/nobody.here/permissions", 403],
  ["erin.hall", "/users/dave.kim1/permissions", 200],
  ["alice.wong", "/users/frank.lee/permissions", 200],
  ["alice.wong", "/users/nobody.here/permissions", 404],
] as const)("%s asks for %s: %i", async (username, path, status) => {
  expect((await world.as(username).get(path)).status).toBe(status);
});

it.each([
  ["alice.wong", "dave.kim1", ["users", "billing", "outside_calls"], ["system-admins", "billing-admins"]],
  ["erin.hall", "dave.kim1", ["users", "outside_calls"], []],
  ["erin.hall", "alice.wong", [], []],
  ["erin.hall", "bella.ruiz", [], []],
  ["carol.diaz", "carol.diaz", [], []],
])("%s may change of %s: %j and %j", async (reader, username, some, groups) => {
  const { body } = await world.as(reader).get(`/users/${username}/permissions`);
  const { permissions, administrator } = body as Told & {
    administrator: readonly { group: string; may: { change: boolean } }[];
  };
  const changeable = permissions.filter(({ may }) => may.change).map(({ name }) => name);
  expect(changeable).toEqual(expect.arrayContaining(some));
  expect(changeable.length).toBe(reader === "alice.wong" ? permissions.length : some.length);
  expect(administrator.filter(({ may }) => may.change).map(({ group }) => group)).toEqual(groups);
});

it("who one is, and what is open to one", async () => {
  const { status, body, headers } = await world.as("carol.diaz").get("/me");
  expect(status).toBe(200);
  expect(headers.etag).toMatch(/^"rev-\d+"$/);
  expect(body).toMatchObject({
    username: "carol.diaz",
    via: "session",
    key: null,
    groups: [{ id: "sales", name: "sales", calls: true, voicemail: true }],
    may: { users: false, system_admin: false },
    operations: { showMe: "own", listCalls: "groups", listUserPermissions: "own" },
  });
  expect((await world.as("alice.wong").get("/me")).body).toMatchObject({
    may: { users: true, system_admin: true },
    operations: { listCalls: "all", listUserPermissions: "all" },
  });
});

it.each([
  ["carol.diaz", undefined],
  ["alice.wong", "own"],
])("%s may make keys of the API: %s", async (username, reach) => {
  const { body } = await world.as(username).get("/me");
  expect((body as { operations: Record<string, string> }).operations["makeKey"]).toBe(reach);
});

it("a key says what it may, not what its maker may", async () => {
  const { body } = await world.as("alice.wong", ["own", "call_logs"]).get("/me");
  expect(body).toMatchObject({
    via: "key",
    key: "test",
    may: { call_logs: true, users: false, system_admin: false },
    operations: { listCalls: "all", listUserPermissions: "own" },
  });
  expect((await world.as("alice.wong", ["call_logs"]).get("/me")).status).toBe(403);
});
