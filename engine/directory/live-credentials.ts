/**
 * The phones' credentials in memory, kept up with the database: a change by `ringline device` takes effect within half
 * a second. If the database cannot be read, those in memory stay and the log says so.
 */
import type { Logger } from "pino";
import type { Credential } from "../../storage/credentials.js";
import type { Store } from "../../storage/store.js";
import type { Clock, TimerHandle } from "../clock.js";

/** How often the database is asked for changes. */
export const POLL_MS = 250;

/** What {@link LiveCredentials} needs of a database. */
export type CredentialStore = Pick<Store, "credentialsSince">;

export class LiveCredentials {
  readonly #store: CredentialStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Called with the names whose credentials were made, renewed or removed. */
  readonly #onChange: (sipNames: ReadonlySet<string>) => void;
  readonly #held = new Map<string, Credential>();
  #serial = 0;
  #timer: TimerHandle | undefined;
  #closed = false;
  /** The last trouble that was logged, so that it is not logged four times a second. */
  #trouble = "";

  constructor(
    store: CredentialStore,
    clock: Clock,
    log: Logger,
    onChange: (sipNames: ReadonlySet<string>) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#onChange = onChange;
  }

  get(sipName: string): Credential | undefined {
    return this.#held.get(sipName);
  }

  get count(): number {
    return this.#held.size;
  }

  /** Loads everything. Rejects with `SqlError` when that fails. */
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
    try {
      const changed = await this.#load();
      this.#trouble = "";
      if (changed.size > 0 && !this.#closed) this.#onChange(changed);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (text === this.#trouble || this.#closed) return;
      this.#trouble = text;
      this.#log.error({ err: error }, "credentials cannot be read; those in memory stay");
    }
  }

  /** Returns the names whose credentials differ from before. */
  async #load(): Promise<Set<string>> {
    const { serial, changes, everything } = await this.#store.credentialsSince(this.#serial);
    const changed = new Set<string>();
    if (everything) {
      const present = new Set(changes.map(({ sipName }) => sipName));
      for (const sipName of this.#held.keys()) if (!present.has(sipName)) changed.add(sipName);
      for (const sipName of changed) this.#held.delete(sipName);
    }
    for (const { sipName, credential } of changes) {
      const before = this.#held.get(sipName);
      if (before?.a1Hash === credential?.a1Hash && before?.username === credential?.username) continue;
      changed.add(sipName);
      if (credential === null) this.#held.delete(sipName);
      else this.#held.set(sipName, credential);
    }
    this.#serial = serial;
    return changed;
  }
}
