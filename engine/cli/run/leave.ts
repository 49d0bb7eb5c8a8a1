/**
 * How an engine that is told to stop leaves its callers. An engine that stands by gets all calls at once. Without one, no
 * new calls are taken, and those that ring have some seconds to be answered; whoever waits then, waits on the switch for
 * the next engine. A second signal ends the waiting.
 */
import type { Logger } from "pino";
import { given } from "../../../policy/office/optional.js";
import type { Clock } from "../../clock.js";
import type { Engine } from "../../engine.js";
import { EXIT_OK } from "../shared/command.js";
import type { ServiceManager } from "./service-manager.js";
import type { SignsOfLife } from "./signs-of-life.js";

/** Callers wait on the switch, and no engine stands by that would go on with their calls. */
export const EXIT_CALLERS_WAIT = 3;

/**
 * Together with the start of the next engine this stays below the 8 s for which the switch keeps a caller whom no engine
 * has claimed (hand_over.inc), so a restart costs nobody the call.
 */
export const DRAIN_DEFAULT_S = 5;

export interface Leaving {
  readonly engine: Pick<Engine, "drain" | "handOver" | "calls">;
  readonly signs: SignsOfLife;
  readonly manager: ServiceManager;
  readonly clock: Clock;
  readonly log: Logger;
  readonly drainS: number;
  readonly signal: NodeJS.Signals;
  /** Resolves with the next signal. */
  readonly secondSignal: Promise<NodeJS.Signals>;
}

/**
 * How long an engine that is told to stop waits before it believes that another one stands by. Both may be told to stop at
 * once (`systemctl stop 'ringline@*'`): the standby engine ends at once, and its connection with it, but the news of both
 * may come in any order. Calls are carried as before meanwhile.
 */
export const STANDBY_STAYS_MS = 300;

/** Drains, hands over, and returns the exit code. */
export async function leave({ engine, signs, manager, log, clock, ...how }: Leaving): Promise<number> {
  const { signal, drainS } = how;
  let told: NodeJS.Signals | undefined;
  void how.secondSignal.then((second) => {
    told = second;
  });
  if (signs.hasStandby()) await new Promise<void>((resolve) => void clock.after(STANDBY_STAYS_MS, resolve));
  const before = engine.calls.waiting;
  const drains = before > 0 && !signs.hasStandby();
  manager.stopping(drains ? `finishing ${before} calls, for ${drainS} s at most` : "stopping");
  if (drains)
    log.info(
      { signal, waiting: before, seconds: drainS },
      "no new calls are taken; calls that wait are finished",
    );
  await engine.drain(drainS * 1_000, () => told !== undefined || signs.hasStandby());
  const waiting = engine.calls.waiting;
  await engine.handOver();
  // It may have been told to stop since: then callers wait, and the exit code says so.
  const hasStandby = signs.hasStandby();
  const said = { signal, ...given({ told }), calls: engine.calls.count, waiting };
  if (waiting > 0 && hasStandby) log.info({ waiting }, "calls are handed over to the engine that stands by");
  if (waiting > 0 && !hasStandby)
    log.warn({ waiting }, "callers wait on the switch for the next engine, and no engine stands by");
  log.info(said, "engine stops");
  return waiting > 0 && !hasStandby ? EXIT_CALLERS_WAIT : EXIT_OK;
}

/** How long the parts of an engine that has left its calls may take to close, before the next engine may begin. */
export const CLOSE_MS = 1_000;

/**
 * Closes an engine that has left its calls. Callers wait for the next engine meanwhile, so a part that takes longer is not
 * waited for: a mail server may not answer for minutes.
 */
export async function closeInTime(engine: Pick<Engine, "close">, clock: Clock, log: Logger): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const late = clock.after(CLOSE_MS, () => {
      log.warn("the engine is not waited for any longer: a mail may be sent again by the next one");
      resolve();
    });
    engine
      .close()
      .then(resolve, reject)
      .finally(() => clock.cancel(late));
  });
}
