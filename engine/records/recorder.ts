/**
 * Starts the recorder's thread and keeps it going: one that dies is started again, and reads on where the last one was.
 * Whatever becomes of it, calls are not touched: their journal waits in its files.
 */
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";
import type { RecorderAsks, RecorderData, RecorderSays } from "./recorder-messages.js";
import type { RecordingState } from "./recording.js";

/** A thread, or what stands for it in a test. */
export interface RecorderThread {
  ask(asks: RecorderAsks): void;
  /** The process does not wait for it any more. */
  leave(): void;
}

export interface ThreadEvents {
  readonly says: (says: RecorderSays) => void;
  /** `why`: the error that has ended it; undefined: it has ended by itself. */
  readonly ended: (why: Error | undefined) => void;
}

export type StartThread = (data: RecorderData, events: ThreadEvents) => RecorderThread;

export interface RecorderDeps {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly start?: StartThread;
  /** Mails about a call for help are in the outbox, and are to be sent at once. */
  readonly onHelpMailed?: () => void;
}

/** As metrics have it. */
export interface RecorderFigures extends RecordingState {
  /** How long ago everything was read last, in milliseconds; 0: a moment ago. */
  readonly lagMs: number;
  /** How often the thread has died. */
  readonly deaths: number;
}

/** How long a recorder that has nothing to do is silent. */
const SILENT_MS = 2_000;
const NOTHING: RecordingState = {
  ...{ happenings: 0, calls: 0, unreadable: 0, failures: 0, deleted: 0, anonymised: 0, caughtUpMs: 0 },
};

export class Recorder {
  readonly #deps: RecorderDeps;
  #thread: RecorderThread | undefined;
  #state = NOTHING;
  /** What threads that have died had done. */
  #earlier = NOTHING;
  #startedMs = 0;
  #deaths = 0;
  /** Deaths since the recorder was last up to date. */
  #deathsInARow = 0;
  #again: TimerHandle | undefined;
  #isFinishing = false;
  #onEnd: (() => void) | undefined;
  #asking: ((ids: readonly string[]) => void)[] = [];

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
  }

  start(data: RecorderData): void {
    if (this.#startedMs === 0) this.#startedMs = this.#deps.clock.nowMs();
    const { start = startThread } = this.#deps;
    this.#thread = start(data, {
      says: (says) => this.#heard(says),
      ended: (why) => this.#ended(data, why),
    });
    if (this.#asking.length > 0) this.#thread.ask({ kind: "unfinished" });
  }

  get figures(): RecorderFigures {
    const sinceMs = this.#state.caughtUpMs === 0 ? this.#startedMs : this.#state.caughtUpMs;
    const silentMs = this.#deps.clock.nowMs() - sinceMs;
    return {
      ...sum(this.#earlier, this.#state),
      lagMs: silentMs < SILENT_MS || this.#startedMs === 0 ? 0 : silentMs,
      deaths: this.#deaths,
    };
  }

  /** A call for help is about to be in the journal: whoever is to be told is told at once. */
  hurry(): void {
    this.#thread?.ask({ kind: "hurry" });
  }

  /** See `Recording.unfinished`. Waits as long as it takes; an engine that ends hears of none. */
  unfinished(): Promise<readonly string[]> {
    return new Promise((resolve) => {
      this.#asking.push(resolve);
      if (this.#asking.length === 1) this.#thread?.ask({ kind: "unfinished" });
    });
  }

  /**
   * The engine's journal is closed: the rest of it is read, for so long at most. What is not read by then waits in its file
   * for the next engine.
   * @param untilMs see `Recording.finish`
   */
  async finish(withinMs: number, untilMs: number): Promise<void> {
    this.#isFinishing = true;
    if (this.#again !== undefined) this.#deps.clock.cancel(this.#again);
    const thread = this.#thread;
    if (thread !== undefined) {
      const isDone = await this.#done(thread, withinMs, untilMs);
      if (!isDone) {
        this.#deps.log.warn("the recorder takes too long: the last calls are recorded by the next engine");
        thread.ask({ kind: "stop" });
        thread.leave();
      }
    }
    for (const resolve of this.#asking.splice(0)) resolve([]);
  }

  /** Whether the thread has read everything and ended in time. */
  #done(thread: RecorderThread, withinMs: number, untilMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const late = this.#deps.clock.after(withinMs, () => resolve(false));
      this.#onEnd = () => {
        this.#deps.clock.cancel(late);
        resolve(true);
      };
      thread.ask({ kind: "finish", untilMs });
    });
  }

  #heard(says: RecorderSays): void {
    switch (says.kind) {
      case "log":
        relay(this.#deps.log, says.line);
        break;
      case "state":
        this.#state = says.state;
        if (says.state.caughtUpMs > 0) this.#deathsInARow = 0;
        break;
      case "help_mailed":
        this.#deps.onHelpMailed?.();
        break;
      case "unfinished":
        for (const resolve of this.#asking.splice(0)) resolve(says.ids);
    }
  }

  #ended(data: RecorderData, why: Error | undefined): void {
    this.#thread = undefined;
    if (this.#isFinishing) {
      // What it has not read waits in its files.
      if (why !== undefined) this.#deps.log.error({ err: why }, "the recorder of calls has ended");
      this.#onEnd?.();
      return;
    }
    const { caughtUpMs } = this.#state;
    this.#earlier = { ...sum(this.#earlier, this.#state), caughtUpMs: 0 };
    this.#state = { ...NOTHING, caughtUpMs };
    this.#deaths += 1;
    const delayMs = backoffMs(this.#deathsInARow, { firstMs: 500, maxMs: 30_000, ids: this.#deps.ids });
    this.#deathsInARow += 1;
    this.#deps.log.error(
      { err: why, seconds: Math.ceil(delayMs / 1_000) },
      "the recorder of calls has ended; calls go on, and it is started again",
    );
    this.#again = this.#deps.clock.after(delayMs, () => {
      this.#again = undefined;
      this.start(data);
    });
  }
}

function sum(before: RecordingState, now: RecordingState): RecordingState {
  return {
    happenings: before.happenings + now.happenings,
    calls: before.calls + now.calls,
    unreadable: before.unreadable + now.unreadable,
    failures: before.failures + now.failures,
    deleted: before.deleted + now.deleted,
    anonymised: before.anonymised + now.anonymised,
    caughtUpMs: Math.max(before.caughtUpMs, now.caughtUpMs),
  };
}

/** pino's numbers of levels. */
const LEVELS = { 10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "error" } as const;

/** A line of the thread's log, in the engine's. */
function relay(log: Logger, line: string): void {
  const {
    level,
    msg,
    time: _time,
    ...rest
  } = JSON.parse(line) as {
    readonly level: keyof typeof LEVELS;
    readonly msg: string;
    readonly time: number;
  };
  log[LEVELS[level]](rest, msg);
}

/** Sources are run by tests only; a thread would not find its modules there. */
const isSource = import.meta.url.endsWith(".ts");

function startThread(data: RecorderData, events: ThreadEvents): RecorderThread {
  return isSource ? startHere(data, events) : startWorker(data, events);
}

function startWorker(data: RecorderData, { says, ended }: ThreadEvents): RecorderThread {
  const worker = new Worker(new URL("./recorder-thread.js", import.meta.url), { workerData: data });
  let why: Error | undefined;
  worker.on("message", says);
  worker.on("error", (error: Error) => {
    why = error;
  });
  worker.on("exit", (code) => ended(why ?? (code === 0 ? undefined : new Error(`exit code ${code}`))));
  return { ask: (asks) => worker.postMessage(asks), leave: () => worker.unref() };
}

/** The same in this thread. */
function startHere(data: RecorderData, { says, ended }: ThreadEvents): RecorderThread {
  const waiting: RecorderAsks[] = [];
  let heard = (asks: RecorderAsks) => void waiting.push(asks);
  const onAsk = (hear: typeof heard) => {
    heard = hear;
    for (const asks of waiting.splice(0)) hear(asks);
  };
  void import("./recorder-body.js")
    .then(({ keepRecords }) => keepRecords(data, { say: says, onAsk }))
    .then(
      () => ended(undefined),
      (error: unknown) => ended(error instanceof Error ? error : new Error(String(error))),
    );
  return { ask: (asks) => heard(asks), leave: () => undefined };
}
