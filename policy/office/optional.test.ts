/** Goal: `given` leaves out properties without a value, and keeps all others. */
import { expect, it } from "vitest";
import { given, mapped } from "./optional.js";

it("leaves out what is undefined, and nothing else that is falsy", () => {
  const properties = { a: undefined, b: null, c: 0, d: "", e: false, f: "text" };
  expect(Object.keys(given(properties))).toEqual(["b", "c", "d", "e", "f"]);
});

it("makes something of a value that is there, however falsy, and nothing of none", () => {
  expect(mapped("", (text) => `${text}!`)).toBe("!");
  expect(mapped(undefined, () => "made")).toBeUndefined();
});
