/**
 * Goal: a change of a list is told as people see it, and tells the whole change. Method: a table, and a property: whoever
 * knows the list before and the changes knows the list after.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ListChange, type ListItem, listChanges } from "./list-changes.js";

function items(text: string): ListItem[] {
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => ({ text: word, like: word.slice(0, 1) }));
}

function told(change: ListChange): string {
  switch (change.change) {
    case "added":
      return `+${change.item}@${change.to}`;
    case "removed":
      return `-${change.item}@${change.from}`;
    case "moved":
      return `>${change.item}@${change.from}:${change.to}`;
    case "changed":
      return `~${change.was}@${change.from}:${change.item}@${change.to}`;
  }
}

describe("a list that changes", () => {
  it.each([
    ["a b c", "a b c", ""],
    ["", "a", "+a@1"],
    ["a b c", "a c", "-b@2"],
    ["a b c", "a b x c", "+x@3"],
    // The others moved only because this one did.
    ["a b c d", "d a b c", ">d@4:1"],
    ["a b c d", "b c d a", ">a@1:4"],
    ["a b c", "c b a", ">c@3:1 >b@2:2"],
    // The first letter says whether two may be one that was changed.
    ["r20 v", "r30 v", "~r20@1:r30@1"],
    ["r20 v", "s v", "-r20@1 +s@1"],
    ["a r20 b", "a b r30", "-r20@2 +r30@3"],
    ["r1 r2", "r3 r4", "~r1@1:r3@1 ~r2@2:r4@2"],
    ["a a", "a", "-a@2"],
    ["a", "a a", "+a@2"],
  ])("from %j to %j: %s", (before, after, changes) => {
    expect(listChanges(items(before), items(after)).map(told).join(" ")).toBe(changes);
  });

  it("is known from the list before and its changes", () => {
    const list = fc.array(fc.constantFrom("a1", "a2", "b1", "b2", "c1"), { maxLength: 8 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const asItems = (words: readonly string[]) => items(words.join(" "));
        expect(applied(before, listChanges(asItems(before), asItems(after)))).toEqual(after);
      }),
    );
  });

  it("of a hundred thousand items is compared at once", () => {
    const all = Array.from({ length: 100_000 }, (_, index) => ({ text: `m${index}`, like: `m${index}` }));
    expect(listChanges(all, [...all].reverse())).toHaveLength(99_999);
    expect(listChanges(all, all.slice(1))).toEqual([{ change: "removed", item: "m0", from: 1 }]);
  });
});

/** What stays fills the places that no change names. */
function applied(before: readonly string[], changes: readonly ListChange[]): string[] {
  const gone = new Set(changes.flatMap((each) => (each.change === "added" ? [] : [each.from - 1])));
  const stays = before.filter((_item, index) => !gone.has(index));
  const placed = new Map(
    changes.flatMap((each) => (each.change === "removed" ? [] : [[each.to - 1, each.item] as const])),
  );
  const after: string[] = [];
  for (let index = 0; index < stays.length + placed.size; index += 1) {
    const item = placed.get(index);
    after.push(item ?? stays[index - [...placed.keys()].filter((place) => place < index).length] ?? "?");
  }
  return after;
}
