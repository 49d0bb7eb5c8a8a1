/**
 * Has calls played that are not placed, for "who would ring if so-and-so called". A large office takes seconds, so it is
 * done in a thread, which ends by itself when nobody has asked for a while. Few wait at once, and none for long.
 */
import { Worker } from "node:worker_threads";
import type { Answered, Asked } from "../../cli/explain/asked.js";
import type { PlayAnswered, PlayAsked, PlayThreadData } from "../../cli/explain/play-messages.js";
import { systemClock, type TimerHandle } from "../../clock.js";
import type { Deps } from "../../use-case.js";

/** Undefined: too many wait, or it took too long. */
export type Play = (asked: Asked) => Promise<Answered | undefined>;

const WAITING_MAX = 8;
/** From asking to the answer, those who asked before included. */
const ANSWER_MS = 60_000;

/** Sources are run by tests only; a thread would not find its modules there. */
const isSource = import.meta.url.endsWith(".ts");

export function player(deps: Pick<Deps, "store" | "clock">): Play {
  if (!isSource) {
    const thread = new PlayerThread(deps);
    return (asked) => thread.play(asked);
  }
  return async (asked) => {
    const { answer } = await import("../../cli/explain/answer.js");
    return answer(deps.store, asked, deps.clock.nowMs());
  };
}

interface Waiting {
  readonly answer: (answered: Answered | undefined) => void;
  readonly late: TimerHandle;
}

class PlayerThread {
  readonly #deps: Pick<Deps, "store" | "clock">;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(deps: Pick<Deps, "store" | "clock">) {
    this.#deps = deps;
  }

  play(asked: Asked): Promise<Answered | undefined> {
    if (this.#waiting.size >= WAITING_MAX) return Promise.resolve(undefined);
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#lastId += 1;
    const message: PlayAsked = { id: this.#lastId, asked, nowMs: this.#deps.clock.nowMs() };
    return new Promise((resolve) => {
      // A thread that hangs is ended; the next question starts another.
      const late = systemClock.after(ANSWER_MS, () => this.#end(worker));
      this.#waiting.set(message.id, { answer: resolve, late });
      worker.postMessage(message);
    });
  }

  #start(): Worker {
    const workerData: PlayThreadData = { path: this.#deps.store.path };
    const worker = new Worker(new URL("../../cli/explain/play-thread.js", import.meta.url), { workerData });
    worker.on("message", ({ id, answered }: PlayAnswered) => this.#answered(id, answered));
    worker.on("error", () => this.#end(worker));
    worker.on("exit", () => this.#end(worker));
    // The server ends without waiting for it; listening to it would hold the server again.
    worker.unref();
    return worker;
  }

  #answered(id: number, answered: Answered | undefined): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting === undefined) return;
    systemClock.cancel(waiting.late);
    waiting.answer(answered);
  }

  #end(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    void worker.terminate();
    for (const id of [...this.#waiting.keys()]) this.#answered(id, undefined);
  }
}
