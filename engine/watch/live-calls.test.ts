/** When the engine writes its numbers of calls, and how readers add them up. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { LiveCallsSaid } from "../../storage/live-calls.js";
import { openStore } from "../../storage/store.js";
import type { Call } from "../calls/call.js";
import { LiveCalls, REPEAT_MS, STALE_MS, sumCalls } from "./live-calls.js";

function calls(...revisions: number[]): Call[] {
  return revisions.map((revision) => ({ state: { revision }, about: [] as readonly string[] }) as Call);
}

/** Collects what is written; `pass` lets time and its promises pass. */
function stage(fails = false) {
  const clock = new VirtualClock(1_000_000);
  const written: LiveCallsSaid[] = [];
  let now: readonly Call[] = [];
  const live = new LiveCalls(
    {
      clock,
      engineId: "one",
      log: pino({ level: "silent" }),
      store: {
        writeLiveCalls: async (said) => {
          written.push(said);
          if (fails) throw new Error("locked");
        },
      },
    },
    () => now,
  );
  const pass = async (seconds: number, ...revisions: number[]) => {
    now = calls(...revisions);
    for (let n = 0; n < seconds; n += 1) {
      clock.advanceBy(1_000);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
    return written.splice(0).map((said) => said.calls);
  };
  return { live, pass };
}

describe("live calls", () => {
  it("are written when they change, by the revision they began with", async () => {
    const { live, pass } = stage();
    live.open();
    expect(await pass(3)).toEqual([[]]);
    expect(await pass(3, 7, 7, 6)).toEqual([
      [
        [6, 1],
        [7, 2],
      ],
    ]);
    expect(await pass(2)).toEqual([[]]);
    live.close();
    expect(await pass(5, 7)).toEqual([]);
  });

  it("are written again now and then, so that the engine is known to be there", async () => {
    const { live, pass } = stage();
    live.open();
    await pass(1, 7);
    expect(await pass(REPEAT_MS / 1_000, 7)).toEqual([[[7, 1]]]);
    await pass(1);
    expect(await pass((3 * REPEAT_MS) / 1_000)).toEqual([]);
  });

  it("are tried again when the database refuses", async () => {
    const { live, pass } = stage(true);
    live.open();
    expect(await pass(3, 7)).toEqual([[], [[7, 1]], [[7, 1]]]);
  });

  it("are read back, without those of an engine that is gone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ringline-calls-"));
    const opened = await openStore(join(folder, "a.db"));
    if (!opened.ok) throw new Error("no database");
    const { store } = opened;
    await store.writeLiveCalls({ engineId: "one", saidMs: 1_000, calls: [[3, 1]], about: [] });
    await store.writeLiveCalls({ engineId: "one", saidMs: 50_000, calls: [[4, 2]], about: [] });
    await store.writeLiveCalls({
      engineId: "two",
      saidMs: 51_000,
      calls: [
        [3, 5],
        [4, 1],
      ],
      about: [],
    });
    const said = await store.readLiveCalls();
    await store.close();
    rmSync(folder, { recursive: true });
    expect(sumCalls(said, 52_000)).toEqual([
      [3, 5],
      [4, 3],
    ]);
    expect(sumCalls(said, 50_500 + STALE_MS)).toEqual([
      [3, 5],
      [4, 1],
    ]);
    expect(sumCalls(said, 60_000 + STALE_MS)).toEqual([]);
  });
});
