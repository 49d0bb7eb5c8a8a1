/**
 * Goal: System Admins see who did what, everybody else what they did and what was done about them; the list, its pages and
 * the table have the same entries. Method: the API, asked as several people.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type WebWorld, webWorld } from "../../../../fixtures/web/world.js";

let world: WebWorld;
beforeAll(async () => {
  world = await webWorld();
  for (const [index, actor] of ["carol.diaz", "dave.kim1", "carol.diaz"].entries())
    await world.store.audit.add({
      ...{ atMs: world.nowMs() + index, actor, key: null, address: "203.0.113.9", action: "signed_in" },
      subject: null,
      detail: { device: "=cmd" },
    });
  await world.store.audit.add({
    ...{ atMs: world.nowMs() + 9, actor: null, key: null, address: "198.51.100.7", action: "sign_in_failed" },
    subject: "user:carol.diaz",
    detail: {},
  });
});
afterAll(() => world.close());

interface Listed {
  readonly items: readonly { readonly id: number; readonly actor: string | null; readonly action: string }[];
  readonly next: string | null;
}
const list = async (username: string, query: Record<string, string> = {}) => {
  const { status, body } = await world.as(username).get("/audit", { query });
  return { status, ...(body as Listed) };
};
const actions = ({ items }: Listed) => items.map(({ action }) => action);

it.each([
  ["alice.wong", {}, ["sign_in_failed", "signed_in", "signed_in", "signed_in", "office_changed"]],
  ["carol.diaz", {}, ["sign_in_failed", "signed_in", "signed_in"]],
  ["erin.hall", {}, []],
  ["dave.kim1", { actor: "carol.diaz" }, []],
  ["alice.wong", { actor: "carol.diaz" }, ["signed_in", "signed_in"]],
  ["alice.wong", { subject: "user:carol.diaz" }, ["sign_in_failed"]],
  ["alice.wong", { action: "office_changed" }, ["office_changed"]],
  ["alice.wong", { until: "2026-11-30T14:00:00Z" }, []],
])("%s asks with %j", async (username, query, expected) => {
  const listed = await list(username, query);
  expect(listed.status).toBe(200);
  expect(actions(listed)).toEqual(expected);
});

it("comes in pages that leave nothing out", async () => {
  const ids: number[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page: Listed = await list("alice.wong", { limit: "2", ...(after === "" ? {} : { after }) });
    expect(page.items.length).toBeGreaterThan(0);
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
  }
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect(ids).toHaveLength(5);
});

it.each([
  [null, [] as const, 401],
  ["frank.lee", null, 403],
  ["alice.wong", ["own"], 200],
  ["alice.wong", ["users"], 403],
  ["alice.wong", ["system_admin"], 200],
] as const)("%s with the powers %j: %i", async (username, powers, status) => {
  expect((await world.as(username, powers ?? undefined).get("/audit")).status).toBe(status);
});

it("a change by the API has an entry with who, from where and with which key", async () => {
  // Written by the route that changes the office; here by the use case that all of them call.
  const { editOfficeBy } = await import("../../../office/changes/edits.js");
  const { changerOf } = await import("../actor.js");
  const { auditOf } = await import("../audit-of.js");
  const live = await world.services.live();
  if ("outcome" in live) throw new Error("no office");
  const user = live.table.user("alice.wong");
  if (user === undefined) throw new Error("no user");
  const via = { kind: "key", keyId: "k", keyName: "sync" } as const;
  const actor = { user, office: live.table, keyPowers: ["users" as const], via };
  await editOfficeBy(
    world.services.deps,
    {
      author: "alice.wong (key sync)",
      changer: changerOf(actor),
      origin: auditOf({ actor, address: "203.0.113.50" }),
    },
    [{ verb: "set", kind: "user", id: "erin.hall", fields: { name: "Erin H." } }],
  );
  expect((await list("alice.wong", { limit: "1" })).items[0]).toMatchObject({
    ...{ actor: "alice.wong", key: "sync", address: "203.0.113.50", action: "office_changed" },
    what: "changed the office",
    subject: "user:erin.hall",
    detail: { way: "api", by: "alice.wong (key sync)", entries: ["user:erin.hall"] },
  });
});
