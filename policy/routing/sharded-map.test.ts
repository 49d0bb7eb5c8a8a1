/** Goal: a sharded map behaves as a map. Method: any sequence of sets and deletes, compared with JavaScript's Map. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShardedMap } from "./sharded-map.js";

describe("a sharded map", () => {
  it("gives the same answers as a Map", () => {
    const key = fc.oneof(fc.string({ maxLength: 6 }), fc.stringMatching(/^\+1212[0-9]{1,3}$/));
    const action = fc.tuple(fc.boolean(), key, fc.nat());
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const sharded = new ShardedMap<number>();
        const plain = new Map<string, number>();
        for (const [isSet, name, value] of actions) {
          if (isSet) sharded.set(name, value);
          else sharded.delete(name);
          if (isSet) plain.set(name, value);
          else plain.delete(name);
          expect(sharded.get(name)).toBe(plain.get(name));
        }
        for (const [, name] of actions) expect(sharded.get(name)).toBe(plain.get(name));
        expect(sharded.size).toBe(plain.size);
      }),
    );
  });
});
