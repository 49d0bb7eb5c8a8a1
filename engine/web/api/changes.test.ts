/**
 * Goal: a change by the API is a revision with author and reason, made only if nobody else has changed the same entry
 * meanwhile, and a refusal names the field. Method: routes as the resources have them, on the real server and database.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../fixtures/web/world.js";
import { given } from "../../../policy/office/optional.js";
import { changeAnswer, changeQuery, edit } from "./changes.js";
import { route } from "./route.js";

const fields = z.record(z.string(), z.unknown());
const access = { needs: "permission", permission: "users" } as const;

const ROUTES = [
  route({
    method: "PATCH",
    path: "/users/{username}",
    tag: "Test",
    summary: "Change a user",
    access,
    params: z.object({ username: z.string() }),
    query: changeQuery,
    body: fields,
    answer: changeAnswer,
    handle: (request) =>
      edit(request, [{ verb: "set", kind: "user", id: request.params.username, fields: request.body }]),
  }),
  ...(["user", "group"] as const).map((kind) =>
    route({
      method: "DELETE",
      path: `/${kind}s/{id}`,
      tag: "Test",
      summary: "Remove something",
      access,
      params: z.object({ id: z.string() }),
      query: changeQuery,
      answer: changeAnswer,
      handle: (request) => edit(request, [{ verb: "remove", kind, id: request.params.id, options: {} }]),
    }),
  ),
  route({
    method: "PATCH",
    path: "/groups/{id}/members/{username}",
    tag: "Test",
    summary: "Change a member",
    access,
    params: z.object({ id: z.string(), username: z.string() }),
    query: changeQuery,
    body: fields,
    answer: changeAnswer,
    handle: (request) => {
      const { id, username } = request.params;
      return edit(request, [{ verb: "set", kind: "member", id: `${id}/${username}`, fields: request.body }]);
    },
  }),
  route({
    method: "POST",
    path: "/changes",
    tag: "Test",
    summary: "Change users",
    access,
    query: changeQuery,
    status: 201,
    body: z.object({ users: z.array(z.object({ username: z.string(), fields })) }),
    answer: changeAnswer,
    handle: (request) =>
      edit(
        request,
        request.body.users.map(({ username, fields: each }) => ({
          verb: "add",
          kind: "user",
          id: username,
          fields: each,
        })),
        { pointerOf: (index) => `/users/${index}/fields`, location: "/users" },
      ),
  }),
];

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld(WEB_OFFICE, {}, ROUTES);
});
afterEach(() => world.close());

const alice = () => world.as("alice.wong");

describe("a change by the API", () => {
  it("is a revision with its author and reason", async () => {
    const changed = await alice().patch("/users/carol.diaz", {
      body: { email: "c@example.com" },
      query: { message: "neue Adresse für Carol" },
    });
    expect(changed).toMatchObject({
      status: 200,
      headers: { etag: '"rev-2"' },
      body: {
        outcome: "applied",
        revision: 2,
        changes: [
          {
            kind: "user",
            id: "carol.diaz",
            change: "changed",
            fields: [{ field: "email", from: "carol@example.com", to: "c@example.com" }],
          },
        ],
      },
    });
    const [newest] = await world.store.history(1);
    expect(newest).toMatchObject({ author: "alice.wong", message: "neue Adresse für Carol" });
  });

  it("has the reason from a header in UTF-8 as well, and the key's name as its author", async () => {
    const header = Buffer.from("für Carol", "utf8").toString("latin1");
    await world.as("alice.wong", ["users"]).patch("/users/carol.diaz", {
      body: { email: "c@example.com" },
      headers: { "x-message": header },
    });
    const [newest] = await world.store.history(1);
    expect(newest).toMatchObject({ author: "alice.wong (key test)", message: "für Carol" });
  });

  it("that changes nothing is no revision", async () => {
    const same = await alice().patch("/users/carol.diaz", { body: { email: "carol@example.com" } });
    expect(same).toMatchObject({ status: 200, body: { outcome: "unchanged", revision: 1, changes: [] } });
  });

  it("is only planned with dry_run", async () => {
    const planned = await alice().patch("/users/carol.diaz", {
      body: { email: "c@example.com" },
      query: { dry_run: "true" },
    });
    expect(planned).toMatchObject({
      status: 200,
      body: { outcome: "planned", revision: 1, changes: [{ id: "carol.diaz" }], plan: { removes: [] } },
    });
    expect(await world.store.currentRevision()).toBe(1);
  });

  it("that creates something says where it is", async () => {
    const body = { users: [{ username: "gina.rossi", fields: { name: "Gina Rossi", extension: "auto" } }] };
    expect(await alice().post("/changes", { body, query: { dry_run: "true" } })).toMatchObject({
      status: 200,
    });
    const made = await alice().post("/changes", { body });
    expect(made).toMatchObject({ status: 201, headers: { location: "/api/v1/users" } });
  });
});

describe("If-Match", () => {
  const set = (who: string, body: object, tag?: string) =>
    alice().patch(`/users/${who}`, { body, headers: { ...given({ "if-match": tag }) } });

  it("is met by the live revision, and by `*`", async () => {
    expect((await set("carol.diaz", { email: "a@example.com" }, '"rev-1"')).status).toBe(200);
    expect((await set("carol.diaz", { email: "b@example.com" }, "*")).status).toBe(200);
  });

  it("is no hindrance when others have changed something else", async () => {
    await set("dave.kim1", { email: "d@example.com" });
    const changed = await set("carol.diaz", { email: "c@example.com" }, '"rev-1"');
    expect(changed).toMatchObject({ status: 200, body: { outcome: "applied", revision: 3 } });
  });

  it("refuses when somebody has changed the same entry, and says what", async () => {
    await set("carol.diaz", { email: "c@example.com" });
    await set("dave.kim1", { email: "d@example.com" });
    expect(await set("carol.diaz", { name: "Carol D." }, '"rev-1"')).toMatchObject({
      status: 412,
      headers: { "content-type": expect.stringContaining("application/problem+json") },
      body: {
        type: "changed_meanwhile",
        revision: 3,
        changed: [{ kind: "user", id: "carol.diaz", fields: [{ field: "email" }] }],
      },
    });
    expect(await world.store.currentRevision()).toBe(3);
  });

  it("refuses when the entry is gone", async () => {
    await alice().delete("/users/erin.hall");
    expect(await set("erin.hall", { name: "Erin" }, '"rev-1"')).toMatchObject({
      status: 412,
      body: { changed: [{ id: "erin.hall", change: "removed" }] },
    });
  });

  it.each([
    ['"rev-99"', 412],
    ["rev-1", 400],
    ['W/"rev-1"', 400],
    ['"rev-1", "rev-2"', 400],
  ])("%s: %i", async (tag, status) => {
    expect((await set("carol.diaz", { email: "c@example.com" }, tag)).status).toBe(status);
  });
});

describe("a refused change", () => {
  it.each([
    [{ extension: "1" }, "/extension", "wrong_value"],
    [{ devices: [{ id: "desk", phone: "sip-x", delay: -1 }] }, "/devices/0/phone", "wrong_value"],
    [{ "a/b~c": 1 }, "/a~1b~0c", "unknown_key"],
  ])("names the field: %j", async (body, field, code) => {
    const { status, body: problem } = await alice().patch("/users/carol.diaz", { body });
    expect({ status, problem }).toMatchObject({
      status: 422,
      problem: {
        type: "checks_failed",
        errors: expect.arrayContaining([
          expect.objectContaining({ field: expect.stringMatching(new RegExp(`^${field}`)), code }),
        ]),
      },
    });
  });

  it("names the field of a member", async () => {
    const { body } = await alice().patch("/groups/sales/members/dave.kim1", { body: { delay: "soon" } });
    expect(body).toMatchObject({ type: "checks_failed", errors: [{ field: "/delay" }] });
  });

  it("names the field in a list of edits", async () => {
    const users = [
      { username: "gina.rossi", fields: { name: "Gina Rossi", extension: "auto" } },
      { username: "hugo.rossi", fields: { name: "Hugo Rossi", extension: "x" } },
    ];
    const { body } = await alice().post("/changes", { body: { users } });
    expect(body).toMatchObject({ type: "checks_failed", errors: [{ field: "/users/1/fields/extension" }] });
    expect(await world.store.currentRevision()).toBe(1);
  });

  it("says where the office would be wrong when the fault is elsewhere", async () => {
    await alice().patch("/users/carol.diaz", { body: { extension: "777" } });
    const { body } = await alice().patch("/users/bella.ruiz", { body: { extension: "777" } });
    expect(body).toMatchObject({
      type: "checks_failed",
      errors: [{ field: "", where: "user carol.diaz", message: "the extension `777` is given twice" }],
    });
  });

  it("is not_found for somebody who is not there, with the likely name", async () => {
    expect(await alice().patch("/users/carol.dias", { body: {} })).toMatchObject({
      status: 404,
      body: { type: "not_found", detail: expect.stringContaining("carol.diaz") },
    });
  });

  it("is in_use when something still leads there", async () => {
    expect(await alice().delete("/groups/sales")).toMatchObject({
      status: 409,
      body: {
        type: "in_use",
        errors: [{ where: "number +12125550100, step 1" }, { where: expect.any(String) }],
      },
    });
    expect(await world.store.currentRevision()).toBe(1);
  });

  it("is for those who may only", async () => {
    expect((await world.as("carol.diaz").patch("/users/carol.diaz", { body: {} })).status).toBe(403);
  });
});
