/**
 * How many names of each kind could not be read. A user whose username is missing may be the very user that a group names:
 * then only the first fault is the operator's.
 */
export class UnreadNames {
  readonly #counts = new Map<string, number>();
  #isEverything = false;

  add(kind: string): void {
    this.#counts.set(kind, this.of(kind) + 1);
  }

  /** Any number of names of this kind. */
  all(kind: string): void {
    this.#counts.set(kind, Number.POSITIVE_INFINITY);
  }

  /** Any number of names of every kind. */
  everything(): void {
    this.#isEverything = true;
  }

  of(kind: string): number {
    return this.#isEverything ? Number.POSITIVE_INFINITY : (this.#counts.get(kind) ?? 0);
  }
}
