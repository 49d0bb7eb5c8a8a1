/** Goal: an earlier id in a file renames once, and does no harm for ever after. Method: a table of live offices. */
import { describe, expect, it } from "vitest";
import { group, office, sipDevice, user } from "../../fixtures/core/scene.js";
import type { RenameClaim } from "../office-file/rename-claim.js";
import { renamesToMake } from "./claimed-renames.js";
import type { Rename } from "./renaming.js";

const live = (...ids: string[]) =>
  office([], {
    users: [user("alice", [sipDevice("alice-desk", { id: "desk" })])],
    groups: ids.map((id) => group(id, ["alice"])),
    flows: { front: [] },
  });
const claim = (...from: string[]): RenameClaim => ({ kind: "group", to: "verkauf", from });
const g = (from: string, to: string): Rename => ({ kind: "group", from, to });

describe("an earlier id", () => {
  it.each<[string, string[], RenameClaim, Rename[], Rename[]]>([
    ["that is live is renamed", ["sales"], claim("sales"), [], [g("sales", "verkauf")]],
    ["that was renamed already is no work", ["verkauf"], claim("sales"), [g("sales", "verkauf")], []],
    ["that never was is no work", ["help"], claim("sales"), [], []],
    ["of two is the one that is live", ["seller"], claim("sales", "seller"), [], [g("seller", "verkauf")]],
    // A command made another group of the old id since.
    [
      "that something else has by now is left to it",
      ["sales", "verkauf"],
      claim("sales"),
      [g("sales", "verkauf")],
      [],
    ],
    [
      "of a flow",
      [],
      { kind: "flow", to: "day", from: ["front"] },
      [],
      [{ kind: "flow", from: "front", to: "day" }],
    ],
    [
      "of a device",
      [],
      { kind: "device", username: "alice", to: "laptop", from: ["desk"] },
      [],
      [{ kind: "device", username: "alice", from: "desk", to: "laptop" }],
    ],
    [
      "of a device of a new user is no work",
      [],
      { kind: "device", username: "carol", to: "laptop", from: ["desk"] },
      [],
      [],
    ],
  ])("%s", (_what, ids, said, made, renames) => {
    expect(renamesToMake([said], live(...ids), live("verkauf"), made)).toEqual({ renames, faults: [] });
  });

  it.each<[string, string[], RenameClaim, string]>([
    [
      "when both are live",
      ["sales", "verkauf"],
      claim("sales"),
      "the live office has both `sales` and `verkauf`",
    ],
    ["when two earlier ids are live", ["a", "b"], claim("a", "b"), "the live office has both `a` and `b`"],
  ])("is a fault %s", (_when, ids, said, why) => {
    const { renames, faults } = renamesToMake([said], live(...ids), live("verkauf"), []);
    expect(renames).toEqual([]);
    expect(faults).toMatchObject([
      { where: "group verkauf", code: "wrong_rename", message: expect.stringContaining(why) },
    ]);
  });

  it.each<[string, string[], string[], Rename[], string | undefined]>([
    ["is nearly what the files leave out", ["vertrieb"], ["verkauf"], [], "vertrieb"],
    ["is nearly what the files have as well", ["vertrieb"], ["verkauf", "vertrieb"], [], undefined],
    ["was somebody's once", ["vertrieb"], ["verkauf"], [g("vertreib", "help")], undefined],
    ["is nothing like it", ["help"], ["verkauf"], [], undefined],
    ["is of something that has its new id", ["verkauf", "vertrieb"], ["verkauf"], [], undefined],
  ])("that %s", (_what, ids, inFiles, made, suggestion) => {
    const { renames, faults } = renamesToMake([claim("vertreib")], live(...ids), live(...inFiles), made);
    expect(renames).toEqual([]);
    expect(faults.map((each) => each.suggestion)).toEqual(suggestion === undefined ? [] : [suggestion]);
  });

  it("means nothing where nothing is live", () => {
    expect(renamesToMake([claim("sales")], undefined, live(), [])).toEqual({ renames: [], faults: [] });
  });
});
