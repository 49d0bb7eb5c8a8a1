/**
 * The answers that go on for long: event streams, sounds, exports. Whoever gets one is looked at again each second, so that
 * a suspension, a removal or the end of a session ends what is open, too.
 */
import type { Logger } from "pino";
import type { Clock, TimerHandle } from "../../clock.js";

/** What ends within a second is looked for twice in it. */
const LOOK_MS = 500;

export interface OpenAnswer {
  /** Who has it: a person, or a key of the API. */
  readonly owner: string;
  /** Why it must end; undefined: it may go on. */
  readonly look: () => Promise<object | undefined>;
  /** @param why as a problem of the API */
  readonly end: (why: object) => void;
}

export class OpenAnswers {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #open = new Set<OpenAnswer>();
  readonly #owned = new Map<string, number>();
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many a person or a key has. */
  of(owner: string): number {
    return this.#owned.get(owner) ?? 0;
  }

  /** @returns takes it out again */
  add(answer: OpenAnswer): () => void {
    this.#open.add(answer);
    this.#count(answer, 1);
    this.#timer ??= this.#clock.after(LOOK_MS, () => void this.#lookAtAll());
    return () => {
      this.#remove(answer);
      if (this.#open.size > 0 || this.#timer === undefined) return;
      this.#clock.cancel(this.#timer);
      this.#timer = undefined;
    };
  }

  /** False: it was taken out before. */
  #remove(answer: OpenAnswer): boolean {
    const isRemoved = this.#open.delete(answer);
    if (isRemoved) this.#count(answer, -1);
    return isRemoved;
  }

  #count({ owner }: OpenAnswer, by: number): void {
    const count = this.of(owner) + by;
    if (count === 0) this.#owned.delete(owner);
    else this.#owned.set(owner, count);
  }

  async #lookAtAll(): Promise<void> {
    await Promise.all([...this.#open].map((answer) => this.#lookAt(answer)));
    this.#timer =
      this.#open.size === 0 ? undefined : this.#clock.after(LOOK_MS, () => void this.#lookAtAll());
  }

  async #lookAt(answer: OpenAnswer): Promise<void> {
    try {
      const why = await answer.look();
      if (why !== undefined && this.#remove(answer)) answer.end(why);
    } catch (error) {
      // Nothing is known of the right; the next look is soon.
      this.#log.error({ err: error }, "whether an open answer may go on cannot be told");
    }
  }
}
