/** Goal: one thing is no plural. */
import { expect, it } from "vitest";
import { counted } from "./counted.js";

it.each([
  [0, "0 users"],
  [1, "1 user"],
  [2, "2 users"],
])("%d", (count, text) => {
  expect(counted(count, "user")).toBe(text);
});

it("takes a plural of its own", () => {
  expect(counted(2, "leg of a call", "legs of calls")).toBe("2 legs of calls");
});
