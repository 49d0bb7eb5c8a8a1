/**
 * The lease: callers who wait do not wait for ever when their engine is gone. A task on the switch hangs up every caller
 * whom this engine has claimed and not yet connected. The engine keeps postponing the task; when the engine is gone, the
 * task runs. Unanswered callers get 503, so that a carrier can try other routes to the office. Connected callers are not
 * touched, since the switch ends their calls by itself. The engine marks a caller as connected; if it dies before, the
 * switch does so (api_before_bridge of hand_over.inc), a fifth of a second after the bridge stands.
 *
 * There is one task for all calls. A task for each call would cost each call two commands, and would tear a connected
 * caller out of the conversation if it were not cancelled in time (switch_ivr_async.c:5555).
 */
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import type { SwitchLink } from "../switch/wire.js";

/** Variable on a caller's channel: the engine that has claimed the call and not yet connected it. */
export const WAITING_VARIABLE = "ringline_waiting";
/** The variable's value when the caller waits no more; never an engine's id. */
export const NOT_WAITING = "no";

/** How long callers wait for an engine that is gone: longer than a restart takes. */
export const LEASE_S = 30;
/** Three times within the lease, so that a lost reply or a slow moment ends no call. */
export const RENEW_MS = 10_000;
/** How soon it is postponed again when no reply says that it was. */
export const RENEW_AGAIN_MS = 1_000;

export class Lease {
  readonly #group: string;
  #timer: TimerHandle | undefined;

  constructor(
    private readonly link: SwitchLink,
    private readonly clock: Clock,
    private readonly engineId: string,
  ) {
    this.#group = `ringline-lease-${engineId}`;
  }

  /** The link is up: from now on the lease is kept. */
  keep(): void {
    this.stop();
    this.#renew();
  }

  /**
   * The engine leaves its callers to the next one: they wait for it for the whole time of the lease.
   * @param done called when the switch has carried out this command, and so all commands before it, or never can
   */
  renewLast(done: () => void): void {
    this.stop();
    this.#postpone(() => done());
  }

  /** The link is down, or the engine stops: the task on the switch goes on. */
  stop(): void {
    if (this.#timer !== undefined) this.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  /** @param done called with whether the switch says that the task was postponed */
  #postpone(done: (isPostponed: boolean) => void): void {
    const hangUp = commands.hupallVar("NORMAL_TEMPORARY_FAILURE", WAITING_VARIABLE, this.engineId);
    this.link.send(commands.schedDel(this.#group), () => {});
    this.link.send(commands.schedApi(LEASE_S, this.#group, hangUp), ({ outcome }) => done(outcome === "ok"));
  }

  #renew(): void {
    this.#postpone((isPostponed) => {
      if (!isPostponed) this.#renewSoon();
    });
    this.#timer = this.clock.after(RENEW_MS, () => this.#renew());
  }

  /** Nobody knows whether the task was postponed: it may end the callers of an engine that lives. */
  #renewSoon(): void {
    if (this.#timer === undefined) return;
    this.clock.cancel(this.#timer);
    this.#timer = this.clock.after(RENEW_AGAIN_MS, () => this.#renew());
  }
}
