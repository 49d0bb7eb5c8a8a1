/**
 * Goal: a new revision is live soon; a revision that cannot be loaded changes nothing and is logged once. Method: a
 * store that answers as the test wants, on a virtual clock.
 */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { office } from "../../fixtures/core/scene.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { NO_CHANGES } from "../../policy/office/entities.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { LiveOffice, POLL_MS } from "./live-office.js";

function scene() {
  const clock = new VirtualClock();
  const state = { newest: 1, fails: null as string | null, tooMuch: false };
  const logged: string[] = [];
  const seen: Array<readonly [now: number, before: number, isListed: boolean]> = [];
  const look = () => (state.fails === null ? Promise.resolve() : Promise.reject(new Error(state.fails)));
  const loads: number[] = [];
  const live = new LiveOffice(
    {
      loadTable: async (revision = state.newest) => {
        await look();
        loads.push(revision);
        return RoutingTable.of(office([]), revision);
      },
      currentRevision: () => look().then(() => state.newest),
      changesSince: async () =>
        state.tooMuch
          ? { outcome: "too_many", revision: state.newest }
          : { outcome: "changes", revision: state.newest, changes: NO_CHANGES },
      changesBetween: async (_from, to) =>
        look().then(() =>
          state.tooMuch
            ? { outcome: "too_many", revision: to }
            : { outcome: "changes", revision: to, changes: NO_CHANGES },
        ),
    },
    clock,
    pino({ level: "info", base: null }, { write: (line) => logged.push(JSON.parse(line).msg) }),
    (now, before, changes) => seen.push([now.revision, before.revision, changes !== null]),
  );
  /** Lets the database be asked once more. */
  const polled = async () => {
    clock.advanceBy(POLL_MS);
    // The store does no input or output, so all its promises are resolved by then.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { state, live, logged, seen, polled, clock, loads };
}

describe("the live office", () => {
  it("is the newest revision, and hands on the changes where they can be listed", async () => {
    const { state, live, seen, polled } = scene();
    await live.open();
    await polled();
    expect(seen).toEqual([]);
    state.newest = 2;
    await polled();
    state.newest = 4;
    state.tooMuch = true;
    await polled();
    expect(seen).toEqual([
      [2, 1, true],
      [4, 2, false],
    ]);
    expect(live.table.revision).toBe(4);
    live.close();
  });

  it("gives a call the revision that it began with", async () => {
    const { live } = scene();
    await live.open();
    expect(await live.tableOf(1)).toBe(live.table);
    expect((await live.tableOf(7)).revision).toBe(7);
    live.close();
  });

  it("loads one table for all calls of an earlier revision, also where too much differs", async () => {
    const { live, state, loads } = scene();
    state.newest = 9;
    state.tooMuch = true;
    await live.open();
    const tables = await Promise.all(
      Array.from({ length: 100 }, (_, n) => live.tableOf(n % 2 === 0 ? 3 : 7)),
    );
    expect(loads).toEqual([9, 7, 3]);
    expect(new Set(tables).size).toBe(2);
    expect(await live.tableOf(3)).toBe(tables[0]);
    live.close();
  });

  it("makes the tables of earlier revisions from what differs, and loads none of them", async () => {
    const { live, state, loads } = scene();
    state.newest = 9;
    await live.open();
    const tables = await Promise.all([5, 2, 8, 5].map((revision) => live.tableOf(revision)));
    expect(tables.map(({ revision }) => revision)).toEqual([5, 2, 8, 5]);
    expect(tables[3]).toBe(tables[0]);
    expect(loads).toEqual([9]);
    live.close();
  });

  it("gives a call that is taken over the table that was live when it began", async () => {
    const { live, state, polled } = scene();
    await live.open();
    const first = live.table;
    state.newest = 2;
    await polled();
    expect(await live.tableOf(1)).toBe(first);
    live.close();
  });

  it("looks at once for a revision that another engine was quicker to see", async () => {
    const { live, state, loads, seen } = scene();
    await live.open();
    state.newest = 2;
    const [one, other] = await Promise.all([live.tableOf(2), live.tableOf(2)]);
    expect([one === live.table, other === live.table, loads, seen.length]).toEqual([true, true, [1], 1]);
    live.close();
  });

  it("tries again for the next call after an earlier revision could not be read", async () => {
    const { live, state } = scene();
    state.newest = 2;
    await live.open();
    state.fails = "database is locked";
    await expect(live.tableOf(1)).rejects.toThrow("database is locked");
    state.fails = null;
    expect((await live.tableOf(1)).revision).toBe(1);
    live.close();
  });

  it("stays as it is while the database cannot be read, and logs each failure once", async () => {
    const { state, live, logged, polled } = scene();
    await live.open();
    const troubles = () => logged.filter((msg) => msg.includes("cannot be loaded")).length;
    state.newest = 2;
    state.fails = "disk I/O error";
    await polled();
    await polled();
    expect([live.table.revision, troubles()]).toEqual([1, 1]);
    state.fails = "database is locked";
    await polled();
    expect(troubles()).toBe(2);
    state.fails = null;
    await polled();
    expect(live.table.revision).toBe(2);
    state.fails = "database is locked";
    await polled();
    expect(troubles()).toBe(3);
    live.close();
  });

  it("does not ask the database any more once it is closed", async () => {
    const { live, clock, state, polled } = scene();
    await live.open();
    live.close();
    state.newest = 2;
    await polled();
    expect(clock.pending).toBe(0);
    expect(live.table.revision).toBe(1);
  });
});
