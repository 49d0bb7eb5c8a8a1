/**
 * Goal: the office that readers of the API get is the one that is live, whatever was applied, and many who ask at once make
 * one reading. Method: random offices one after the other, against reading each anew.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newStore } from "../../../fixtures/new-store.js";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import type { Office } from "../../../policy/office/office.js";
import type { Store } from "../../../storage/store.js";
import { viewLive } from "../../office/views/live.js";
import { liveView } from "./live-view.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-live-view-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

let made = 0;
async function emptyStore(): Promise<Store> {
  made += 1;
  return newStore(join(folder, `db${made}`));
}

function apply(store: Store, office: Office) {
  return store.applyOffice(office, { author: "ann", message: "", sourceHash: "", nowMs: made });
}

it("is the live office, whatever was applied", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(officeArbitrary, { minLength: 2, maxLength: 5 }), async (offices) => {
      const store = await emptyStore();
      const live = liveView({ store });
      for (const office of offices) {
        await apply(store, office);
        const [seen, fresh] = [await live(), await viewLive({ store }, (whole) => whole)];
        if ("outcome" in seen || "outcome" in fresh) throw new Error("there is no office");
        expect([seen.revision, seen.office, seen.drift]).toEqual([fresh.revision, fresh.office, fresh.drift]);
        for (const { username } of fresh.office.users)
          expect(seen.table.user(username)).toEqual(fresh.table.user(username));
        for (const { number } of fresh.office.numbers)
          expect(seen.table.number(number)).toEqual(fresh.table.number(number));
        expect(seen.table.settings).toEqual(fresh.table.settings);
      }
      await store.close();
    }),
    { numRuns: 20 },
  );
});

it("is read once for all who ask at the same time", async () => {
  const store = await emptyStore();
  const [office, next] = fc.sample(officeArbitrary, 2);
  if (office === undefined || next === undefined) throw new Error("no sample");
  const live = liveView({ store });
  await apply(store, office);
  const all = await Promise.all(Array.from({ length: 20 }, () => live()));
  expect(new Set(all).size).toBe(1);
  await apply(store, { ...office, name: `${office.name} again` });
  const later = await Promise.all(Array.from({ length: 20 }, () => live()));
  expect(new Set(later).size).toBe(1);
  await store.close();
});

it("says that there is no office, and finds the first one", async () => {
  const store = await emptyStore();
  const live = liveView({ store });
  expect(await live()).toEqual({ outcome: "no_office" });
  await apply(store, fc.sample(officeArbitrary, 1)[0] as Office);
  expect(await live()).toMatchObject({ revision: 1 });
  await store.close();
});
