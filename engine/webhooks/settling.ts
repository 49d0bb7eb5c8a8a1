/**
 * Writes down what has become of deliveries, many in one transaction: each transaction waits for the disk, and keeps
 * other writers of the database waiting. A database that fails is tried again; until then the events count as begun.
 */
import type { Logger } from "pino";
import type { Delivery, DeliveryOutcome, WebhookTables } from "../../storage/webhooks.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";

/** How long the first outcome waits for others. */
const TOGETHER_MS = 50;
const RETRY = { firstMs: 500, maxMs: 15_000 } as const;

export interface SettlingDeps {
  readonly tables: WebhookTables;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
}

interface Waiting {
  readonly delivery: Delivery;
  readonly outcome: DeliveryOutcome;
  readonly written: () => void;
}

export class Settling {
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #isClosed = false;
  /** Ends the wait that goes on. */
  #endWait: () => void = () => undefined;

  constructor(private readonly deps: SettlingDeps) {}

  /** Resolves when the outcome is written; also when the process ends first, and the event will be sent again. */
  settle(delivery: Delivery, outcome: DeliveryOutcome): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ delivery, outcome, written: resolve });
      this.#writing ??= this.#writeAll().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  /** Writes what waits, without further tries. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endWait();
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    const { clock, ids, log } = this.deps;
    for (let attempt = 0; this.#waiting.length > 0; ) {
      if (!this.#isClosed)
        await this.#wait(attempt === 0 ? TOGETHER_MS : backoffMs(attempt - 1, { ...RETRY, ids }));
      const taken = this.#waiting.splice(0);
      try {
        await this.deps.tables.settle(
          new Map(taken.map(({ delivery, outcome }) => [delivery, outcome])),
          clock.nowMs(),
        );
        attempt = 0;
        for (const { written } of taken) written();
      } catch (error) {
        log.warn({ err: error }, "what has become of events for webhooks cannot be written down yet");
        attempt += 1;
        if (this.#isClosed) for (const { written } of taken) written();
        else this.#waiting.unshift(...taken);
      }
    }
  }

  #wait(ms: number): Promise<void> {
    const { clock } = this.deps;
    return new Promise((resolve) => {
      const timer = clock.after(ms, resolve);
      this.#endWait = () => {
        clock.cancel(timer);
        resolve();
      };
    });
  }
}
