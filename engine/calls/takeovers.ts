/**
 * Calls of an earlier run that wait until their revision of the office can be loaded. The database may be locked or
 * unreadable in the moment of a takeover. Then loading is tried again, and meanwhile nothing is done to the caller: who
 * talks goes on talking, who hears ringing goes on hearing it. A caller who still waits when the lease is over is handed
 * to the switch's fallback. A caller who talks is never given up.
 */
import type { Logger } from "pino";
import type { CallState } from "../../policy/call/state.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { handToFallback } from "./call.js";
import { LEASE_S, NOT_WAITING, WAITING_VARIABLE } from "./lease.js";
import { bridgedTo, dumpChannel } from "./resync.js";

/** How soon loading is tried again. */
const LOAD_AGAIN_MS = 1_000;
const LEASE_MS = LEASE_S * 1_000;

export interface TakeoversDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly log: Logger;
  readonly engineId: string;
  readonly tableOf: (revision: number) => Promise<RoutingTable>;
  /** The revision is loaded: the call goes on. */
  readonly takeOver: (takeover: Takeover, table: RoutingTable) => void;
  /** Lets a recording go on to its end and then ends the call; false: the caller is at no mailbox. */
  readonly leaveToMessage: (dump: SwitchEvent, why: string) => boolean;
}

/** A call to take over. */
export interface Takeover {
  readonly saved: CallState;
  /** The caller's channel as it was found first: a transfer is told by what has changed since. */
  readonly dump: SwitchEvent;
}

interface Waiting extends Takeover {
  readonly sinceMs: number;
  timer: TimerHandle | undefined;
  /** Loading has failed before, and that was logged. */
  failed: boolean;
}

export class Takeovers {
  readonly #deps: TakeoversDeps;
  readonly #waiting = new Map<string, Waiting>();

  constructor(deps: TakeoversDeps) {
    this.#deps = deps;
  }

  /** Whether a call waits for its revision. */
  has(id: string): boolean {
    return this.#waiting.has(id);
  }

  begin(takeover: Takeover): void {
    const { id } = takeover.saved;
    if (this.#waiting.has(id)) return;
    const waiting: Waiting = {
      ...takeover,
      sinceMs: this.#deps.clock.nowMs(),
      timer: undefined,
      failed: false,
    };
    this.#waiting.set(id, waiting);
    this.#load(waiting);
  }

  /** The caller has hung up. */
  forget(id: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting?.timer !== undefined) this.#deps.clock.cancel(waiting.timer);
    this.#waiting.delete(id);
  }

  /** The connection is gone. When it is back, these callers are found anew. */
  pause(): void {
    for (const id of [...this.#waiting.keys()]) this.forget(id);
  }

  #load(waiting: Waiting): void {
    waiting.timer = undefined;
    const { id, revision } = waiting.saved;
    const isOurs = () => this.#waiting.get(id) === waiting;
    this.#deps.tableOf(revision).then(
      (table) => {
        if (!isOurs()) return;
        this.#waiting.delete(id);
        this.#deps.takeOver(waiting, table);
      },
      (error: unknown) => {
        if (isOurs()) this.#failed(waiting, error);
      },
    );
  }

  #failed(waiting: Waiting, error: unknown): void {
    const { clock, log } = this.#deps;
    const { id, revision } = waiting.saved;
    if (!waiting.failed)
      log.error(
        { err: error, call: id, revision },
        "a call cannot be taken over yet: its revision is unreadable; it is tried again",
      );
    waiting.failed = true;
    if (clock.nowMs() - waiting.sinceMs < LEASE_MS) this.#loadLater(waiting);
    else this.#leaseIsOver(waiting);
  }

  #loadLater(waiting: Waiting): void {
    waiting.timer = this.#deps.clock.after(LOAD_AGAIN_MS, () => this.#load(waiting));
  }

  #leaseIsOver(waiting: Waiting): void {
    const { link, log, engineId, leaveToMessage } = this.#deps;
    const { id } = waiting.saved;
    dumpChannel(link, id, (dump) => {
      if (this.#waiting.get(id) !== waiting) return;
      if (dump === "gone") this.forget(id);
      else if (dump === "unknown" || isTalking(waiting.saved, dump)) this.#loadLater(waiting);
      else {
        this.forget(id);
        if (leaveToMessage(dump, "its revision is unreadable")) return;
        log.error({ call: id }, "a call is given up: its revision stayed unreadable");
        handToFallback(link, id, engineId);
      }
    });
  }
}

/**
 * Whether the caller talks to somebody. The saved state may be from before the bridge, when the engine died in between.
 * The switch marks a connected caller by itself (`lease.ts`).
 */
function isTalking(saved: CallState, dump: SwitchEvent): boolean {
  const isMarked = dump[`variable_${WAITING_VARIABLE}`] === NOT_WAITING;
  return saved.phase.kind === "connected" || isMarked || bridgedTo(dump) !== null;
}
