/**
 * Goal: an apply holds the write lock briefly, reads little when little differs, and always writes exactly what differs.
 * Method: real databases with a second connection that writes in between; large offices changed at random; the
 * statements that read entities are counted.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EMPTY_OFFICE as EMPTY } from "../fixtures/empty-office.js";
import type { NumberEntry, Office } from "../policy/office/office.js";
import type { Apply } from "./apply.js";
import { Database } from "./database.js";
import { openStore, type Store } from "./store.js";

const HOW: Apply = { author: "ann", message: "a test", sourceHash: "00ff", nowMs: 1_700_000_000_000 };

let folder: string;
let path: string;
const open: Array<{ close(): Promise<void> }> = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-apply-"));
  path = join(folder, "x.db");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(open.splice(0).map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

async function mustOpen(where = path): Promise<Store> {
  const opened = await openStore(where);
  if (!opened.ok) throw new Error(opened.failure.reason);
  open.push(opened.store);
  return opened.store;
}

const numberAt = (index: number, label = "x"): NumberEntry => ({
  number: `+1${2_125_000_000 + index}`,
  label,
  leadsTo: null,
});
const withNumbers = (numbers: readonly NumberEntry[]): Office => ({ ...EMPTY, numbers: [...numbers] });
const many = Array.from({ length: 5_000 }, (_, index) => numberAt(index));
/** The office as the database returns it: numbers in the order of their keys. */
const sorted = (office: Office): Office => ({
  ...office,
  numbers: [...office.numbers].sort((a, b) => (a.number < b.number ? -1 : 1)),
});

describe("an apply", () => {
  it("compares while another process holds the write lock", async () => {
    const store = await mustOpen();
    const other = await Database.open(path, true);
    open.push(other);
    await other.exec("BEGIN IMMEDIATE");
    let compared = false;
    const applied = await store.applyOffice(withNumbers(many), {
      ...HOW,
      onProgress: () => {
        if (!compared) void other.exec("COMMIT");
        compared = true;
      },
    });
    expect([compared, applied.outcome]).toEqual([true, "applied"]);
  });

  it("compares again when another revision was written meanwhile", async () => {
    const [store, other] = [await mustOpen(), await mustOpen()];
    await store.applyOffice(withNumbers(many), HOW);
    const theirs = withNumbers([...many.slice(10), numberAt(7_000, "theirs")]);
    const ours = withNumbers([...many.slice(1), numberAt(6_000, "ours")]);
    let meanwhile: Promise<unknown> | undefined;
    const { transaction } = Database.prototype;
    vi.spyOn(Database.prototype, "transaction").mockImplementation(async function <T>(
      this: Database,
      work: (rollback: () => void) => Promise<T>,
    ): Promise<T> {
      // Ours is compared; theirs is written before ours gets the lock.
      if (meanwhile === undefined) {
        meanwhile = Promise.resolve();
        await other.applyOffice(theirs, HOW);
      }
      return transaction.call(this, work) as Promise<T>;
    });
    const applied = await store.applyOffice(ours, HOW);
    expect(applied).toMatchObject({
      outcome: "applied",
      revision: 3,
      summary: { numbers: { added: 10, changed: 0, removed: 1 } },
    });
    expect(await store.loadOffice()).toEqual(sorted(ours));
    expect(await store.loadOffice(2)).toEqual(sorted(theirs));
  });

  it("reads the neighbours of what differs, and nothing else", async () => {
    const store = await mustOpen();
    await store.applyOffice(withNumbers(many), HOW);
    const read = vi.spyOn(Database.prototype, "all");
    const pages = () => read.mock.calls.filter(([sql]) => sql.includes('FROM "numbers"'));
    expect((await store.applyOffice(withNumbers(many), HOW)).outcome).toBe("unchanged");
    expect(pages()).toEqual([]);
    const changed = many.map((number, index) => (index === 2_345 ? numberAt(index, "y") : number));
    expect((await store.applyOffice(withNumbers(changed), HOW)).summary.numbers.changed).toBe(1);
    // A range is one page, and the empty page behind it.
    expect(pages().length).toBeLessThanOrEqual(2);
  });

  it("writes exactly what differs, whatever changes in a large office, in whatever order it comes", async () => {
    const change = fc.record({
      from: fc.nat(6_000),
      count: fc.oneof(fc.nat(5), fc.nat(4_000)),
      label: fc.constantFrom("x", "y", null),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 }),
        fc.boolean(),
        async (revisions, isReversed) => {
          const store = await mustOpen(":memory:");
          const numbers = new Map<string, NumberEntry>();
          let before = new Map<string, NumberEntry>();
          for (const changes of revisions) {
            for (const { from, count, label } of changes)
              for (let index = from; index < from + count; index += 1) {
                const { number } = numberAt(index);
                if (label === null) numbers.delete(number);
                else numbers.set(number, numberAt(index, label));
              }
            const office = withNumbers(isReversed ? [...numbers.values()].reverse() : [...numbers.values()]);
            const { summary, outcome } = await store.applyOffice(office, HOW);
            const added = [...numbers.keys()].filter((key) => !before.has(key)).length;
            const removed = [...before.keys()].filter((key) => !numbers.has(key)).length;
            const changed = [...numbers].filter(
              ([key, { label }]) => before.has(key) && before.get(key)?.label !== label,
            ).length;
            if (outcome === "applied") expect(summary.numbers).toEqual({ added, changed, removed });
            else expect([added, changed, removed]).toEqual([0, 0, 0]);
            expect(await store.loadOffice()).toEqual(sorted(office));
            before = new Map(numbers);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it("finds what differs without fingerprints, as in a database of an earlier version, and makes them", async () => {
    const store = await mustOpen();
    await store.applyOffice(withNumbers(many), HOW);
    const other = await Database.open(path, true);
    open.push(other);
    await other.exec("DELETE FROM fingerprints; DELETE FROM fingerprinted");
    expect((await store.applyOffice(withNumbers(many), HOW)).outcome).toBe("unchanged");
    expect(await other.get("SELECT sum(entities) AS n FROM fingerprints")).toEqual({ n: 5_001 });
    await other.exec("UPDATE fingerprinted SET version = 0");
    const applied = await store.applyOffice(withNumbers(many.slice(1)), HOW);
    expect(applied.summary.numbers).toEqual({ added: 0, changed: 0, removed: 1 });
    expect(await other.get("SELECT sum(entities) AS n FROM fingerprints")).toEqual({ n: 5_000 });
  });
});
