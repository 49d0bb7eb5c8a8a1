/**
 * Looks into a table of the database again and again, while the engine is connected: by tables the web server asks the engine
 * for calls. A database that fails is told once, and asked again.
 */
import type { Logger } from "pino";
import type { Clock, TimerHandle } from "./clock.js";

export class TableLook {
  #timer: TimerHandle | undefined;
  #isUp = false;
  #hasFailed = false;

  /** @param what told in the log when it cannot be read */
  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly everyMs: number,
    private readonly what: string,
    private readonly look: () => Promise<void>,
  ) {}

  start(): void {
    this.#isUp = true;
    this.#later();
  }

  stop(): void {
    this.#isUp = false;
    if (this.#timer !== undefined) this.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #later(): void {
    this.#timer ??= this.clock.after(this.everyMs, () => void this.#now());
  }

  async #now(): Promise<void> {
    const mine = this.#timer;
    try {
      await this.look();
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed) this.log.error({ err: error }, `${this.what} cannot be read; it is tried again`);
      this.#hasFailed = true;
    }
    // Stopped meanwhile, and maybe started again.
    if (this.#timer !== mine) return;
    this.#timer = undefined;
    if (this.#isUp) this.#later();
  }
}
