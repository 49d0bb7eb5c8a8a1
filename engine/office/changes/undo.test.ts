/**
 * Goal: an undo takes back what one revision changed and nothing else, is refused where it would take a later change with
 * it, and is for whoever may make the change. Method: the sample office on a real database, and random edits.
 */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import { drawsOf } from "../../../fixtures/offices/layouts.js";
import { acmeOffice, emptyOffice, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import { randomEdit } from "../../../fixtures/offices/random-edits.js";
import { diffOffices } from "../../../policy/change/diff.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import { entitiesOf } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { editOfficeBy } from "./edits.js";
import { makeFirstPassword } from "./phone-passwords.js";
import { undoRevision } from "./undo.js";

let live: LiveOffice;
beforeEach(async () => {
  live = await acmeOffice();
});
afterEach(() => live.close());

const SHELL = { author: "shell" };
const by = (username: string) => ({ author: username, changer: { username, keyPowers: null } });
const set = (id: string, fields: object): Edit => ({
  verb: "set",
  kind: "user",
  id,
  fields: { ...fields },
});

/** Makes edits, as one revision. */
async function make(edits: readonly Edit[], asked: object = SHELL): Promise<number> {
  const made = await editOfficeBy(live.deps, { author: "shell", ...asked }, edits);
  expect(made, JSON.stringify(made)).toMatchObject({ outcome: "applied" });
  return "revision" in made ? made.revision : 0;
}

const undo = (revision: number, asked: object = SHELL) =>
  undoRevision(live.deps, { author: "shell", ...asked, revision });

describe("what is taken back", () => {
  it.each<readonly [what: string, edits: readonly Edit[]]>([
    ["a field", [set("carol.diaz", { location: "Room 1" })]],
    ["several entries", [set("carol.diaz", { location: "Room 1" }), set("bob.stone", { extension: null })]],
    ["a new user", [{ verb: "add", kind: "user", id: "dana.reed", fields: { name: "Dana" } }]],
    ["a new group's id", [{ verb: "rename", kind: "group", id: "billing", to: "selling" }]],
    ["a device", [{ verb: "remove", kind: "device", id: "bob.stone/desk", options: {} }]],
    ["a device's id", [{ verb: "rename", kind: "device", id: "bob.stone/desk", to: "table" }]],
    [
      "a removal with a replacement",
      [{ verb: "remove", kind: "user", id: "bob.stone", options: { replaceBy: "carol.diaz" } }],
    ],
    ["settings", [{ verb: "set", kind: "office", id: "", fields: { name: "Acme & Sons" } }]],
  ])("%s, and only that", async (_what, edits) => {
    const before = await live.office();
    const revision = await make(edits);
    const after = await live.office();
    const other = await make([
      { verb: "add", kind: "flow", id: "later", fields: { steps: [{ hangup: "busy" }] } },
    ]);

    const planned = await undo(revision, { ...SHELL, dryRun: true });
    expect(planned).toMatchObject({ outcome: "planned", revision: other });

    expect(await undo(revision)).toMatchObject({ outcome: "applied", revision: other + 1 });
    const later = { later: [{ kind: "hangup", reason: "busy" }] };
    expect(entriesIn(await live.office())).toEqual(
      entriesIn({ ...before, flows: { ...before.flows, ...later } as never }),
    );
    expect(await live.deps.store.history(1)).toMatchObject([{ message: `undo revision ${revision}` }]);
    expect(await undo(revision)).toMatchObject({ outcome: "unchanged" });

    expect(await undo(other + 1)).toMatchObject({ outcome: "applied" });
    expect(entriesIn(await live.office())).toEqual(
      entriesIn({ ...after, flows: { ...after.flows, ...later } as never }),
    );
  });

  it("several revisions of one entry, the last first", async () => {
    const before = await live.office();
    const [first, second] = [
      await make([set("carol.diaz", { location: "Room 1" })]),
      await make([set("carol.diaz", { location: "Room 2" })]),
    ];
    await undo(second);
    expect(await undo(first)).toMatchObject({ outcome: "applied" });
    expect(entriesIn(await live.office())).toEqual(entriesIn(before));
  });

  it("the PIN of somebody who was removed", async () => {
    const pinOf = (username: string) => live.deps.store.mailboxAccess.pinOf(username);
    await live.deps.store.mailboxAccess.setPin("carol.diaz", "hash", 1);
    const removed = await make([
      { verb: "remove", kind: "user", id: "carol.diaz", options: { replaceBy: "alice.wong" } },
    ]);
    expect(await pinOf("carol.diaz")).toMatchObject({ isSet: false });
    await undo(removed);
    expect(await pinOf("carol.diaz")).toMatchObject({ isSet: true });
  });

  it("a phone that was added cannot sign in any more", async () => {
    const added = await make([
      { verb: "add", kind: "device", id: "carol.diaz/lobby", fields: { sip: "carol-lobby" } },
    ]);
    const wanted = { username: "carol.diaz", id: "lobby", author: "shell", domain: "acme.test" };
    expect(await makeFirstPassword(live.deps, wanted)).toMatchObject({ outcome: "made" });
    await undo(added);
    expect(await live.deps.store.credentialOf("carol-lobby")).toBeUndefined();
  });
});

describe("an undo is refused", () => {
  it.each<readonly [what: string, first: Edit, then: Edit, entry: object]>([
    [
      "the same field was changed again",
      set("carol.diaz", { location: "Room 1" }),
      set("carol.diaz", { location: "Room 2" }),
      { kind: "user", id: "carol.diaz" },
    ],
    [
      "the entry was changed again",
      set("carol.diaz", { location: "Room 1" }),
      set("carol.diaz", { email: "carol@example.org" }),
      { kind: "user", id: "carol.diaz" },
    ],
    [
      "the entry is gone",
      set("carol.diaz", { location: "Room 1" }),
      { verb: "remove", kind: "user", id: "carol.diaz", options: { replaceBy: "alice.wong" } },
      { kind: "user", id: "carol.diaz" },
    ],
    [
      "what was renamed was renamed again",
      { verb: "rename", kind: "group", id: "billing", to: "selling" },
      { verb: "rename", kind: "group", id: "selling", to: "sellers" },
      { kind: "group", id: "selling" },
    ],
    [
      "another has the old id now",
      { verb: "rename", kind: "group", id: "billing", to: "selling" },
      {
        verb: "add",
        kind: "group",
        id: "billing",
        fields: { name: "Billing", members: [{ user: "alice.wong" }] },
      },
      { kind: "group", id: "billing" },
    ],
  ])("when %s", async (_what, first, then, entry) => {
    const revision = await make([first]);
    const later = await make([then], { author: "eve", message: "because" });
    const live1 = await live.office();
    for (const dryRun of [true, false])
      expect(await undo(revision, { ...SHELL, dryRun })).toMatchObject({
        outcome: "changed_since",
        entries: [{ ...entry, revision: later, author: "eve", message: "because" }],
      });
    expect(await live.office()).toEqual(live1);
  });

  it("when what comes back does not fit any more, and says where", async () => {
    const revision = await make([set("dan.okafor", { extension: null })]);
    await make([
      {
        verb: "add",
        kind: "group",
        id: "fresh",
        fields: { name: "Fresh", extension: "104", members: [{ user: "alice.wong" }] },
      },
    ]);
    const ended = await undo(revision);
    expect(ended).toMatchObject({ outcome: "refused", cause: "checks_failed" });
    expect("faults" in ended && ended.faults[0]?.message).toMatch(/104/);
  });

  it("when messages are in the mailbox of a user who was added", async () => {
    const revision = await make([{ verb: "add", kind: "user", id: "dana.reed", fields: { name: "Dana" } }]);
    const message = {
      id: "11111111-0000-4000-8000-000000000001",
      box: "user:dana.reed",
      call: "c",
      beganMs: 1,
    };
    await live.deps.store.voicemail.open([
      { ...message, callerNumber: "+19175550144", callerName: "", called: "101" },
    ]);
    expect(await undo(revision)).toMatchObject({ outcome: "has_messages" });
  });

  it.each([
    [0, "not_found"],
    [1, "senseless"],
    [9, "not_found"],
  ])("revision %i: %s", async (revision, cause) => {
    expect(await undo(revision)).toMatchObject({ outcome: "refused", cause });
  });

  it("when another revision than the expected one is live", async () => {
    const revision = await make([set("carol.diaz", { location: "Room 1" })]);
    expect(await undo(revision, { ...SHELL, expect: 1 })).toMatchObject({ outcome: "conflict" });
  });
});

describe("who may undo", () => {
  const ownCell = {
    verb: "add",
    kind: "device",
    id: "carol.diaz/cell",
    fields: { phone: "+19175550155" },
  } as const;
  const withoutCell: Edit = { verb: "remove", kind: "device", id: "carol.diaz/cell", options: {} };
  beforeEach(async () => {
    await make([
      { verb: "add", kind: "member", id: "system-admins/alice.wong", fields: {} },
      set("bob.stone", { permissions: { users: true, outside_calls: true } }),
    ]);
  });

  it.each<readonly [what: string, edits: readonly Edit[], made: string, by: string, outcome: object]>([
    ["one's own profile", [set("carol.diaz", { location: "Room 1" })], "carol.diaz", "carol.diaz", {}],
    ["what others changed of it", [set("carol.diaz", { location: "Room 1" })], "shell", "carol.diaz", {}],
    [
      "somebody else's",
      [set("alice.wong", { location: "Room 1" })],
      "alice.wong",
      "carol.diaz",
      { cause: "not_allowed", needs: "users" },
    ],
    [
      "one's own suspension",
      [set("carol.diaz", { permissions: { numbers: true } })],
      "shell",
      "carol.diaz",
      { cause: "not_allowed", needs: "users" },
    ],
    [
      "somebody's above",
      [set("alice.wong", { location: "Room 1" })],
      "shell",
      "bob.stone",
      { cause: "not_allowed", needs: "system_admin" },
    ],
    [
      "the end of an administrator",
      [
        { verb: "add", kind: "member", id: "system-admins/carol.diaz", fields: {} },
        { verb: "remove", kind: "member", id: "system-admins/alice.wong", options: {} },
      ],
      "shell",
      "bob.stone",
      { cause: "not_allowed", needs: "system_admin" },
    ],
  ])("%s", async (_what, edits, made, who, outcome) => {
    const revision = await make(edits, { author: made });
    for (const dryRun of [true, false])
      expect(await undo(revision, { ...by(who), dryRun })).toMatchObject(
        "cause" in outcome ? outcome : { outcome: dryRun ? "planned" : "applied" },
      );
  });

  it("an own outside phone comes back to the person who removed it, and not after others have", async () => {
    await make([ownCell]);
    const own = await make([withoutCell], { author: "carol.diaz" });
    expect(await undo(own, by("carol.diaz"))).toMatchObject({ outcome: "applied" });
    const others = await make([withoutCell], { author: "bob.stone" });
    expect(await undo(others, by("carol.diaz"))).toMatchObject({ cause: "not_allowed", needs: "users" });
    expect(await undo(others, by("bob.stone"))).toMatchObject({ outcome: "applied" });
  });

  it("who may not is told nothing of what was changed since", async () => {
    const revision = await make([set("bob.stone", { location: "Room 1" })]);
    await make([set("bob.stone", { location: "Room 2" })]);
    expect(await undo(revision, by("carol.diaz"))).toMatchObject({ cause: "not_allowed" });
  });
});

it("undoes any edit, whatever was edited elsewhere since, and makes it again", async () => {
  let [undone, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(officeArbitrary, drawsOf(fc), async (office, draw) => {
      const random = await emptyOffice();
      try {
        const { deps } = random;
        await deps.store.applyOffice(office, { author: "ann", message: "", sourceHash: "00", nowMs: 1 });
        for (let count = 8; count > 0; count -= 1) {
          const before = await random.office();
          const edit = randomEdit(before, draw);
          if (edit === undefined) continue;
          const made = await editOfficeBy(deps, SHELL, [edit]);
          if (made.outcome !== "applied") continue;
          const after = await random.office();
          const ended = await undoRevision(deps, { ...SHELL, revision: made.revision });
          expect(ended.outcome, JSON.stringify(edit)).toBe("applied");
          expect(await random.office(), JSON.stringify(edit)).toEqual(before);
          const redone = await undoRevision(deps, { ...SHELL, revision: made.revision + 1 });
          expect(redone.outcome, JSON.stringify(edit)).toBe("applied");
          expect(await random.office(), JSON.stringify(edit)).toEqual(after);
          undone += 1;
          const other = randomEdit(after, draw);
          if (other === undefined || (await editOfficeBy(deps, SHELL, [other])).outcome !== "applied")
            continue;
          const left = await random.office();
          const later = await undoRevision(deps, { ...SHELL, revision: made.revision });
          if (later.outcome === "applied")
            expectOnly([left, await random.office()], [before, after], [edit, other]);
          else {
            refused += 1;
            expect(await random.office()).toEqual(left);
          }
        }
      } finally {
        await random.close();
      }
    }),
    { numRuns: 10, endOnFailure: true },
  );
  expect(undone).toBeGreaterThan(15);
  expect(refused).toBeGreaterThan(0);
}, 120_000);

/** An undo touches no entry that the revision did not touch; what is renamed touches whatever names it. */
function expectOnly([left, now]: Offices, [before, after]: Offices, edits: readonly Edit[]): void {
  if (edits.some(({ verb }) => verb === "rename")) return;
  const touched = namesOfChanged(before, after);
  for (const name of namesOfChanged(left, now)) expect(touched).toContain(name);
}

type Offices = readonly [before: Office, after: Office];

function namesOfChanged(...[before, after]: Offices): string[] {
  return diffOffices(before, after).map(({ kind, key }) => `${kind} ${key}`);
}

function entriesIn(office: Office) {
  const entities = entitiesOf(office);
  return Object.fromEntries(
    Object.entries(entities).map(([kind, all]) => [
      kind,
      [...(all as readonly (readonly [string, unknown])[])].sort(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  );
}
