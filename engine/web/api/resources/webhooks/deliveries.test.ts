/**
 * Goal: who changes webhooks sees how each fares, has what waits tried again, and tries it out; nobody else does, and no
 * event's content is shown. Method: the outbox of a real database and a real receiver on the loopback.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";
import { answers, takes, WebhookServer } from "../../../../../fixtures/webhooks/server.js";
import type { Office } from "../../../../../policy/office/office.js";
import { given } from "../../../../../policy/office/optional.js";
import type { Webhook } from "../../../../../policy/webhooks/webhook.js";
import { resolveHost } from "../../../../carriers/resolver.js";
import { secretReader } from "../../../../carriers/secrets.js";
import { systemClock } from "../../../../clock.js";
import { plainVoice } from "../../voice.js";

let receiver: WebhookServer;
let world: WebWorld;
beforeEach(async () => {
  receiver = new WebhookServer();
  await receiver.open();
  const hook: Webhook = {
    id: "crm",
    url: receiver.url,
    secrets: [{ env: "HOOK_SECRET" }],
    allowPrivate: true,
  };
  const other: Webhook = { id: "other", url: "https://example.com/hook", secrets: [] };
  const office: Office = {
    ...WEB_OFFICE,
    users: WEB_OFFICE.users.map((user) =>
      user.username === "dave.kim1" ? { ...user, permissions: { integrations: true } } : user,
    ),
    sections: { webhooks: [hook, other] },
  };
  const readSecret = secretReader({ HOOK_SECRET: "hush" }, "signature");
  const webhooks = { clock: systemClock, readSecret, resolve: resolveHost };
  world = await webWorld(office, { voice: { ...plainVoice(systemClock), webhooks } });
  await world.store.webhooks.follow([hook, other]);
});
afterEach(async () => {
  await world.close();
  await receiver.close();
});

const queued = (id: string, stream: string) => ({
  ...{ hook: "crm", stream, eventId: id, event: "call.ended" },
  body: JSON.stringify({ from: "+13105550199" }),
});

it("says how each webhook fares", async () => {
  await world.store.webhooks.add([queued("a", "call 1"), queued("b", "call 1")], world.nowMs());
  const { status, body } = await world.as("dave.kim1").get("/webhook-deliveries");
  expect([status, body]).toMatchObject([
    200,
    {
      items: [
        { id: "crm", state: "new", waiting: 2, oldest_at: "2026-11-30T14:00:00.000Z", delivered: 0 },
        { id: "other", state: "new", waiting: 0, oldest_at: null },
      ],
    },
  ]);
});

it("lists what waits in pages, and not what it says", async () => {
  await world.store.webhooks.add([queued("a", "call 1"), queued("b", "call 1")], world.nowMs());
  const [due] = await world.store.webhooks.due("crm", world.nowMs(), 10);
  if (due === undefined) throw new Error("nothing is due");
  const later = { kind: "later", nextMs: world.nowMs() + 60_000, why: "500" } as const;
  await world.store.webhooks.settle(new Map([[due, later]]), world.nowMs());
  const dave = world.as("dave.kim1");
  const first = await dave.get("/webhooks/crm/deliveries", { query: { limit: "1" } });
  expect(first.body).toMatchObject({
    items: [{ id: "a", event: "call.ended", attempts: 1, next_at: "2026-11-30T14:01:00.000Z", why: "500" }],
    webhook: { state: "failing", failing_since_at: "2026-11-30T14:00:00.000Z" },
  });
  const { next } = first.body as { next: string };
  const second = await dave.get("/webhooks/crm/deliveries", { query: { limit: "1", after: next } });
  expect(second.body).toMatchObject({ items: [{ id: "b", attempts: 0, next_at: null }], next: null });
  expect(`${first.text}${second.text}`).not.toContain("+1310");
});

it("has what waits tried at once", async () => {
  await world.store.webhooks.add([queued("a", "call 1")], world.nowMs());
  const { status, body } = await world.as("dave.kim1").post("/webhooks/crm/retry");
  expect([status, body]).toEqual([200, { waiting: 1 }]);
  const [entry] = await world.store.audit.list({ action: "webhook_changed" }, { limit: 1 });
  expect(entry).toMatchObject({ actor: "dave.kim1", subject: "webhook:crm", detail: { retried: 1 } });
});

describe("a test", () => {
  it.each([
    [takes, true, 204],
    [answers(503), false, 503],
  ])("says what the receiver answers", async (does, delivered, status) => {
    receiver.behaviour = does;
    const tried = await world.as("dave.kim1").post("/webhooks/crm/test", { body: {} });
    expect([tried.status, tried.body]).toMatchObject([200, { event: "call.ended", delivered, status }]);
    expect(receiver.received).toHaveLength(1);
  });

  it("sends nothing unsigned", async () => {
    const tried = await world.as("dave.kim1").post("/webhooks/other/test", { body: {} });
    expect([tried.status, tried.body]).toMatchObject([200, { delivered: false, status: null }]);
  });
});

it.each([
  ["get", "/webhook-deliveries", undefined],
  ["get", "/webhooks/crm/deliveries", undefined],
  ["post", "/webhooks/crm/retry", undefined],
  ["post", "/webhooks/crm/test", {}],
] as const)("%s %s is for who changes webhooks, of one that there is", async (method, path, body) => {
  const ask = (username: string, of = path as string) => world.as(username)[method](of, given({ body }));
  expect((await ask("carol.diaz")).status).toBe(403);
  expect((await ask("bella.ruiz")).status).toBe(403);
  if (path.includes("crm")) expect((await ask("dave.kim1", path.replace("crm", "crn"))).status).toBe(404);
});
