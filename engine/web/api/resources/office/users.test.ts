/** Goal: administrators work with users by the API, people see and change their own profile. Method: the API on a sample office. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withAccounts } from "../../../../../fixtures/web/accounts.js";
import { type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";
import type { LiveHub } from "../../../live/hub.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld();
});
afterEach(() => world.close());

interface Page {
  readonly items: readonly { readonly username: string }[];
  readonly next: string | null;
  readonly total: number;
}
const admin = () => world.as("alice.wong");
const list = async (query: Record<string, string>) => (await admin().get("/users", { query })).body as Page;

describe("the list of users", () => {
  it.each([
    [{}, ["alice.wong", "bella.ruiz", "carol.diaz", "dave.kim1", "erin.hall", "frank.lee"]],
    [{ q: "DIAZ" }, ["carol.diaz"]],
    [{ q: "bella@" }, ["bella.ruiz"]],
    [{ q: "carol-desk" }, ["carol.diaz"]],
    [{ group: "sales" }, ["carol.diaz", "dave.kim1"]],
    [{ group: "no-such" }, []],
    [{ suspended: "true" }, ["frank.lee"]],
    [{ admin: "system" }, ["alice.wong"]],
    [{ sort: "username", limit: "2" }, ["alice.wong", "bella.ruiz"]],
  ])("with %j has %j", async (query, names) => {
    expect((await list(query)).items.map(({ username }) => username)).toEqual(names);
  });

  it("goes on page by page", async () => {
    const first = await list({ limit: "4" });
    expect(first).toMatchObject({ total: 6 });
    const second = await list({ limit: "4", after: first.next ?? "" });
    expect(second.items.map(({ username }) => username)).toEqual(["erin.hall", "frank.lee"]);
    expect(second.next).toBeNull();
  });

  it("says of each user what the reader may do, and what the user is", async () => {
    const page = await list({ q: "alice" });
    expect(page.items[0]).toMatchObject({
      admin: { system: true, billing: false },
      groups: ["system-admins"],
      devices: ["desk"],
      may: { change: true, remove: true },
    });
  });
});

describe("a new user", () => {
  it("has all its faults said at once, each at its field", async () => {
    const { status, body } = await admin().post("/users", {
      body: { username: "gina.park", name: "Gina", extension: "1", groups: ["no-such", "sales", "nor-this"] },
    });
    expect(status).toBe(404);
    const { errors } = body as { errors: { field: string; code: string }[] };
    expect(errors.map(({ field, code }) => [field, code])).toEqual([
      ["/groups/0", "not_found"],
      ["/groups/2", "not_found"],
      ["/extension", "wrong_value"],
    ]);
    expect((await admin().get("/users/gina.park")).status).toBe(404);
  });
});

describe("the mailbox of a user", () => {
  it("is shown with the defaults for what the file does not say", async () => {
    const before = await admin().get("/users/carol.diaz");
    expect(before.body).toMatchObject({
      mailbox: { email: false, limit: 300, max_messages: 100, silence: 10 },
    });
    await admin().patch("/users/carol.diaz", { body: { voicemail: { limit: 60 } } });
    const after = await admin().get("/users/carol.diaz");
    expect(after.body).toMatchObject({ mailbox: { email: false, limit: 60, max_messages: 100 } });
  });
});

describe("the account of each user", () => {
  beforeEach(async () => {
    await withAccounts(world, "alice.wong", "carol.diaz", "frank.lee");
    await admin().post("/invitations", { body: { usernames: ["dave.kim1", "erin.hall"], mail: false } });
  });

  it("stands in the list, with what can be done about it", async () => {
    const { items } = await list({});
    const about = (name: string) => items.find(({ username }) => username === name);
    expect(about("carol.diaz")).toMatchObject({
      account: "active",
      invitation: null,
      may: { invite: false, resend: false, withdraw: false, send_password_link: true },
    });
    expect(about("dave.kim1")).toMatchObject({
      account: "invited",
      invitation: { invited_by: "alice.wong", is_expired: false, mail: "shown" },
      may: { resend: true, withdraw: true },
    });
    expect(about("bella.ruiz")).toMatchObject({ account: "none", may: { invite: true, resend: false } });
    expect(about("frank.lee")).toMatchObject({ account: "suspended", may: { invite: false } });
    const { body } = await admin().get("/users/dave.kim1");
    expect(body).toMatchObject({ account: "invited", may: { resend: true, fields: expect.anything() } });
  });

  it.each([
    ["none", ["bella.ruiz"]],
    ["invited", ["dave.kim1", "erin.hall"]],
    ["active", ["alice.wong", "carol.diaz"]],
    ["suspended", ["frank.lee"]],
  ])("filters by %s", async (account, names) => {
    const page = await list({ account });
    expect(page.items.map(({ username }) => username)).toEqual(names);
    expect(page.total).toBe(names.length);
    const first = await list({ account, limit: "1" });
    expect(first.next === null).toBe(names.length === 1);
  });

  it("is not for people who look after users below somebody", async () => {
    const { body } = await world.as("carol.diaz").get("/users/carol.diaz");
    expect(body).toMatchObject({ account: "active", may: { send_password_link: false, invite: false } });
  });
});

describe("the phones of each user", () => {
  const seen = async (q: string) => (await list({ q })).items[0];

  it("are counted, and nobody can tell whether they are reachable without a live feed", async () => {
    expect(await seen("carol")).toMatchObject({ phones: { count: 1, reachable: null } });
    expect(await seen("dave")).toMatchObject({ phones: { count: 0, reachable: null } });
  });

  it("are reachable as the live feed says, and the list does not wait for it for long", async () => {
    const waits: unknown[] = [];
    const contact = { agent: "Phone", sinceMs: 0 };
    const phones = new Map([["carol-desk", { contacts: [contact] }]]);
    const hub = { phones: async (waitMs?: number) => (waits.push(waitMs), phones) } as unknown as LiveHub;
    Object.assign(world.services, { voice: { ...world.services.voice, hub } });
    expect(await seen("carol")).toMatchObject({ phones: { count: 1, reachable: 1 } });
    expect(await seen("alice")).toMatchObject({ phones: { count: 1, reachable: 0 } });
    expect(waits.every((waitMs) => Number(waitMs) <= 200)).toBe(true);
  });
});

describe("a user", () => {
  it("is shown with what happens to a call, in the words in which it is set up", async () => {
    const { body, headers } = await admin().get("/users/carol.diaz");
    expect(headers["etag"]).toBe('"rev-1"');
    expect(body).toMatchObject({
      username: "carol.diaz",
      name: "Carol Diaz",
      groups: [{ id: "sales", name: "sales", calls: true, voicemail: true }],
      call: {
        route: { to: "user:carol.diaz", ring: 20, press_1: null, after: "hangup" },
        sentences: [
          "Send the call to a user: Carol Diaz",
          "Press 1 to accept: phones outside only",
          "Ring for 20 seconds",
          "Then: hang up, and the caller is told that nobody answers",
        ],
      },
    });
  });

  it.each([
    ["carol.diaz", "carol.diaz", 200],
    ["carol.diaz", "dave.kim1", 403],
    ["bella.ruiz", "alice.wong", 403],
    ["alice.wong", "nobody", 404],
  ])("%s asks for %s: %i", async (asker, username, status) => {
    expect((await world.as(asker).get(`/users/${username}`)).status).toBe(status);
  });

  it("is added, with groups, as one revision", async () => {
    const body = {
      username: "gina.park",
      name: "Gina Park",
      extension: "auto",
      groups: ["sales"],
      admin: { billing: true },
    };
    const added = await admin().post("/users", { body });
    expect(added.status).toBe(201);
    expect(added.headers["location"]).toBe("/api/v1/users/gina.park");
    expect(added.body).toMatchObject({ outcome: "applied", revision: 2 });
    expect((await admin().get("/users/gina.park")).body).toMatchObject({
      extension: expect.stringMatching(/^\d+$/),
      groups: [{ id: "billing-admins" }, { id: "sales" }],
      admin: { billing: true },
      drift: { author: "alice.wong", revision: 2 },
    });
  });

  it("is refused with each faulty field, in the words of the check", async () => {
    const body = {
      username: "gina.park",
      name: "",
      extnsion: 5,
      devices: [{ id: "desk", sip: "carol-desk" }],
    };
    const { status, body: problem } = await admin().post("/users", { body });
    expect(status).toBe(422);
    expect(problem).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ field: "/name", code: "wrong_value" }),
        expect.objectContaining({ field: "/extnsion", code: "unknown_key", suggestion: "extension" }),
      ]),
    });
  });

  it.each([
    ["/users", { username: "carol.diaz", name: "Carol" }, 409, "exists", "/username"],
    [
      "/users",
      { username: "gina.park", name: "Gina", groups: ["sales", "no-such"] },
      404,
      "not_found",
      "/groups/1",
    ],
    ["/groups", { id: "sales", name: "Sales" }, 409, "exists", "/id"],
    ["/groups/sales/members", { user: "carol.diaz" }, 409, "exists", "/user"],
    ["/users/carol.diaz/devices", { id: "desk" }, 409, "exists", "/id"],
    ["/numbers", { number: "+12125550100", steps: [{ hangup: "busy" }] }, 409, "exists", "/number"],
  ])("to %s %j: the name at fault is told at its field", async (path, body, status, type, field) => {
    const answer = await admin().post(path, { body });
    expect([answer.status, answer.body]).toMatchObject([status, { type, errors: [{ field, code: type }] }]);
  });

  it("is refused in a group that does not exist", async () => {
    const body = { username: "gina.park", name: "Gina Park", groups: ["salse"] };
    const { status, body: problem } = await admin().post("/users", { body });
    expect(status).toBe(404);
    expect(problem).toMatchObject({ detail: expect.stringContaining("did you mean sales") });
  });

  it("is changed, and undone by null", async () => {
    const set = await admin().patch("/users/carol.diaz", { body: { extension: "103", hide_number: true } });
    expect(set.body).toMatchObject({ outcome: "applied", revision: 2 });
    expect((await admin().get("/users/carol.diaz")).body).toMatchObject({
      extension: "103",
      hide_number: true,
    });
    await admin().patch("/users/carol.diaz", { body: { extension: null } });
    expect((await admin().get("/users/carol.diaz")).body).not.toHaveProperty("extension");
  });

  it("becomes an administrator and is one no more, by a switch", async () => {
    await admin().patch("/users/carol.diaz", { body: { admin: { billing: true } } });
    expect((await admin().get("/users/carol.diaz")).body).toMatchObject({ admin: { billing: true } });
    const same = await admin().patch("/users/carol.diaz", { body: { admin: { billing: true } } });
    expect(same.body).toMatchObject({ outcome: "unchanged" });
    await admin().patch("/users/carol.diaz", { body: { admin: { billing: false } } });
    expect((await admin().get("/users/carol.diaz")).body).toMatchObject({ admin: { billing: false } });
  });

  it("is removed with a replacement, after a plan of what that one gets", async () => {
    const query = { replace_by: "dave.kim1", dry_run: "true" };
    const plan = await admin().delete("/users/carol.diaz", { query });
    expect(plan.body).toMatchObject({ outcome: "planned", revision: 1 });
    expect((await admin().delete("/users/carol.diaz", { query: { replace_by: "dave.kim1" } })).status).toBe(
      200,
    );
    expect((await admin().get("/users/carol.diaz")).status).toBe(404);
  });
});
