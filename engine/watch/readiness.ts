/**
 * Whether the engine can do its work now, for `/ready`: it is connected, has the office in memory as it is applied, has room
 * on its disks and may write there, and its database answers and takes writes. Each part is tried, not remembered. A try is used for a
 * second, so that asking often costs nothing, and a part that does not answer in time is not ready.
 */
import { statfs, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.js";
import type { FOLDERS, READY_PARTS } from "./metric-catalogue.js";

export type Part = (typeof READY_PARTS)[number];
export type Folder = (typeof FOLDERS)[number];

/** Null: ready; else what is wrong, in words. */
export type Problems = Readonly<Record<Part, string | null>>;

export interface Readiness {
  readonly problems: Problems;
  /** Room on the disk of each folder, where it could be asked. */
  readonly freeBytes: Readonly<Partial<Record<Folder, number>>>;
}

export interface ReadinessDeps {
  readonly clock: Clock;
  /** Connected, and the registrations are known. */
  readonly isConnected: () => boolean;
  /** The revision in memory; 0: none was ever applied. */
  readonly revision: () => number;
  /** The revision that is applied. Rejects when the database does not answer. */
  readonly askDatabase: () => Promise<number>;
  /** Takes the lock that every write needs, and lets it go. Rejects when it cannot. */
  readonly tryToWrite: () => Promise<void>;
  /** Left out: there is no such folder. */
  readonly folders: Readonly<Partial<Record<Folder, string>>>;
  /** Call records cannot be written; left out: nobody writes any. */
  readonly isJournalFailing?: () => boolean;
  readonly disk?: Disk;
  /** Names this process among those that try a folder. */
  readonly name: string;
}

/** What is asked of a disk. */
export interface Disk {
  freeBytes(folder: string): Promise<number>;
  /** Rejects when no file can be written there. */
  write(folder: string, name: string): Promise<void>;
}

/** As much as a recording needs to begin. */
const ROOM_BYTES_MIN = 100_000_000;
const USED_MS = 1_000;
const ANSWER_MS = 2_000;
/** A new revision is loaded within a second; a large one takes some more. */
export const LOADED_WITHIN_MS = 15_000;
/** A file that is only begun takes no room on some disks. */
const PROBE_BYTES = 4_096;

const REAL_DISK: Disk = {
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
  write: async (folder, name) => {
    const path = join(folder, name);
    await writeFile(path, Buffer.alloc(PROBE_BYTES), { mode: 0o600 });
    await unlink(path);
  },
};

export class ReadinessLook {
  readonly #deps: ReadinessDeps;
  #last: { readonly atMs: number; readonly looked: Promise<Readiness> } | undefined;
  /** Since when the database has another revision than the engine. */
  #behindSinceMs: number | undefined;

  constructor(deps: ReadinessDeps) {
    this.#deps = deps;
  }

  look(): Promise<Readiness> {
    const nowMs = this.#deps.clock.nowMs();
    if (this.#last === undefined || nowMs - this.#last.atMs >= USED_MS || nowMs < this.#last.atMs)
      this.#last = { atMs: nowMs, looked: this.#look() };
    return this.#last.looked;
  }

  async #look(): Promise<Readiness> {
    const { isConnected } = this.#deps;
    const [applied, unwritable, disks] = await Promise.all([
      this.#database(),
      this.#writing(),
      this.#disks(),
    ]);
    return {
      problems: {
        switch: isConnected() ? null : "not connected to the switch",
        office: this.#office(applied),
        disk: disks.problem,
        database: typeof applied === "number" ? unwritable : applied,
      },
      freeBytes: disks.freeBytes,
    };
  }

  /** The revision that is applied, or what is wrong. */
  #database(): Promise<number | string> {
    const { askDatabase } = this.#deps;
    return this.#inTime(
      askDatabase().catch((error: unknown) => `the database does not answer: ${words(error)}`),
      "the database does not answer in time",
    );
  }

  /** In WAL mode a database can be read that another program keeps locked. */
  #writing(): Promise<string | null> {
    return this.#inTime(
      this.#deps.tryToWrite().then(
        () => null,
        (error: unknown) => `nothing can be written to the database: ${words(error)}`,
      ),
      "nothing can be written to the database: another program keeps it locked",
    );
  }

  #office(applied: number | string): string | null {
    const { clock, revision } = this.#deps;
    const loaded = revision();
    if (loaded === 0) return "no office is applied";
    if (typeof applied === "string" || applied === loaded) {
      if (applied === loaded) this.#behindSinceMs = undefined;
      return null;
    }
    const nowMs = clock.nowMs();
    this.#behindSinceMs ??= nowMs;
    return nowMs - this.#behindSinceMs < LOADED_WITHIN_MS
      ? null
      : `revision ${applied} is applied, and new calls still get revision ${loaded}`;
  }

  async #disks(): Promise<{
    readonly problem: string | null;
    readonly freeBytes: Partial<Record<Folder, number>>;
  }> {
    const freeBytes: Partial<Record<Folder, number>> = {};
    const problems: string[] = [];
    for (const folder of ["database", "messages"] as const) {
      const path = this.#deps.folders[folder];
      if (path === undefined) continue;
      const found = await this.#inTime(this.#folder(path), "the disk does not answer in time");
      if (typeof found === "number") freeBytes[folder] = found;
      const problem = typeof found === "string" ? found : tooFull(found);
      if (problem !== null) problems.push(`${WHERE[folder]}: ${problem}`);
    }
    if (this.#deps.isJournalFailing?.() === true) problems.push("call records cannot be written, and wait");
    return { problem: problems.length === 0 ? null : problems.join("; "), freeBytes };
  }

  /** The free bytes, or what is wrong. */
  async #folder(path: string): Promise<number | string> {
    const { disk = REAL_DISK, name } = this.#deps;
    try {
      const freeBytes = await disk.freeBytes(path);
      if (freeBytes < ROOM_BYTES_MIN) return freeBytes;
      await disk.write(path, `.ringline-ready-${name}`);
      return freeBytes;
    } catch (error) {
      return `cannot be written: ${words(error)}`;
    }
  }

  #inTime<Value>(asked: Promise<Value>, late: string): Promise<Value | string> {
    const { clock } = this.#deps;
    return new Promise((resolve, reject) => {
      const timer = clock.after(ANSWER_MS, () => resolve(late));
      asked.then(resolve, reject).finally(() => clock.cancel(timer));
    });
  }
}

const WHERE: Readonly<Record<Folder, string>> = {
  database: "the folder of the database",
  messages: "the folder of messages",
};

function tooFull(freeBytes: number): string | null {
  return freeBytes < ROOM_BYTES_MIN
    ? `${Math.floor(freeBytes / 1_000_000)} MB left, ${ROOM_BYTES_MIN / 1_000_000} MB are needed`
    : null;
}

/** A code where there is one: messages have paths in them, and everybody who reaches `/ready` reads this. */
function words(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.name : "an error";
}

/** The answer of `/ready`: a line for each part. */
export function readyText({ problems }: Readiness): { readonly isReady: boolean; readonly text: string } {
  const parts = Object.entries(problems);
  return {
    isReady: parts.every(([, problem]) => problem === null),
    text: parts.map(([part, problem]) => `${part}: ${problem ?? "ready"}\n`).join(""),
  };
}
