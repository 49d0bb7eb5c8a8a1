/** Goal: mistyped words are recognised, and nothing far-fetched is suggested. */
import { describe, expect, it } from "vitest";
import { suggest } from "./suggest.js";

const PEOPLE = ["alice.wong", "bob.stone", "carol.diaz"];

describe("a suggestion", () => {
  it.each([
    ["alice.wnog", "alice.wong"],
    ["alise.wong", "alice.wong"],
    ["alice.wong2", "alice.wong"],
    ["Bob.Stone", "bob.stone"],
    ["carl.diaz", "carol.diaz"],
  ])("for %s is %s", (typed, meant) => expect(suggest(typed, PEOPLE)).toBe(meant));

  it.each(["zoe", "", "dan.okafor", "x".repeat(500)])("for %j is none", (typed) =>
    expect(suggest(typed, PEOPLE)).toBeUndefined(),
  );

  it("of two equally near words is the first in the alphabet", () => {
    expect(suggest("team-c", ["team-b", "team-a"])).toBe("team-a");
  });
});
