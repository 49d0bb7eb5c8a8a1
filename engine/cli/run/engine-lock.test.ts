/** Goal: a database has one engine; another engine gives up after a while, or stands by for as long as needed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../clock.js";
import { takeEngineLock } from "./engine-lock.js";

let folder: string;
let db: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-lock-"));
  db = join(folder, "office.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A clock on which every timer fires as soon as it is armed. */
function hasty(waited: (nowMs: number) => void = () => undefined): Clock {
  let nowMs = 1_700_000_000_000;
  return {
    ...systemClock,
    nowMs: () => nowMs,
    after: (delayMs, fire) => {
      nowMs += delayMs;
      waited(nowMs);
      return systemClock.after(0, fire);
    },
  };
}

async function taken(clock: Clock = hasty()): Promise<() => Promise<void>> {
  const lock = await takeEngineLock(db, clock, null);
  if (!lock.ok) throw new Error(lock.why);
  return lock.release;
}

describe("the lock of a database", () => {
  it("is free again when it was released", async () => {
    await (await taken())();
    await (await taken())();
  });

  it("is free for every engine on a database in memory", async () => {
    for (const _engine of [1, 2]) {
      const lock = await takeEngineLock(":memory:", hasty(), null);
      if (!lock.ok) throw new Error(lock.why);
      await lock.release();
    }
  });

  it("is refused after two seconds, with its holder and since when", async () => {
    const release = await taken();
    let lastMs = 0;
    const second = await takeEngineLock(
      db,
      hasty((nowMs) => (lastMs = nowMs)),
      null,
    );
    expect(lastMs).toBe(1_700_000_002_000);
    expect(second).toEqual({
      ok: false,
      why: expect.stringMatching(
        `^another engine runs on ${db}: process ${process.pid} on .*, since 2023-11-14T22:13:20.000Z; stop it first, or start this one with --standby$`,
      ),
    });
    await release();
  });

  it("goes to an engine that waits a moment, when the one before is about to end", async () => {
    const release = await taken();
    let released: Promise<void> | undefined;
    const second = await takeEngineLock(
      db,
      hasty((nowMs) => {
        if (nowMs >= 1_700_000_001_000) released ??= release();
      }),
      null,
    );
    expect(second.ok).toBe(true);
    await released;
    if (second.ok) await second.release();
  });

  it("is waited for by an engine that stands by, which reports the holder once", async () => {
    const release = await taken();
    const said: string[] = [];
    let released: Promise<void> | undefined;
    const second = await takeEngineLock(
      db,
      hasty((nowMs) => {
        if (nowMs >= 1_700_000_010_000) released ??= release();
      }),
      (by) => said.push(by),
    );
    expect(second.ok).toBe(true);
    expect(released).toBeDefined();
    expect(said).toEqual([expect.stringContaining(`process ${process.pid} on `)]);
    if (second.ok) await second.release();
  });

  it("cannot be taken without a folder", async () => {
    const lock = await takeEngineLock(join(folder, "none", "office.db"), hasty(), null);
    expect(lock).toEqual({
      ok: false,
      why: expect.stringContaining("its folder must be there and writable"),
    });
  });
});
