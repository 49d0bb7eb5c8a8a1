/**
 * Goal: a kind of step may add a section to the office file; code that knows no section by name reads, checks, exports,
 * stores, compares, shows and looks up its entries. Method: a kind that exists only here, `tide`, is added to the list
 * of kinds; its steps ask an entry of `tides` whether the water is high.
 */

import type fc from "fast-check";
import fastCheck from "fast-check";
import { expect, it, vi } from "vitest";
import { z } from "zod";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import { faultsOf } from "../../../fixtures/offices/faults.js";
import { diffOffices } from "../../../policy/change/diff.js";
import { keepDrift } from "../../../policy/change/drift.js";
import { removeUser } from "../../../policy/change/hand-over.js";
import { mentionsOf } from "../../../policy/change/mentions.js";
import { emptyMoment, Reach } from "../../../policy/change/reach.js";
import { entitiesOf, NO_CHANGES } from "../../../policy/office/entities.js";
import type { Office, SectionEntity } from "../../../policy/office/office.js";
import { given, mapped } from "../../../policy/office/optional.js";
import type { Target } from "../../../policy/office/target.js";
import { exportOffice } from "../../../policy/office-file/export.js";
import { resolveOffice } from "../../../policy/office-file/resolve.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import type { StepOffers } from "../../../policy/steps/generator.js";
import type { PartReader } from "../../../policy/steps/reader.js";
import { openStore, type Store } from "../../../storage/store.js";
import { readOfficeFrom } from "../../office/files/read.js";
import { writeOfficeFile } from "../../office/files/write.js";
import { PLANNED, renderDiff } from "./diff-text.js";
import { officeTables } from "./schema-tables.js";
import { summaryLine } from "./summary.js";

interface Tide extends SectionEntity {
  readonly metres: number;
  readonly pilot?: Target;
}
interface TideStep {
  readonly kind: "tide";
  readonly tide: string;
  readonly low: Target;
}
interface TideFile {
  readonly id: string;
  readonly metres: number;
  readonly pilot?: string;
}

vi.mock("../../../policy/steps/index.js", async (original) => {
  const { formatTarget } = await import("../../../policy/office/target.js");
  const text = (expected: string) => z.string({ error: expected }).describe(expected);
  const written = (target: Target | undefined) => target && formatTarget(target);
  const tide = {
    name: "tide",
    order: 5,
    schema: z.strictObject({ tide: text("a tide"), low: text("where calls go at low water") }),
    example: "- { tide: north, low: flow:night }",
    read: (file: { tide: string; low: string }, reader: PartReader): TideStep | undefined => {
      const low = reader.target("low", file.low);
      return reader.hasEntry("tides", "tide", file.tide) && low !== undefined
        ? { kind: "tide", tide: file.tide, low }
        : undefined;
    },
    write: (step: TideStep) => ({ tide: step.tide, low: formatTarget(step.low) }),
    words: (step: TideStep) => `tide ${step.tide}, at low water ${formatTarget(step.low)}`,
    verb: "tide",
    what: (step: TideStep) => step.tide,
    leads: (step: TideStep) => [{ to: "next" }, { to: "target", target: step.low }],
    generator: (random: typeof fc, { leadable, entries }: StepOffers) =>
      leadable.length === 0
        ? undefined
        : random.record({
            kind: random.constant("tide"),
            tide: random.constantFrom(...entries("tides")),
            low: random.constantFrom(...leadable),
          }),
    section: {
      key: "tides",
      noun: "tide",
      namedBy: "a step that names it",
      schema: z.strictObject({
        id: text("an id"),
        metres: z.number({ error: "metres" }).describe("metres"),
        pilot: text("whom to ask").optional(),
      }),
      read: (file: TideFile, reader: PartReader): Tide | undefined => {
        const pilot = file.pilot === undefined ? undefined : reader.target("pilot", file.pilot);
        if (file.metres < 0 && reader.nowMs !== undefined) {
          reader.report({ severity: "warning", code: "wrong_value", message: "dry", at: reader.at });
        }
        return { id: file.id, metres: file.metres, ...given({ pilot }) };
      },
      write: ({ id, metres, pilot }: Tide) => ({
        id,
        metres,
        ...given({ pilot: mapped(pilot, written) }),
      }),
      generator: (random: typeof fc, id: string, { leadable }: StepOffers) =>
        random.record(
          {
            id: random.constant(id),
            metres: random.integer({ min: 0, max: 9 }),
            ...(leadable.length === 0 ? {} : { pilot: random.constantFrom(...leadable) }),
          },
          { requiredKeys: ["id", "metres"] },
        ),
    },
  };
  return { ...(await original<object>()), tide };
});

const END = { hangup: "busy" };
const FILE = {
  office: { name: "Harbour", country: "US", timezone: "America/New_York" },
  users: [
    { username: "alice", name: "Alice", devices: [{ id: "desk", sip: "alice-desk" }] },
    { username: "bobby", name: "Bobby", devices: [{ id: "desk", sip: "bobby-desk" }] },
  ],
  flows: { night: [{ ring: "user:bobby", timeout: 10 }, END] },
  numbers: [
    { number: "+12125550100", steps: [{ tide: "north", low: "flow:night" }, { ring: "user:alice" }, END] },
  ],
  tides: [{ id: "north", metres: 3, pilot: "user:alice" }],
};

function officeOf(content: object): Office {
  const { office, problems } = resolveOffice([content]);
  if (office === undefined) throw new Error(JSON.stringify(problems));
  return office;
}

const HARBOUR = officeOf(FILE);
const DEEPER = officeOf({ ...FILE, tides: [{ id: "north", metres: 4, pilot: "user:alice" }] });
const NORTH = { id: "north", metres: 3, pilot: { kind: "user", username: "alice" } };

const problemsOf = (content: object, nowMs?: number) =>
  resolveOffice([content], { nowMs }).problems.map(({ severity, code, message, suggestion }) =>
    [severity, code, message, suggestion ?? ""].join(" | ").replace(/ \| $/, ""),
  );

it("is read into the office, and its targets are known", () => {
  expect(HARBOUR.sections).toEqual({ tides: [NORTH] });
  expect(problemsOf(FILE)).toEqual([
    "warning | no_carrier | no phone can call 911 or 933: the office has no carrier",
  ]);
});

it("is left out of an office that has no entry", () => {
  expect(officeOf({ office: FILE.office })).not.toHaveProperty("sections");
  expect(officeOf({ office: FILE.office, tides: [] })).not.toHaveProperty("sections");
});

it.each<[string, object, string]>([
  [
    "an id given twice",
    { tides: [...FILE.tides, { id: "north", metres: 1 }] },
    "error | duplicate | the tide id `north` is given twice",
  ],
  [
    "an entry that is not there",
    { tides: [{ id: "nort", metres: 1 }] },
    "error | dangling | there is no tide `north` | nort",
  ],
  [
    "a target that is not there",
    { tides: [{ id: "north", metres: 1, pilot: "user:alise" }] },
    "error | dangling | there is no user `alise` | user:alice",
  ],
  [
    "an unknown key",
    { tides: [{ id: "north", metres: 1, metre: 2 }] },
    "error | unknown_key | a tide has no key `metre` | metres",
  ],
  [
    "a wrong value",
    { tides: [{ id: "north", metres: "deep" }] },
    "error | wrong_value | `metres` of a tide cannot be this",
  ],
  ["a missing key", { tides: [{ id: "north" }] }, "error | missing_key | a tide needs `metres`"],
  ["no list", { tides: { north: 3 } }, "error | wrong_value | tides is not a list"],
  [
    "a section mistyped",
    { tidess: FILE.tides },
    "error | unknown_key | an office file has no key `tidess` | tides",
  ],
  [
    "an entry nothing names",
    { tides: [...FILE.tides, { id: "south", metres: 1 }] },
    "warning | unused | nothing names the tide `south`",
  ],
])("is checked: %s", (_title, changed, problem) => {
  const { tides: _tides, ...rest } = FILE;
  const content = "tidess" in changed ? rest : FILE;
  expect(problemsOf({ ...content, ...changed })).toContain(problem);
});

it("reports nothing that only follows from a wrong entry", () => {
  expect(problemsOf({ ...FILE, tides: [{ id: "north", metres: "deep" }] })).toHaveLength(1);
});

it("is compared with the time only when the time is given", () => {
  const dry = { ...FILE, tides: [{ id: "north", metres: -1 }] };
  expect(problemsOf(dry)).not.toContain("warning | wrong_value | dry");
  expect(problemsOf(dry, 1)).toContain("warning | wrong_value | dry");
});

it("is refused when a branch sends calls round for ever", () => {
  const flows = { night: [{ tide: "north", low: "user:bobby" }, END] };
  const users = [
    FILE.users[0],
    { ...FILE.users[1], no_answer: [{ ring: "user:bobby" }, { send: "flow:night" }] },
  ];
  expect(problemsOf({ ...FILE, flows, users })).toContain(
    "error | loop | calls are sent round for ever: flow:night -> user:bobby -> flow:night",
  );
});

it("is refused when the last step of a flow may go on", () => {
  const flows = { night: [{ tide: "north", low: "user:bobby" }] };
  expect(problemsOf({ ...FILE, flows })).toContain(
    "error | no_ending | the flow `night` falls off its end: nothing says what happens then | - { hangup: normal }",
  );
});

it("is exported and read again the same, as objects and as a file", () => {
  fastCheck.assert(
    fastCheck.property(officeArbitrary, (office) => {
      expect(officeOf(exportOffice(office))).toEqual(office);
      const read = readOfficeFrom([{ name: "office.yaml", text: writeOfficeFile(exportOffice(office)) }]);
      expect(read.office).toEqual(office);
    }),
    { numRuns: 30 },
  );
});

it("is in the tables of the schema, with the step that names it", () => {
  expect(officeTables()).toContain(
    "### `tides[]`\n\n| key | what it says | if left out | example |\n|---|---|---|---|\n| `id` | An id",
  );
  expect(officeTables()).toContain("### step `tide`\n");
});

it("is compared by entry and field, and shown under its own name", () => {
  const changes = diffOffices(HARBOUR, DEEPER);
  expect(changes).toEqual([
    {
      kind: "sections",
      key: "tides:north",
      change: "changed",
      fields: [{ field: "metres", from: "3", to: "4" }],
    },
  ]);
  expect(renderDiff({ changes, reach: [] }, PLANNED)).toBe("tides\n  ~ north\n      metres: 3 -> 4\n");
});

it("that this version does not know has its entries shown as they are stored", () => {
  const foreign = { ...HARBOUR, sections: { ...HARBOUR.sections, buoys: [{ id: "red", light: 4 }] } };
  const changes = diffOffices(HARBOUR, foreign as Office);
  expect(renderDiff({ changes, reach: [] }, PLANNED)).toBe("buoys\n  + red\n      light: 4\n");
});

it("stays as a command left it, where the files say otherwise", () => {
  const cause = { revision: 2, author: "ann", message: "", appliedMs: 0 };
  const drift = [
    { kind: "sections", key: "tides:north", field: "metres", word: { is: 3 }, ...cause },
  ] as const;
  const { content, kept } = keepDrift(HARBOUR, DEEPER, drift, { overwrites: [], keeps: [], cause });
  expect([officeOf(content ?? {}), kept]).toEqual([DEEPER, drift]);
});

it("is named in faults that a command would cause, and in places that mention a user", () => {
  const gone = {
    ...HARBOUR,
    sections: { tides: [{ ...NORTH, pilot: { kind: "user", username: "nobody" } }] },
  };
  expect(faultsOf(gone as Office).map(({ where }) => where)).toEqual(["tide north"]);
  expect(mentionsOf(HARBOUR, { kind: "user", id: "alice" })).toContain("tide north: pilot");
});

it("is handed over with the rest", () => {
  const edited = removeUser(HARBOUR, "alice", "bobby");
  expect(edited.ok && edited.office.sections).toEqual({
    tides: [{ ...NORTH, pilot: { kind: "user", username: "bobby" } }],
  });
});

it("keeps a step whole that also leads elsewhere: a hand-over that would make a circle is refused", () => {
  const users = [FILE.users[0], { ...FILE.users[1], no_answer: [{ tide: "north", low: "user:alice" }, END] }];
  const edited = removeUser(officeOf({ ...FILE, users }), "alice", "bobby");
  expect(edited.ok ? [] : edited.faults.map(({ code }) => code)).toEqual(["loop"]);
});

it("reaches the phones of every branch, each flow once", () => {
  expect(new Reach(RoutingTable.of(HARBOUR, 1), emptyMoment(0)).of("+12125550100")).toEqual([
    ["alice/desk"],
    ["bobby/desk"],
  ]);
});

it("is looked up in each revision's own table", () => {
  const section = (table: RoutingTable, id: string) => table.section("tides" as never, id);
  const first = RoutingTable.of(HARBOUR, 1);
  const changes = entitiesOf(DEEPER).sections.map(([key, value]) => ({ key, value }));
  const second = first.next({ ...NO_CHANGES, sections: changes }, 2);
  expect(section(first, "north")).toEqual(NORTH);
  expect(section(second, "north")).toEqual({ ...NORTH, metres: 4 });
  expect(section(second, "south")).toBeUndefined();
});

it("is stored by revision, summed up by its name, and loaded by a running engine", async () => {
  const store = await memoryStore();
  const apply = (office: Office) =>
    store.applyOffice(office, { author: "ops", message: "", sourceHash: "a", nowMs: 1 });
  const first = await apply(HARBOUR);
  expect(summaryLine(first.summary)).toContain("numbers +1".replace("numbers", "number"));
  expect(summaryLine(first.summary)).toMatch(/, tide \+1$/);
  const second = await apply(DEEPER);
  expect(second.summary.sections).toEqual({ tides: { added: 0, changed: 1, removed: 0 } });
  expect(await store.loadOffice(1)).toEqual(HARBOUR);
  expect(await store.loadOffice(2)).toEqual(DEEPER);
  const since = await store.changesSince(1);
  expect(since.outcome === "changes" && since.changes.sections).toEqual([
    { key: "tides:north", value: { ...NORTH, metres: 4 } },
  ]);
  const unchanged = await apply(DEEPER);
  expect(unchanged.summary).not.toHaveProperty("sections");
  expect((await store.history(1))[0]?.summary.sections).toEqual(second.summary.sections);
  await store.close();
});

async function memoryStore(): Promise<Store> {
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  return opened.store;
}
