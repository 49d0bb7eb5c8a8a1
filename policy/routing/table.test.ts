/**
 * Goal: a table answers for its own revision, whatever newer revisions change. Method: random offices one after the
 * other; each is patched into the table as a difference and compared with a table made from scratch, and every older
 * table is asked again.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import { ENTITY_KINDS, entitiesOf, type OfficeChanges } from "../office/entities.js";
import type { Office } from "../office/office.js";
import { RoutingTable } from "./table.js";

describe("an empty table", () => {
  const table = RoutingTable.empty();
  it("is revision 0 and finds nothing", () => {
    expect(table.revision).toBe(0);
    expect(table.lookupNumber("+12125550100")).toBeUndefined();
    expect(table.lookupExtension("101")).toBeUndefined();
    expect(table.deviceBySip("alice-desk")).toBeUndefined();
  });
});

describe("looking up", () => {
  const [office] = fc.sample(officeArbitrary, 1);
  it("finds a number however it is dialled", () => {
    const number = { number: "+12125550100", leadsTo: null };
    const table = RoutingTable.of({ ...(office as Office), country: "US", numbers: [number] }, 1);
    for (const dialled of ["+12125550100", "2125550100", "12125550100", "sip:0012125550100@x;user=phone"]) {
      expect(table.lookupNumber(dialled)).toEqual(number);
    }
    expect(table.lookupNumber("+12125550101")).toBeUndefined();
  });
});

describe("a table followed by newer ones", () => {
  it("goes on answering for its own revision", () => {
    fc.assert(
      fc.property(fc.array(officeArbitrary, { minLength: 1, maxLength: 5 }), (offices) => {
        const tables = [RoutingTable.empty()];
        for (const [index, office] of offices.entries()) {
          const before = offices[index - 1];
          tables.push((tables.at(-1) as RoutingTable).next(difference(before, office), index + 1));
        }
        const everything = offices.flatMap((office) => questions(office));
        for (const [index, table] of tables.entries()) {
          const office = offices[index - 1];
          const fresh = office === undefined ? RoutingTable.empty() : RoutingTable.of(office, index);
          expect(table.revision).toBe(index);
          expect(table.isNewest).toBe(index === offices.length);
          expect(answers(table, everything)).toEqual(answers(fresh, everything));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is also made from a newer one that came first, whatever that one has become meanwhile", () => {
    fc.assert(
      fc.property(
        fc.array(officeArbitrary, { minLength: 2, maxLength: 5 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        (offices, picks) => {
          const everything = offices.flatMap((office) => questions(office));
          const newest = RoutingTable.of(offices.at(-1) as Office, offices.length);
          const tables = new Map([[offices.length, newest]]);
          for (const pick of picks) {
            const revision = 1 + (pick % offices.length);
            const from = Math.min(...[...tables.keys()].filter((other) => other >= revision));
            const changes = difference(offices[from - 1], offices[revision - 1] as Office);
            tables.set(revision, (tables.get(from) as RoutingTable).earlier(changes, revision));
          }
          newest.next(difference(offices.at(-1), offices[0] as Office), offices.length + 1);
          for (const [revision, table] of tables) {
            const fresh = RoutingTable.of(offices[revision - 1] as Office, revision);
            expect(table.revision).toBe(revision);
            expect(answers(table, everything)).toEqual(answers(fresh, everything));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("cannot be followed twice", () => {
    const table = RoutingTable.empty();
    const nothing = difference(undefined, undefined);
    table.next(nothing, 1);
    expect(() => table.next(nothing, 2)).toThrow(/newest/);
  });

  it("moves an extension from one user to another in one revision, and back", () => {
    const [sample] = fc.sample(officeArbitrary, 1);
    const base = { ...(sample as Office), groups: [], numbers: [], flows: {} };
    const user = (username: string, extension: string) => ({
      username,
      name: username,
      extension,
      devices: [],
      flow: [],
    });
    const first: Office = { ...base, users: [user("alice", "101"), user("bobby", "102")] };
    const second: Office = { ...base, users: [user("alice", "102"), user("bobby", "101")] };
    const one = RoutingTable.of(first, 1);
    const two = one.next(difference(first, second), 2);
    const owner = (table: RoutingTable, extension: string) => {
      const found = table.lookupExtension(extension);
      return found?.kind === "user" ? found.user.username : undefined;
    };
    expect([owner(one, "101"), owner(one, "102")]).toEqual(["alice", "bobby"]);
    expect([owner(two, "101"), owner(two, "102")]).toEqual(["bobby", "alice"]);
  });
});

interface Question {
  readonly what: "number" | "extension" | "user" | "group" | "flow" | "sip";
  readonly key: string;
}

function questions(office: Office): Question[] {
  const extensions = [...office.users, ...office.groups].flatMap(({ extension }) => extension ?? []);
  const sips = office.users.flatMap(({ devices }) =>
    devices.flatMap(({ at }) => (at.kind === "sip" ? at.name : [])),
  );
  return [
    ...office.numbers.map(({ number }) => ({ what: "number", key: number }) as const),
    ...office.users.map(({ username }) => ({ what: "user", key: username }) as const),
    ...office.groups.map(({ id }) => ({ what: "group", key: id }) as const),
    ...Object.keys(office.flows).map((key) => ({ what: "flow", key }) as const),
    ...extensions.map((key) => ({ what: "extension", key }) as const),
    ...sips.map((key) => ({ what: "sip", key }) as const),
  ];
}

function answers(table: RoutingTable, asked: readonly Question[]): unknown {
  const ask: { readonly [W in Question["what"]]: (key: string) => unknown } = {
    number: (key) => table.lookupNumber(key),
    extension: (key) => table.lookupExtension(key),
    user: (key) => table.user(key),
    group: (key) => table.group(key),
    flow: (key) => table.flow(key),
    sip: (key) => table.deviceBySip(key),
  };
  const found = asked.map(({ what, key }) => ask[what](key));
  return { found, settings: table.settings, carriers: new Map(table.carriers.map((c) => [c.id, c])) };
}

/** The difference of two offices, found the slow way. */
function difference(before: Office | undefined, after: Office | undefined): OfficeChanges {
  const changes = ENTITY_KINDS.map((kind) => {
    const old = new Map<string, unknown>(before === undefined ? [] : entitiesOf(before)[kind]);
    const now = new Map<string, unknown>(after === undefined ? [] : entitiesOf(after)[kind]);
    const keys = [...new Set([...old.keys(), ...now.keys()])];
    const differing = keys.filter((key) => JSON.stringify(old.get(key)) !== JSON.stringify(now.get(key)));
    return [kind, differing.map((key) => ({ key, value: now.get(key) }))];
  });
  return Object.fromEntries(changes);
}
