/**
 * Goal: people ask for calls of their own phones, within what they could dial there; nobody sees or stops another's, and
 * nobody's phones ring without end. Method: the API; the engine's part is played by the test.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sipDevice } from "../../../../fixtures/core/scene.js";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";
import type { Office } from "../../../../policy/office/office.js";
import { CLICKS_A_MINUTE } from "../../../click-to-call/ask.js";
import { CLICK_LATE_MS } from "../../../click-to-call/click-calls.js";

const OFFICE: Office = {
  ...WEB_OFFICE,
  carriers: [{ id: "main", proxy: "sip.example.net" }],
  users: WEB_OFFICE.users.map((user) =>
    user.username === "carol.diaz"
      ? {
          ...user,
          permissions: { ...user.permissions, outside_calls: true },
          outboundNumber: WEB_OFFICE.numbers[0]?.number ?? "",
          devices: [
            ...user.devices,
            {
              id: "cell",
              at: { kind: "phone", number: "+19175550144" },
              delayMs: 0,
              ringMs: null,
              accept: "auto",
            },
          ],
        }
      : user.username === "dave.kim1"
        ? {
            ...user,
            permissions: { ...user.permissions, outside_calls: false },
            devices: [sipDevice("dave-desk")],
          }
        : user,
  ),
};
const PATH = "/me/calls";
const OUTSIDE = "(212) 555-0144";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld(OFFICE);
});
afterEach(() => world.close());

const ask = (body: Readonly<Record<string, unknown>> = { to: OUTSIDE }, as = "carol.diaz") =>
  world.as(as).post(PATH, { body });
const idOf = ({ body }: { readonly body: unknown }) => (body as { id: string }).id;
const see = (id: string, as = "carol.diaz") => world.as(as).get(`${PATH}/${id}`);
const stop = (id: string, as = "carol.diaz") => world.as(as).delete(`${PATH}/${id}`);
const codes = (body: unknown) => (body as { errors: { code: string }[] }).errors.map(({ code }) => code);

describe("a call that somebody asks for", () => {
  it("is asked for, shown as it goes on, and written as a phone would dial it", async () => {
    const asked = await ask();
    expect([asked.status, asked.headers["location"]]).toEqual([202, `/api/v1${PATH}/${idOf(asked)}`]);
    expect(asked.body).toMatchObject({ to: "2125550144", device: null, state: "asked", call: null });
    expect(await world.store.clickCalls.rings(idOf(asked), ["leg"])).toBe(true);
    expect((await see(idOf(asked))).body).toMatchObject({ state: "ringing_you" });
    await world.store.clickCalls.became(idOf(asked), { state: "calling", call: "the-call" });
    await world.store.clickCalls.became(idOf(asked), { state: "ended", reason: "busy" });
    expect((await see(idOf(asked))).body).toMatchObject({
      ...{ state: "ended", reason: "busy", call: "the-call" },
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["a number for help", { to: "911" }, "emergency"],
    ["a number for help, behind a code that hides the number", { to: "*67 911" }, "emergency"],
    ["a number that leads nowhere", { to: "199" }, "unassigned"],
    ["a premium number", { to: "+19005550100" }, "premium"],
    ["a number in another country", { to: "+442071838750" }, "place"],
    ["no number", { to: "hello" }, "no_number"],
    ["a command for the switch", { to: "101 &system(reboot)" }, "no_number"],
    ["two lines", { to: "101\n\napi status" }, "no_number"],
    ["a device that the user does not have", { to: OUTSIDE, device: "attic" }, "unknown_phone"],
    ["an outside phone, on which nobody can dial", { to: OUTSIDE, device: "cell" }, "outside_phone"],
  ])("is refused: %s", async (_what, body, code) => {
    const { status, body: said } = await ask(body);
    expect([status, codes(said)]).toEqual([422, [code]]);
    expect(await world.store.clickCalls.open()).toEqual([]);
  });

  it("is refused to whoever may not call outside, who may call colleagues", async () => {
    const { status, body } = await ask({ to: OUTSIDE }, "dave.kim1");
    expect([status, body]).toMatchObject([403, { permission: "outside_calls" }]);
    expect((await ask({ to: "+12125550100" }, "dave.kim1")).status).toBe(202);
  });

  it("is out of reach of others, and of keys without the power", async () => {
    const id = idOf(await ask());
    expect([(await see(id, "alice.wong")).status, (await stop(id, "alice.wong")).status]).toEqual([404, 404]);
    const withoutPower = world.as("carol.diaz", ["call_logs"]);
    expect((await withoutPower.post(PATH, { body: { to: OUTSIDE } })).status).toBe(403);
    expect((await withoutPower.get(`${PATH}/${id}`)).status).toBe(403);
    expect((await world.as("carol.diaz", ["own"]).get(`${PATH}/${id}`)).status).toBe(200);
  });

  it("waits for its turn: one at a time, and some in a minute", async () => {
    const first = await ask();
    expect((await ask()).status).toBe(409);
    await stop(idOf(first));
    for (let n = 1; n < CLICKS_A_MINUTE.own; n += 1) {
      const asked = await ask();
      expect(asked.status).toBe(202);
      await stop(idOf(asked));
    }
    const { status, body } = await ask();
    expect([status, body]).toMatchObject([429, { retry_after: 60 }]);
    expect((await ask({ to: "+12125550100" }, "dave.kim1")).status).toBe(202);
    world.pass(60_001);
    expect((await ask()).status).toBe(202);
  });

  it("is stopped at once before it rings; later the engine is told; never when people talk", async () => {
    const first = idOf(await ask());
    expect((await stop(first)).status).toBe(204);
    expect((await see(first)).body).toMatchObject({ state: "ended", reason: "stopped" });
    expect(await world.store.clickCalls.rings(first, ["leg"])).toBe(false);
    const second = idOf(await ask());
    await world.store.clickCalls.rings(second, ["leg"]);
    expect((await stop(second)).status).toBe(204);
    expect(await world.store.clickCalls.open()).toMatchObject([
      { id: second, isStopped: true, legs: ["leg"] },
    ]);
    await world.store.clickCalls.became(second, { state: "connected" });
    expect((await stop(second)).status).toBe(409);
  });

  it("has ended when no engine has taken it in time", async () => {
    const id = idOf(await ask());
    world.pass(CLICK_LATE_MS + 1);
    expect((await see(id)).body).toMatchObject({ state: "ended", reason: "too_late" });
    // Another may be asked for: nobody waits for the first.
    world.pass(60_000);
    expect((await ask()).status).toBe(202);
  });

  it("is made once, however often the request is sent", async () => {
    const headers = { "idempotency-key": "a-click" };
    const [first, second] = [
      await world.as("carol.diaz").post(PATH, { body: { to: OUTSIDE }, headers }),
      await world.as("carol.diaz").post(PATH, { body: { to: OUTSIDE }, headers }),
    ];
    expect(idOf(second)).toBe(idOf(first));
    expect(await world.store.clickCalls.open()).toHaveLength(1);
  });
});
