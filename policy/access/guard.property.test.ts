/**
 * Goal: no list of edits by anybody raises anybody's rights beyond those of who makes it, by any road, or changes who stands
 * above them. Method: random offices in which everybody has some rights, random people and keys that make random edits,
 * most of them about rights; what the guard lets pass is held to a plain count of rights before and after. The same for
 * whole offices, as tables and earlier revisions bring them.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { group, NUMBER, office, user } from "../../fixtures/core/scene.js";
import { makeEdits } from "../change/edits/make-edits.js";
import type { Edit } from "../change/edits/types.js";
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { PERMISSION_NAMES, type Permission } from "../office/permission-names.js";
import { exportUser } from "../office-file/export.js";
import type { KeyPower } from "./access.js";
import { guardChange } from "./guard.js";

const NAMES = ["alice", "bobby", "carol", "david", "erica"];
const GROUPS = [SYSTEM_ADMINS, BILLING_ADMINS, "sales"];
/** Rights of every kind: given by name, by both groups, by a number to show. */
const SOME: readonly Permission[] = [
  "users",
  "call_flows",
  "billing",
  "outside_calls",
  "account_settings",
  "no_answer",
];

const permissions = fc.dictionary(fc.constantFrom(...SOME), fc.boolean(), { maxKeys: 3 });
const somebody = fc.record({
  permissions,
  isSuspended: fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0),
  shows: fc.boolean(),
});

const anyOffice: fc.Arbitrary<Office> = fc
  .record({
    people: fc.array(somebody, { minLength: NAMES.length, maxLength: NAMES.length }),
    absent: fc.subarray(NAMES.slice(2), { maxLength: 1 }),
    members: fc.tuple(
      fc.subarray(NAMES, { maxLength: 2 }),
      fc.subarray(NAMES, { maxLength: 2 }),
      fc.subarray(NAMES),
    ),
    isFixed: fc.boolean(),
  })
  .map(({ people, absent, members, isFixed }) => {
    const users = NAMES.flatMap((name, index) => {
      const { permissions = {}, isSuspended = false, shows = false } = people[index] ?? {};
      if (absent.includes(name)) return [];
      return user(name, [], {
        // Somebody can change people and groups in most offices.
        ...(index === 0 ? { permissions: { users: true, call_flows: true, ...permissions } } : {}),
        ...(index > 0 && Object.keys(permissions).length > 0 ? { permissions } : {}),
        ...(isSuspended ? { suspended: true as const } : {}),
        ...(shows ? { outboundNumber: NUMBER } : {}),
      });
    });
    const present = (names: readonly string[]) => names.filter((name) => !absent.includes(name));
    return office([], {
      users,
      numbers: [{ number: NUMBER, leadsTo: null }],
      groups: GROUPS.map((id, index) => group(id, present(members[index] ?? []))),
      outsideCallerId: isFixed ? { kind: "fixed", number: NUMBER } : { kind: "caller" },
    });
  });

const name = fc.constantFrom(...NAMES, "fresh");
const memberList = fc.subarray([...NAMES, "fresh"]).map((names) => names.map((each) => ({ user: each })));
const fields = fc.oneof(
  fc.record({
    permissions: fc.dictionary(fc.constantFrom(...SOME), fc.constantFrom(true, false, null), {
      minKeys: 1,
      maxKeys: 2,
    }),
  }),
  fc.constantFrom(
    { suspended: true },
    { suspended: null },
    { outbound_number: NUMBER },
    { outbound_number: null },
    { permissions: null },
    { name: "X" },
    { email: "x@example.com" },
  ),
);
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ verb: fc.constant("set" as const), kind: fc.constant("user"), id: name, fields }),
  fc.record({
    verb: fc.constant("add" as const),
    kind: fc.constant("user"),
    id: fc.constant("fresh"),
    fields: fields.map((each) => ({ name: "Fresh", ...each })),
  }),
  fc.record({
    verb: fc.constant("remove" as const),
    kind: fc.constant("user"),
    id: name,
    options: fc.oneof(
      fc.constant({}),
      name.map((replaceBy) => ({ replaceBy })),
    ),
  }),
  fc
    .tuple(fc.constantFrom("add" as const, "set" as const), fc.constantFrom(...GROUPS), name)
    .map(([verb, id, who]) => ({
      verb,
      kind: "member",
      id: `${id}/${who}`,
      fields: verb === "add" ? {} : { calls: false },
    })),
  fc
    .tuple(fc.constantFrom(...GROUPS), name)
    .map(([id, who]) => ({ verb: "remove" as const, kind: "member", id: `${id}/${who}`, options: {} })),
  fc.record({
    verb: fc.constant("set" as const),
    kind: fc.constant("group"),
    id: fc.constantFrom(...GROUPS),
    fields: memberList.map((members) => ({ members })),
  }),
  fc.constantFrom<Edit>(
    { verb: "set", kind: "office", id: "", fields: { outside_caller_id: NUMBER } },
    { verb: "set", kind: "office", id: "", fields: { outside_caller_id: "caller" } },
    { verb: "add", kind: "group", id: "team", fields: { members: [{ user: "alice" }] } },
    { verb: "remove", kind: "group", id: "sales", options: { replaceBy: SYSTEM_ADMINS } },
  ),
);

const changers = fc.constantFrom("alice", "alice", "alice", ...NAMES);
const powers: fc.Arbitrary<readonly KeyPower[] | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.subarray<KeyPower>(["own", "system_admin", ...SOME]) },
);

/** Counted without the code under test: by name, else by groups, else by a number to show. */
function rightsIn(
  { users, groups, outsideCallerId }: Office,
  username: string,
  suspendedToo: boolean,
): string[] {
  const who = users.find((each) => each.username === username);
  if (who === undefined || (who.suspended === true && !suspendedToo)) return [];
  const isIn = (id: string) =>
    groups.find((each) => each.id === id)?.members.some((each) => each.username === username) === true;
  const byDefault = (permission: Permission) =>
    isIn(SYSTEM_ADMINS) ||
    (permission === "billing" && isIn(BILLING_ADMINS)) ||
    (permission === "outside_calls" &&
      (who.outboundNumber !== undefined || outsideCallerId.kind === "fixed"));
  return [
    ...(isIn(SYSTEM_ADMINS) ? ["system_admin"] : []),
    ...PERMISSION_NAMES.filter((each) => who.permissions?.[each] ?? byDefault(each)),
  ];
}

interface Case {
  readonly before: Office;
  readonly after: Office;
  readonly by: string;
  readonly keyPowers: readonly KeyPower[] | null;
}

function holdsTo({ before, after, by, keyPowers }: Case): void {
  const own = rightsIn(before, by, false);
  const isHeld = (right: string) =>
    own.includes(right) &&
    (keyPowers === null || right === "outside_calls" || keyPowers.some((each) => each === right));
  expect(own.length === 0 && before.users.find(({ username }) => username === by)?.suspended).not.toBe(true);
  for (const username of [...NAMES, "fresh"]) {
    for (const suspendedToo of [false, true]) {
      const had = rightsIn(before, username, suspendedToo);
      const gained = rightsIn(after, username, suspendedToo).filter((right) => !had.includes(right));
      expect(
        gained.filter((right) => !isHeld(right)),
        `${by} gives ${username}`,
      ).toEqual([]);
    }
    const isAbove = rightsIn(before, username, true).some(
      (right) => right !== "outside_calls" && !isHeld(right),
    );
    if (!isAbove || username === by) continue;
    const [was, is] = [before, after].map((each) => each.users.find((one) => one.username === username));
    expect(is && exportUser(is), `${by} changes ${username}`).toEqual(was && exportUser(was));
    const privileges = (each: Office) =>
      rightsIn(each, username, true).filter((right) => right !== "outside_calls");
    expect(privileges(after)).toEqual(privileges(before));
  }
}

const RUNS = { numRuns: 2_000 };

it("edits", () => {
  const counts = { made: 0, refused: 0, changesRights: 0 };
  fc.assert(
    fc.property(
      anyOffice,
      fc.array(anyEdit, { minLength: 1, maxLength: 3 }),
      changers,
      powers,
      (before, edits, by, keyPowers) => {
        const made = makeEdits(before, edits);
        if (!made.ok) return;
        const after = made.office;
        if (guardChange({ username: by, keyPowers }, { before, after, edits }) !== undefined) {
          counts.refused += 1;
          return;
        }
        counts.made += 1;
        const rights = (each: Office) => NAMES.map((username) => rightsIn(each, username, false));
        if (JSON.stringify(rights(before)) !== JSON.stringify(rights(after))) counts.changesRights += 1;
        holdsTo({ before, after, by, keyPowers });
      },
    ),
    RUNS,
  );
  expect(counts.refused).toBeGreaterThan(100);
  expect(counts.made).toBeGreaterThan(60);
  expect(counts.changesRights).toBeGreaterThan(20);
});

it("whole offices", () => {
  let made = 0;
  fc.assert(
    fc.property(anyOffice, anyOffice, changers, powers, (before, other, by, keyPowers) => {
      // Some of the other office, so that some changes are small.
      for (const after of [
        other,
        { ...before, groups: other.groups },
        {
          ...before,
          users: before.users.map((each, index) => (index === 0 ? (other.users[0] ?? each) : each)),
        },
      ]) {
        if (guardChange({ username: by, keyPowers }, { before, after }) !== undefined) continue;
        made += 1;
        holdsTo({ before, after, by, keyPowers });
      }
    }),
    RUNS,
  );
  expect(made).toBeGreaterThan(50);
});
