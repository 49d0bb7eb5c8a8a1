/**
 * Goal: what somebody asks of a number becomes the steps that were meant, and no flow of other numbers changes unless
 * asked for. Method: orders on numbers of a small office, each with the edits it becomes.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Office } from "../../office/office.js";
import type { OfficeFileContent } from "../../office-file/export.js";
import { checkContents } from "../edit.js";
import { type NumberOrder, numberAdded, numberSet, numbersRemoved } from "./number-edits.js";
import { readRoute } from "./route.js";
import { type RouteWords, routeWords } from "./wish.js";

const CONTENT = {
  office: { name: "Acme", country: "US", timezone: "UTC" },
  users: [
    { username: "alice", name: "Alice", extension: 101, devices: [{ id: "desk", sip: "alice-desk" }] },
    { username: "bobby", name: "Bob", devices: [{ id: "desk", sip: "bob-desk" }] },
  ],
  groups: [{ id: "sales", extension: 200, members: [{ user: "alice" }, { user: "bobby" }] }],
  flows: {
    shared: [{ ring: "user:alice", timeout: 20 }, { hangup: "busy" }],
    alone: [{ announce: "please-hold" }, { ring: "group:sales", timeout: 30 }, { voicemail: "group:sales" }],
    night: [{ announce: "closed" }, { hangup: "normal" }],
  },
  schedules: [{ id: "hours", open: [{ days: "mon-fri", from: "08:00", to: "17:00" }] }],
  numbers: [
    { number: "+12125550100" },
    { number: "+12125550101", flow: "shared" },
    { number: "+12125550102", flow: "shared" },
    { number: "+12125550103", flow: "alone" },
    { number: "+12125550104", steps: [{ ring: "user:bobby", timeout: "none" }, { hangup: "no_answer" }] },
    {
      number: "+12125550105",
      steps: [
        { schedule: "hours", closed: "flow:night" },
        { ring: "user:alice", timeout: 25, accept: "always" },
        { ring: "user:bobby", timeout: 20 },
        { hangup: "no_answer" },
      ],
    },
    { number: "+12125550106", steps: [{ send: "extension:101" }] },
    { number: "+12125550107", steps: [{ announce: "closed" }, { hangup: "normal" }] },
    { number: "+12125550108", steps: [{ send: "number:+16465550199" }] },
    {
      number: "+12125550109",
      steps: [
        { ring: "group:sales", timeout: 40, accept: "never", strategy: "in_order" },
        { voicemail: "group:sales" },
      ],
    },
    { number: "+12125550200..99", steps: [{ send: "user:alice" }] },
  ],
} satisfies Partial<OfficeFileContent> & { readonly schedules: readonly object[] };

const OFFICE = officeOf(CONTENT);

function officeOf(content: Partial<OfficeFileContent>): Office {
  const made = checkContents([content], "");
  if (!made.ok) throw new Error(JSON.stringify(made.faults));
  return made.office;
}

function set(number: string, route: RouteWords, more: Partial<NumberOrder> = {}) {
  return numberSet(OFFICE, { number, fields: {}, route, forAll: false, ...more });
}

/** The fields that the number or its flow gets. */
function fieldsOf(made: ReturnType<typeof set>): object[] {
  if (!made.ok) throw new Error(made.reason);
  return made.edits.map((edit) => ({ [edit.kind]: edit.id, ...("fields" in edit ? edit.fields : {}) }));
}

describe("a number that leads nowhere", () => {
  it.each<[RouteWords, object[]]>([
    [{ to: "user:bobby" }, [{ ring: "user:bobby", timeout: 20 }, { voicemail: "user:bobby" }]],
    [{ to: "group:sales" }, [{ ring: "group:sales", timeout: 30 }, { voicemail: "group:sales" }]],
    [{ to: "101" }, [{ send: "extension:101" }]],
    [{ to: "(646) 555-0199" }, [{ ring: "number:+16465550199", timeout: 20 }, { hangup: "no_answer" }]],
    [
      { to: "+16465550199", after: "voicemail:group:sales", press1: true },
      [{ ring: "number:+16465550199", timeout: 20, accept: "always" }, { voicemail: "group:sales" }],
    ],
    [
      { to: "group:sales", ring: 40, press1: false, after: "user:alice" },
      [{ ring: "group:sales", timeout: 40, accept: "never" }, { send: "user:alice" }],
    ],
    [
      { to: "user:bobby", after: "keep-ringing" },
      [{ ring: "user:bobby", timeout: "none" }, { hangup: "no_answer" }],
    ],
    [
      { to: "user:bobby", ring: "none" },
      [{ ring: "user:bobby", timeout: "none" }, { voicemail: "user:bobby" }],
    ],
    [{ to: "user:bobby", after: "hangup:busy" }, [{ ring: "user:bobby", timeout: 20 }, { hangup: "busy" }]],
    [
      { to: "user:bobby", after: "+16465550199" },
      [{ ring: "user:bobby", timeout: 20 }, { send: "number:+16465550199" }],
    ],
  ])("%j", (route, steps) => {
    expect(fieldsOf(set("+12125550100", route))).toEqual([{ number: "+12125550100", steps }]);
  });

  it("leads to a flow by its name", () => {
    expect(fieldsOf(set("(212) 555-0100", { to: "flow:night" }))).toEqual([
      { number: "+12125550100", flow: "night" },
    ]);
  });
});

describe("a change of one part leaves the others", () => {
  it.each<[string, RouteWords, object]>([
    [
      "+12125550109",
      { ring: 20 },
      {
        steps: [
          { ring: "group:sales", timeout: 20, accept: "never", strategy: "in_order" },
          { voicemail: "group:sales" },
        ],
      },
    ],
    // The mailbox was the group's own, and the order of its members means nothing for a user.
    [
      "+12125550109",
      { to: "user:alice" },
      { steps: [{ ring: "user:alice", timeout: 40, accept: "never" }, { voicemail: "user:alice" }] },
    ],
    [
      "+12125550109",
      { press1: null },
      {
        steps: [{ ring: "group:sales", timeout: 40, strategy: "in_order" }, { voicemail: "group:sales" }],
      },
    ],
    // A time that was endless to keep ringing ends when something else is to come.
    [
      "+12125550104",
      { after: "voicemail" },
      { steps: [{ ring: "user:bobby", timeout: 20 }, { voicemail: "user:bobby" }] },
    ],
    ["+12125550108", { press1: false }, { steps: [{ send: "number:+16465550199", accept: "never" }] }],
    // Opening hours stay, an announcement about the end of the call does not.
    [
      "+12125550105",
      { to: "user:bobby", ring: 10, after: "hangup" },
      {
        steps: [
          { schedule: "hours", closed: "flow:night" },
          { ring: "user:bobby", timeout: 10 },
          { hangup: "no_answer" },
        ],
      },
    ],
    ["+12125550105", { to: "flow:night", plain: true }, { steps: null, flow: "night" }],
    [
      "+12125550107",
      { to: "user:bobby" },
      { steps: [{ ring: "user:bobby", timeout: 20 }, { voicemail: "user:bobby" }] },
    ],
  ])("%s %j", (number, route, fields) => {
    expect(fieldsOf(set(number, route))).toEqual([{ number, ...fields }]);
  });

  it("changes nothing when all is so already", () => {
    expect(fieldsOf(set("+12125550109", { to: "group:sales", ring: 40, after: "voicemail" }))).toEqual([]);
    expect(fieldsOf(set("+12125550101", { ring: 20 }))).toEqual([]);
    expect(fieldsOf(set("+12125550101", { to: "flow:shared" }))).toEqual([]);
  });
});

describe("what cannot be meant", () => {
  it.each<[string, RouteWords, string]>([
    ["+12125550100", { ring: 20 }, "calls lead nowhere yet; say --to"],
    [
      "+12125550104",
      { ring: 20 },
      "the phones keep ringing until the caller gives up; say --then with --ring",
    ],
    ["+12125550104", { ring: 20, after: "keep-ringing" }, "have no ring time; leave out --ring"],
    ["+12125550105", { ring: 20 }, "its flow does more than ring in one place, so --ring is not clear"],
    ["+12125550106", { after: "hangup" }, "calls are handed to extension:101"],
    ["+12125550107", { press1: true }, "nothing rings there, so --press-1 says nothing; say --to as well"],
    ["+12125550100", { to: "flow:night", ring: 20 }, "flow:night says itself how long"],
    ["+12125550100", { to: "+16465550199", after: "voicemail" }, "number:+16465550199 has no mailbox"],
    ["+12125550100", { to: "sales" }, "`sales` is no destination; did you mean group:sales?"],
    ["+12125550100", { to: "nobody" }, "expected user:NAME, group:ID, flow:ID, extension:101"],
    ["+12125550100", { to: "user:bobby", after: "mailbox" }, "expected voicemail, hangup, keep-ringing"],
    ["+12125550199", { to: "user:bobby" }, "the office has no number +12125550199; did you mean +1212555"],
    ["+12125550250", { to: "user:bobby" }, "it is in the block +12125550200..99"],
    ["front door", { to: "user:bobby" }, "is no number, no block of numbers, and not `any`"],
  ])("%s %j", (number, route, reason) => {
    expect(set(number, route)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});

describe("a flow that other numbers use", () => {
  const OWN = [{ ring: "user:alice", timeout: 60 }, { hangup: "busy" }];

  it("stays as it is: the number gets steps of its own", () => {
    const made = set("+12125550101", { ring: 60 });
    expect(fieldsOf(made)).toEqual([{ number: "+12125550101", flow: null, steps: OWN }]);
    expect(made).toMatchObject({
      remarks: [{ kind: "flow_stays", flow: "shared", for: ["number +12125550102"] }],
    });
  });

  it("changes for all of them when asked for", () => {
    const made = set("+12125550101", { ring: 60 }, { forAll: true });
    expect(fieldsOf(made)).toEqual([{ flow: "shared", steps: OWN }]);
    expect(made).toMatchObject({
      remarks: [{ kind: "flow_changes", flow: "shared", for: ["number +12125550102"] }],
    });
  });

  it("changes by itself when no other number uses it, and what comes first stays", () => {
    const made = set("+12125550103", { after: "hangup" });
    expect(fieldsOf(made)).toEqual([
      {
        flow: "alone",
        steps: [{ announce: "please-hold" }, { ring: "group:sales", timeout: 30 }, { hangup: "no_answer" }],
      },
    ]);
    expect(made).toMatchObject({ remarks: [{ kind: "flow_changes", flow: "alone", for: [] }] });
  });

  it("is left for another place, and said to be unused", () => {
    const made = set("+12125550103", { to: "user:bobby", plain: true });
    expect(fieldsOf(made)).toMatchObject([{ number: "+12125550103", flow: null }]);
    expect(made).toMatchObject({ remarks: [{ kind: "flow_unused", flow: "alone" }] });
  });

  it("is used by a step, too", () => {
    expect(set("+12125550103", { to: "flow:night" })).toMatchObject({
      remarks: [{ kind: "flow_unused", flow: "alone" }],
    });
    const office = officeOf({
      ...CONTENT,
      numbers: [{ number: "+12125550103", flow: "night" }, ...CONTENT.numbers.slice(5, 6)],
    });
    const made = numberSet(office, { number: "+12125550103", fields: {}, steps: OWN, forAll: false });
    expect(made).toMatchObject({
      remarks: [{ kind: "flow_stays", for: ["number +12125550105, step 1: schedule"] }],
    });
  });

  it("is unused only when all numbers that led there are gone", () => {
    expect(numbersRemoved(OFFICE, ["+12125550101"])).toMatchObject({ remarks: [] });
    expect(numbersRemoved(OFFICE, ["+12125550101", "+12125550102"])).toMatchObject({
      remarks: [{ kind: "flow_unused", flow: "shared" }],
    });
  });
});

it("a new number leads nowhere, or where the order says", () => {
  expect(numberAdded(OFFICE, { number: "212 555 0150", fields: { label: "New" }, forAll: false })).toEqual({
    ok: true,
    number: "+12125550150",
    edits: [{ verb: "add", kind: "number", id: "+12125550150", fields: { label: "New" } }],
    remarks: [],
  });
  const made = numberAdded(OFFICE, { number: "any", fields: {}, route: { to: "flow:night" }, forAll: false });
  expect(made).toMatchObject({ edits: [{ id: "any", fields: { flow: "night" } }] });
});

it("every route is shown in the words that make it", () => {
  const to = fc.constantFrom("user:alice", "group:sales", "number:+16465550199");
  const words = fc.record({
    to,
    ring: fc.oneof(fc.integer({ min: 10, max: 60 }), fc.constant("none" as const)),
    press1: fc.constantFrom(true, false, null),
    after: fc.constantFrom("voicemail:user:bobby", "hangup", "hangup:busy", "user:bobby", "flow:night"),
  });
  fc.assert(
    fc.property(words, (wanted) => {
      const [fields] = fieldsOf(set("+12125550100", wanted));
      const office = officeOf({ ...CONTENT, numbers: [fields as { number: string }] });
      const leadsTo = office.numbers[0]?.leadsTo;
      if (leadsTo?.kind !== "steps") throw new Error("no steps");
      const keeps = wanted.ring === "none" && wanted.after === "hangup";
      expect(routeWords(readRoute(leadsTo.steps))).toEqual(
        keeps ? { ...wanted, after: "keep-ringing" } : wanted,
      );
    }),
  );
});
