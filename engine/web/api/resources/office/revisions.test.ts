/** Goal: what changed, who did it and why is said by the API, and can be undone. Method: the API on a sample office. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld();
  const admin = world.as("alice.wong");
  await admin.patch("/users/carol.diaz", {
    body: { location: "Room 1" },
    headers: { "x-message": "moved in" },
  });
  await admin.patch("/users/dave.kim1", { body: { extension: "104" } });
  await admin.post("/users", { body: { username: "gina.park", name: "Gina Park" } });
});
afterEach(() => world.close());

const admin = () => world.as("alice.wong");
type Items = { readonly items: readonly { readonly revision: number }[]; readonly next: string | null };

it("lists revisions with author, reason and what changed, the newest first, page by page", async () => {
  const { body } = await admin().get("/revisions", { query: { limit: "3" } });
  expect(body).toMatchObject({
    items: [
      {
        revision: 4,
        author: "alice.wong",
        is_live: true,
        from_files: false,
        summary: { users: { added: 1 } },
      },
      { revision: 3 },
      { revision: 2, message: "moved in", is_live: false },
    ],
  });
  const after = (body as Items).next ?? "";
  expect((await admin().get("/revisions", { query: { limit: "3", after } })).body).toMatchObject({
    items: [{ revision: 1 }],
    next: null,
  });
});

it.each([
  ["user:carol.diaz", [2, 1]],
  ["device:carol.diaz/desk", [2, 1]],
  ["user:gina.park", [4]],
  ["member:sales/carol.diaz", [1]],
  ["office", [1]],
  ["user:nobody", []],
])("finds the revisions that changed %s: %j", async (of, revisions) => {
  const { body } = await admin().get("/revisions", { query: { of } });
  expect((body as Items).items.map(({ revision }) => revision)).toEqual(revisions);
});

it.each([
  ["/revisions/3/difference", { from: 2, to: 3, changes: [{ kind: "user", id: "dave.kim1" }] }],
  [
    "/revisions/4/difference?from=2",
    {
      changes: [
        {
          kind: "user",
          id: "dave.kim1",
          change: "changed",
          fields: [{ field: "extension", from: null, to: "104" }],
        },
        { kind: "user", id: "gina.park", change: "added" },
      ],
    },
  ],
  ["/revisions/2", { revision: 2, message: "moved in" }],
])("%s says what differs", async (path, expected) => {
  expect((await admin().get(path)).body).toMatchObject(expected);
});

it.each(["/revisions/9", "/revisions/9/difference", "/revisions/0"])(
  "%s: there is no such revision",
  async (path) => {
    expect((await admin().get(path)).status).toBe(404);
  },
);

it("goes back as a new revision, after a plan that says what is removed", async () => {
  const plan = await admin().post("/revisions/2/rollback", { query: { dry_run: "true" } });
  expect(plan.body).toMatchObject({
    outcome: "planned",
    revision: 4,
    plan: { removes: [{ kind: "user", id: "gina.park" }] },
  });
  expect((await admin().post("/revisions/2/rollback")).body).toMatchObject({
    outcome: "applied",
    revision: 5,
    changes: [
      { id: "dave.kim1", change: "changed" },
      { id: "gina.park", change: "removed" },
    ],
  });
  expect((await admin().get("/users/gina.park")).status).toBe(404);
});

it("does not go back over what somebody else has changed meanwhile", async () => {
  const { status } = await admin().post("/revisions/2/rollback", { headers: { "if-match": '"rev-3"' } });
  expect(status).toBe(412);
});

it.each([
  ["/revisions/9/rollback", 404],
  ["/revisions/0/rollback", 404],
])("%s: %i", async (path, status) => {
  expect((await admin().post(path)).status).toBe(status);
});

it("undoes one revision, after a plan, and leaves alone what came later", async () => {
  const plan = await admin().post("/revisions/2/undo", { query: { dry_run: "true" } });
  expect(plan.body).toMatchObject({ outcome: "planned", revision: 4, changes: [{ id: "carol.diaz" }] });
  const undone = await admin().post("/revisions/2/undo", { headers: { "x-message": "she has not moved" } });
  expect(undone).toMatchObject({
    status: 200,
    body: {
      outcome: "applied",
      revision: 5,
      changes: [{ id: "carol.diaz", fields: [{ field: "location", from: "Room 1", to: null }] }],
    },
  });
  expect((await admin().get("/revisions/5")).body).toMatchObject({
    author: "alice.wong",
    message: "she has not moved",
  });
  expect((await admin().get("/users/gina.park")).status).toBe(200);
  expect((await admin().post("/revisions/5/undo")).body).toMatchObject({ outcome: "applied", revision: 6 });
  expect((await admin().get("/users/carol.diaz")).body).toMatchObject({ location: "Room 1" });
  expect((await admin().get("/audit", { query: { limit: "2" } })).body).toMatchObject({
    items: [{ detail: { undoes: 5 } }, { detail: { undoes: 2 } }],
  });
});

it("undoes nothing that would take a later change with it, and says whose", async () => {
  await world.as("carol.diaz").patch("/users/carol.diaz", { body: { location: "Room 2" } });
  expect(await admin().post("/revisions/2/undo")).toMatchObject({
    status: 409,
    body: {
      type: "conflict",
      detail: "the user `carol.diaz` was changed again by carol.diaz in revision 5",
      since: [{ kind: "user", id: "carol.diaz", revision: 5, author: "carol.diaz" }],
    },
  });
});

it("says where what an undo brings back does not fit", async () => {
  await admin().patch("/users/dave.kim1", { body: { extension: null } });
  await admin().patch("/users/erin.hall", { body: { extension: "104" } });
  const { status, body } = await admin().post("/revisions/5/undo");
  expect(status).toBe(422);
  expect(body).toMatchObject({
    errors: [{ where: "user erin.hall", code: "duplicate" }],
  });
});

it.each([
  ["carol.diaz", "/revisions/2/undo", 200],
  ["dave.kim1", "/revisions/2/undo", 403],
  ["carol.diaz", "/revisions/3/undo", 403],
  ["alice.wong", "/revisions/9/undo", 404],
  ["alice.wong", "/revisions/1/undo", 409],
])("%s: %s: %i", async (username, path, status) => {
  expect((await world.as(username).post(path)).status).toBe(status);
});

it("lists what drifts by entry, with the names that commands know", async () => {
  const { body } = await admin().get("/drift");
  expect(body).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ kind: "user", id: "carol.diaz" })]),
  });
});

it("says what the operator's files would have to say, and writes nothing", async () => {
  const text = `office: { name: Test, country: US, timezone: UTC }
users:
  - { username: alice.wong, name: Alice Wong, email: alice@example.com, devices: [{ id: desk, sip: alice-desk }] }
`;
  const { status, body } = await admin().post("/drift/write-back", {
    body: { files: [{ name: "office.yaml", text }] },
  });
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toContain("gina.park");
});

it("names the file and the line of an error in the operator's files", async () => {
  const files = [{ name: "office.yaml", text: "office: { nam: Test }" }];
  expect((await admin().post("/drift/write-back", { body: { files } })).body).toMatchObject({
    errors: expect.arrayContaining([
      expect.objectContaining({
        field: "/files/0/text",
        code: "unknown_key",
        where: "office.yaml, line 1, column 11",
      }),
    ]),
  });
});
