/**
 * Goal: after users and groups were added, removed or handed over, the office is valid and nothing leads to a removed
 * one. Method: random offices, in which flows lead to each other by name and by extension in every way but in circles.
 */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import { faultsOf } from "../../fixtures/offices/faults.js";
import { BUILT_IN_GROUPS } from "../office/built-in.js";
import type { NumberEntry, Office } from "../office/office.js";
import { same } from "../office/same.js";
import { targetsIn } from "../office/targets.js";
import { exportOffice } from "../office-file/export.js";
import { kindOf } from "../steps/registry.js";
import type { Edited } from "./edit.js";
import { addMembers, removeMembers, switchMembers } from "./groups.js";
import { removeGroup, removeUser } from "./hand-over.js";
import { flowsOf, means, membershipsOf, mentionsOf, type Somebody, somebody } from "./mentions.js";
import { addUsers, setSuspended } from "./users.js";

const RUNS = { numRuns: 100 };

/** An office and two different users or groups of it; a built-in group can only be the replacement. */
function pair(kind: Somebody["kind"]) {
  const idsOf = (office: Office) =>
    kind === "user" ? office.users.map(({ username }) => username) : ownGroups(office);
  return officeArbitrary
    .filter((office) => idsOf(office).length > (kind === "user" ? 1 : 0))
    .chain((office) => {
      const ids = idsOf(office);
      const heirs = kind === "user" ? ids : [...ids, ...BUILT_IN_GROUPS];
      return fc
        .tuple(fc.constantFrom(...ids), fc.constantFrom(...heirs))
        .filter(([gone, heir]) => gone !== heir)
        .map(([gone, heir]) => ({ office, gone, heir }));
    });
}

function ownGroups(office: Office): string[] {
  return office.groups.flatMap(({ id }) => (BUILT_IN_GROUPS.includes(id) ? [] : [id]));
}

function done(edited: Edited): Office {
  if (!edited.ok) throw new Error(`${edited.reason}: ${JSON.stringify(edited.faults)}`);
  return edited.office;
}

function existing(office: Office, kind: Somebody["kind"], id: string): Somebody {
  const who = somebody(office, kind, id);
  if (who === undefined) throw new Error(`nobody: ${id}`);
  return who;
}

function rings(entry: NumberEntry | undefined, who: Somebody): boolean {
  const steps = entry?.leadsTo?.kind === "steps" ? entry.leadsTo.steps : [];
  return steps.some((step) => step.kind === "ring" && means(step.target, who));
}

/**
 * Whether a refusal is the loop that a branch would close: a step that leads to the removed one and elsewhere cannot be
 * replaced by the removed one's own steps, so where the replacement's calls come by there, somebody has to decide.
 */
function isBranchLoop(edited: Edited, office: Office, who: Somebody): boolean {
  if (edited.ok || !(edited.faults ?? []).every(({ code }) => code === "loop")) return false;
  return [...flowsOf(office)].some(([, steps]) =>
    steps.some(
      (step) => kindOf(step).leads(step).length > 1 && targetsIn(step).some((target) => means(target, who)),
    ),
  );
}

describe("a removal with a replacement", () => {
  it.each(["user", "group"] as const)("leaves no dangling reference: a %s", (kind) => {
    fc.assert(
      fc.property(pair(kind), ({ office, gone, heir }) => {
        const remove = kind === "user" ? removeUser : removeGroup;
        const who = existing(office, kind, gone);
        const isSuspended = office.users.find(({ username }) => username === heir)?.suspended === true;
        const edited = remove(office, gone, heir);
        fc.pre(!isBranchLoop(edited, office, who));
        expect(edited.ok).toBe(!(kind === "user" && isSuspended));
        if (!edited.ok) return;
        const after = edited.office;
        expect(faultsOf(after)).toEqual([]);
        expect(somebody(after, kind, gone)).toBeUndefined();
        expect(mentionsOf(after, { kind, id: gone })).toEqual([]);
        expect(membershipsOf(after, gone)).toEqual([]);
        expect(after.numbers.map(({ number }) => number)).toEqual(office.numbers.map(({ number }) => number));
        // A number that rang the removed one rings the replacement.
        const to = existing(after, kind, heir);
        for (const [index, entry] of office.numbers.entries()) {
          if (rings(entry, who)) expect(rings(after.numbers[index], to)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("hands over what the replacement lacks, and takes nothing from it", () => {
    fc.assert(
      fc.property(pair("user"), ({ office, gone, heir }) => {
        const before = office.users.find(({ username }) => username === heir);
        const left = office.users.find(({ username }) => username === gone);
        fc.pre(before?.suspended !== true);
        const edited = removeUser(office, gone, heir);
        fc.pre(!isBranchLoop(edited, office, existing(office, "user", gone)));
        const after = done(edited).users.find(({ username }) => username === heir);
        expect(after?.extension).toBe(before?.extension ?? left?.extension);
        expect(after?.outboundNumber).toBe(before?.outboundNumber ?? left?.outboundNumber);
        expect(after?.devices).toEqual(before?.devices);
        expect(after?.permissions).toEqual(before?.permissions);
      }),
      RUNS,
    );
  });

  it("does not make the replacement an administrator, and adds nobody to a group twice", () => {
    fc.assert(
      fc.property(pair("user"), ({ office, gone, heir }) => {
        const edited = removeUser(office, gone, heir);
        fc.pre(edited.ok);
        const [before, left, after] = [
          membershipsOf(office, heir),
          membershipsOf(office, gone),
          membershipsOf(done(edited), heir),
        ];
        const inherited = left.filter((id) => !BUILT_IN_GROUPS.includes(id));
        expect(after).toEqual([...new Set([...before, ...inherited])].sort());
        for (const { members } of done(edited).groups) {
          expect(new Set(members.map(({ username }) => username)).size).toBe(members.length);
        }
      }),
      RUNS,
    );
  });
});

describe("a removal without a replacement", () => {
  it.each(["user", "group"] as const)("is refused while something leads to the removed one: a %s", (kind) => {
    fc.assert(
      fc.property(pair(kind), ({ office, gone }) => {
        const edited =
          kind === "user" ? removeUser(office, gone, undefined) : removeGroup(office, gone, undefined);
        const mentions = mentionsOf(office, existing(office, kind, gone));
        if (edited.ok) {
          expect(mentions).toEqual([]);
          expect(faultsOf(edited.office)).toEqual([]);
          expect(somebody(edited.office, kind, gone)).toBeUndefined();
        } else {
          expect(edited.faults.length).toBeGreaterThan(0);
          if (mentions.length > 0) expect(edited.faults.map(({ where }) => where)).toEqual(mentions);
        }
      }),
      RUNS,
    );
  });

  it.each(BUILT_IN_GROUPS)("is never possible for the built-in group %s", (id) => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        expect(removeGroup(office, id, undefined)).toMatchObject({ ok: false, faults: [] });
      }),
      { numRuns: 20 },
    );
  });
});

describe("there and back is where it began:", () => {
  it("added and removed", () => {
    fc.assert(
      fc.property(officeArbitrary, fc.boolean(), (office, autoExtension) => {
        const joins = [...ownGroups(office), "system-admins"].map((id) => ({
          id,
          members: [{ user: "zoe.new" }],
        }));
        const user = { username: "zoe.new", name: "Zoe", devices: [{ id: "desk", sip: "zoe-desk" }] };
        const added = done(addUsers(office, { users: [user], groups: joins }, { autoExtension }));
        expect(faultsOf(added)).toEqual([]);
        expect(membershipsOf(added, "zoe.new")).toEqual(joins.map(({ id }) => id).sort());
        expect(same(done(removeUser(added, "zoe.new", undefined)), office)).toBe(true);
      }),
      RUNS,
    );
  });

  it("suspended and resumed", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        const names = office.users.map(({ username }) => username);
        const none = done(setSuspended(office, names, false));
        const all = done(setSuspended(none, names, true));
        expect(all.users.every(({ suspended }) => suspended === true)).toBe(true);
        expect(same(done(setSuspended(all, names, false)), none)).toBe(true);
      }),
      RUNS,
    );
  });

  it("into a group and out of it; switched off for everybody and on", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        const id = "billing-admins";
        const outside = office.users
          .map(({ username }) => username)
          .filter((username) => !membershipsOf(office, username).includes(id));
        fc.pre(outside.length > 0);
        const within = done(
          addMembers(
            office,
            id,
            outside.map((user) => ({ user })),
          ),
        );
        expect(same(done(removeMembers(within, id, outside)), office)).toBe(true);
        const off = done(switchMembers(within, id, outside, { calls: false, voicemail: false }));
        expect(same(off, within)).toBe(false);
        expect(same(done(switchMembers(off, id, outside, { calls: true, voicemail: true })), within)).toBe(
          true,
        );
      }),
      RUNS,
    );
  });
});

describe("the offices of these tests", () => {
  it("have flows that lead to users and groups, so that a hand-over has circles to avoid", () => {
    const offices = fc.sample(officeArbitrary, 200);
    const sends = offices.flatMap((office) =>
      [...flowsOf(office)].filter(([title, steps]) => {
        const last = targetsIn(steps.at(-1));
        return title.startsWith("user") && last.some(({ kind }) => kind === "user" || kind === "extension");
      }),
    );
    expect(sends.length).toBeGreaterThan(20);
    expect(offices.every((office) => faultsOf(office).length === 0)).toBe(true);
    expect(offices.some((office) => exportOffice(office).groups !== undefined)).toBe(true);
  });
});
