/**
 * Goal: whatever a request says, it gets an answer in the API's words, within bounds, and never more than its schema
 * names. Method: routes of every kind on the real server, asked without a socket.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type As, WEB_OFFICE, type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import { SqlError } from "../../../storage/database.js";
import { ok, route } from "./route.js";

const access = { needs: "own" } as const;
const about = { tag: "Test", summary: "Test", access } as const;
const SOUND = "0123456789";

let world: WebWorld;
let carol: As;
let failure: Error;

const ROUTES = [
  route({
    ...about,
    method: "GET",
    path: "/things",
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    answer: z.object({ limit: z.number() }),
    handle: async ({ query }) => ok({ limit: query.limit, secret: "s3cret" }),
  }),
  route({
    ...about,
    method: "GET",
    path: "/things/{id}",
    params: z.object({ id: z.string().regex(/^[a-z]+$/) }),
    answer: z.object({ id: z.string() }),
    handle: async ({ params }) => ok({ id: params.id }, { revision: 7 }),
  }),
  route({
    ...about,
    method: "POST",
    path: "/things",
    body: z.object({
      name: z.string(),
      parts: z.array(z.strictObject({ size: z.number().int() })).optional(),
    }),
    answer: z.object({ name: z.string() }),
    status: 201,
    handle: async ({ body }) => ok({ name: body.name }, { location: `/things/${body.name}` }),
  }),
  route({
    ...about,
    method: "DELETE",
    path: "/things/{id}",
    params: z.object({ id: z.string() }),
    answer: z.null(),
    status: 204,
    handle: async () => ok(null),
  }),
  route({
    ...about,
    method: "PUT",
    path: "/sounds/{id}",
    params: z.object({ id: z.string() }),
    body: { rawTypes: ["audio/wav"] },
    bodyBytesMax: 100,
    answer: z.object({ type: z.string(), bytes: z.number() }),
    handle: async ({ body }) => ok({ type: body.type, bytes: body.bytes.length }),
  }),
  route({
    ...about,
    method: "GET",
    path: "/sounds/{id}",
    params: z.object({ id: z.string() }),
    answer: { raw: "sound", contentType: "audio/wav" },
    handle: async ({ params }) => ({
      kind: "sound",
      path: join(world.folder, params.id),
      ...(params.id === "named" ? { fileName: 'Nachricht für "Carol".wav' } : {}),
    }),
  }),
  route({
    ...about,
    method: "GET",
    path: "/table",
    answer: { raw: "download", contentType: "text/csv; charset=utf-8" },
    handle: async () => ({
      kind: "download",
      contentType: "text/csv; charset=utf-8",
      fileName: "calls.csv",
      body: lines(),
    }),
  }),
  route({
    ...about,
    method: "GET",
    path: "/fails",
    answer: z.object({ id: z.string() }),
    handle: async () => {
      throw failure;
    },
  }),
  route({
    ...about,
    method: "GET",
    path: "/wrong-answer",
    answer: z.object({ id: z.string() }),
    handle: async () => ok({ id: 7 as never }),
  }),
];

async function* lines() {
  yield "a,b\r\n";
  yield "1,2\r\n";
}

beforeEach(async () => {
  world = await webWorld(WEB_OFFICE, {}, ROUTES);
  carol = world.as("carol.diaz");
});
afterEach(() => world.close());

describe("an answer", () => {
  it("has what its schema names, and nothing else", async () => {
    expect((await carol.get("/things")).body).toEqual({ limit: 50 });
  });

  it("shows its revision as a tag", async () => {
    expect((await carol.get("/things/abc")).headers["etag"]).toBe('"rev-7"');
  });

  it("of something created says where it is, and one without a value is empty", async () => {
    expect(await carol.post("/things", { body: { name: "x" } })).toMatchObject({
      status: 201,
      headers: { location: "/api/v1/things/x" },
    });
    expect(await carol.delete("/things/x")).toMatchObject({ status: 204, text: "" });
  });

  it("is kept by nobody, framed by nobody, and sniffed by nobody", async () => {
    for (const { headers } of [
      await carol.get("/things"),
      await carol.get("/none"),
      await carol.get("/fails"),
    ])
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "content-security-policy": expect.stringContaining("default-src 'none'"),
        "cross-origin-resource-policy": "same-origin",
      });
  });
});

describe("a request that is not right", () => {
  it.each([
    ["a value", () => carol.get("/things", { query: { limit: "0" } }), 400, "query/limit", "wrong_value"],
    [
      "a misspelt filter",
      () => carol.get("/things", { query: { limt: "5" } }),
      400,
      "query/limt",
      "unknown_key",
    ],
    [
      "a filter of a route without any",
      () => carol.get("/table", { query: { a: "1" } }),
      400,
      "query/a",
      "unknown_key",
    ],
    ["an id", () => carol.get("/things/ABC"), 400, "path/id", "wrong_value"],
    ["no body", () => carol.post("/things"), 400, "", "missing_key"],
    ["a lacking field", () => carol.post("/things", { body: {} }), 400, "/name", "missing_key"],
    [
      "an unknown field",
      () => carol.post("/things", { body: { name: "x", admin: true } }),
      400,
      "/admin",
      "unknown_key",
    ],
    [
      "an unknown field deep inside",
      () => carol.post("/things", { body: { name: "x", parts: [{ size: 1 }, { size: 1, "a/b": 2 }] } }),
      400,
      "/parts/1/a~1b",
      "unknown_key",
    ],
    [
      "a wrong type",
      () => carol.post("/things", { body: { name: "x", parts: [{ size: "1" }] } }),
      400,
      "/parts/0/size",
      "wrong_value",
    ],
  ])("%s is named", async (_name, ask, status, field, code) => {
    const answer = await ask();
    expect(answer).toMatchObject({
      status,
      headers: { "content-type": expect.stringContaining("application/problem+json") },
      body: { type: "wrong_request", status, errors: [{ field, code }] },
    });
  });

  it("suggests the filter that was meant", async () => {
    const { body } = await carol.get("/things", { query: { limt: "5" } });
    expect(body).toMatchObject({ errors: [{ suggestion: "limit" }] });
  });

  it.each([
    ["no JSON", "{", "application/json", 400, "wrong_request"],
    [
      "another prototype",
      '{"__proto__": {"admin": true}, "name": "x"}',
      "application/json",
      400,
      "wrong_request",
    ],
    ["nested without end", `{"name":${"[".repeat(30_000)}`, "application/json", 400, "wrong_request"],
    ["half a character", '{"name":"\\ud800"}', "application/json", 400, "wrong_request"],
    ["too large", `{"name":"${"x".repeat(70_000)}"}`, "application/json", 413, "too_large"],
    ["a form", "name=x", "application/x-www-form-urlencoded", 415, "wrong_kind"],
    ["a text", '{"name":"x"}', "text/plain", 415, "wrong_kind"],
  ])("%s", async (_name, payload, type, status, problem) => {
    const answer = await carol.post("/things", { body: payload, headers: { "content-type": type } });
    expect(answer).toMatchObject({ status, body: { type: problem } });
  });

  it.each([
    ["GET", "/nothing", 404, "not_found"],
    ["POST", "/things/abc", 405, "wrong_method"],
    ["GET", "/things/abc/more", 404, "not_found"],
    ["GET", `/things/${"a".repeat(300)}`, 400, "wrong_request"],
    ["GET", "/%zz", 400, "wrong_request"],
    ["GET", "/../../etc/passwd", 404, null],
    ["GET", "/sounds/..%2f..%2fetc%2fpasswd", 410, "gone"],
    ["GET", "/things/%00", 400, "wrong_request"],
  ])("%s %s is %i", async (method, path, status, type) => {
    const asked = await carol[method.toLowerCase() as "get"](path);
    expect(asked.status).toBe(status);
    if (type !== null) expect(asked.body).toMatchObject({ type });
  });

  it("is refused before its body is read when nobody has signed in", async () => {
    expect(await world.as(null).post("/things", { body: { name: 1 } })).toMatchObject({
      status: 401,
      headers: { connection: "close" },
      body: { type: "signed_out" },
    });
  });
});

describe("a mistake of ours", () => {
  it.each([
    ["an exception", new Error("secret words"), 500, "our_mistake"],
    [
      "a database that is being written",
      new SqlError(Object.assign(new Error("secret words"), { code: "SQLITE_BUSY" })),
      503,
      "busy",
    ],
    [
      "a database for which the disk has no room",
      new SqlError(Object.assign(new Error("secret words"), { code: "SQLITE_FULL" })),
      507,
      "disk_full",
    ],
    [
      "a file for which the disk has no room",
      Object.assign(new Error("secret words"), { code: "ENOSPC" }),
      507,
      "disk_full",
    ],
  ])("%s says nothing of itself", async (_name, error, status, type) => {
    failure = error;
    const answer = await carol.get("/fails");
    expect(answer).toMatchObject({ status, body: { type } });
    expect(answer.text).not.toContain("secret");
    expect(world.log.join("")).toContain(
      { 500: "secret words", 503: "written by another program", 507: "disk is full" }[status] ?? "?",
    );
  });

  it("as an answer that its schema does not know is not sent", async () => {
    expect(await carol.get("/wrong-answer")).toMatchObject({ status: 500, body: { type: "our_mistake" } });
  });
});

describe("another site's page", () => {
  const from = (headers: Readonly<Record<string, string>>) =>
    carol.post("/things", { body: { name: "x" }, headers: { host: "phones.example.com", ...headers } });

  it.each([
    [{ "sec-fetch-site": "same-origin", cookie: "a=b" }, 201],
    [{ "sec-fetch-site": "cross-site", cookie: "a=b" }, 403],
    [{ "sec-fetch-site": "same-site", cookie: "a=b" }, 403],
    [{ "sec-fetch-site": "none", cookie: "a=b" }, 403],
    [{ "sec-fetch-site": "cross-site", origin: "http://phones.example.com" }, 403],
    [{ origin: "http://phones.example.com", cookie: "a=b" }, 201],
    [{ origin: "https://evil.example.com", cookie: "a=b" }, 403],
    [{ origin: "http://phones.example.com.evil.com", cookie: "a=b" }, 403],
    [{ origin: "null", cookie: "a=b" }, 403],
    [{ cookie: "a=b" }, 403],
    [{}, 201],
  ])("cannot change anything: %j gives %i", async (headers, status) => {
    expect((await from(headers)).status).toBe(status);
  });

  it("may show what is public to its own visitors: reading changes nothing", async () => {
    expect((await carol.get("/things", { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(200);
  });
});

describe("too many requests", () => {
  it("by one person are slowed, and by nobody else", async () => {
    const codes = [];
    for (let asked = 0; asked < 301; asked += 1) codes.push((await carol.get("/things")).status);
    expect(codes.lastIndexOf(200)).toBe(299);
    expect(await carol.get("/things")).toMatchObject({
      status: 429,
      headers: { "retry-after": "1" },
      body: { type: "too_many", retry_after: 1 },
    });
    expect((await world.as("dave.kim1").get("/things")).status).toBe(200);
    world.pass(1_000);
    expect((await carol.get("/things")).status).toBe(200);
  });

  it("by nobody known are slowed by their address", async () => {
    const nobody = world.as(null);
    for (let asked = 0; asked < 100; asked += 1) expect((await nobody.get("/things")).status).toBe(401);
    expect((await nobody.get("/things")).status).toBe(429);
    expect((await carol.get("/things")).status).toBe(200);
  });
});

describe("a sound", () => {
  const ranged = (range: string, more: Readonly<Record<string, string>> = {}) =>
    carol.get("/sounds/tone", { headers: { range, ...more } });

  beforeEach(() => writeFileSync(join(world.folder, "tone"), SOUND));

  it.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=4-", 206, "456789", "bytes 4-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-99", 206, SOUND, "bytes 0-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=10-", 416, null, "bytes */10"],
    ["bytes=-0", 416, null, "bytes */10"],
    ["bytes=3-1", 200, SOUND, undefined],
    ["bytes=0-1,4-5", 200, SOUND, undefined],
    ["items=0-1", 200, SOUND, undefined],
    ["bytes=a-b", 200, SOUND, undefined],
  ])("%s: %i", async (range, status, text, contentRange) => {
    const answer = await ranged(range);
    expect(answer).toMatchObject({ status, ...(text === null ? {} : { text }) });
    expect(answer.headers["content-range"]).toBe(contentRange);
    if (text !== null) {
      expect(answer.headers["content-length"]).toBe(String(text.length));
      expect(answer.headers["content-type"]).toBe("audio/wav");
      expect(answer.headers["accept-ranges"]).toBe("bytes");
    }
  });

  it("is sent as a whole when it is another one by now", async () => {
    const tag = String((await ranged("bytes=0-1")).headers["etag"]);
    expect((await ranged("bytes=0-1", { "if-range": tag })).status).toBe(206);
    expect((await ranged("bytes=0-1", { "if-range": '"old"' })).status).toBe(200);
  });

  it("that is gone is a problem, and an empty one is empty", async () => {
    expect(await carol.get("/sounds/none")).toMatchObject({ status: 410, body: { type: "gone" } });
    writeFileSync(join(world.folder, "empty"), "");
    expect(await carol.get("/sounds/empty")).toMatchObject({ status: 200, text: "" });
  });

  it("is saved under its name, whatever is in it", async () => {
    writeFileSync(join(world.folder, "named"), SOUND);
    expect((await carol.get("/sounds/named")).headers["content-disposition"]).toBe(
      `attachment; filename="Nachricht f_r _Carol_.wav"; filename*=UTF-8''Nachricht%20f%C3%BCr%20%22Carol%22.wav`,
    );
  });
});

describe("bytes", () => {
  const put = (type: string, body: string) =>
    carol.put("/sounds/x", { body, headers: { "content-type": type } });

  it.each([
    ["audio/wav", "RIFF", 200],
    ["Audio/WAV; codecs=1", "RIFF", 200],
    ["text/html", "RIFF", 415],
    ["application/json", "{}", 415],
    ["audio/wav", "x".repeat(101), 413],
    ["audio/wav", "", 400],
  ])("%s %j: %i", async (type, body, status) => {
    expect((await put(type, body)).status).toBe(status);
  });
});

it("a download is sent as it comes", async () => {
  expect(await carol.get("/table")).toMatchObject({
    status: 200,
    text: "a,b\r\n1,2\r\n",
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="calls.csv"; filename*=UTF-8''calls.csv`,
    },
  });
});

it("a monitor learns whether requests can be answered", async () => {
  const health = () => world.server.inject({ method: "GET", url: "/healthz" });
  expect((await health()).statusCode).toBe(200);
});
