/**
 * Goal: a second step that was added is asked for, each code and each challenge works once, and a passkey is enough alone.
 * Method: browsers, an app that shows codes, a device with passkeys, against the real server and database.
 */
import { TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PASSWORD, signIn, withAccounts } from "../../../../fixtures/web/accounts.js";
import { type Browser, browser } from "../../../../fixtures/web/browser.js";
import {
  type PasskeyBehaviour,
  type PasskeyResponse,
  passkeyDevice,
} from "../../../../fixtures/web/passkey-device.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld();
  await withAccounts(world, "alice.wong", "carol.diaz");
});
afterEach(() => world.close());

const MINUTE = 60_000;
/** Where the browsers of these tests are. */
const PAGE: PasskeyBehaviour = { origin: "http://localhost:8080" };

async function signedIn(username = "carol.diaz"): Promise<Browser> {
  const own = browser(world);
  expect((await signIn(own, username)).body.state).toBe("signed_in");
  return own;
}

/** What an app shows `steps` codes from now. */
function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret }).generate({ timestamp: world.nowMs() + steps * 30_000 });
}

/** Adds an app; the next code is another than the one that was shown for it. */
async function withTotp(own: Browser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = (await own.ask("POST", "/me/totp")).body;
  const added = await own.ask("POST", "/me/totp/confirmation", { code: codeOf(secret) });
  expect(added.status).toBe(200);
  world.pass(MINUTE);
  return { secret, recoveryCodes: added.body.recovery_codes };
}

/** The password is right; what the server says of the second step. */
async function halfIn(own = browser(world)): Promise<{ own: Browser; step: string; ways: string[] }> {
  const { body } = await signIn(own, "carol.diaz");
  expect(body.state).toBe("second_step");
  return { own, step: body.step, ways: body.ways };
}

const secondStep = (own: Browser, step: string, code: string, way = "totp") =>
  own.ask("POST", "/sign-in/second-step", { step, way, code });

async function isIn(own: Browser): Promise<boolean> {
  return (await own.ask("GET", "/me/permissions")).status === 200;
}

describe("codes of an app", () => {
  it("are asked for once the app has shown one, and the password alone signs nobody in", async () => {
    const first = await signedIn();
    const begun = await first.ask("POST", "/me/totp");
    expect(begun.body.address).toMatch(/^otpauth:\/\/totp\/.*:carol\.diaz\?issuer=.*&secret=\w{32}&/);
    await signedIn();
    expect((await first.ask("POST", "/me/totp/confirmation", { code: "000000" })).status).toBe(422);
    const code = codeOf(begun.body.secret);
    expect((await first.ask("POST", "/me/totp/confirmation", { code })).status).toBe(200);
    world.pass(MINUTE);
    const { own, step, ways } = await halfIn();
    expect(ways).toEqual(["totp", "recovery_code"]);
    expect(await isIn(own)).toBe(false);
    expect(own.cookies.size).toBe(0);
    expect(await secondStep(own, step, codeOf(begun.body.secret))).toMatchObject({
      status: 200,
      body: { state: "signed_in", username: "carol.diaz" },
    });
    expect(await isIn(own)).toBe(true);
  });

  it("work once: neither that code nor an earlier one is taken again", async () => {
    const { secret } = await withTotp(await signedIn());
    const [earlier, code] = [codeOf(secret, -1), codeOf(secret)];
    const first = await halfIn();
    expect((await secondStep(first.own, first.step, code)).status).toBe(200);
    for (const seen of [code, earlier]) {
      const second = await halfIn();
      expect((await secondStep(second.own, second.step, seen)).status).toBe(401);
    }
    const third = await halfIn();
    expect((await secondStep(third.own, third.step, codeOf(secret, 1))).status).toBe(200);
  });

  it("shown for the first time do not work for a sign-in either", async () => {
    const own = await signedIn();
    const { secret } = (await own.ask("POST", "/me/totp")).body;
    const code = codeOf(secret);
    await own.ask("POST", "/me/totp/confirmation", { code });
    const { step } = await halfIn();
    expect((await secondStep(browser(world), step, code)).status).toBe(401);
  });

  it.each([
    [-2, 401],
    [-1, 200],
    [1, 200],
    [2, 401],
  ])("of a clock that is %i codes off: %i", async (steps, status) => {
    const { secret } = await withTotp(await signedIn());
    world.pass(5 * MINUTE);
    const { own, step } = await halfIn();
    expect((await secondStep(own, step, codeOf(secret, steps))).status).toBe(status);
  });

  it("can be guessed five times with one password, and few times a day", async () => {
    await withTotp(await signedIn());
    const { own, step } = await halfIn();
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      statuses.push((await secondStep(own, step, "000000")).status);
      world.pass(MINUTE);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 410]);
    let looked = 0;
    for (let tries = 0; tries < 24 * 60; tries += 1) {
      const half = await signIn(browser(world, { address: `198.51.100.${tries % 250}` }), "carol.diaz");
      if (half.status === 200 && (await secondStep(own, half.body.step, "000000")).status === 401)
        looked += 1;
      world.pass(MINUTE);
    }
    expect(looked).toBeGreaterThan(50);
    expect(looked).toBeLessThan(115);
  }, 120_000);

  it("come too late after ten minutes, after another password, and when the user is suspended", async () => {
    const { secret } = await withTotp(await signedIn());
    const late = await halfIn();
    world.pass(10 * MINUTE);
    expect((await secondStep(late.own, late.step, codeOf(secret))).status).toBe(410);
    const changed = await halfIn();
    const account = await world.store.accounts.account("carol.diaz");
    if (account === undefined) throw new Error("no account");
    await world.store.accounts.put({ ...account, passwordMs: world.nowMs() });
    expect((await secondStep(changed.own, changed.step, codeOf(secret))).status).toBe(401);
    world.pass(MINUTE);
    const suspended = await halfIn();
    const users = WEB_OFFICE.users.map((user) =>
      user.username === "carol.diaz" ? { ...user, suspended: true as const } : user,
    );
    await world.apply({ ...WEB_OFFICE, users });
    expect((await secondStep(suspended.own, suspended.step, codeOf(secret))).status).toBe(410);
  });

  it("are not asked for any more when the app is removed, and its recovery codes end", async () => {
    const own = await signedIn();
    const { recoveryCodes } = await withTotp(own);
    expect((await own.ask("DELETE", "/me/totp")).status).toBe(204);
    await signedIn();
    await withTotp(own);
    const { step } = await halfIn();
    expect((await secondStep(browser(world), step, recoveryCodes[0] ?? "", "recovery_code")).status).toBe(
      401,
    );
  });
});

it("a recovery code takes the place of a code once, however it is typed", async () => {
  const { recoveryCodes } = await withTotp(await signedIn());
  expect(new Set(recoveryCodes).size).toBe(10);
  const code = (recoveryCodes[3] ?? "").toUpperCase().replaceAll("-", " ");
  const first = await halfIn();
  expect((await secondStep(first.own, first.step, code, "recovery_code")).status).toBe(200);
  expect((await first.own.ask("GET", "/me/second-factors")).body).toMatchObject({
    totp: true,
    recovery_codes: 9,
  });
  const second = await halfIn();
  expect((await secondStep(second.own, second.step, code, "recovery_code")).status).toBe(401);
});

it("what gives or takes away ways to sign in asks again who it is after fifteen minutes", async () => {
  const own = await signedIn();
  await withTotp(own);
  world.pass(15 * MINUTE);
  for (const [method, path, body] of [
    ["POST", "/me/totp"],
    ["POST", "/me/totp/confirmation", { code: "000000" }],
    ["DELETE", "/me/totp"],
    ["POST", "/me/recovery-codes"],
    ["POST", "/me/passkeys/options"],
    ["DELETE", "/me/passkeys/x"],
  ] as const)
    expect(await own.ask(method, path, body), path).toMatchObject({
      status: 403,
      body: { type: "confirm_first" },
    });
  expect((await own.ask("POST", "/me/confirmation", { password: "wrong" })).status).toBe(401);
  expect((await own.ask("DELETE", "/me/totp")).status).toBe(403);
  expect((await own.ask("POST", "/me/confirmation", { password: PASSWORD })).status).toBe(204);
  expect((await own.ask("DELETE", "/me/totp")).status).toBe(204);
});

it("whoever has taken over a browser cannot guess the password by confirming", async () => {
  const own = await signedIn();
  let looked = 0;
  for (let tries = 0; tries < 30; tries += 1)
    if ((await own.ask("POST", "/me/confirmation", { password: `wrong ${tries}` })).status === 401)
      looked += 1;
  expect(looked).toBe(10);
});

describe("a passkey", () => {
  async function added(own: Browser, device = passkeyDevice(), isSecondStep = false, by = PAGE) {
    const { options } = (await own.ask("POST", "/me/passkeys/options")).body;
    const response = device.create(options, by);
    const answer = await own.ask("POST", "/me/passkeys", {
      name: "Laptop",
      is_second_step: isSecondStep,
      response,
    });
    return { device, options, answer, response };
  }

  async function challenge(body: object = {}) {
    return (await browser(world).ask("POST", "/sign-in/passkey/options", body)).body.options;
  }

  it("is enough by itself", async () => {
    const { device, answer } = await added(await signedIn());
    expect(answer).toMatchObject({ status: 201, body: { recovery_codes: null } });
    const own = browser(world);
    const response = device.get(await challenge(), PAGE);
    expect(await own.ask("POST", "/sign-in/passkey", { response })).toMatchObject({
      status: 200,
      body: { state: "signed_in", username: "carol.diaz" },
    });
    expect(await isIn(own)).toBe(true);
    // The password still works alone, and says nothing of passkeys.
    await signedIn();
  });

  it("signs a challenge once", async () => {
    const { device, response: made } = await added(await signedIn());
    const response = device.get(await challenge(), PAGE);
    const ask = () => browser(world).ask("POST", "/sign-in/passkey", { response });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 401]);
    const again = await (await signedIn()).ask("POST", "/me/passkeys", { name: "Again", response: made });
    expect(again.status).toBe(409);
  });

  it("signs in as its own person only, though another's step waits for it", async () => {
    const carol = await signedIn();
    await withTotp(carol);
    await added(carol);
    const { device } = await added(await signedIn("alice.wong"));
    const { own, step } = await halfIn();
    const options = (await own.ask("POST", "/sign-in/passkey/options", { step })).body.options;
    expect(
      await own.ask("POST", "/sign-in/passkey", { step, response: device.get(options, PAGE) }),
    ).toMatchObject({
      status: 401,
    });
    expect(await isIn(own)).toBe(false);
  });

  it.each<[what: string, by: PasskeyBehaviour]>([
    ["of another site's page", { origin: "https://evil.example.com" }],
    ["that nobody has unlocked", { ...PAGE, isVerified: false }],
    ["that was copied, and is used with an older counter", { ...PAGE, counter: 1 }],
  ])("%s is refused", async (_what, by) => {
    const { device } = await added(await signedIn());
    const used = device.get(await challenge(), PAGE);
    expect((await browser(world).ask("POST", "/sign-in/passkey", { response: used })).status).toBe(200);
    const response = device.get(await challenge(), by);
    expect((await browser(world).ask("POST", "/sign-in/passkey", { response })).status).toBe(401);
  });

  it.each<[what: string, change: (response: PasskeyResponse) => object]>([
    [
      "another challenge",
      (response) => ({ ...response, response: { ...response.response, clientDataJSON: "e30" } }),
    ],
    ["no signature", (response) => ({ ...response, response: { ...response.response, signature: "AA" } })],
    ["another passkey", (response) => ({ ...response, id: "AAAA", rawId: "AAAA" })],
    ["no JSON", (response) => ({ ...response, response: { ...response.response, clientDataJSON: "%%%" } })],
  ])("with %s is refused", async (_what, change) => {
    const { device } = await added(await signedIn());
    const response = change(device.get(await challenge(), PAGE));
    expect((await browser(world).ask("POST", "/sign-in/passkey", { response })).status).toBe(401);
  });

  it("made for another site's page, or for another's challenge, is not kept", async () => {
    const own = await signedIn();
    expect(
      (await added(own, passkeyDevice(), false, { origin: "https://evil.example.com" })).answer.status,
    ).toBe(409);
    const { options } = (await (await signedIn("alice.wong")).ask("POST", "/me/passkeys/options")).body;
    const response = passkeyDevice().create(options, PAGE);
    expect((await own.ask("POST", "/me/passkeys", { name: "x", response })).status).toBe(409);
    expect((await own.ask("GET", "/me/second-factors")).body.passkeys).toEqual([]);
  });

  it("as the second step makes the password alone not enough, and a recovery code helps without it", async () => {
    const { device, answer } = await added(await signedIn(), passkeyDevice(), true);
    expect(answer.body.recovery_codes).toHaveLength(10);
    const { own, step, ways } = await halfIn();
    expect(ways).toEqual(["passkey", "recovery_code"]);
    const options = (await own.ask("POST", "/sign-in/passkey/options", { step })).body.options;
    expect(options.allowCredentials).toHaveLength(1);
    const response = device.get(options, PAGE);
    expect((await own.ask("POST", "/sign-in/passkey", { step, response })).status).toBe(200);
    const lost = await halfIn();
    expect(
      (await secondStep(lost.own, lost.step, answer.body.recovery_codes[0], "recovery_code")).status,
    ).toBe(200);
  });

  it("confirms who it is, and is removed", async () => {
    const own = await signedIn();
    const { device, answer } = await added(own);
    world.pass(20 * MINUTE);
    const { options } = (await own.ask("POST", "/me/confirmation/passkey/options")).body;
    const response = device.get(options, PAGE);
    expect((await own.ask("POST", "/me/confirmation/passkey", { response })).status).toBe(204);
    expect((await own.ask("DELETE", `/me/passkeys/${answer.body.id}`)).status).toBe(204);
    const late = device.get(await challenge(), PAGE);
    expect((await browser(world).ask("POST", "/sign-in/passkey", { response: late })).status).toBe(401);
  });

  it("of somebody who is suspended signs nobody in", async () => {
    const { device } = await added(await signedIn());
    const users = WEB_OFFICE.users.map((user) =>
      user.username === "carol.diaz" ? { ...user, suspended: true as const } : user,
    );
    await world.apply({ ...WEB_OFFICE, users });
    const response = device.get(await challenge(), PAGE);
    expect((await browser(world).ask("POST", "/sign-in/passkey", { response })).status).toBe(403);
  });

  it("asked for again and again by one address fills no disk, and others are not pushed out", async () => {
    const { device } = await added(await signedIn());
    const signed = async (asked: Promise<{ challenge: string; rpId: string }>) => {
      const response = device.get(await asked, PAGE);
      return async () => (await browser(world).ask("POST", "/sign-in/passkey", { response })).status;
    };
    const elsewhere = async () => {
      const other = browser(world, { address: "198.51.100.9" });
      return (await other.ask("POST", "/sign-in/passkey/options", {})).body.options;
    };
    const [first, other] = [await signed(challenge()), await signed(elsewhere())];
    for (let each = 0; each < 60; each += 1) {
      await challenge();
      world.pass(1_000);
    }
    expect([await first(), await other()]).toEqual([401, 200]);
  });
});
