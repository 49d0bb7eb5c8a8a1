/**
 * Goal: extensions that are given automatically are free, can be dialled and are no emergency number; faults of
 * additions say where they are. Method: additions to a small office.
 */
import { describe, expect, it } from "vitest";
import { group, office, user } from "../../fixtures/core/scene.js";
import { addUsers, freeExtensions, withExtensions } from "./users.js";

const HOUSE = office([{ kind: "hangup", reason: "busy" }], {
  users: [user("alice", [], { extension: "101" }), user("bobby", [], { extension: "0104" })],
  groups: [{ ...group("sales", ["alice"]), extension: "103" }],
});

function many(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    username: `person.${index}`,
    name: `Person ${index}`,
  }));
}

describe("extensions that are given automatically", () => {
  it("are the smallest free ones", () => {
    const added = addUsers(HOUSE, { users: many(3), groups: [] }, { autoExtension: true });
    if (!added.ok) throw new Error(added.reason);
    const given = added.office.users.flatMap(({ username, extension }) =>
      username.startsWith("person") ? [extension] : [],
    );
    expect(given).toEqual(["102", "104", "105"]);
  });

  it("have one length, and none begins another", () => {
    const added = addUsers(HOUSE, { users: many(2_000), groups: [] }, { autoExtension: true });
    if (!added.ok) throw new Error(added.reason);
    const all = added.office.users.flatMap(({ extension }) => extension ?? []);
    const given = added.office.users.flatMap(({ username, extension }) =>
      username.startsWith("person") ? [extension] : [],
    );
    expect(new Set(given.map((extension) => extension?.length))).toEqual(new Set([4]));
    expect(all.filter((long) => all.some((short) => short !== long && long.startsWith(short)))).toEqual([]);
  });

  it("leave out those that other rows of the same table name", () => {
    const [first, second] = many(2);
    if (first === undefined || second === undefined) throw new Error("two people");
    const added = addUsers(
      HOUSE,
      { users: [first, { ...second, extension: 102 }], groups: [] },
      { autoExtension: true },
    );
    expect(added.ok && added.office.users.find(({ username }) => username === "person.0")?.extension).toBe(
      "104",
    );
  });

  it("are never what people dial in an emergency", () => {
    const free = new Set([
      ...freeExtensions(HOUSE, [], [101, 999]),
      ...freeExtensions(HOUSE, [], [1_000, 9_999]),
    ]);
    for (const digits of ["110", "112", "211", "911", "988", "999"]) expect(free).not.toContain(digits);
    expect(free).toContain("1120");
  });

  it("run out with a reason", () => {
    const all = [...freeExtensions(HOUSE, [], [1_000, 9_999])].length;
    expect(all).toBeGreaterThan(8_900);
    expect(all).toBeLessThan(9_000);
    const begun = many(91).map((user, index) => (index < 90 ? { ...user, extension: 10 + index } : user));
    expect(addUsers(HOUSE, { users: begun, groups: [] }, { autoExtension: true })).toMatchObject({
      ok: false,
      reason: "there is no free extension left for everybody",
    });
  });

  it("have five digits where there are too few with four", () => {
    const all = [...freeExtensions(HOUSE, [], [1_000, 9_999])].length;
    const given = withExtensions(HOUSE, many(all + 1))?.map(({ extension }) => String(extension).length);
    expect(new Set(given)).toEqual(new Set([5]));
  });
});

describe("an addition is refused:", () => {
  it.each([
    [{ username: "bob", name: "Bob" }, "user bob", "wrong_value"],
    [{ username: "alice", name: "Alice" }, "user alice", "duplicate"],
    [{ username: "dana.reed", name: "Dana", extension: 101 }, "user dana.reed", "duplicate"],
    [{ username: "dana.reed", name: "Dana", outbound_number: "+12125559999" }, "user dana.reed", "not_owned"],
    [
      { username: "dana.reed", name: "Dana", devices: [{ id: "desk", sip: "not a name" }] },
      "user dana.reed, device desk",
      "wrong_value",
    ],
  ])("%j", (one, where, code) => {
    const added = addUsers(HOUSE, { users: [one], groups: [] }, { autoExtension: false });
    expect(added).toMatchObject({ ok: false, faults: [{ where, code }] });
  });

  it("without any user", () => {
    expect(addUsers(HOUSE, { users: [], groups: [] }, { autoExtension: false }).ok).toBe(false);
  });
});
