/** Goal: `given` leaves out properties without a value, and keeps all others. */
import { expect, it } from "vitest";
import { given } from "./optional.js";

it("leaves out what is undefined, and nothing else that is falsy", () => {
  const properties = { a: undefined, b: null, c: 0, d: "", e: false, f: "text" };
  expect(Object.keys(given(properties))).toEqual(["b", "c", "d", "e", "f"]);
});
