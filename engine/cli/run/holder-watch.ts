/**
 * A standby engine watches the engine that holds the database (`signs-of-life.ts`). When the holder ends, the socket
 * closes, and the lock is tried at once. When the holder gives no signs of life, because its process is stopped or hangs,
 * this engine ends that process. Only then is the lock free, so the two never act on the same calls: an engine that was
 * stopped does not wake up again.
 */
import { connect, type Socket } from "node:net";
import type { Clock } from "../../clock.js";
import { endProcess, type ProcessName, stateOf } from "./other-process.js";
import { socketPath } from "./signs-of-life.js";

/** Time between two looks at the holder. */
export const LOOK_MS = 50;
/** A holder whose process is stopped is ended after so long without a sign: a short stop does no harm. */
export const STOPPED_MS = 400;
/** A holder whose process runs may be busy, for example with a very large office, so it is given longer. */
export const HANGS_MS = 10_000;

export interface Ended {
  readonly pid: number;
  /** False: this engine may not end that process, or cannot see it (another container), and goes on waiting. */
  readonly ended: boolean;
  readonly silentMs: number;
}

export class HolderWatch {
  readonly #path: string | undefined;
  #socket: Socket | undefined;
  #text = "";
  #holder: ProcessName | undefined;
  #heard = false;
  /**
   * Counted in looks, not read from the clock: while this process stands still itself, it cannot hear the holder, and must
   * not blame it.
   */
  #silentMs = 0;
  /** For how long a holder that has not named itself is seen to be stopped. */
  #stoppedMs = 0;
  #saidPid: number | undefined;
  #wake = (): void => {};

  /** @param ended called when the holder was ended, or should have been */
  constructor(
    databasePath: string,
    private readonly clock: Clock,
    private readonly ended: (what: Ended) => void,
  ) {
    this.#path = socketPath(databasePath);
  }

  /**
   * Looks at the holder; resolves {@link LOOK_MS} later, or at once when the holder closes the socket.
   * @param locked the process that the lock names. A holder that was stopped before this engine came gives no name on the
   * socket; it is ended only when it is seen to be stopped, because a holder may have no socket at all.
   */
  async look(locked?: ProcessName): Promise<void> {
    if (this.#socket === undefined && this.#path !== undefined) this.#connect(this.#path);
    this.#silentMs = this.#heard ? 0 : this.#silentMs + LOOK_MS;
    this.#heard = false;
    if (this.#holder !== undefined && this.#silentMs >= STOPPED_MS) this.#judge(this.#holder);
    const isStopped = this.#holder === undefined && locked !== undefined && stateOf(locked) === "stopped";
    this.#stoppedMs = isStopped ? this.#stoppedMs + LOOK_MS : 0;
    if (locked !== undefined && this.#stoppedMs >= STOPPED_MS) this.#end(locked, this.#stoppedMs);
    await new Promise<void>((resolve) => {
      const timer = this.clock.after(LOOK_MS, resolve);
      this.#wake = () => {
        this.clock.cancel(timer);
        resolve();
      };
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #judge(holder: ProcessName): void {
    const silentMs = this.#silentMs;
    if (silentMs < HANGS_MS && stateOf(holder) !== "stopped") return;
    this.#end(holder, silentMs);
  }

  #end(holder: ProcessName, silentMs: number): void {
    const ended = endProcess(holder);
    if (ended || this.#saidPid !== holder.pid) this.ended({ pid: holder.pid, ended, silentMs });
    this.#saidPid = holder.pid;
  }

  #connect(path: string): void {
    const socket = connect(path);
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (piece: string) => this.#hear(socket, piece));
    // No engine gives signs of life there: the lock alone says when this one's turn is.
    socket.on("error", () => {});
    socket.on("close", () => {
      const was = this.#holder;
      this.#socket = undefined;
      this.#holder = undefined;
      this.#text = "";
      this.#silentMs = 0;
      if (was !== undefined) this.#wake();
    });
  }

  #hear(socket: Socket, piece: string): void {
    this.#heard = true;
    socket.write("\n");
    if (this.#holder !== undefined) return;
    this.#text += piece;
    const end = this.#text.indexOf("\n");
    if (end >= 0) this.#holder = readName(this.#text.slice(0, end));
  }
}

function readName(line: string): ProcessName | undefined {
  try {
    const { pid, namespace, startTicks } = (JSON.parse(line) ?? {}) as Partial<ProcessName>;
    return typeof pid === "number" && typeof namespace === "string" && typeof startTicks === "number"
      ? { pid, namespace, startTicks }
      : undefined;
  } catch {
    return undefined;
  }
}
