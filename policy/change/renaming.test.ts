/**
 * Goal: a rename changes an id wherever the office has it, and nothing else; renames add up and can be undone. Method: an
 * office that mentions a group, a flow and a device everywhere it can, and random renames of random offices.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALL_USERS } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { resolveOffice } from "../office-file/resolve.js";
import { renameEntity } from "./rename.js";
import {
  idAfter,
  inverseOf,
  type Rename,
  summedUp,
  thenRenamed,
  withRename,
  withRenames,
} from "./renaming.js";

function officeWith(group: string, flow: string, device: string): Office {
  const { office, problems } = resolveOffice([
    {
      office: { name: "Acme", country: "US", timezone: "UTC" },
      carriers: [{ id: "main", proxy: "sip.example.net" }],
      schedules: [{ id: "hours", open: [{ days: "mon-fri", from: "08:00", to: "17:00" }] }],
      users: [
        {
          username: "alice",
          name: "Alice",
          devices: [{ id: device, sip: "alice-desk" }],
          voicemail: { operator: `group:${group}` },
          no_answer: [{ ring: `group:${group}` }, { send: `flow:${flow}` }],
        },
        { username: "bobby", name: "Bob", devices: [{ id: "desk", sip: "bob-desk" }] },
      ],
      groups: [
        {
          id: group,
          extension: 200,
          members: [{ user: "alice" }],
          no_answer: [{ voicemail: `group:${group}` }],
        },
        { id: "help", members: [{ user: "bobby" }], no_answer: [{ send: `group:${group}` }] },
      ],
      flows: {
        [flow]: [
          { schedule: "hours", closed: `group:${group}` },
          { ring: "user:alice" },
          { voicemail: `group:${group}` },
        ],
        other: [{ schedule: "hours", closed: `flow:${flow}` }, { hangup: "busy" }],
      },
      numbers: [
        { number: "+12125550100", flow },
        {
          number: "+12125550101",
          steps: [{ ring: `group:${group}`, timeout: 20 }, { send: `flow:${flow}` }],
        },
        { number: "+12125550102", flow: "other" },
      ],
    },
  ]);
  if (office === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return office;
}

const BEFORE = officeWith("sales", "front", "phone");
const group: Rename = { kind: "group", from: "sales", to: "verkauf" };
const flow: Rename = { kind: "flow", from: "front", to: "day" };
const device: Rename = { kind: "device", username: "alice", from: "phone", to: "laptop" };

describe("a rename", () => {
  it.each<[string, Rename, Office]>([
    ["of a group", group, officeWith("verkauf", "front", "phone")],
    ["of a flow", flow, officeWith("sales", "day", "phone")],
    ["of a device", device, officeWith("sales", "front", "laptop")],
  ])("%s changes every reference, and is checked like any edit", (_of, rename, after) => {
    expect(withRename(BEFORE, rename)).toEqual(after);
    expect(renameEntity(BEFORE, rename)).toEqual({ ok: true, office: after, renames: [rename] });
  });

  it.each<[string, Rename, string]>([
    [
      "of a group that is not there",
      { ...group, from: "salez" },
      "there is no group `salez`; did you mean sales?",
    ],
    ["to the id of another", { ...group, to: "help" }, "there is a group `help` already"],
    ["to its own id", { ...group, to: "sales" }, "has this id already"],
    ["of a built-in group", { ...group, from: ALL_USERS }, "is built in: its id never changes"],
    ["to a built-in group", { ...group, to: ALL_USERS }, "there is a group `all-users` already"],
    ["to no id", { ...group, to: "Sales Team" }, "cannot be the id of a group"],
    ["of a flow that is not there", { ...flow, from: "fromt" }, "did you mean front?"],
    ["to another flow", { ...flow, to: "other" }, "there is a flow `other` already"],
    ["of a device of nobody", { ...device, username: "carol" }, "there is no user `carol`"],
    ["of a device that is not there", { ...device, from: "desk" }, "there is no device `desk` of alice"],
  ])("%s is refused", (_of, rename, why) => {
    const edited = renameEntity(BEFORE, rename);
    expect(edited.ok ? "renamed" : edited.reason).toContain(why);
  });

  it("gives a group that is shown by its id its new one, and leaves a name alone", () => {
    expect(withRename(BEFORE, group).groups.map(({ name }) => name)).toEqual(["help", "verkauf"]);
    const groups = BEFORE.groups.map((each) => ({ ...each, name: "Sales" }));
    expect(withRename({ ...BEFORE, groups }, group).groups.at(-1)).toMatchObject({
      id: "verkauf",
      name: "Sales",
    });
  });
});

describe("renames", () => {
  const g = (from: string, to: string): Rename => ({ kind: "group", from, to });

  it.each<[string, Rename[], Rename[]]>([
    ["one after the other are one", [g("a", "b"), g("b", "c")], [g("a", "c")]],
    ["back and forth are none", [g("a", "b"), g("b", "a")], []],
    [
      "by way of a third id may swap two",
      [g("x", "t"), g("a", "x"), g("t", "a")],
      [g("x", "a"), g("a", "x")],
    ],
    [
      "of other kinds do not meet",
      [g("a", "b"), { kind: "flow", from: "b", to: "c" }],
      [g("a", "b"), { kind: "flow", from: "b", to: "c" }],
    ],
    [
      "of devices do not meet those of another user",
      [
        { kind: "device", username: "alice", from: "a", to: "b" },
        { kind: "device", username: "bobby", from: "b", to: "c" },
      ],
      [
        { kind: "device", username: "alice", from: "a", to: "b" },
        { kind: "device", username: "bobby", from: "b", to: "c" },
      ],
    ],
  ])("%s", (_what, made, sum) => {
    expect(summedUp(made)).toEqual(sum);
  });

  it("leave out something else that got a first id later", () => {
    expect(thenRenamed([g("a", "b")], [g("a", "c")])).toEqual([g("a", "b")]);
  });

  it("that swap two ids are made at once", () => {
    const swapped = withRenames(BEFORE, [g("sales", "help"), g("help", "sales")]);
    expect(swapped.groups.map(({ id, members }) => [id, members.map(({ username }) => username)])).toEqual([
      ["help", ["alice"]],
      ["sales", ["bobby"]],
    ]);
    expect(swapped.flows["front"]?.at(-1)).toMatchObject({ target: { kind: "group", id: "help" } });
  });

  it("made one by one are the same as their sum, and are undone by their inverse", () => {
    const ids = ["sales", "help", "c", "d"];
    const chain = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), { maxLength: 6 });
    fc.assert(
      fc.property(chain, (pairs) => {
        let office = BEFORE;
        const made: Rename[] = [];
        for (const [from, to] of pairs) {
          const there = office.groups.map(({ id }) => id);
          if (!there.includes(from) || there.includes(to)) continue;
          office = withRename(office, g(from, to));
          made.push(g(from, to));
        }
        const sum = summedUp(made);
        expect(withRenames(BEFORE, sum)).toEqual(office);
        expect(withRenames(office, inverseOf(sum))).toEqual(BEFORE);
        for (const { from, to } of sum) expect(idAfter(sum, "group", from)).toBe(to);
      }),
    );
  });
});
