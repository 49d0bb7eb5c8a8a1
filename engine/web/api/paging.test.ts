/** Goal: pages of a list are the list, whatever is added and removed between them. Method: properties. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { compareKeys, type PageKey, pageFrom, readKey, writeKey } from "./paging.js";

const keyOf = (each: PageKey): PageKey => each;
const keys = fc.uniqueArray(
  fc.tuple(
    fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 5 })),
    fc.string({ maxLength: 2 }),
  ),
  { selector: (key) => JSON.stringify(key) },
);

function everyPage(lists: readonly (readonly PageKey[])[], limit: number): PageKey[] {
  const seen: PageKey[] = [];
  let after: string | undefined;
  for (let n = 0; ; n += 1) {
    const list = lists[Math.min(n, lists.length - 1)] ?? [];
    const page = pageFrom([...list].sort(compareKeys), keyOf, { limit, after });
    seen.push(...page.items);
    if (page.next === null) return seen;
    after = page.next;
  }
}

it("gives all of a list, once and in order", () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 7 }), (list, limit) => {
      expect(everyPage([list], limit)).toEqual([...list].sort(compareKeys));
    }),
  );
});

it("gives what stays in the list, once, while others come and go", () => {
  fc.assert(
    fc.property(
      keys,
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.boolean()),
      (list, limit, keep) => {
        const stays = list.filter(() => keep.next().value === true);
        const seen = everyPage([list, stays, list, stays], limit);
        expect(new Set(seen.map(writeKey)).size).toBe(seen.length);
        for (const each of stays) expect(seen).toContainEqual(each);
      },
    ),
  );
});

it.each(["", "x", "bnVsbA", writeKey(["a", "b"]).slice(1), "W10", "WyJhIl0"])(
  "does not read %j as a key",
  (text) => {
    expect(readKey(text)).toBeUndefined();
  },
);

it("reads each key that it writes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme" }), fc.integer()), fc.string(), (value, id) => {
      expect(readKey(writeKey([value, id]))).toEqual([value, id]);
    }),
  );
});
