/**
 * The dead-man for callers who wait: a task on the switch that hangs up every caller this engine has taken
 * and not yet connected. The engine keeps putting it off; when it is gone for good the task runs, and no
 * caller waits in park for somebody who never comes back. Unanswered callers get 503, on which a carrier
 * tries its other ways to us. Connected calls are not touched: the switch ends those by itself. That a caller is
 * connected, the engine says; where it dies before, the switch does it in its place (api_before_bridge of
 * hand_over.inc), a fifth of a second after the bridge stands.
 *
 * One task for all calls, as one a call would cost each call two commands, and would tear a connected
 * caller out of the conversation if it were not taken back in time (switch_ivr_async.c:5555).
 */
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import type { SwitchLink } from "../switch/wire.js";

/** Variable on a caller's channel: the engine that has taken the call and not yet connected it. */
export const WAITING_VARIABLE = "ringline_waiting";
/** Its value once nobody needs to wait any more; never an engine's id. */
export const NOT_WAITING = "no";

/** How long callers wait for an engine that is gone: longer than a restart takes. */
export const LEASE_S = 30;
/** Three times within the lease, so that one lost reply or a slow moment costs nobody a call. */
export const RENEW_MS = 10_000;

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

  /** The link is down, or the engine stops: the task on the switch goes on. */
  stop(): void {
    if (this.#timer !== undefined) this.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #renew(): void {
    const hangUp = commands.hupallVar("NORMAL_TEMPORARY_FAILURE", WAITING_VARIABLE, this.engineId);
    this.link.send(commands.schedDel(this.#group), () => {});
    this.link.send(commands.schedApi(LEASE_S, this.#group, hangUp), () => {});
    this.#timer = this.clock.after(RENEW_MS, () => this.#renew());
  }
}
