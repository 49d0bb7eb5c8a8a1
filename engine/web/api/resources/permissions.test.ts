/** Goal: people see each of their permissions with its reason. Method: the API, asked as several people. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type WebWorld, webWorld } from "../../../../fixtures/web/world.js";

let world: WebWorld;
beforeAll(async () => {
  world = await webWorld();
});
afterAll(() => world.close());

it.each([
  ["alice.wong", "users", true, "system_admin"],
  ["bella.ruiz", "billing", true, "billing_admin"],
  ["carol.diaz", "users", false, "default"],
])("%s is told of %s: %s, %s", async (username, name, allowed, because) => {
  const { status, body } = await world.as(username).get("/me/permissions");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    permissions: expect.arrayContaining([expect.objectContaining({ name, allowed, because })]),
  });
});

it.each([
  [null, 401],
  ["frank.lee", 403],
] as const)("%s is refused: %i", async (username, status) => {
  expect((await world.as(username).get("/me/permissions")).status).toBe(status);
});
