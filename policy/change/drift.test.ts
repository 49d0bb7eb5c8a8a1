/**
 * Goal: fields that a command changed stay as they are live, all others are as the files say; a command that comes to the
 * files' word ends the drift. Method: random offices, one in the files and one live, and any of the fields that differ as
 * changed by command; then tables of single fields.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { office as sceneOffice, user } from "../../fixtures/core/scene.js";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import { ENTITY_KINDS, type EntityKind, entitiesOf } from "../office/entities.js";
import type { Group, Office, User } from "../office/office.js";
import { same } from "../office/same.js";
import type { OfficeFileContent } from "../office-file/export.js";
import { type DriftField, keepDrift } from "./drift.js";
import { driftAfter } from "./drift-after.js";
import { checkContents } from "./edit.js";
import {
  differ,
  differingFields,
  entityFile,
  type Fields,
  isOrder,
  joinEntity,
  NAME_KEYS,
  splitEntity,
  WHOLE_ENTITY,
} from "./fields.js";

const CAUSE = { revision: 2, author: "ben", message: "why", appliedMs: 1_700_000_000_000 };
const NOTHING_CHOSEN = { overwrites: [], keeps: [], cause: { ...CAUSE, revision: null } } as const;

interface Named {
  readonly kind: EntityKind;
  readonly key: string;
  readonly fields: Fields;
}

function entities(office: Office): ReadonlyMap<string, Named> {
  const all = entitiesOf(office);
  return new Map(
    ENTITY_KINDS.flatMap((kind) =>
      all[kind].map(([key, entity]): [string, Named] => [
        `${kind} ${key}`,
        { kind, key, fields: splitEntity(kind, entityFile(kind, key, entity)) },
      ]),
    ),
  );
}

/** The entities of a content by the same names; the order of the carriers is that of their list. */
function contentEntities(content: OfficeFileContent): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  const { office, flows = {}, ...lists } = content;
  found.set("settings office", splitEntity("settings", { ...office }));
  for (const [id, steps] of Object.entries(flows)) found.set(`flows ${id}`, splitEntity("flows", { steps }));
  for (const [section, entries] of Object.entries(lists))
    for (const entry of entries as readonly Record<string, unknown>[]) {
      const kind = ENTITY_KINDS.find((each) => each === section) ?? "sections";
      const id = String(entry[NAME_KEYS[kind] ?? "id"]);
      found.set(
        kind === "sections" ? `sections ${section}:${id}` : `${kind} ${id}`,
        splitEntity(kind, entry),
      );
    }
  return found;
}

function drifting(kind: EntityKind, key: string, field: string): DriftField {
  return { kind, key, field, ...CAUSE, word: {} };
}

/** All that differs between two offices, as fields. */
function differences(files: Office, live: Office): DriftField[] {
  const [wanted, there] = [entities(files), entities(live)];
  return [...new Set([...wanted.keys(), ...there.keys()])].flatMap((name) => {
    const [from, to] = [wanted.get(name), there.get(name)];
    const { kind, key } = from ?? to ?? { kind: "settings" as const, key: "" };
    if (from === undefined || to === undefined) return [drifting(kind, key, WHOLE_ENTITY)];
    return differingFields(kind, from.fields, to.fields).map((field) => drifting(kind, key, field));
  });
}

/** Stored settings name the carriers only where their order is not that of their ids, so that order is left out. */
function names(rows: readonly DriftField[]): string[] {
  const all = rows.map(({ kind, key, field }) => `${kind} ${key} ${field}`);
  return all.filter((name) => name !== "settings office carriers").sort();
}

describe("an entity's fields", () => {
  it("put together again are the entity", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        for (const kind of ENTITY_KINDS)
          for (const [key, entity] of entitiesOf(office)[kind]) {
            const file = entityFile(kind, key, entity);
            expect(joinEntity(kind, key, splitEntity(kind, file))).toEqual(file);
          }
      }),
      { numRuns: 50 },
    );
  });
});

describe("drift", () => {
  it("is kept, and nothing else is", () => {
    fc.assert(
      fc.property(officeArbitrary, officeArbitrary, fc.infiniteStream(fc.boolean()), (files, live, coin) => {
        const all = differences(files, live);
        const drift = all.filter(() => coin.next().value);
        const { content, kept } = keepDrift(files, live, drift, NOTHING_CHOSEN);
        expect(names(kept)).toEqual(names(drift));
        if (content === undefined) return;
        const [result, wanted, there] = [contentEntities(content), entities(files), entities(live)];
        for (const [name, { kind, key, fields }] of new Map([...wanted, ...there])) {
          const isKept = (field: string) =>
            kept.some((each) => `${each.kind} ${each.key} ${each.field}` === `${kind} ${key} ${field}`);
          const source = isKept(WHOLE_ENTITY) ? there.get(name) : wanted.get(name);
          const found = result.get(name);
          expect(found === undefined, name).toBe(source === undefined);
          if (found === undefined || source === undefined) continue;
          for (const field of new Set([...fields.keys(), ...found.keys()])) {
            const isLive = isKept(field) && there.get(name) !== undefined;
            const from = isLive ? (there.get(name)?.fields ?? new Map()) : source.fields;
            if (isOrder(kind, field)) {
              if (kind !== "settings")
                expect(differ(kind, from, found, field), `${name} ${field}`).toBe(false);
            } else expect(same(found.get(field), from.get(field)), `${name} ${field}`).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("of everything is the live office", () => {
    fc.assert(
      fc.property(officeArbitrary, officeArbitrary, (files, live) => {
        const { content } = keepDrift(files, live, differences(files, live), NOTHING_CHOSEN);
        if (content === undefined) return expect(files).toEqual(live);
        expect(checkContents([content], "")).toEqual({ ok: true, office: live });
      }),
      { numRuns: 50 },
    );
  });

  it("does not exist where files and live office are the same", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        const all = [...entities(office).values()].flatMap(({ kind, key, fields }) =>
          [WHOLE_ENTITY, ...fields.keys()].map((field) => drifting(kind, key, field)),
        );
        expect(keepDrift(office, structuredClone(office), all, NOTHING_CHOSEN)).toEqual({
          content: undefined,
          kept: [],
        });
      }),
      { numRuns: 30 },
    );
  });
});

const BASE = sceneOffice([{ kind: "hangup", reason: "busy" }], {
  users: [user("alice", []), user("bobby", []), user("carol", []), user("davey", [])],
});

function team(...members: string[]): Office {
  const group: Group = {
    id: "team",
    name: "team",
    strategy: "in_order",
    members: members.map((username) => ({
      username,
      delayMs: 0,
      ringMs: null,
      calls: true,
      voicemail: true,
    })),
    flow: [{ kind: "hangup", reason: "busy" }],
  };
  return { ...BASE, groups: [group] };
}

describe("the members of a group", () => {
  it.each([
    // files, live, what drifts, the members then
    [["alice", "bobby"], ["alice", "bobby", "carol"], ["members.carol"], ["alice", "bobby", "carol"]],
    [
      ["davey", "alice", "bobby"],
      ["alice", "carol", "bobby"],
      ["members.carol"],
      ["davey", "alice", "carol", "bobby"],
    ],
    [["bobby", "alice"], ["carol", "alice", "bobby"], ["members.carol"], ["carol", "bobby", "alice"]],
    [["alice", "bobby", "davey"], ["alice", "bobby"], ["members.davey"], ["alice", "bobby"]],
    [["alice", "bobby", "carol"], ["bobby", "alice"], ["members"], ["bobby", "carol", "alice"]],
    [["alice", "bobby"], ["bobby", "alice", "davey"], ["members"], ["bobby", "alice"]],
  ])("%j in the files and %j live, of which %j drifts, are %j", (files, live, fields, then) => {
    const drift = fields.map((field) => drifting("groups", "team", field));
    const { content } = keepDrift(team(...files), team(...live), drift, NOTHING_CHOSEN);
    expect(content?.groups?.[0]?.members?.map((member) => member.user)).toEqual(then);
  });
});

const ALICE = user("alice", []);
const changed = (was: unknown, is: unknown, rows: readonly DriftField[] = [], revision = 2) =>
  driftAfter({ kind: "users", key: "alice", before: was, after: is }, rows, { ...CAUSE, revision });
const summary = (rows: readonly DriftField[]) =>
  rows.map(({ field, revision }) => `${field} ${revision}`).sort();

describe("after a command", () => {
  const suspended: User = { ...ALICE, suspended: true };
  const moved: User = { ...suspended, extension: "104" };

  it("the fields that it changed drift, each with its own change", () => {
    const first = changed(ALICE, suspended);
    expect(first).toEqual([{ ...drifting("users", "alice", "suspended"), word: {} }]);
    expect(summary(changed(suspended, moved, first, 3))).toEqual(["extension 3", "suspended 2"]);
  });

  it("a field that is set back by hand drifts no more", () => {
    const both = changed(suspended, moved, changed(ALICE, suspended), 3);
    expect(summary(changed(moved, { ...ALICE, extension: "104" }, both, 4))).toEqual(["extension 3"]);
    expect(changed(moved, ALICE, both, 4)).toEqual([]);
  });

  it("a member that is taken out and put in again drifts where its place is another one", () => {
    const groupOf = (...members: string[]) => team(...members).groups[0];
    const change = (was: unknown, is: unknown, rows: readonly DriftField[]) =>
      driftAfter({ kind: "groups", key: "team", before: was, after: is }, rows, CAUSE);
    const out = change(groupOf("alice", "bobby", "carol"), groupOf("alice"), []);
    expect(summary(out)).toEqual(["members.bobby 2", "members.carol 2"]);
    expect(change(groupOf("alice"), groupOf("alice", "bobby", "carol"), out)).toEqual([]);
    expect(summary(change(groupOf("alice"), groupOf("alice", "carol", "bobby"), out))).toEqual(["members 2"]);
  });

  it("an entity that it added or removed drifts as a whole, until it is as before", () => {
    const added = changed(undefined, ALICE);
    expect(added).toEqual([{ ...drifting("users", "alice", WHOLE_ENTITY), word: {} }]);
    expect(summary(changed(ALICE, suspended, added, 3))).toEqual([" 3"]);
    expect(changed(ALICE, undefined, added, 3)).toEqual([]);
    const removed = changed(suspended, undefined, changed(ALICE, suspended), 3);
    expect(summary(removed)).toEqual([" 3"]);
    expect(changed(undefined, ALICE, removed, 4)).toEqual([]);
    expect(summary(changed(undefined, moved, removed, 4))).toEqual(["extension 4", "suspended 4"]);
  });

  it("of which the files' word is not known, all of the entity drifts until files are applied", () => {
    const { word: _word, ...old } = drifting("users", "alice", WHOLE_ENTITY);
    const rows = changed(suspended, moved, [old], 3);
    expect(summary(rows)).toEqual([" 2", "extension 3"]);
    const [files, live] = [ALICE, moved].map((each): Office => ({ ...BASE, users: [each] }));
    if (files === undefined || live === undefined) throw new Error("no offices");
    const { kept } = keepDrift(files, live, rows, NOTHING_CHOSEN);
    expect(summary(kept)).toEqual(["extension 3", "suspended 2"]);
    expect(kept.every(({ word }) => same(word, {}))).toBe(true);
  });

  it("the drift is what differs from the files, whatever happened in between", () => {
    fc.assert(
      fc.property(fc.array(officeArbitrary, { minLength: 2, maxLength: 4 }), ([files, ...later]) => {
        if (files === undefined) return;
        let [live, drift] = [files, [] as readonly DriftField[]];
        for (const next of later) {
          const [was, is] = [live, next].map((office) => entitiesOf(office));
          drift = ENTITY_KINDS.flatMap((kind) => {
            const [before, then] = [
              new Map<string, unknown>(was?.[kind]),
              new Map<string, unknown>(is?.[kind]),
            ];
            const noted = drift.filter((row) => row.kind === kind).map(({ key }) => key);
            return [...new Set([...before.keys(), ...then.keys(), ...noted])].flatMap((key) => {
              const rows = drift.filter((row) => row.kind === kind && row.key === key);
              const change = { kind, key, before: before.get(key), after: then.get(key) };
              return same(change.before, change.after) ? rows : driftAfter(change, rows, CAUSE);
            });
          });
          live = next;
        }
        expect(names(drift)).toEqual(names(differences(files, live)));
        expect(names(keepDrift(files, live, drift, NOTHING_CHOSEN).kept)).toEqual(names(drift));
      }),
      { numRuns: 100 },
    );
  });
});

describe("what the operator decides", () => {
  const files = team("alice", "bobby");
  const bobby = (part: Partial<User>) =>
    BASE.users.map((each) => (each.username === "bobby" ? { ...each, ...part } : each));
  const live: Office = { ...team("bobby", "carol"), users: bobby({ name: "Bob", extension: "104" }) };
  const all = differences(files, live);
  const ref = (kind: EntityKind, key: string, field: string) => ({ kind, key, field });

  it.each([
    [{ overwrites: true as const }, []],
    [{ overwrites: [ref("users", "bobby", "name")] }, ["extension", "members.alice", "members.carol"]],
    [{ overwrites: [ref("users", "bobby", "")] }, ["members.alice", "members.carol"]],
    [{ overwrites: [ref("groups", "team", "members")] }, ["extension", "name"]],
    [{ overwrites: [ref("groups", "team", "members.carol")] }, ["extension", "members.alice", "name"]],
    [{ overwrites: true as const, keeps: [ref("users", "bobby", "name")] }, ["name"]],
  ])("%j leaves %j", (choice, fields) => {
    const { kept } = keepDrift(files, live, all, { ...NOTHING_CHOSEN, ...choice });
    expect(kept.map(({ field }) => field).sort()).toEqual(fields);
  });

  it("to keep has the operator as its cause, if no command changed it", () => {
    const keeps = [ref("users", "bobby", "")];
    const { kept } = keepDrift(files, live, [drifting("users", "bobby", "name")], {
      ...NOTHING_CHOSEN,
      keeps,
    });
    expect(kept.map(({ field, revision }) => [field, revision]).sort()).toEqual([
      ["extension", null],
      ["name", 2],
    ]);
  });
});
