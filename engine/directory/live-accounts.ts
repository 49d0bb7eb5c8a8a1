/**
 * Which users have an account, in memory, for offices whose phones need one. Kept up with the database while the office wants
 * so. If the database cannot be read, what is in memory stays and the log says so.
 */
import type { Logger } from "pino";
import type { Store } from "../../storage/store.js";
import type { Clock, TimerHandle } from "../clock.js";
import { POLL_MS } from "./live-credentials.js";

export interface AccountStore {
  readonly accounts: Pick<Store["accounts"], "mark" | "usernames">;
}

/** Names that are read at once. */
const PAGE = 5_000;

export class LiveAccounts {
  readonly #store: AccountStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** The office wants to know. */
  readonly #isNeeded: () => boolean;
  /** Called with the users who have an account now and had none, or the other way round; null: it was not known before. */
  readonly #onChange: (usernames: ReadonlySet<string> | null) => void;
  /** Undefined: not known. */
  #held: ReadonlySet<string> | undefined;
  #mark = "";
  #timer: TimerHandle | undefined;
  #closed = false;
  /** The last trouble that was logged, so that it is not logged four times a second. */
  #trouble = "";

  constructor(
    { store, clock, log }: { readonly store: AccountStore; readonly clock: Clock; readonly log: Logger },
    isNeeded: () => boolean,
    onChange: (usernames: ReadonlySet<string> | null) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#isNeeded = isNeeded;
    this.#onChange = onChange;
  }

  /** Undefined: not known. */
  has(username: string): boolean | undefined {
    return this.#held?.has(username);
  }

  /** Rejects with `SqlError` when the accounts are needed and cannot be read. */
  async open(): Promise<void> {
    await this.#load();
    this.#poll();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
  }

  #poll(): void {
    if (this.#closed) return;
    this.#timer = this.#clock.after(POLL_MS, () => {
      void this.#refresh().then(() => this.#poll());
    });
  }

  /** Never rejects: what went wrong is logged, and the next poll tries again. */
  async #refresh(): Promise<void> {
    const before = this.#held;
    try {
      await this.#load();
      this.#trouble = "";
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (text !== this.#trouble && !this.#closed)
        this.#log.error({ err: error }, "accounts cannot be read; those in memory stay");
      this.#trouble = text;
      return;
    }
    const now = this.#held;
    if (this.#closed || now === undefined || now === before) return;
    this.#onChange(before === undefined ? null : differing(before, now));
  }

  async #load(): Promise<void> {
    if (!this.#isNeeded()) {
      this.#held = undefined;
      return;
    }
    const mark = await this.#store.accounts.mark();
    if (this.#held !== undefined && mark === this.#mark) return;
    const names = new Set<string>();
    for (let after = ""; ; ) {
      const page = await this.#store.accounts.usernames(after, PAGE);
      for (const name of page) names.add(name);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last;
    }
    this.#held = names;
    this.#mark = mark;
  }
}

function differing(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([
    ...[...one].filter((name) => !other.has(name)),
    ...[...other].filter((name) => !one.has(name)),
  ]);
}
