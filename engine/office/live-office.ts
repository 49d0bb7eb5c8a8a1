/**
 * Keeps the office in memory up to date with the database. The difference to a new revision makes a new routing table;
 * calls in progress keep the table they began with. When a revision cannot be loaded, the table in use stays and the
 * log says why.
 */
import type { Logger } from "pino";
import type { OfficeChanges } from "../../policy/office/entities.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { Store } from "../../storage/store.js";
import type { Clock, TimerHandle } from "../clock.js";
import { EarlierTables } from "./earlier-tables.js";

/** How often the database is asked for a newer revision. A poll reads one page, and a change is live within 100 ms. */
export const POLL_MS = 50;

/** Called with each new revision. `changes`: what differs from `before`; null: too much to list. */
export type OnRevision = (table: RoutingTable, before: RoutingTable, changes: OfficeChanges | null) => void;

export class LiveOffice {
  #table = RoutingTable.empty();
  #timer: TimerHandle | undefined;
  #closed = false;
  /** The last failure that was logged: each failure is logged once and not at every poll. */
  #trouble = "";
  /** The look at the database under way. */
  #refreshing: Promise<void> | undefined;
  readonly #earlier: EarlierTables;

  constructor(
    private readonly store: Pick<Store, "loadTable" | "currentRevision" | "changesSince" | "changesBetween">,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly onRevision: OnRevision = () => {},
  ) {
    this.#earlier = new EarlierTables(store, () => this.#table);
  }

  /** The table of the newest revision that could be loaded. */
  get table(): RoutingTable {
    return this.#table;
  }

  /** The table of any revision, for a call that began on it. Rejects with `SqlError`. */
  async tableOf(revision: number): Promise<RoutingTable> {
    // Another engine was quicker to see it, and its call is taken over before the next poll.
    if (revision > this.#table.revision) await this.#refresh();
    return this.#earlier.of(revision);
  }

  /** The table of the newest revision that the database has now; if that cannot be loaded, of the newest that could be. */
  async newest(): Promise<RoutingTable> {
    await this.#refresh();
    return this.#table;
  }

  /** Loads the live revision. Rejects with `SqlError` when that fails: then there is no office to run on. */
  async open(): Promise<void> {
    this.#table = await this.store.loadTable();
    this.log.info({ revision: this.#table.revision, office: this.#table.settings.name }, "office loaded");
    this.#poll();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== undefined) this.clock.cancel(this.#timer);
  }

  #poll(): void {
    if (this.#closed) return;
    this.#timer = this.clock.after(POLL_MS, () => {
      void this.#refresh().then(() => this.#poll());
    });
  }

  /** Never rejects: a failure is logged, and the next poll tries again. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshNow().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refreshNow(): Promise<void> {
    try {
      const newest = await this.store.currentRevision();
      if (newest !== this.#table.revision) await this.#load();
      this.#trouble = "";
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (text === this.#trouble || this.#closed) return;
      this.#trouble = text;
      this.log.error(
        { err: error, revision: this.#table.revision },
        "the newest revision cannot be loaded; the one in use stays",
      );
    }
  }

  async #load(): Promise<void> {
    const before = this.#table;
    const changes = await this.store.changesSince(before.revision);
    this.#table =
      changes.outcome === "changes"
        ? before.next(changes.changes, changes.revision)
        : await this.store.loadTable(changes.revision);
    this.#earlier.keep(before);
    this.log.info({ revision: this.#table.revision }, "new revision is live");
    this.onRevision(this.#table, before, changes.outcome === "changes" ? changes.changes : null);
  }
}
