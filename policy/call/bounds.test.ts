/** Goal: what is kept of a text that somebody has sent is short, and a text still. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { cutText } from "./bounds.js";

it("is cut between two characters", () => {
  expect(cutText(`${"1".repeat(127)}\u{1f600}`)).toBe("1".repeat(127));
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      const cut = cutText(text);
      expect(cut.length).toBeLessThanOrEqual(128);
      expect(text.startsWith(cut)).toBe(true);
      expect(Buffer.from(cut).toString()).toBe(cut);
    }),
  );
});
