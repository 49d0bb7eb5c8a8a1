/** Goal: an engine that leaves waits for its callers as long as it was told to, and for nothing else. */
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import { CLOSE_MS, closeInTime, EXIT_CALLERS_WAIT, type Leaving, leave, STANDBY_STAYS_MS } from "./leave.js";
import { ServiceManager } from "./service-manager.js";

interface Line {
  readonly level: string;
  readonly msg: string;
}

function logTo(lines: Line[]): Leaving["log"] {
  const at = (level: string) => (first: unknown, second?: string) =>
    void lines.push({ level, msg: second ?? String(first) });
  return { info: at("info"), warn: at("warn") } as unknown as Leaving["log"];
}

interface Scene {
  readonly waiting: number;
  readonly hasStandby?: boolean;
  /** The standby engine was told to stop at the same time, and its connection ends so much later. */
  readonly standbyEndsMs?: number;
  /** How many callers wait when the draining is over. */
  readonly after?: number;
}

/** An engine whose draining ends by itself; records what it was asked. */
async function left({ waiting, hasStandby = false, standbyEndsMs, after = waiting }: Scene) {
  const lines: Line[] = [];
  const asked: string[] = [];
  const calls = { count: 7, waiting };
  const clock = new VirtualClock();
  let standsBy = hasStandby;
  if (standbyEndsMs !== undefined)
    clock.after(standbyEndsMs, () => {
      standsBy = false;
    });
  const leaving = leave({
    engine: {
      calls: calls as Leaving["engine"]["calls"],
      drain: async (boundMs, isOver) => {
        asked.push(`drain ${boundMs} ${isOver()}`);
        calls.waiting = after;
      },
      handOver: async () => {
        asked.push("hand over");
        clock.advanceBy(1_000);
      },
    },
    signs: { hasStandby: () => standsBy, close: async () => {} },
    manager: new ServiceManager({}, clock, () => {}),
    clock,
    log: logTo(lines),
    drainS: 5,
    signal: "SIGTERM",
    secondSignal: new Promise(() => {}),
  });
  clock.advanceBy(STANDBY_STAYS_MS);
  const code = await leaving;
  return { code, lines, asked };
}

describe("an engine that leaves", () => {
  it.each<[string, Scene, number, string[]]>([
    ["nobody waits", { waiting: 0 }, 0, ["info: engine stops"]],
    [
      "those who wait are finished",
      { waiting: 2, after: 0 },
      0,
      ["info: no new calls are taken; calls that wait are finished", "info: engine stops"],
    ],
    [
      "somebody still waits",
      { waiting: 2, after: 1 },
      3,
      [
        "info: no new calls are taken; calls that wait are finished",
        "warn: callers wait on the switch for the next engine, and no engine stands by",
        "info: engine stops",
      ],
    ],
    [
      "an engine stands by",
      { waiting: 2, hasStandby: true },
      0,
      ["info: calls are handed over to the engine that stands by", "info: engine stops"],
    ],
  ])("says by exit code and log that %s", async (_what, scene, code, said) => {
    const { lines, asked, ...rest } = await left(scene);
    expect(rest.code).toBe(code);
    expect(lines.map(({ level, msg }) => `${level}: ${msg}`)).toEqual(said);
    expect(asked).toEqual([`drain 5000 ${scene.hasStandby === true}`, "hand over"]);
  });
});

describe("a standby engine that is told to stop at the same time", () => {
  const waits = "warn: callers wait on the switch for the next engine, and no engine stands by";

  it("does not count: callers who wait are finished", async () => {
    const { asked, lines, code } = await left({ waiting: 2, after: 0, hasStandby: true, standbyEndsMs: 100 });
    expect([asked, code]).toEqual([["drain 5000 false", "hand over"], 0]);
    expect(lines[0]?.msg).toContain("calls that wait are finished");
  });

  it("does not count when it ends during the hand-over", async () => {
    const standbyEndsMs = STANDBY_STAYS_MS + 500;
    const { asked, lines, code } = await left({ waiting: 2, hasStandby: true, standbyEndsMs });
    expect([asked, code]).toEqual([["drain 5000 true", "hand over"], EXIT_CALLERS_WAIT]);
    expect(lines.map(({ level, msg }) => `${level}: ${msg}`)).toContain(waits);
  });
});

describe("a second signal", () => {
  it("ends the waiting, is named in the log, and the exit code says that callers wait", async () => {
    const clock = new VirtualClock();
    const lines: object[] = [];
    let tell = (_signal: NodeJS.Signals): void => {};
    const secondSignal = new Promise<NodeJS.Signals>((resolve) => {
      tell = resolve;
    });
    const log = (first: unknown, msg?: string) => void lines.push({ ...Object(first), msg });
    const seen: boolean[] = [];
    const code = await leave({
      engine: {
        calls: { count: 3, waiting: 2 } as Leaving["engine"]["calls"],
        drain: async (_boundMs, isOver) => {
          seen.push(isOver());
          tell("SIGINT");
          await secondSignal;
          seen.push(isOver());
        },
        handOver: async () => {},
      },
      signs: { hasStandby: () => false, close: async () => {} },
      manager: new ServiceManager({}, clock, () => {}),
      clock,
      log: { info: log, warn: log } as unknown as Leaving["log"],
      drainS: 5,
      signal: "SIGTERM",
      secondSignal,
    });
    expect([seen, code]).toEqual([[false, true], EXIT_CALLERS_WAIT]);
    expect(lines.at(-1)).toEqual({
      ...{ msg: "engine stops", signal: "SIGTERM", told: "SIGINT", calls: 3, waiting: 2 },
    });
  });
});

describe("closing", () => {
  it("waits for a slow part up to the bound, and not a millisecond longer", async () => {
    for (const [closesAfterMs, endsAfterMs, warnings] of [
      [CLOSE_MS - 1, CLOSE_MS - 1, 0],
      [CLOSE_MS + 1, CLOSE_MS, 1],
    ] as const) {
      const [clock, lines]: [VirtualClock, Line[]] = [new VirtualClock(), []];
      let endedMs: number | undefined;
      const close = () => new Promise<void>((resolve) => void clock.after(closesAfterMs, resolve));
      const began = clock.nowMs();
      const closed = closeInTime({ close }, clock, logTo(lines)).then(() => {
        endedMs = clock.nowMs() - began;
      });
      for (let ms = 0; ms < CLOSE_MS + 2 && endedMs === undefined; ms += 1) {
        clock.advanceBy(1);
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      }
      await closed;
      expect([closesAfterMs, endedMs, lines.length]).toEqual([closesAfterMs, endsAfterMs, warnings]);
    }
  });

  it("fails as the part does that fails in time, and leaves no timer", async () => {
    const [clock, lines]: [VirtualClock, Line[]] = [new VirtualClock(), []];
    const close = () => Promise.reject(new Error("a part cannot close"));
    await expect(closeInTime({ close }, clock, logTo(lines))).rejects.toThrow("a part cannot close");
    expect([clock.pending, lines]).toEqual([0, []]);
  });

  it("does not wait for a part that hangs: the next engine must begin", async () => {
    const [clock, lines]: [VirtualClock, Line[]] = [new VirtualClock(), []];
    const closed = closeInTime({ close: () => new Promise(() => {}) }, clock, logTo(lines));
    clock.advanceBy(CLOSE_MS);
    await closed;
    expect(lines).toMatchObject([
      { level: "warn", msg: expect.stringContaining("not waited for any longer") },
    ]);
  });

  it("says nothing when all parts close in time", async () => {
    const [clock, lines]: [VirtualClock, Line[]] = [new VirtualClock(), []];
    await closeInTime({ close: async () => {} }, clock, logTo(lines));
    clock.advanceBy(10 * CLOSE_MS);
    expect(lines).toEqual([]);
  });
});
