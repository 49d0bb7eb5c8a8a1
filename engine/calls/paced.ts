/**
 * Sends questions to the switch in small batches. The switch carries out the commands of a connection one after the
 * other, and passes no event on while a further command waits to be read (listener_run and read_packet in
 * mod_event_socket.c). After a reconnection thousands of channels are asked for: all at once, they would hold up the
 * events of every call, and commands of calls that are just being connected.
 */
import type { Clock, TimerHandle } from "../clock.js";
import type { Reply, SwitchLink, WireCommand } from "../switch/wire.js";

/** A batch takes the switch some ten milliseconds: a dump has 10 KB. */
export const BATCH_MAX = 25;
/** Between two batches: the switch's thread sends the events that have queued up. */
export const PAUSE_MS = 5;

interface Waiting {
  readonly command: WireCommand;
  readonly done: (reply: Reply) => void;
}

export class Paced implements Pick<SwitchLink, "send"> {
  #waiting: Waiting[] = [];
  #unanswered = 0;
  #isSending = false;
  /** A whole batch was sent, and the next one waits until all of it is answered. */
  #isFull = false;
  #pause: TimerHandle | undefined;

  constructor(
    private readonly link: Pick<SwitchLink, "send">,
    private readonly clock: Clock,
  ) {}

  /** Sends a command in its turn. Replies come in the order of the commands. */
  send(command: WireCommand, done: (reply: Reply) => void): void {
    this.#waiting.push({ command, done });
    this.#next();
  }

  /** The connection is gone: what was not sent yet is answered as what was. */
  drop(): void {
    if (this.#pause !== undefined) this.clock.cancel(this.#pause);
    this.#pause = undefined;
    this.#isFull = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { done } of waiting) done({ outcome: "unknown", text: "not sent: the connection is gone" });
  }

  #next(): void {
    if (this.#isSending || this.#pause !== undefined) return;
    this.#isSending = true;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      const { command, done } = next;
      this.#unanswered += 1;
      this.#isFull = this.#unanswered >= BATCH_MAX;
      this.link.send(command, (reply) => {
        this.#unanswered -= 1;
        done(reply);
        this.#afterReply();
      });
    }
    this.#isSending = false;
  }

  #take(): Waiting | undefined {
    return this.#isFull ? undefined : this.#waiting.shift();
  }

  #afterReply(): void {
    if (!this.#isFull || this.#unanswered > 0 || this.#pause !== undefined) return;
    this.#pause = this.clock.after(PAUSE_MS, () => {
      this.#pause = undefined;
      this.#isFull = false;
      this.#next();
    });
  }
}
