/**
 * Goal: flows after a hand-over read as a person would have written them, also when they led in circles. Method: small
 * offices in the words of the file, before and after.
 */

import { describe, expect, it } from "vitest";
import type { Office } from "../office/office.js";
import { given } from "../office/optional.js";
import { exportOffice, exportSteps } from "../office-file/export.js";
import { resolveOffice } from "../office-file/resolve.js";
import { removeGroup, removeUser } from "./hand-over.js";

type Steps = readonly object[];

/** An office in which Alice is removed, Bob replaces her, and Carol stays; each test gives the flows it is about. */
function house(flows: {
  readonly alice?: Steps;
  readonly bob?: Steps;
  readonly carol?: Steps;
  readonly named?: Readonly<Record<string, Steps>>;
  readonly number?: Steps;
  readonly bobHas?: object;
}): Office {
  const person = (username: string, name: string, no_answer: Steps | undefined, more: object) => ({
    username,
    name,
    ...given({ no_answer }),
    ...more,
  });
  const { office, problems } = resolveOffice([
    {
      office: { name: "Acme", country: "US", timezone: "UTC" },
      users: [
        person("alice", "Alice", flows.alice, { extension: 101 }),
        person("bobby", "Bob", flows.bob, flows.bobHas ?? { extension: 102 }),
        person("carol", "Carol", flows.carol, { extension: 103 }),
      ],
      groups: [{ id: "sales", extension: 200, members: [{ user: "alice" }, { user: "carol" }] }],
      flows: flows.named ?? {},
      numbers: [{ number: "+12125550100", steps: flows.number ?? [{ hangup: "busy" }] }],
    },
  ]);
  if (office === undefined) throw new Error(JSON.stringify(problems));
  return office;
}

function handedOver(office: Office): Office {
  const edited = removeUser(office, "alice", "bobby");
  if (!edited.ok) throw new Error(`${edited.reason}: ${JSON.stringify(edited.faults)}`);
  return edited.office;
}

function flowOf(office: Office, username: string) {
  return exportSteps(office.users.find((user) => user.username === username)?.flow ?? []);
}

function stepsOfNumber(office: Office) {
  return exportOffice(office).numbers?.[0]?.steps;
}

const NO_ANSWER = { hangup: "no_answer" };

describe("steps", () => {
  it.each<[string, Steps, Steps]>([
    [
      "that ring or send to the one who goes, by name and by extension",
      [{ ring: "extension:101", timeout: 10, accept: "always" }, { send: "user:alice" }],
      [{ ring: "user:bobby", timeout: 10, accept: "always" }, { send: "user:bobby" }],
    ],
    [
      "that rang both, one after the other: what was meant for the one who stays, stays",
      [{ ring: "user:alice", timeout: 20 }, { ring: "user:bobby", timeout: 30 }, NO_ANSWER],
      [{ ring: "user:bobby", timeout: 30 }, NO_ANSWER],
    ],
    [
      "that rang them with something in between",
      [
        { ring: "user:alice", timeout: 20 },
        { announce: "please-hold" },
        { ring: "user:bobby", timeout: 30 },
        NO_ANSWER,
      ],
      [
        { ring: "user:bobby", timeout: 20 },
        { announce: "please-hold" },
        { ring: "user:bobby", timeout: 30 },
        NO_ANSWER,
      ],
    ],
    [
      "that rang the one who stays twice on purpose",
      [{ ring: "user:bobby", timeout: 20 }, { ring: "extension:102", timeout: 30 }, NO_ANSWER],
      [{ ring: "user:bobby", timeout: 20 }, { ring: "extension:102", timeout: 30 }, NO_ANSWER],
    ],
    [
      "of others",
      [{ ring: "user:carol", timeout: 20 }, { send: "extension:103" }],
      [{ ring: "user:carol", timeout: 20 }, { send: "extension:103" }],
    ],
  ])("%s", (_what, before, after) => {
    expect(stepsOfNumber(handedOver(house({ number: before })))).toEqual(after);
  });

  it("keep an extension that goes to the replacement", () => {
    const office = house({ bobHas: {}, number: [{ send: "extension:101" }] });
    const after = handedOver(office);
    expect(stepsOfNumber(after)).toEqual([{ send: "extension:101" }]);
    expect(after.users.find(({ username }) => username === "bobby")?.extension).toBe("101");
  });
});

describe("a circle that a hand-over would close", () => {
  const alice = [
    { ring: "user:alice", timeout: 20 },
    { ring: "user:carol", timeout: 15 },
    { hangup: "busy" },
  ];

  it("is avoided where the replacement's flow leads to the removed user", () => {
    const bob = [{ ring: "user:bobby", timeout: 10 }, { send: "user:alice" }];
    expect(flowOf(handedOver(house({ alice, bob })), "bobby")).toEqual([
      { ring: "user:bobby", timeout: 10 },
      { ring: "user:carol", timeout: 15 },
      { hangup: "busy" },
    ]);
  });

  it("is avoided at the last flow of a long way", () => {
    const office = house({
      alice,
      bob: [{ ring: "user:bobby", timeout: 10 }, { send: "flow:night" }],
      named: { night: [{ announce: "closed" }, { send: "extension:103" }] },
      carol: [{ ring: "user:carol", timeout: 10 }, { send: "extension:101" }],
      number: [{ send: "user:alice" }],
    });
    const after = handedOver(office);
    expect(stepsOfNumber(after)).toEqual([{ send: "user:bobby" }]);
    expect(flowOf(after, "bobby")).toEqual([{ ring: "user:bobby", timeout: 10 }, { send: "flow:night" }]);
    expect(flowOf(after, "carol")).toEqual([
      { ring: "user:carol", timeout: 10 },
      { ring: "user:bobby", timeout: 20 },
      { ring: "user:carol", timeout: 15 },
      { hangup: "busy" },
    ]);
  });

  it("is none when the removed user's flow leads to the replacement", () => {
    const office = house({ alice: [{ ring: "user:alice", timeout: 20 }, { send: "user:bobby" }] });
    expect(flowOf(handedOver(office), "bobby")).toEqual(flowOf(office, "bobby"));
  });
});

describe("refused with a reason", () => {
  const office = house({ number: [{ ring: "user:alice", timeout: 20 }, NO_ANSWER] });

  it.each<[string, string | undefined, string]>([
    ["alise", undefined, "there is no user `alise`; did you mean alice?"],
    ["alice", "boby", "there is no user `boby`; did you mean bobby?"],
    ["alice", "alice", "`alice` cannot be replaced by itself"],
    ["alice", undefined, "something still leads to the user `alice`"],
  ])("removing %s with the replacement %s: %s", (gone, heir, reason) => {
    expect(removeUser(office, gone, heir)).toMatchObject({ ok: false, reason });
  });

  it("names every place that leads to the removed one", () => {
    expect(removeUser(office, "alice", undefined)).toMatchObject({
      faults: [{ where: "number +12125550100, step 1: ring" }],
    });
  });

  it("a built-in group", () => {
    expect(removeGroup(office, "system-admins", "sales")).toMatchObject({
      ok: false,
      reason: "the group `system-admins` is built in: every office has it",
    });
  });
});

it("a built-in group may be the replacement, and gets the extension", () => {
  const office = house({ number: [{ ring: "group:sales", timeout: 20 }, { send: "extension:200" }] });
  const edited = removeGroup(office, "sales", "all-users");
  if (!edited.ok) throw new Error(edited.reason);
  expect(stepsOfNumber(edited.office)).toEqual([
    { ring: "group:all-users", timeout: 20 },
    { send: "extension:200" },
  ]);
  expect(edited.office.groups).toMatchObject([{ id: "all-users", extension: "200" }]);
});
