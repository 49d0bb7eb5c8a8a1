/** Goal: the outbox of webhooks is in order within each call, bounded, and knows what waits; whatever is asked of it. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "./database.js";
import { openStore, type Store } from "./store.js";
import { type NewDelivery, WebhookTables } from "./webhooks.js";

let store: Store;
beforeEach(async () => {
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
});
afterEach(() => store.close());

const HOOK = { id: "crm", url: "https://crm.example.com/" };

function delivery(stream: string, place: number, event = "call.started", hook = "crm"): NewDelivery {
  return { hook, stream, eventId: `${stream}.${place}`, event, body: "{}" };
}

async function takeAll(nowMs: number): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    const due = await store.webhooks.due("crm", nowMs, 10);
    if (due.length === 0) return taken;
    expect(new Set(due.map(({ stream }) => stream)).size).toBe(due.length);
    taken.push(...due.map(({ eventId }) => eventId));
    await store.webhooks.settle(new Map(due.map((each) => [each, { kind: "delivered" as const }])), nowMs);
  }
}

describe("events that wait", () => {
  it("come in the order of their call, each once, however they were queued", async () => {
    await store.webhooks.follow([HOOK]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 }), { maxLength: 4 }),
        async (batches) => {
          const counts = new Map<string, number>();
          const queued: string[] = [];
          for (const batch of batches) {
            const rows = batch.map((stream) => {
              const place = (counts.get(stream) ?? 0) + 1;
              counts.set(stream, place);
              return delivery(stream, place);
            });
            queued.push(...rows.map(({ eventId }) => eventId));
            await store.webhooks.add(rows, 5);
            // Read again after a crash.
            await store.webhooks.add(rows, 6);
          }
          const taken = await takeAll(10);
          expect([...taken].sort()).toEqual([...queued].sort());
          for (const stream of counts.keys())
            expect(taken.filter((id) => id.startsWith(stream))).toEqual(
              queued.filter((id) => id.startsWith(stream)),
            );
        },
      ),
      { numRuns: 50 },
    );
  });

  it("wait for the earlier event of their call, and only for that", async () => {
    await store.webhooks.follow([HOOK]);
    await store.webhooks.add([delivery("a", 1), delivery("a", 2), delivery("b", 1)], 5);
    const [first] = await store.webhooks.due("crm", 5, 1);
    if (first === undefined) throw new Error("nothing is due");
    await store.webhooks.settle(new Map([[first, { kind: "later", nextMs: 100, why: "500" }]]), 5);
    expect(await takeAll(50)).toEqual(["b.1"]);
    expect(await store.webhooks.nextMs("crm")).toBe(100);
    expect(await takeAll(100)).toEqual(["a.1", "a.2"]);
  });

  it("are due at once when the clock was set back", async () => {
    await store.webhooks.follow([HOOK]);
    await store.webhooks.add([delivery("a", 1)], 1_000_000_000);
    expect(await takeAll(5)).toEqual(["a.1"]);
  });

  it("are counted, with the age of the oldest", async () => {
    await store.webhooks.add([delivery("a", 1)], 5);
    await store.webhooks.add([delivery("a", 2), delivery("b", 1)], 9);
    expect(await store.webhooks.waiting()).toEqual([{ hook: "crm", waiting: 3, oldestMs: 5 }]);
  });
});

describe("too many events", () => {
  const MAX = 2_000;

  it("push out the oldest, and never a call for help; the rest stays in order", async () => {
    const tables = new WebhookTables(databaseOf(store), MAX);
    await tables.follow([HOOK]);
    await tables.add([delivery("help", 1, "emergency.call"), delivery("old", 1), delivery("old", 2)], 1);
    for (let batch = 0; batch < 25; batch += 1)
      await tables.add(
        Array.from({ length: 100 }, (_, place) => delivery(`s${batch % 7}`, batch * 100 + place)),
        2 + batch,
      );
    const [waiting] = await tables.waiting();
    expect(waiting?.waiting).toBeLessThanOrEqual(MAX + 1);
    const taken = await takeAll(100);
    expect(taken).toContain("help.1");
    expect(taken).not.toContain("old.1");
    expect(taken).toHaveLength(waiting?.waiting ?? -1);
    for (let stream = 0; stream < 7; stream += 1) {
      const places = taken.flatMap((id) => (id.startsWith(`s${stream}.`) ? [Number(id.split(".")[1])] : []));
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
    const [state] = await tables.states();
    expect(state?.dropped).toBe(2_503 - taken.length);
  });
});

describe("the right to deliver", () => {
  const lease = (holder: string, nowMs: number, isOver = false) =>
    store.webhooks.lease(holder, { nowMs, untilMs: nowMs + 15, isOver: () => isOver });

  it("is held by one process until its time is over, or it gives it back, or it is gone", async () => {
    expect(await lease("1 a", 0)).toBeUndefined();
    expect(await lease("2 b", 14)).toBe("1 a");
    expect(await lease("1 a", 14)).toBeUndefined();
    expect(await lease("2 b", 28)).toBe("1 a");
    expect(await lease("2 b", 29)).toBeUndefined();
    expect(await lease("1 a", 30)).toBe("2 b");
    expect(await lease("1 a", 30, true)).toBeUndefined();
    await store.webhooks.release("1 a");
    expect(await lease("2 b", 31)).toBeUndefined();
  });

  it("is not held for long by a clock that was set back", async () => {
    expect(await lease("1 a", 1_000_000)).toBeUndefined();
    expect(await lease("2 b", 0)).toBeUndefined();
  });
});

describe("a webhook", () => {
  it("that is off stays off until it moves or is switched on, and loses what waited", async () => {
    await store.webhooks.follow([HOOK]);
    await store.webhooks.add([delivery("a", 1)], 5);
    await store.webhooks.switchOff("crm", "gone", 7);
    expect(await store.webhooks.states()).toMatchObject([{ offMs: 7, dropped: 1, why: "gone" }]);
    await store.webhooks.follow([HOOK]);
    expect(await store.webhooks.states()).toMatchObject([{ offMs: 7 }]);
    await store.webhooks.follow([{ ...HOOK, url: "https://new.example.com/" }]);
    expect(await store.webhooks.states()).toMatchObject([{ offMs: null, dropped: 1 }]);
  });
});

function databaseOf(of: Store): Database {
  return (of.webhooks as unknown as { readonly database: Database }).database;
}
