/** Goal: no request goes to an address that the webhook may not reach, by whatever name; and no answer costs more than a bound. */
import { scheduler } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { answers, WebhookServer } from "../../fixtures/webhooks/server.js";
import { type Answer, Connections, post, TIMEOUT_MS } from "./post.js";

let server: WebhookServer;
let connections: Connections;
let clock: VirtualClock;

beforeEach(async () => {
  server = new WebhookServer();
  await server.open();
  connections = new Connections(8);
  clock = new VirtualClock();
});
afterEach(async () => {
  connections.close();
  await server.close();
});

const BODY = JSON.stringify({ id: "1", event: "call.started" });

function to(
  url: string,
  { allowPrivate = false, names = {} }: { allowPrivate?: boolean; names?: Record<string, string[][]> } = {},
): Promise<Answer> {
  const resolve = async (name: string) => names[name]?.shift() ?? null;
  const signal = new AbortController().signal;
  return post({ url, allowPrivate }, { headers: {}, body: BODY, signal }, { clock, resolve, connections });
}

const at = (host: string, protocol = "http") => `${protocol}://${host}:${new URL(server.url).port}/`;

describe("an address of the office's own network", () => {
  it.each([
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "10.0.0.1",
    "[fd00::1]",
    "[fe80::1]",
    "100.64.0.1",
  ])("%s is not connected to", async (host) => {
    expect(await to(at(host, "https"))).toEqual({
      kind: "failed",
      why: expect.stringContaining("is not on the public network, and allow_private is not set"),
    });
    expect(server.connections).toBe(0);
  });

  it.each([["127.0.0.1"], ["10.1.2.3"], ["::1"], ["::ffff:192.168.1.1"], ["fd12::1"]])(
    "%s is not connected to by a name",
    async (address) => {
      const answer = await to(at("crm.example.com", "https"), { names: { "crm.example.com": [[address]] } });
      expect(answer).toEqual({
        kind: "failed",
        why: expect.stringContaining(`${address} is not on the public`),
      });
      expect(server.connections).toBe(0);
    },
  );

  it("is connected to where that is allowed", async () => {
    expect(await to(server.url, { allowPrivate: true })).toMatchObject({ status: 204 });
    const names = { "crm.internal": [["127.0.0.1"]] };
    expect(await to(at("crm.internal"), { allowPrivate: true, names })).toMatchObject({ status: 204 });
  });
});

it.each(["169.254.169.254", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "100.100.100.200"])(
  "%s gives out keys, and is never connected to",
  async (host) => {
    expect(await to(at(host), { allowPrivate: true })).toMatchObject({
      why: expect.stringContaining("is no webhook's"),
    });
  },
);

it("a public address is not sent anything that others can read on the way", async () => {
  expect(await to("http://8.8.8.8/", { allowPrivate: true })).toEqual({
    kind: "failed",
    why: "8.8.8.8 is on the public network, where http:// is not used",
  });
});

it("a name that means another address at the next connection is judged again", async () => {
  server.behaviour = answers(200, { connection: "close" });
  const names = { "crm.internal": [["127.0.0.1"], ["169.254.169.254"]] };
  expect(await to(at("crm.internal"), { allowPrivate: true, names })).toMatchObject({ status: 200 });
  expect(await to(at("crm.internal"), { allowPrivate: true, names })).toMatchObject({ kind: "failed" });
  expect(server.received).toHaveLength(1);
});

it("of several addresses of a name only those are used that may be", async () => {
  const names = { "crm.internal": [["169.254.169.254", "127.0.0.1"]] };
  expect(await to(at("crm.internal"), { allowPrivate: true, names })).toMatchObject({ status: 204 });
});

it("a name that nobody knows is said to be that", async () => {
  expect(await to("https://nowhere.example.com/")).toEqual({
    kind: "failed",
    why: "no address is known of nowhere.example.com",
  });
});

it.each([301, 302, 303, 307, 308])("a redirect (%i) is not followed", async (status) => {
  const other = new WebhookServer();
  await other.open();
  server.behaviour = answers(status, { location: other.url });
  expect(await to(server.url, { allowPrivate: true })).toMatchObject({ kind: "answered", status });
  expect(other.received).toEqual([]);
  await other.close();
});

it("a connection that was closed while it was idle is replaced, without a failure", async () => {
  await to(server.url, { allowPrivate: true });
  server.behaviour = (_received, response) => {
    // The server closes the connection just as the next request comes on it.
    server.behaviour = answers(204);
    response.socket?.destroy();
  };
  expect(await to(server.url, { allowPrivate: true })).toMatchObject({ status: 204 });
  expect(server.connections).toBe(2);
});

it("a server that is silent is given up after a while", async () => {
  const came = new Promise<void>((resolve) => {
    server.behaviour = () => resolve();
  });
  const answer = to(server.url, { allowPrivate: true });
  await came;
  clock.advanceTo(clock.nowMs() + TIMEOUT_MS);
  expect(await answer).toEqual({ kind: "failed", why: "no answer within 10 s" });
});

it("so is one whose name takes too long", async () => {
  const signal = new AbortController().signal;
  const deps = { clock, connections, resolve: () => new Promise<null>(() => undefined) };
  const answer = post(
    { url: "https://slow.example.com/", allowPrivate: false },
    { headers: {}, body: BODY, signal },
    deps,
  );
  await scheduler.yield();
  clock.advanceTo(clock.nowMs() + TIMEOUT_MS);
  expect(await answer).toMatchObject({ kind: "failed" });
});

it("an answer with a long body is an answer, and its connection ends", async () => {
  const ended = new Promise<void>((resolve) => {
    server.behaviour = (_received, response) => {
      response.writeHead(200);
      response.socket?.once("close", () => resolve());
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    };
  });
  expect(await to(server.url, { allowPrivate: true })).toMatchObject({ status: 200 });
  await ended;
});
