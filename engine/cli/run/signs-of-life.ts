/**
 * The engine that holds a database gives signs of life to the engines that stand by, on a Unix socket beside the
 * database, `<db>.alive`. The lock alone says only that its process exists: a process that is stopped keeps the lock, and
 * callers would wait for it. The first line names the process, so that a standby engine can end it (`holder-watch.ts`).
 * A standby engine answers each sign, so the holder knows that its calls can be handed over.
 *
 * A socket and not a file, because a slow disk must not look like a dead engine, and because its end is seen at once.
 */
import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { besideDatabase } from "../../../storage/engine-lock.js";
import type { Clock, TimerHandle } from "../../clock.js";
import { type ProcessName, thisProcess } from "./other-process.js";

/** Time between two signs. */
const SIGN_MS = 100;
/** A standby engine that has not answered for so long does not count. */
const ANSWERED_WITHIN_MS = 1_000;

export interface SignsOfLife {
  /** Whether another engine stands by, ready to take over. */
  hasStandby(): boolean;
  close(): Promise<void>;
}

/** Where there can be no socket, nobody sees signs of life, and a standby engine waits for the lock. */
const NO_SIGNS: SignsOfLife = { hasStandby: () => false, close: async () => {} };

/** The longest path of a Unix socket, in bytes (sun_path: 108 with its end on Linux, 104 on macOS). */
const PATH_BYTES_MAX = 103;

/** The socket of a database; undefined: its path would be too long, and Node.js 20 would cut it off without a word. */
export function socketPath(databasePath: string): string | undefined {
  const path = besideDatabase(databasePath, "alive");
  return Buffer.byteLength(path) > PATH_BYTES_MAX ? undefined : path;
}

/**
 * Begins to give signs of life. Only the holder of the database's lock may call this: it replaces the socket that an
 * engine before it has left.
 * @param cannot called with the reason when there can be no socket, for example because its path is too long
 */
export async function giveSignsOfLife(
  databasePath: string,
  clock: Clock,
  cannot: (why: string) => void,
): Promise<SignsOfLife> {
  if (databasePath === ":memory:") return NO_SIGNS;
  const name = thisProcess();
  const path = socketPath(databasePath);
  if (path === undefined) {
    cannot("the path of the database is too long for a socket beside it");
    return NO_SIGNS;
  }
  const given = new Given(clock, name);
  try {
    rmSync(path, { force: true });
    await given.listen(path);
    return given;
  } catch (error) {
    cannot(error instanceof Error ? error.message : String(error));
    return NO_SIGNS;
  }
}

class Given implements SignsOfLife {
  /** The engines that stand by, and when each last answered. */
  readonly #standbys = new Map<Socket, number>();
  readonly #server = createServer((socket) => this.#stoodBy(socket));
  #timer: TimerHandle | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly name: ProcessName | undefined,
  ) {}

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(path, () => {
        this.#arm();
        resolve();
      });
    });
  }

  hasStandby(): boolean {
    const sinceMs = this.clock.nowMs() - ANSWERED_WITHIN_MS;
    return [...this.#standbys.values()].some((answeredMs) => answeredMs >= sinceMs);
  }

  async close(): Promise<void> {
    if (this.#timer !== undefined) this.clock.cancel(this.#timer);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#standbys.keys()) socket.destroy();
    await closed;
  }

  #stoodBy(socket: Socket): void {
    this.#standbys.set(socket, Number.NEGATIVE_INFINITY);
    socket.on("data", () => this.#standbys.set(socket, this.clock.nowMs()));
    socket.on("error", () => {});
    socket.on("close", () => this.#standbys.delete(socket));
    socket.write(`${JSON.stringify(this.name ?? null)}\n`);
  }

  #arm(): void {
    this.#timer = this.clock.after(SIGN_MS, () => {
      for (const socket of this.#standbys.keys()) socket.write("\n");
      this.#arm();
    });
  }
}
