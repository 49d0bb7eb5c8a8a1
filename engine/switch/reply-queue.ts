/**
 * Matches replies to commands. The switch answers every packet, in order (mod_event_socket reads, executes and
 * replies in one thread), so one queue holds all of them. A command whose reply is late is answered `unknown`
 * but keeps its place, so that the late reply is swallowed and not given to the next one.
 */
import type { Clock, TimerHandle } from "../clock.js";
import type { Expects } from "./encode.js";
import type { Reply } from "./wire.js";

interface PendingReply {
  readonly sentMs: number;
  readonly expects: Expects;
  /** null: answered `unknown` already; the slot waits for its late reply. */
  done: ((reply: Reply) => void) | null;
}

/** After so many deadlines without the reply, the connection is taken for dead. */
export const DEADLINES_UNTIL_STUCK = 3;

export interface ReplyQueueOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** The oldest reply is {@link DEADLINES_UNTIL_STUCK} deadlines late. */
  stuck(): void;
}

export class ReplyQueue {
  readonly #options: ReplyQueueOptions;
  #pending: PendingReply[] = [];
  #timer: TimerHandle | null = null;

  constructor(options: ReplyQueueOptions) {
    this.#options = options;
  }

  /** Commands that wait for a reply, late ones included. */
  get length(): number {
    return this.#pending.length;
  }

  /** A command was written. */
  push(expects: Expects, done: (reply: Reply) => void): void {
    this.#pending.push({ sentMs: this.#options.clock.nowMs(), expects, done });
    if (this.#timer === null) this.#arm();
  }

  /**
   * A reply arrived. `text` is what the switch said. Returns `late` when its command had been given up, and
   * `unmatched` when it fits no command: then the stream and the queue disagree, and nothing can be trusted.
   */
  match(kind: Expects, text: string): "matched" | "late" | "unmatched" {
    const pending = this.#pending[0];
    if (pending === undefined || pending.expects !== kind) return "unmatched";
    this.#pending.shift();
    if (this.#pending.length === 0) this.#disarm();
    if (pending.done === null) return "late";
    pending.done(readReply(text));
    return "matched";
  }

  /** The connection is gone: everything pending is answered `unknown`, in order. */
  failAll(text: string): void {
    const unanswered = this.#pending;
    this.#pending = [];
    this.#disarm();
    for (const pending of unanswered) pending.done?.({ outcome: "unknown", text });
  }

  #arm(): void {
    const dueMs = this.#nextDueMs();
    if (dueMs === null) return;
    const { clock } = this.#options;
    this.#timer = clock.after(Math.max(0, dueMs - clock.nowMs()), () => this.#expire());
  }

  #disarm(): void {
    if (this.#timer !== null) this.#options.clock.cancel(this.#timer);
    this.#timer = null;
  }

  /** Slots are in the order they were sent, so the first that still waits is due first. */
  #nextDueMs(): number | null {
    const oldest = this.#pending[0];
    if (oldest === undefined) return null;
    const stuckMs = oldest.sentMs + DEADLINES_UNTIL_STUCK * this.#options.deadlineMs;
    const waiting = this.#pending.find((pending) => pending.done !== null);
    return waiting === undefined ? stuckMs : Math.min(stuckMs, waiting.sentMs + this.#options.deadlineMs);
  }

  #expire(): void {
    this.#timer = null;
    const { clock, deadlineMs } = this.#options;
    const nowMs = clock.nowMs();
    const late: Array<(reply: Reply) => void> = [];
    for (const pending of this.#pending) {
      if (pending.sentMs + deadlineMs > nowMs) break;
      if (pending.done !== null) late.push(pending.done);
      pending.done = null;
    }
    const oldest = this.#pending[0];
    const stuck = oldest !== undefined && oldest.sentMs + DEADLINES_UNTIL_STUCK * deadlineMs <= nowMs;
    if (!stuck) this.#arm();
    for (const done of late) done({ outcome: "unknown", text: `no reply within ${deadlineMs} ms` });
    if (stuck) this.#options.stuck();
  }
}

/** `-ERR`, `-ERROR` and `-USAGE` are refusals; whatever else the switch says is an answer. */
export function readReply(text: string): Reply {
  const trimmed = text.trim();
  return { outcome: /^-(ERR|USAGE)/.test(trimmed) ? "refused" : "ok", text: trimmed };
}
