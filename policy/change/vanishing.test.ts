/**
 * Goal: what has something is given up by name only, many at once only when told, and the last System Admin stays. Method:
 * tables of offices and of what is kept.
 */
import { describe, expect, it } from "vitest";
import { group, office, sipDevice, user } from "../../fixtures/core/scene.js";
import { SYSTEM_ADMINS } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { keepsAdmins, lostAdmins, systemAdminsOf } from "./last-admin.js";
import { NO_CHOICES, type RemovalChoices, refusedChoices } from "./removal-choices.js";
import { comparable, refusalsOf, type Vanished, type Vanishing, vanishingBetween } from "./vanishing.js";

const NOTHING: Vanishing = { users: [], groups: [], flows: [], numbers: [], phones: [] };
const many = (count: number) => Array.from({ length: count }, (_, index) => `one.${index}`);
const KEPT: Vanished = {
  kind: "user",
  id: "alice",
  messages: 0,
  greetings: 0,
  hasPin: false,
  passwords: 0,
  calls: 0,
};

describe("a removal", () => {
  const setting = { users: 1_000, numbers: 1_000, handedOver: [] };
  const open = { named: [], many: false };

  it.each<[string, Partial<Vanished>]>([
    ["messages", { messages: 2 }],
    ["a greeting", { greetings: 1 }],
    ["a PIN", { hasPin: true }],
    ["the password of a phone", { passwords: 1 }],
    ["a call in progress", { calls: 1 }],
  ])("of a user with %s is refused, unless the user is named or handed over", (_what, has) => {
    const vanished = [{ ...KEPT, ...has }];
    const refused = [{ code: "would_lose", vanished: vanished[0] }];
    expect(refusalsOf(NOTHING, vanished, open, setting)).toEqual(refused);
    expect(refusalsOf(NOTHING, vanished, { ...open, named: ["user:bobby", "group:alice"] }, setting)).toEqual(
      refused,
    );
    expect(refusalsOf(NOTHING, vanished, { ...open, many: true }, setting)).toEqual(refused);
    expect(refusalsOf(NOTHING, vanished, { ...open, named: ["user:alice"] }, setting)).toEqual([]);
    expect(refusalsOf(NOTHING, vanished, open, { ...setting, handedOver: ["user:alice"] })).toEqual([]);
  });

  it("of a user about whom nothing is kept is nobody's loss", () => {
    expect(refusalsOf({ ...NOTHING, users: ["alice"] }, [KEPT], open, setting)).toEqual([]);
  });

  it.each([
    [2, 2, false],
    [2, 19, false],
    [3, 30, false],
    [3, 29, true],
    [3, 3, true],
    [10, 100, false],
    [11, 100, true],
    [100, 1_000, false],
    [101, 1_000, true],
  ])("of %i of %i at once has to be said: %s", (removed, of, isMany) => {
    for (const section of ["users", "numbers"] as const) {
      const vanishing = { ...NOTHING, [section]: many(removed) };
      const refused = isMany ? [{ code: "too_many", section, removed, of }] : [];
      const counts = { users: of, numbers: of, handedOver: [] };
      // Naming each one does not do.
      const named = many(removed).flatMap((id) => [`user:${id}`, `number:${id}`]);
      expect(refusalsOf(vanishing, [], { named, many: false }, counts)).toEqual(refused);
      expect(refusalsOf(vanishing, [], { named, many: true }, counts)).toEqual([]);
    }
  });
});

describe("what vanishes", () => {
  const phones = (...names: string[]) => names.map((name) => sipDevice(name));
  const before = office([], {
    users: [user("alice", phones("alice-desk", "alice-soft")), user("bobby", phones("bob-desk"))],
    groups: [group("sales", ["alice"]), group("help", ["bobby"])],
    flows: { day: [], night: [] },
  });

  it("is what the new office lacks, and not what it renames", () => {
    const after = { ...before, groups: [group("verkauf", ["alice"])], flows: { noon: [] }, numbers: [] };
    const renames = [
      { kind: "group", from: "sales", to: "verkauf" },
      { kind: "flow", from: "day", to: "noon" },
    ] as const;
    expect(vanishingBetween(comparable(before), comparable(after), renames)).toEqual({
      users: [],
      groups: ["help"],
      flows: ["night"],
      numbers: ["+12125550100"],
      phones: [],
    });
  });

  it("is a phone that its user has no more, under this SIP name", () => {
    const users = [user("alice", [sipDevice("alice-desk", { id: "laptop" }), ...phones("alice-new")])];
    const { phones: lost, users: gone } = vanishingBetween(
      comparable(before),
      comparable({ ...before, users }),
      [],
    );
    expect(gone).toEqual(["bobby"]);
    expect(lost).toEqual([
      { username: "alice", device: "alice-soft", sipName: "alice-soft", withUser: false },
      { username: "bobby", device: "bob-desk", sipName: "bob-desk", withUser: true },
    ]);
  });

  it("is a phone that goes to somebody else: its password is valid for nobody else", () => {
    const users = [user("alice", phones("alice-desk")), user("bobby", phones("bob-desk", "alice-soft"))];
    const { phones: lost } = vanishingBetween(comparable(before), comparable({ ...before, users }), []);
    expect(lost.map(({ username, sipName }) => `${username} ${sipName}`)).toEqual(["alice alice-soft"]);
  });
});

describe("the last System Admin", () => {
  const of = (admins: readonly string[] | undefined, suspended: readonly string[] = []): Office =>
    office([], {
      users: ["alice", "bobby"].map((name) =>
        user(name, [], suspended.includes(name) ? { suspended: true } : {}),
      ),
      groups: admins === undefined ? [] : [group(SYSTEM_ADMINS, admins)],
    });
  const without = (name: string, from: Office): Office => ({
    ...from,
    users: from.users.filter(({ username }) => username !== name),
  });

  it.each<[string, Office, Office, readonly string[]]>([
    ["removed", of(["alice"]), without("alice", of(["alice"])), ["alice"]],
    ["suspended", of(["alice"]), of(["alice"], ["alice"]), ["alice"]],
    ["no member any more", of(["alice"]), of([]), ["alice"]],
    ["no member, and the group not mentioned", of(["alice"]), of(undefined), ["alice"]],
    ["one of two, both lost", of(["alice", "bobby"]), of(["bobby"], ["bobby"]), ["alice", "bobby"]],
    ["one of two, the other stays", of(["alice", "bobby"]), of(["bobby"]), []],
    ["another one", of(["alice"]), of(["bobby"]), []],
    ["nobody, as before", of([]), of(undefined), []],
    ["a suspended one, who is none", of(["alice"], ["alice"]), of([]), []],
  ])("%s", (_what, before, after, lost) => {
    expect(lostAdmins(systemAdminsOf(before), after)).toEqual(lost);
    const refused = keepsAdmins(before, after);
    if (lost.length === 0) expect(refused).toBeUndefined();
    else expect(refused).toMatchObject({ ok: false, reason: expect.stringContaining("last System Admin") });
    for (const each of lost) expect(refused?.reason).toContain(`\`${each}\``);
    const codes = (choices: RemovalChoices) =>
      refusedChoices(choices, after, systemAdminsOf(before)).map(({ code }) => code);
    expect(codes(NO_CHOICES)).toEqual(lost.length === 0 ? [] : ["last_admin"]);
    expect(codes({ ...NO_CHOICES, withoutAdmin: true })).toEqual([]);
  });
});

describe("what an operator says of removals", () => {
  const wanted = office([], {
    users: [user("alice", []), user("bobby", [], { suspended: true })],
    groups: [group("sales", ["alice"])],
    flows: { day: [] },
  });
  const replace = (kind: "user" | "group", from: string, to: string) => ({
    ...NO_CHOICES,
    replace: [{ kind, from, to }],
  });

  it.each<[string, RemovalChoices, object[]]>([
    [
      "that a user goes who stays",
      { ...NO_CHOICES, remove: [{ kind: "user", id: "alice" }] },
      [{ code: "still_there", name: "user:alice" }],
    ],
    [
      "that a group goes that stays",
      { ...NO_CHOICES, remove: [{ kind: "group", id: "sales" }] },
      [{ code: "still_there", name: "group:sales" }],
    ],
    [
      "that a flow goes that stays",
      { ...NO_CHOICES, remove: [{ kind: "flow", id: "day" }] },
      [{ code: "still_there", name: "flow:day" }],
    ],
    [
      "that a number goes that stays",
      { ...NO_CHOICES, remove: [{ kind: "number", id: "+12125550100" }] },
      [{ code: "still_there", name: "number:+12125550100" }],
    ],
    [
      "that somebody goes who is gone, as the last time",
      { ...NO_CHOICES, remove: [{ kind: "user", id: "carol" }] },
      [],
    ],
    [
      "that a mistyped user takes over",
      replace("user", "carol", "alise"),
      [{ code: "no_replacement", name: "user:alise" }],
    ],
    [
      "that a suspended user takes over",
      replace("user", "carol", "bobby"),
      [{ code: "no_replacement", name: "user:bobby" }],
    ],
    [
      "that somebody who stays is replaced",
      replace("user", "bobby", "alice"),
      [{ code: "still_there", name: "user:bobby" }],
    ],
    ["that a group takes over", replace("group", "old", "sales"), []],
  ])("%s", (_what, choices, refused) => {
    expect(refusedChoices(choices, wanted, [])).toMatchObject(refused);
    expect(refusedChoices(choices, wanted, [])).toHaveLength(refused.length);
  });
});
