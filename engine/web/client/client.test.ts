/**
 * Goal: a program in TypeScript asks the API by names and types that are the server's own. Method: the client on a real
 * server; what must not compile is marked, so that the compiler fails when it does.
 */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectFile } from "../../../fixtures/expected-text.js";
import { operationsText } from "../../../fixtures/web/operations-text.js";
import { type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import { ROUTES } from "../api/routes.js";
import { apiClient, type Client } from "./client.js";
import { readEvents } from "./events.js";

let world: WebWorld;
let baseUrl: string;

beforeAll(async () => {
  world = await webWorld();
  const bound = await world.server.listen();
  if (!bound.ok) throw new Error(bound.why);
  baseUrl = `http://127.0.0.1:${bound.port}`;
});
afterAll(() => world.close());

/** The client of somebody; the test's header says who it is. */
function as(username: string): Client {
  const asked: typeof fetch = (url, init) =>
    fetch(url, {
      ...init,
      headers: {
        ...(init?.headers as object),
        "x-test-actor": JSON.stringify({ username, keyPowers: null }),
      },
    });
  return apiClient({ baseUrl, fetch: asked });
}

it("has the routes' own table", () => {
  expectFile(join(import.meta.dirname, "operations.generated.ts"), operationsText(ROUTES));
});

it("gives a typed value, with the revision for the next change", async () => {
  const shown = await as("alice.wong").call("getUser", { params: { username: "carol.diaz" } });
  if (!shown.ok) throw new Error(shown.problem.title);
  const name: string = shown.value.name;
  expect(name).toBe("Carol Diaz");
  expect(shown.revision).toBe(1);
  const changed = await as("alice.wong").call("changeUser", {
    params: { username: "carol.diaz" },
    body: { email: "c@example.com" },
    ifMatch: 1,
    message: "für Carol",
  });
  expect(changed).toMatchObject({ ok: true, value: { outcome: "applied" }, revision: 2 });
  expect(await world.store.history(1)).toMatchObject([{ message: "für Carol" }]);
});

it("gives pages, with numbers and booleans as what they are", async () => {
  const page = await as("alice.wong").call("listUsers", { query: { limit: 2, suspended: false } });
  if (!page.ok) throw new Error(page.problem.title);
  expect(page.value.items).toHaveLength(2);
});

it("gives problems as values, and a server that is away as one, too", async () => {
  expect(await as("erin.hall").call("getUser", { params: { username: "alice.wong" } })).toMatchObject({
    ok: false,
    problem: { status: expect.any(Number), type: expect.any(String) },
  });
  const away = apiClient({ baseUrl: "http://127.0.0.1:1" });
  expect(await away.call("showMe")).toMatchObject({ ok: false, problem: { type: "unreachable", status: 0 } });
});

it("refuses at compile time what the server would refuse", () => {
  const client = apiClient({ baseUrl });
  const wrong = [
    // @ts-expect-error there is no such operation
    () => client.call("getUsr"),
    // @ts-expect-error the path needs a username
    () => client.call("getUser"),
    // @ts-expect-error a limit is a number
    () => client.call("listUsers", { query: { limit: true } }),
  ];
  expect(wrong).toHaveLength(3);
  expect(client.url("getUser", { params: { username: "a/b" } })).toBe(`${baseUrl}/api/v1/users/a%2Fb`);
});

it("reads events that come in any pieces", async () => {
  const text = 'retry: 1000\n\nid: 4\nevent: call\ndata: {"a":"ü"}\n\n:\n\ndata: 7\n\n';
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size < bytes.length; size += 1) {
    const events = [];
    for await (const event of readEvents(pieces(bytes, size))) events.push(event);
    expect(events).toEqual([
      { id: "4", event: "call", data: { a: "ü" } },
      { id: null, event: "message", data: 7 },
    ]);
  }
});

function pieces(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}
