/** Goal: what calls leave behind for later calls, and the engine's own name, outlive the engine. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "./store.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-memory-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Opens the database anew, as the next engine does. */
async function next<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const opened = await openStore(join(folder, "db"));
  if (!opened.ok) throw new Error(opened.failure.reason);
  const result = await work(opened.store);
  await opened.store.close();
  return result;
}

describe("the memory of calls", () => {
  it("keeps conversations with outside phones for a day, each as it was last written", async () => {
    const call = (channel: string, answeredMs: number, untilMs: number) =>
      ({ kind: "outside_call", channel, payer: "user:alice.wong", answeredMs, untilMs }) as const;
    const DAY_MS = 86_400_000;
    await next(async (store) => {
      await store.remember(call("a", 1_000, 1_000));
      await store.remember(call("b", 5 * DAY_MS, 5 * DAY_MS));
      await store.remember(call("b", 5 * DAY_MS, 5 * DAY_MS + 60_000));
    });
    expect(await next((store) => store.readMemory())).toEqual([call("b", 5 * DAY_MS, 5 * DAY_MS + 60_000)]);
  });

  it("keeps the last of each kind and owner", async () => {
    await next(async (store) => {
      await store.remember({ kind: "rung_first", group: "sales", username: "alice.wong" });
      await store.remember({ kind: "rung_first", group: "support", username: "alice.wong" });
      await store.remember({ kind: "rung_first", group: "sales", username: "bob.stone" });
      await store.remember({ kind: "answered", username: "bob.stone", atMs: 1 });
      await store.remember({ kind: "answered", username: "bob.stone", atMs: 1_700_000_000_000 });
    });
    const kept = await next((store) => store.readMemory());
    expect(kept).toHaveLength(3);
    expect(kept).toEqual(
      expect.arrayContaining([
        { kind: "rung_first", group: "sales", username: "bob.stone" },
        { kind: "rung_first", group: "support", username: "alice.wong" },
        { kind: "answered", username: "bob.stone", atMs: 1_700_000_000_000 },
      ]),
    );
  });
});

it("writes any number at once", async () => {
  const all = Array.from({ length: 1_000 }, (_none, n) => ({
    kind: "answered" as const,
    username: `user${n}`,
    atMs: n,
  }));
  await next((store) => store.remember(...all));
  const kept = await next((store) => store.readMemory());
  expect(kept).toHaveLength(1_000);
  expect(kept).toEqual(expect.arrayContaining(all));
});

describe("the name under which an engine claims calls", () => {
  it("is the first engine's for ever", async () => {
    expect(await next((store) => store.engineIdentity("first"))).toBe("first");
    expect(await next((store) => store.engineIdentity("second"))).toBe("first");
  });
});
