/**
 * Goal: a standby engine ends a holder that is stopped or hangs, and never one that is busy, or another process that has
 * got the holder's number. Method: real sockets; the holder's process is a `sleep`, which the test may stop.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../clock.js";
import { takeEngineLock } from "./engine-lock.js";
import { type Ended, HANGS_MS, HolderWatch, LOOK_MS, STOPPED_MS } from "./holder-watch.js";
import { type ProcessName, stateOf, thisProcess } from "./other-process.js";
import { giveSignsOfLife, socketPath } from "./signs-of-life.js";

let folder: string;
let db: string;
let holder: ChildProcess;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-watch-"));
  db = join(folder, "office.db");
  holder = spawn("sleep", ["600"]);
});
afterEach(async () => {
  holder.kill("SIGKILL");
  for (const one of servers.splice(0)) await new Promise((resolve) => one.close(resolve));
  rmSync(folder, { recursive: true });
});

/** A clock on which every timer fires as soon as the events of this moment are handled. */
const hasty: Clock = { ...systemClock, after: (_delayMs, fire) => systemClock.after(0, fire) };

function nameOf(pid: number): ProcessName {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const startTicks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  return { pid, namespace: thisProcess()?.namespace ?? "", startTicks };
}

/** Gives the holder's name and nothing more. Resolves with the standby's socket when it has connected. */
function silentHolder(name: ProcessName): Promise<Socket> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.write(`${JSON.stringify(name)}\n`);
      resolve(socket);
    });
    servers.push(server);
    server.listen(socketPath(db));
  });
}

/** Looks so many times at a holder that is known; resolves with what was done. */
async function looks(times: number, connected: Promise<Socket>): Promise<Ended[]> {
  const done: Ended[] = [];
  const watch = new HolderWatch(db, hasty, (what) => done.push(what));
  await watch.look();
  const socket = await connected;
  // The holder is known when the standby has answered its first line.
  await new Promise((resolve) => {
    socket.once("data", resolve);
    void watch.look();
  });
  for (let n = 0; n < times; n++) await watch.look();
  watch.close();
  return done;
}

function stop(): void {
  holder.kill("SIGSTOP");
  while (stateOf(nameOf(holder.pid ?? 0)) !== "stopped");
}

describe("a holder without signs of life", () => {
  it("is ended when its process is stopped", async () => {
    stop();
    const gone = new Promise((resolve) => holder.once("exit", (_code, signal) => resolve(signal)));
    const done = await looks(STOPPED_MS / LOOK_MS + 2, silentHolder(nameOf(holder.pid ?? 0)));
    expect(done[0]).toEqual({ pid: holder.pid, ended: true, silentMs: STOPPED_MS });
    expect(await gone).toBe("SIGKILL");
  });

  it("is left alone when it was stopped for a moment only", async () => {
    stop();
    expect(await looks(STOPPED_MS / LOOK_MS - 3, silentHolder(nameOf(holder.pid ?? 0)))).toEqual([]);
    expect(stateOf(nameOf(holder.pid ?? 0))).toBe("stopped");
  });

  it("is given longer when its process runs, and is ended then", async () => {
    const many = HANGS_MS / LOOK_MS + 2;
    const done = await looks(many, silentHolder(nameOf(holder.pid ?? 0)));
    expect(done[0]).toEqual({ pid: holder.pid, ended: true, silentMs: HANGS_MS });
  });

  it.each([
    ["another process has its number now", { startTicks: 1 }],
    ["it is in another container", { namespace: "pid:[1]" }],
  ])("is not ended when %s, and this is reported once", async (_why, differs) => {
    const name = { ...nameOf(holder.pid ?? 0), ...differs };
    const done = await looks((2 * HANGS_MS) / LOOK_MS, silentHolder(name));
    expect(done).toEqual([{ pid: holder.pid, ended: false, silentMs: HANGS_MS }]);
    expect(stateOf(nameOf(holder.pid ?? 0))).toBe("runs");
  });
});

describe("a holder that was stopped before the standby engine came, and is named by the lock alone", () => {
  /** Looks so many times; resolves with what was done. */
  async function looksAt(locked: ProcessName, times: number): Promise<Ended[]> {
    const done: Ended[] = [];
    const watch = new HolderWatch(db, hasty, (what) => done.push(what));
    for (let n = 0; n < times; n++) await watch.look(locked);
    watch.close();
    return done;
  }

  it("is ended", async () => {
    stop();
    const gone = new Promise((resolve) => holder.once("exit", (_code, signal) => resolve(signal)));
    const done = await looksAt(nameOf(holder.pid ?? 0), STOPPED_MS / LOOK_MS);
    expect(done).toEqual([{ pid: holder.pid, ended: true, silentMs: STOPPED_MS }]);
    expect(await gone).toBe("SIGKILL");
  });

  it("is left alone when another process has its number now", async () => {
    stop();
    expect(await looksAt({ ...nameOf(holder.pid ?? 0), startTicks: 1 }, 50)).toEqual([]);
    expect(stateOf(nameOf(holder.pid ?? 0))).toBe("stopped");
  });

  it("is left alone while it runs: it may have no socket", async () => {
    expect(await looksAt(nameOf(holder.pid ?? 0), (2 * HANGS_MS) / LOOK_MS)).toEqual([]);
  });

  it("is named by the lock", async () => {
    const first = await takeEngineLock(db, systemClock, null);
    const seen: unknown[] = [];
    const second = takeEngineLock(
      db,
      systemClock,
      () => {},
      async (locked) => {
        seen.push(locked);
        if (first.ok) await first.release();
      },
    );
    const taken = await second;
    if (taken.ok) await taken.release();
    expect(seen[0]).toEqual(thisProcess());
  });
});

describe("a holder with signs of life", () => {
  it("is never ended, and knows that an engine stands by", async () => {
    const done: Ended[] = [];
    const signs = await giveSignsOfLife(db, systemClock, (why) => expect.unreachable(why));
    expect(signs.hasStandby()).toBe(false);
    const watch = new HolderWatch(db, systemClock, (what) => done.push(what));
    for (let n = 0; n < 2 + STOPPED_MS / LOOK_MS; n++) await watch.look();
    expect([signs.hasStandby(), done]).toEqual([true, []]);
    watch.close();
    await signs.close();
  });

  it("wakes the standby engine when it ends", async () => {
    const signs = await giveSignsOfLife(db, systemClock, (why) => expect.unreachable(why));
    const waits: Clock = {
      ...systemClock,
      after: (delayMs, fire) => systemClock.after(delayMs === LOOK_MS ? 60_000 : delayMs, fire),
    };
    const watch = new HolderWatch(db, waits, () => expect.unreachable());
    const looked = watch.look();
    while (!signs.hasStandby()) await new Promise<void>((resolve) => void systemClock.after(1, resolve));
    await signs.close();
    await looked;
    watch.close();
  });

  it("is not seen where there can be no socket, and says why", async () => {
    const long = join(folder, "x".repeat(120), "office.db");
    const why: string[] = [];
    const signs = await giveSignsOfLife(long, systemClock, (text) => why.push(text));
    expect([signs.hasStandby(), why]).toEqual([false, [expect.stringContaining("too long")]]);
    await signs.close();
  });

  it("replaces the socket that a killed engine has left", async () => {
    const left = spawn(process.execPath, [
      "-e",
      `require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`,
      socketPath(db) ?? "",
    ]);
    await new Promise((resolve) => left.once("exit", resolve));
    const signs = await giveSignsOfLife(db, systemClock, (why) => expect.unreachable(why));
    await signs.close();
  });
});
