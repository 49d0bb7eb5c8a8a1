/**
 * Goal: people look after their own devices and nobody else's, an outside number becomes a device of one's own by a code
 * alone, and passwords are shown once. Method: the API; the engine's part of the call is played by the test.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";
import type { Office } from "../../../../policy/office/office.js";
import { CODE_VALID_MS, PROOFS_AN_HOUR, WRONG_CODES_MAX } from "../../../accounts/number-proofs.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld(WITH_CARRIER);
});
afterEach(() => world.close());

const WITH_CARRIER: Office = { ...WEB_OFFICE, carriers: [{ id: "main", proxy: "sip.example.net" }] };
const CAROL = "/users/carol.diaz/devices";

async function devicesOf(username: string): Promise<string[]> {
  const { body } = await world.as("alice.wong").get(`/users/${username}/devices`);
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
}

describe("devices", () => {
  it("are added, changed and removed by their user", async () => {
    const carol = world.as("carol.diaz");
    const added = await carol.post(CAROL, { body: { id: "soft" } });
    expect([added.status, added.headers["location"]]).toEqual([201, `/api/v1${CAROL}/soft`]);
    expect((await carol.patch(`${CAROL}/soft`, { body: { delay: 5 } })).status).toBe(200);
    const { body } = await carol.get(CAROL);
    expect(body).toMatchObject({
      items: [
        { id: "desk" },
        { id: "soft", kind: "sip", sip: "carol-diaz-soft", delay: 5, sign_in: { password_made_at: null } },
      ],
    });
    expect((await carol.delete(`${CAROL}/soft`)).status).toBe(200);
    expect(await devicesOf("carol.diaz")).toEqual(["desk"]);
  });

  it("say why they cannot sign in, and that nobody can tell whether they are reachable", async () => {
    const about = async () => {
      const { body } = await world.as("alice.wong").get(CAROL);
      return (body as { items: { live: unknown; sign_in: { refused: string | null } }[] }).items[0];
    };
    expect(await about()).toMatchObject({ live: null, sign_in: { refused: "no_password" } });
    await world.as("carol.diaz").post(`${CAROL}/desk/password`);
    expect(await about()).toMatchObject({ sign_in: { refused: null } });
    await world.apply({ ...WITH_CARRIER, phonesNeedAccount: true });
    expect(await about()).toMatchObject({ sign_in: { refused: "no_account" } });
  });

  it.each([
    { method: "get", path: CAROL },
    { method: "post", path: CAROL, body: { id: "mine" } },
    { method: "patch", path: `${CAROL}/desk`, body: { delay: 5 } },
    { method: "delete", path: `${CAROL}/desk` },
    { method: "post", path: `${CAROL}/desk/password` },
    { method: "post", path: `${CAROL}/desk/link`, body: {} },
  ] as const)("of others are out of reach: $method $path", async ({ method, path, ...asked }) => {
    const { status } = await world.as("dave.kim1")[method](path, asked);
    expect(status).toBe(403);
    expect(await devicesOf("carol.diaz")).toEqual(["desk"]);
  });

  it("of a System Admin are no business of somebody who may only change users", async () => {
    await world.apply(withPermission("dave.kim1", "users"));
    const dave = world.as("dave.kim1");
    expect((await dave.post("/users/alice.wong/devices/desk/password")).status).toBe(403);
    expect((await dave.post(`${CAROL}/desk/password`)).status).toBe(200);
  });

  it("get a password that is shown once, with a QR code, and another one the next time", async () => {
    const carol = world.as("carol.diaz");
    const [first, second] = [
      await carol.post(`${CAROL}/desk/password`),
      await carol.post(`${CAROL}/desk/password`),
    ];
    expect(first.body).toMatchObject({
      sip_name: "carol-desk",
      domain: "ringline.example",
      server: "203.0.113.5:5060",
    });
    const passwords = [first, second].map(({ body }) => (body as { password: string }).password);
    expect(new Set(passwords).size).toBe(2);
    expect((first.body as { qr_svg: string }).qr_svg).toMatch(/^<svg /);
    const audit = await world.store.audit.list({ action: "phone_password_made" }, { limit: 9 });
    expect(audit.map(({ actor, subject }) => [actor, subject])).toEqual(
      Array(2).fill(["carol.diaz", "device:carol.diaz/desk"]),
    );
    expect(JSON.stringify(audit) + world.log.join()).not.toContain(passwords[0]);
  });

  it("get a link that works at the server's public address", async () => {
    const { status, body } = await world.as("carol.diaz").post(`${CAROL}/desk/link`, { body: {} });
    expect(status).toBe(201);
    const { url } = body as { url: string };
    expect(url).toMatch(/^https:\/\/phones\.example\.com\/setup\/\w{40}$/);
    expect((await world.server.inject({ url: new URL(url).pathname })).statusCode).toBe(200);
  });
});

describe("an outside number", () => {
  const NUMBERS = "/me/outside-numbers";
  const ask = (number = "(917) 555-0144", device = "cell") =>
    world.as("carol.diaz").post(NUMBERS, { body: { number, device } });
  const idOf = ({ body }: { readonly body: unknown }) => (body as { id: string }).id;
  /** The engine takes the call and says the code. */
  async function called(): Promise<string> {
    const [call] = await world.store.numberProofs.takeCalls(0);
    if (call === undefined) throw new Error("no call waits");
    await world.store.numberProofs.called(call.id, "said", null);
    return call.code;
  }
  const type = (id: string, code: string, as = "carol.diaz") =>
    world.as(as).post(`${NUMBERS}/${id}/code`, { body: { code } });

  it("cannot be added by oneself without its code", async () => {
    const { status } = await world
      .as("carol.diaz")
      .post(CAROL, { body: { id: "cell", phone: "+19175550144" } });
    expect(status).toBe(403);
    const byChange = await world
      .as("carol.diaz")
      .patch(`${CAROL}/desk`, { body: { sip: null, phone: "+19175550144" } });
    expect(byChange.status).toBe(403);
  });

  it("becomes a device when the code is typed in, once", async () => {
    const asked = await ask();
    expect([asked.status, asked.body]).toMatchObject([202, { number: "+19175550144", state: "asked" }]);
    const code = await called();
    expect((await world.as("carol.diaz").get(`${NUMBERS}/${idOf(asked)}`)).body).toMatchObject({
      state: "said",
    });
    expect((await type(idOf(asked), code)).status).toBe(201);
    expect(await devicesOf("carol.diaz")).toEqual(["desk", "cell"]);
    expect((await type(idOf(asked), code)).status).toBe(410);
    expect((await world.store.audit.list({ action: "number_proved" }, { limit: 2 })).length).toBe(1);
  });

  it("is not proved by another person's code, nor by one that is late", async () => {
    const asked = await ask();
    const code = await called();
    expect((await type(idOf(asked), code, "dave.kim1")).status).toBe(404);
    world.pass(CODE_VALID_MS + 1);
    expect((await type(idOf(asked), code)).status).toBe(410);
    expect(await devicesOf("carol.diaz")).toEqual(["desk"]);
  });

  it("is not proved by guessing", async () => {
    const id = idOf(await ask());
    const code = await called();
    const wrong = code === "000000" ? "000001" : "000000";
    const statuses: number[] = [];
    for (let n = 0; n < WRONG_CODES_MAX; n += 1) statuses.push((await type(id, wrong)).status);
    expect(statuses).toEqual([...Array(WRONG_CODES_MAX - 1).fill(422), 410]);
    expect((await type(id, code)).status).toBe(410);
  });

  it.each([
    ["no number", "hello", 422],
    ["a number in a place that the office does not call", "+8821612345678", 422],
    ["a premium number", "+19005550100", 422],
  ])("%s is not called", async (_what, number, status) => {
    expect((await ask(number)).status).toBe(status);
    expect(await world.store.numberProofs.hasCalls(0)).toBe(false);
  });

  it("is called a few times an hour, and no more", async () => {
    for (let n = 0; n < PROOFS_AN_HOUR.own; n += 1) expect((await ask(`+1917555014${n}`)).status).toBe(202);
    expect((await ask()).status).toBe(429);
    world.pass(3_600_001);
    expect((await ask()).status).toBe(202);
  });

  it("is not called where the office has no carrier", async () => {
    await world.apply({ ...WEB_OFFICE, carriers: [] });
    expect((await ask()).status).toBe(409);
  });
});

function withPermission(username: string, permission: "users"): Office {
  const users = WITH_CARRIER.users.map((user) =>
    user.username === username ? { ...user, permissions: { [permission]: true } } : user,
  );
  return { ...WITH_CARRIER, users };
}
