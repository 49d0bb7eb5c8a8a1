/** Goal: no two calls share an id, also when the leg of one becomes the caller of another. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivedId, derivedIdOfVersion1 } from "./derived-id.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const CALL_ID = "11111111-2222-4333-8444-000000000000";

/** The ids of a call's first legs and sounds. */
function idsOf(call: string): string[] {
  return Array.from({ length: 41 }, (_none, i) => i - 20).flatMap((n) => (n === 0 ? [] : derivedId(call, n)));
}

describe("the ids that a call derives", () => {
  it("are no other call's, after any row of transfers", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }), (first, legs) => {
        const calls = [first];
        for (const n of legs) calls.push(derivedId(calls.at(-1) ?? "", n));
        const all = [first, ...calls.flatMap(idsOf)];
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it("are no other call's when two calls differ in one place only, wherever that is", () => {
    const alike = [...CALL_ID].flatMap((char, at) =>
      char === "-" ? [] : [`${CALL_ID.slice(0, at)}${char === "f" ? "e" : "f"}${CALL_ID.slice(at + 1)}`],
    );
    const all = [CALL_ID, ...alike].flatMap(idsOf);
    expect(new Set(all).size).toBe(all.length);
  });

  it("are uuids, the same each time", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: -5_000, max: 5_000 }), (call, n) => {
        expect(derivedId(call, n)).toMatch(UUID);
        expect(derivedId(call, n)).toBe(derivedId(call, n));
      }),
    );
  });

  it("were made otherwise by engines of version 1, whose legs are still found", () => {
    expect(derivedIdOfVersion1(CALL_ID, 1)).toBe("11111111-2222-4333-8444-9e3779b97f4b");
  });
});
