/**
 * Goal: a database has one engine at any time, and the lock ends with its process, however the process ends. Method: real
 * files; other holders are separate processes, because fcntl locks belong to a whole process and only a separate
 * process can be killed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineLock, type Holder, type Taken } from "./engine-lock.js";

const ME: Holder = { pid: 17, host: "here", sinceMs: 1_700_000_000_000 };

let folder: string;
let db: string;
const locks: EngineLock[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-lock-"));
  db = join(folder, "office.db");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(locks.splice(0).map((lock) => lock.release()));
  rmSync(folder, { recursive: true });
});

async function take(path = db, as = ME): Promise<Taken> {
  const taken = await EngineLock.take(path, as);
  if (taken.outcome === "taken") locks.push(taken.lock);
  return taken;
}

/** Another process that holds the lock of `db` as an engine does; resolves when it has it. */
async function holdElsewhere(): Promise<ChildProcess> {
  const sqlite = createRequire(import.meta.url).resolve("sqlite3");
  const script = `
    const sqlite3 = require(${JSON.stringify(sqlite)});
    const db = new sqlite3.Database(${JSON.stringify(`${db}.lock`)});
    db.exec("CREATE TABLE holder (only_row INTEGER PRIMARY KEY, pid, host, since_ms);" +
      "INSERT INTO holder VALUES (1, " + process.pid + ", 'there', 1600000000000); BEGIN IMMEDIATE",
      (error) => process.stdout.write(error ? String(error) : "held"));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const said = await new Promise<string>((resolve) =>
    child.stdout.once("data", (data) => resolve(`${data}`)),
  );
  expect(said.trim()).toBe("held");
  return child;
}

describe("the lock of a database", () => {
  it("is taken once, and the second is told by whom", async () => {
    expect((await take()).outcome).toBe("taken");
    expect(await take(db, { ...ME, pid: 18 })).toEqual({ outcome: "held", by: ME });
  });

  it("is free again when it was let go, and names the next holder", async () => {
    const first = await take();
    if (first.outcome === "taken") await locks.pop()?.release();
    expect((await take(db, { ...ME, pid: 18 })).outcome).toBe("taken");
    expect(await take(db, { ...ME, pid: 19 })).toMatchObject({ outcome: "held", by: { pid: 18 } });
  });

  it("is held across processes, and free the moment the other is killed", async () => {
    const other = await holdElsewhere();
    expect(await take()).toEqual({
      outcome: "held",
      by: { pid: other.pid, host: "there", sinceMs: 1_600_000_000_000 },
    });
    const gone = new Promise((resolve) => other.once("exit", resolve));
    other.kill("SIGKILL");
    await gone;
    expect((await take()).outcome).toBe("taken");
  });

  it("is one for all the names of a database", async () => {
    writeFileSync(db, "");
    const link = join(folder, "link.db");
    symlinkSync(db, link);
    expect((await take()).outcome).toBe("taken");
    expect((await take(link)).outcome).toBe("held");
    expect((await take(join(folder, "..", folder.split("/").at(-1) ?? "", "office.db"))).outcome).toBe(
      "held",
    );
  });

  it("goes to one of many who ask at once, and to all of them in turn", async () => {
    const waiting = Array.from({ length: 8 }, (_, pid) => ({ ...ME, pid }));
    let holders = 0;
    let taken = 0;
    const work = async (as: Holder): Promise<void> => {
      for (;;) {
        const got = await EngineLock.take(db, as);
        if (got.outcome !== "taken") continue;
        holders += 1;
        taken += 1;
        expect(holders).toBe(1);
        expect((await EngineLock.take(db, as)).outcome).toBe("held");
        holders -= 1;
        await got.lock.release();
        return;
      }
    };
    await Promise.all(waiting.map(work));
    expect(taken).toBe(8);
  });

  it("is private", async () => {
    await take();
    expect(statSync(`${db}.lock`).mode & 0o777).toBe(0o600);
  });

  it("says so when its file is something else, or cannot be made", async () => {
    writeFileSync(`${db}.lock`, "this is no database, and long enough to be looked at as one".repeat(20));
    expect(await take()).toMatchObject({ outcome: "failed", path: `${db}.lock` });
    expect((await take(join(folder, "no", "such", "folder.db"))).outcome).toBe("failed");
  });
});
