/** Work that is heavy, such as converting a sound: so many at once, so many that wait, and no more are taken. */

export class AtOnce {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly most: number,
    private readonly waitingMost: number,
  ) {}

  /** Undefined: too many wait. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#running >= this.most) {
      if (this.#waiting.length >= this.waitingMost) return undefined;
      await new Promise<void>((go) => void this.#waiting.push(go));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
