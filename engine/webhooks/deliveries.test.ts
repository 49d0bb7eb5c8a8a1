/**
 * Goal: whatever a receiver does, no event is lost, none comes before an earlier one of its call, and other webhooks and
 * calls do not wait. Method: real receivers on loopback, a real database, and the virtual clock.
 */
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scheduler } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EMPTY_OFFICE } from "../../fixtures/empty-office.js";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { answers, takes, WebhookServer } from "../../fixtures/webhooks/server.js";
import type { Office } from "../../policy/office/office.js";
import { sampleEvent } from "../../policy/webhooks/samples.js";
import type { Webhook } from "../../policy/webhooks/webhook.js";
import type { Store } from "../../storage/store.js";
import { secretReader } from "../carriers/secrets.js";
import { Deliveries, deliveriesOf } from "./deliveries.js";
import { TIMEOUT_MS } from "./post.js";
import { TRIED_MS } from "./sender.js";

const DAY_MS = 24 * 3_600_000;

let folder: string;
let store: Store;
let clock: VirtualClock;
let servers: WebhookServer[];
let running: Deliveries[];
let env: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-webhooks-"));
  store = await newStore(join(folder, "test.db"));
  clock = new VirtualClock();
  servers = [];
  running = [];
  env = { HOOK_SECRET: "hush", OLD_SECRET: "old hush" };
});
afterEach(async () => {
  for (const deliveries of running) await closed(deliveries);
  for (const server of servers) await server.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function server(): Promise<WebhookServer> {
  const made = new WebhookServer();
  await made.open();
  servers.push(made);
  return made;
}

const hookAt = (id: string, url: string, more: Partial<Webhook> = {}): Webhook => ({
  id,
  url,
  secrets: [{ env: "HOOK_SECRET" }],
  allowPrivate: true,
  ...more,
});

async function apply(...hooks: readonly Webhook[]): Promise<void> {
  const office: Office = { ...EMPTY_OFFICE, sections: { webhooks: hooks } };
  const applied = await store.applyOffice(office, {
    author: "test",
    message: "",
    sourceHash: "",
    nowMs: clock.nowMs(),
  } as never);
  expect(applied).toBeDefined();
}

function deliver(holder = "1 a", isOver: (holder: string) => boolean = () => false): Deliveries {
  const deliveries = new Deliveries({
    tables: store.webhooks,
    currentRevision: () => store.currentRevision(),
    clock,
    ids: new SeededIds(1),
    log: pino({ level: "silent" }),
    readSecret: secretReader(env, "signature"),
    resolve: async () => null,
    holder,
    isOver,
  });
  running.push(deliveries);
  deliveries.open();
  return deliveries;
}

/** Sockets and the database go on while the clock stands still. */
async function breathe(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) {
    await scheduler.yield();
    // Writes come one after the other, so that this one is the last.
    if (turn % 10 === 0) await store.webhooks.release("nobody");
  }
}

async function pass(ms: number, stepMs = 100): Promise<void> {
  const endMs = clock.nowMs() + ms;
  while (clock.nowMs() < endMs) {
    clock.advanceTo(Math.min(endMs, clock.nowMs() + stepMs));
    await breathe();
  }
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2_000; turn += 1) {
    if (await isTrue()) return;
    clock.advanceTo(clock.nowMs() + 20);
    await breathe();
  }
  throw new Error("it did not happen");
}

async function closed(deliveries: Deliveries): Promise<void> {
  running = running.filter((each) => each !== deliveries);
  const done = deliveries.close().then(() => true);
  let isDone = false;
  void done.then(() => {
    isDone = true;
  });
  await until(() => isDone);
}

/** Queues events of calls for all webhooks: `a1` is the first event of call a. */
async function queue(names: readonly string[], hooks: readonly Webhook[]): Promise<void> {
  const rows = names.flatMap((name) => {
    const call = name.slice(0, 1);
    const sample = sampleEvent("call.started", name, clock.nowMs(), "Acme");
    const event = { ...sample, ...("call" in sample ? { call: { ...sample.call, id: call } } : {}) };
    return deliveriesOf({ webhooks: hooks }, [name, event.event, call, JSON.stringify(event)], () => false);
  });
  await store.webhooks.add(rows, clock.nowMs());
}

const ids = (at: WebhookServer) => at.received.map(({ id }) => id);
const isEmpty = async () => (await store.webhooks.waiting()).length === 0;

describe("a receiver that takes everything", () => {
  it("gets each event once, in the order of its call, on few connections, signed", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url, { secrets: [{ env: "HOOK_SECRET" }, { env: "OLD_SECRET" }] });
    await apply(hook);
    await queue(["a1", "b1", "a2", "b2", "a3"], [hook]);
    deliver();
    await until(isEmpty);
    expect(ids(at).filter((id) => id.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
    expect(ids(at).filter((id) => id.startsWith("b"))).toEqual(["b1", "b2"]);
    expect(at.connections).toBeLessThanOrEqual(2);
    const [first] = at.received;
    const [time = "", ...signatures] = String(first?.headers["ringline-signature"]).split(",");
    const seconds = time.replace("t=", "");
    const sign = (secret: string) =>
      `v1=${createHmac("sha256", secret).update(`${seconds}.${first?.body}`).digest("hex")}`;
    expect(signatures).toEqual([sign("hush"), sign("old hush")]);
    expect(Math.abs(Number(seconds) * 1000 - clock.nowMs())).toBeLessThan(60_000);
    expect(first?.headers["ringline-event-id"]).toBe(first?.id);
    expect(await store.webhooks.states()).toMatchObject([{ hook: "crm", delivered: 5, failingMs: null }]);
  });
});

describe("a receiver that fails", () => {
  it.each([
    ["with 500", answers(500)],
    ["with 404", answers(404)],
    ["by redirecting", answers(307, { location: "http://127.0.0.1:1/" })],
    ["by closing the connection", (_received: unknown, response: ServerResponse) => void response.destroy()],
    [
      "by talking no HTTP",
      (_received: unknown, response: ServerResponse) => void response.socket?.end("nonsense"),
    ],
  ])("%s gets everything again, in order, when it works again", async (_how, behaviour) => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    at.behaviour = behaviour;
    await queue(["a1", "a2", "b1", "c1", "d1"], [hook]);
    deliver();
    await until(() => at.received.length >= 6);
    expect(at.received.some(({ id }) => id === "a2")).toBe(false);
    const [state] = await store.webhooks.states();
    expect(state?.why).toBeTruthy();
    at.received.length = 0;
    at.behaviour = takes;
    await pass(400_000, 1_000);
    expect(await isEmpty()).toBe(true);
    expect(at.firsts.map(({ id }) => id).filter((id) => id.startsWith("a"))).toEqual(["a1", "a2"]);
    expect(new Set(ids(at))).toEqual(new Set(["a1", "a2", "b1", "c1", "d1"]));
    // Nothing that was taken is sent again.
    expect(ids(at)).toHaveLength(5);
  });

  it("that refuses one event goes on getting those of other calls", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    at.behaviour = (received, response) => void response.writeHead(received.call === "a" ? 400 : 200).end();
    await queue(["a1", "a2", "b1", "c1", "d1", "e1", "f1"], [hook]);
    deliver();
    await until(() => ["b1", "c1", "d1", "e1", "f1"].every((id) => ids(at).includes(id)));
    expect(ids(at)).not.toContain("a2");
  });

  it("gets an event for three days, and then the next one of its call", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    at.behaviour = (received, response) => void response.writeHead(received.id === "a1" ? 422 : 200).end();
    await queue(["a1", "a2"], [hook]);
    deliver();
    await pass(TRIED_MS - DAY_MS, 900_000);
    expect(ids(at)).not.toContain("a2");
    await pass(DAY_MS + 2 * 3_600_000, 900_000);
    await until(isEmpty);
    expect(ids(at).at(-1)).toBe("a2");
    expect(await store.webhooks.states()).toMatchObject([{ givenUp: 1, delivered: 1 }]);
    // Waits grow to an hour.
    expect(ids(at).filter((id) => id === "a1").length).toBeLessThan(200);
  });

  it("that says when to come again is left alone until then", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    at.behaviour = answers(503, { "retry-after": "600" });
    await queue(["a1"], [hook]);
    deliver();
    await until(() => at.received.length === 1);
    await until(async () => (await store.webhooks.states())[0]?.why !== null);
    await queue(["b1", "c1"], [hook]);
    await pass(590_000, 1_000);
    expect(at.received).toHaveLength(1);
    await pass(20_000, 1_000);
    expect(at.received.length).toBeGreaterThan(1);
  });
});

describe("a receiver that is slow", () => {
  it("is waited for ten seconds, and gets the event again; later events of the call wait", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    at.behaviour = () => undefined;
    await queue(["a1", "a2"], [hook]);
    deliver();
    await until(() => at.received.length === 1);
    await pass(TIMEOUT_MS - 2_000);
    expect(at.received).toHaveLength(1);
    at.behaviour = takes;
    await pass(20_000);
    expect(ids(at)).toEqual(["a1", "a1", "a2"]);
  });

  it("keeps no other webhook waiting", async () => {
    const [slow, good] = [await server(), await server()];
    slow.behaviour = () => undefined;
    const hooks = [hookAt("slow", slow.url), hookAt("good", good.url)];
    await apply(...hooks);
    const names = Array.from({ length: 26 }, (_, index) => `${String.fromCharCode(97 + index)}1`);
    await queue(names, hooks);
    const startMs = clock.nowMs();
    deliver();
    await until(() => good.received.length === names.length);
    expect(clock.nowMs() - startMs).toBeLessThan(TIMEOUT_MS);
    expect(slow.received.length).toBeLessThanOrEqual(8);
  });

  it("whose answer never ends has taken the event, and costs a connection", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    at.behaviour = (_received, response) => {
      response.writeHead(200);
      response.write("x".repeat(100_000));
    };
    await queue(["a1", "a2", "a3"], [hook]);
    deliver();
    await until(isEmpty);
    expect(ids(at)).toEqual(["a1", "a2", "a3"]);
  });
});

describe("a receiver that is gone", () => {
  it("gets what waited, in order, when it is there again, without much delay", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    await at.close();
    const names = ["a1", "b1", "c1", "d1", "a2", "b2"];
    await queue(names, [hook]);
    deliver();
    await pass(3_600_000, 5_000);
    await at.open();
    await pass(305_000, 1_000);
    expect(await isEmpty()).toBe(true);
    expect(ids(at).filter((id) => id.startsWith("a"))).toEqual(["a1", "a2"]);
    expect(ids(at)).toHaveLength(names.length);
  });

  it("that took the event and lost the answer gets it again with the same id, never out of order", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    let cuts = 0;
    at.behaviour = (_received, response) => {
      cuts += 1;
      if (cuts % 2 === 1) response.destroy();
      else response.writeHead(200).end();
    };
    await queue(["a1", "a2", "a3"], [hook]);
    deliver();
    await pass(60_000);
    expect(await isEmpty()).toBe(true);
    expect(ids(at)).toEqual(["a1", "a1", "a2", "a2", "a3", "a3"]);
  });

  it("for good (410) is switched off, and switched on by hand", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    at.behaviour = answers(410);
    await queue(["a1", "a2", "b1"], [hook]);
    const deliveries = deliver();
    await until(() => deliveries.isOff("crm"));
    const before = at.received.length;
    await pass(DAY_MS, 900_000);
    expect(at.received).toHaveLength(before);
    at.behaviour = takes;
    await store.webhooks.retry(clock.nowMs(), "crm");
    await until(() => !deliveries.isOff("crm"));
    await queue(["c1"], [hook]);
    await until(() => ids(at).includes("c1"));
  });
});

describe("a process that ends", () => {
  it("leaves its events to the next one, in order and with the same ids", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    at.behaviour = () => undefined;
    await queue(["a1", "a2"], [hook]);
    const first = deliver("1 a");
    await until(() => at.received.length === 1);
    await closed(first);
    at.behaviour = takes;
    deliver("2 b");
    await until(isEmpty);
    expect(ids(at)).toEqual(["a1", "a1", "a2"]);
  });

  it("keeps the next one from delivering beside it, until it is gone", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url);
    await apply(hook);
    deliver("1 a");
    await pass(1_000);
    let isGone = false;
    const next = deliver("2 b", () => isGone);
    const [old] = running;
    await pass(10_000);
    await queue(["a1"], [hook]);
    next.wake();
    await breathe();
    expect(at.received).toHaveLength(0);
    old?.wake();
    await until(isEmpty);
    isGone = true;
    await pass(5_000);
    expect(ids(at)).toEqual(["a1"]);
  });
});

it("a database that is away is said once", async () => {
  const said: string[] = [];
  let isAway = true;
  const deliveries = new Deliveries({
    tables: store.webhooks,
    currentRevision: () => (isAway ? Promise.reject(new Error("the disk is full")) : store.currentRevision()),
    ...{
      clock,
      ids: new SeededIds(1),
      readSecret: secretReader(env, "signature"),
      resolve: async () => null,
    },
    log: pino({ level: "warn", base: null }, { write: (line) => void said.push(JSON.parse(line).msg) }),
    ...{ holder: "1 a", isOver: () => false },
  });
  running.push(deliveries);
  deliveries.open();
  await pass(20_000, 500);
  expect(said).toEqual(["webhooks cannot be looked at yet"]);
  isAway = false;
  await pass(5_000, 500);
  isAway = true;
  await pass(5_000, 500);
  expect(said).toHaveLength(2);
  isAway = false;
});

describe("an office that changes", () => {
  it("sends what waits to the new address, and forgets what waits for a webhook that is gone", async () => {
    const [one, two] = [await server(), await server()];
    const hook = hookAt("crm", one.url);
    await apply(hook);
    one.behaviour = answers(500);
    await queue(["a1", "b1"], [hook]);
    deliver();
    await until(() => one.received.length >= 2);
    await apply(hookAt("crm", two.url));
    await until(() => two.received.length === 2);
    two.behaviour = answers(500);
    await queue(["c1"], [hook]);
    await apply();
    await until(async () => (await store.webhooks.states()).length === 0);
    expect(await isEmpty()).toBe(true);
  });

  it("sends nothing unsigned while the secret cannot be read", async () => {
    const at = await server();
    const hook = hookAt("crm", at.url, { secrets: [{ env: "NOT_SET" }] });
    await apply(hook);
    await queue(["a1"], [hook]);
    deliver();
    await pass(30_000);
    expect(at.received).toEqual([]);
    expect(await store.webhooks.states()).toMatchObject([
      { why: "it has no secret: the environment variable NOT_SET: it is not set" },
    ]);
    env["NOT_SET"] = "now it is";
    await pass(60_000, 500);
    expect(ids(at)).toEqual(["a1"]);
  });
});

it("an alarm that the engine notes becomes an event", async () => {
  const at = await server();
  await apply(hookAt("crm", at.url, { events: ["fraud.alarm"] }));
  deliver();
  const alarm = { kind: "spike", payer: "bob.stone", atMs: clock.nowMs(), figures: { calls: 21 } } as const;
  await store.webhooks.raise({ id: "a", ...alarm });
  await until(() => at.received.length === 1);
  expect(JSON.parse(at.received[0]?.body ?? "")).toMatchObject({
    event: "fraud.alarm",
    alarm: { kind: "spike", payer: "bob.stone", figures: { calls: 21 } },
  });
});
