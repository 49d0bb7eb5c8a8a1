/**
 * Goal: a request that creates something and whose answer was lost can be sent again without creating two. Method: a
 * route that counts what it creates, on the real server and database.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { untilTrue } from "../../../fixtures/until-true.js";
import { type As, WEB_OFFICE, type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import { problem } from "./problem.js";
import { ok, route } from "./route.js";

let world: WebWorld;
let carol: As;
let made: string[];
let refuses: boolean;
let fails: boolean;
let waits: Promise<void> | undefined;
let handled: number;

beforeEach(async () => {
  made = [];
  refuses = false;
  fails = false;
  waits = undefined;
  handled = 0;
  const about = {
    method: "POST",
    tag: "Test",
    summary: "Make something",
    access: { needs: "own" },
    body: z.object({ name: z.string() }),
    answer: z.object({ number: z.number() }),
    status: 201,
    isCreating: true,
  } as const;
  const make = async (name: string) => {
    if (refuses) return problem("conflict");
    handled += 1;
    await waits;
    made.push(name);
    if (fails) throw new Error("after it was done");
    return ok({ number: made.length }, { revision: 5, location: `/things/${made.length}` });
  };
  world = await webWorld(WEB_OFFICE, {}, [
    route({ ...about, path: "/things", handle: ({ body }) => make(body.name) }),
    route({ ...about, path: "/secrets", answersSecret: true, handle: ({ body }) => make(body.name) }),
  ]);
  carol = world.as("carol.diaz");
});
afterEach(() => world.close());

const post = (key: string, name = "x", path = "/things", as = carol) =>
  as.post(path, { body: { name }, headers: { "idempotency-key": key } });

it("creates one, and gives the same answer to the second", async () => {
  const first = await post("k1");
  const second = await post("k1");
  expect(first).toMatchObject({
    status: 201,
    body: { number: 1 },
    headers: { location: "/api/v1/things/1" },
  });
  expect(second).toMatchObject({
    status: 201,
    body: { number: 1 },
    headers: { location: "/api/v1/things/1", etag: '"rev-5"' },
  });
  expect(made).toHaveLength(1);
});

it("is of one person and of one key of the API", async () => {
  await post("k1");
  await post("k1", "x", "/things", world.as("dave.kim1"));
  await post("k1", "x", "/things", world.as("carol.diaz", ["own"]));
  expect(made).toHaveLength(3);
});

it("is refused for another request", async () => {
  await post("k1");
  expect(await post("k1", "y")).toMatchObject({ status: 409, body: { type: "key_reused" } });
  expect(await post("k1", "x", "/secrets")).toMatchObject({ status: 409, body: { type: "key_reused" } });
});

it("may be used again when nothing was done", async () => {
  refuses = true;
  expect((await post("k1")).status).toBe(409);
  refuses = false;
  expect((await post("k1")).status).toBe(201);
});

it("waits for the first", async () => {
  let go: () => void = () => undefined;
  waits = new Promise((resolve) => {
    go = resolve;
  });
  const first = post("k1");
  await untilTrue(() => handled === 1);
  expect((await post("k1")).body).toMatchObject({ type: "conflict", retry_after: 1 });
  go();
  expect((await first).status).toBe(201);
  expect((await post("k1")).body).toEqual({ number: 1 });
  expect(made).toHaveLength(1);
});

it("says when it is not known whether the first was carried out", async () => {
  fails = true;
  expect((await post("k1")).status).toBe(500);
  fails = false;
  world.pass(120_000);
  expect(await post("k1")).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("not known") },
  });
  expect(made).toHaveLength(1);
});

it("keeps no secret: the second is told that the first was carried out", async () => {
  expect((await post("k1", "x", "/secrets")).body).toEqual({ number: 1 });
  expect(await post("k1", "x", "/secrets")).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining("secret") },
  });
  const rows = await world.store.idempotency.begin(
    { actor: "user:carol.diaz", key: "k1" },
    "another",
    world.nowMs(),
  );
  expect(rows?.answer?.value).toBeNull();
});

it("is kept for a day", async () => {
  await post("k1");
  world.pass(25 * 3_600_000);
  await post("k2");
  await post("k1");
  expect(made).toHaveLength(3);
});

it.each(["", "a b", "x".repeat(65), "ü"])("%j is no key", async (key) => {
  expect(await post(key)).toMatchObject({
    status: 400,
    body: { errors: [{ field: "header/idempotency-key" }] },
  });
});

it("is nothing that all requests need", async () => {
  await carol.post("/things", { body: { name: "x" } });
  await carol.post("/things", { body: { name: "x" } });
  expect(made).toHaveLength(2);
});
