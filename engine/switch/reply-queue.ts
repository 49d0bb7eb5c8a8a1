/**
 * Matches replies to commands. The switch answers every packet in order (mod_event_socket reads, executes and
 * replies in one thread), so one queue is enough. A command whose reply is late is answered `unknown` but keeps its
 * place, so that the late reply is dropped and not taken for the reply to the next command.
 */
import type { Clock, TimerHandle } from "../clock.js";
import type { Expects } from "./encode.js";
import type { Reply } from "./wire.js";

interface PendingReply {
  readonly sentMs: number;
  readonly expects: Expects;
  /** null: the command was answered `unknown` already, and its late reply is still to come. */
  done: ((reply: Reply) => void) | null;
}

/** After so many deadlines without the reply the connection counts as dead. */
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

  /** Adds a command that was written. */
  push(expects: Expects, done: (reply: Reply) => void): void {
    this.#pending.push({ sentMs: this.#options.clock.nowMs(), expects, done });
    if (this.#timer === null) this.#arm();
  }

  /**
   * Gives a reply to its command. Returns `late` when the command was answered `unknown` before, and `unmatched` when
   * the reply fits no command: then stream and queue disagree, and no later match could be trusted.
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

  /** Answers all pending commands `unknown`, in order: the connection is gone. */
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

  /** Commands are in the order they were sent, so the first unanswered command is due first. */
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

/** `-ERR`, `-ERROR` and `-USAGE` are refusals; any other text is an answer. */
export function readReply(text: string): Reply {
  const trimmed = text.trim();
  return { outcome: /^-(ERR|USAGE)/.test(trimmed) ? "refused" : "ok", text: trimmed };
}
