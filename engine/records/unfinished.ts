/**
 * Records without an end, of calls that engines before this one have carried. Those whose caller's channel the switch does
 * not have any more are ended, as lost: nobody saw how. The others go on, and whoever carries them writes their end.
 */
import type { Logger } from "pino";
import type { RecordEnding } from "../../policy/record/happening.js";
import { dumpChannel, type Sender } from "../calls/resync.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { RecordsPort } from "./records-port.js";

/** By then calls are taken over, and what was written last is read. */
const FIRST_LOOK_MS = 3_000;

export interface UnfinishedDeps {
  readonly link: Sender;
  readonly clock: Clock;
  readonly log: Logger;
  readonly records: RecordsPort;
  /** Whether this engine has the call, and so will write its end. */
  readonly isTended: (call: string) => boolean;
}

export class Unfinished {
  readonly #deps: UnfinishedDeps;
  /** null: not asked for yet. */
  #calls: Set<string> | null = null;
  #timer: TimerHandle | undefined;
  #isUp = false;
  #isLooking = false;
  #isClosed = false;

  constructor(deps: UnfinishedDeps) {
    this.#deps = deps;
  }

  /** The engine carries calls. */
  ready(): void {
    this.#isUp = true;
    if (this.#calls === null) this.#later();
  }

  linkDown(): void {
    this.#isUp = false;
    this.#isLooking = false;
  }

  close(): void {
    this.#isClosed = true;
    this.#isUp = false;
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  /** With each HEARTBEAT: callers whom nobody carries end at some time. */
  look(): void {
    if (this.#calls === null || this.#isLooking || !this.#isUp) return;
    this.#isLooking = true;
    this.#next([...this.#calls], 0);
  }

  /** A message of a call that is over was found: its caller's recording had no end, either. */
  message(call: string, box: string): void {
    this.#calls?.delete(call);
    this.#ended(call, { kind: "message", box });
  }

  #later(): void {
    this.#timer ??= this.#deps.clock.after(FIRST_LOOK_MS, () => {
      this.#timer = undefined;
      void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const { records, log } = this.#deps;
    try {
      const calls = (await records.unfinished?.()) ?? [];
      if (this.#isClosed) return;
      this.#calls = new Set(calls);
      this.look();
    } catch (error) {
      log.warn({ err: error }, "records without an end cannot be looked up; it is tried again");
      if (!this.#isClosed) this.#later();
    }
  }

  /** One after the other: there may be many, and callers who wait come first. */
  #next(calls: readonly string[], from: number): void {
    let at = from;
    // This engine will write their end.
    for (; at < calls.length && this.#deps.isTended(calls[at] ?? ""); at += 1)
      this.#calls?.delete(calls[at] ?? "");
    const call = calls[at];
    if (call === undefined) {
      this.#isLooking = false;
      return;
    }
    dumpChannel(this.#deps.link, call, (dump) => {
      if (!this.#isUp) return;
      if (dump === "gone" && !this.#deps.isTended(call)) this.#lost(call);
      this.#next(calls, at + 1);
    });
  }

  #lost(call: string): void {
    this.#calls?.delete(call);
    this.#ended(call, { kind: "lost" });
  }

  #ended(call: string, ending: RecordEnding): void {
    const { records, clock } = this.#deps;
    records.happened({
      call,
      atMs: clock.nowMs(),
      what: { kind: "ended", ending, side: "unknown", cause: null, isSeen: false },
    });
  }
}
