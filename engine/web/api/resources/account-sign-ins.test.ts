/** Goal: administrators help who cannot sign in, and nobody has a hand in the account of those above them. Method: the API. */
import { TOTP } from "otpauth";
import { afterEach, beforeEach, expect, it } from "vitest";
import { signIn, withAccounts } from "../../../../fixtures/web/accounts.js";
import { browser } from "../../../../fixtures/web/browser.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";

let world: WebWorld;
beforeEach(async () => {
  const users = WEB_OFFICE.users.map((user) =>
    user.username === "bella.ruiz" ? { ...user, permissions: { users: true } } : user,
  );
  world = await webWorld({ ...WEB_OFFICE, users });
  await withAccounts(world, "alice.wong", "carol.diaz");
});
afterEach(() => world.close());

it("a user's sessions are ended", async () => {
  const own = browser(world);
  await signIn(own, "carol.diaz");
  expect(await world.as("bella.ruiz").delete("/accounts/carol.diaz/sessions")).toMatchObject({
    status: 200,
    body: { ended: 1 },
  });
  expect((await own.ask("GET", "/me/permissions")).status).toBe(401);
});

it("a user who has lost the app signs in with the password again", async () => {
  const own = browser(world);
  await signIn(own, "carol.diaz");
  const { secret } = (await own.ask("POST", "/me/totp")).body;
  const code = new TOTP({ secret }).generate({ timestamp: world.nowMs() });
  await own.ask("POST", "/me/totp/confirmation", { code });
  expect((await signIn(browser(world), "carol.diaz")).body.state).toBe("second_step");
  expect((await world.as("bella.ruiz").delete("/accounts/carol.diaz/second-factors")).status).toBe(204);
  expect((await signIn(browser(world), "carol.diaz")).body.state).toBe("signed_in");
  expect((await world.as("bella.ruiz").delete("/accounts/carol.diaz/second-factors")).status).toBe(404);
});

it.each([
  ["bella.ruiz", "alice.wong", 403],
  ["bella.ruiz", "bella.ruiz", 409],
  ["bella.ruiz", "nobody", 404],
  ["carol.diaz", "dave.kim1", 403],
  ["alice.wong", "bella.ruiz", 404],
] as const)("%s has no hand in the second factors of %s: %i", async (who, whose, status) => {
  expect((await world.as(who).delete(`/accounts/${whose}/second-factors`)).status).toBe(status);
});
