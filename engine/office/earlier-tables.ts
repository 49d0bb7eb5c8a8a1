/**
 * The routing tables of earlier revisions, for calls that are taken over. All calls of a revision share one table, which
 * is freed with the last of them. A table is made from the next newer one in memory and what differs, so that many
 * revisions together take little more memory than one; where too much differs, the table is loaded whole.
 */
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Store } from "../../storage/store.js";

interface Wanted {
  readonly table: Promise<RoutingTable>;
  readonly resolve: (table: RoutingTable) => void;
  readonly reject: (error: unknown) => void;
}

export class EarlierTables {
  /** Tables that some call may still hold. */
  readonly #held = new Map<number, WeakRef<RoutingTable>>();
  readonly #wanted = new Map<number, Wanted>();
  #loading = false;

  constructor(
    private readonly store: Pick<Store, "loadTable" | "changesBetween">,
    private readonly newest: () => RoutingTable,
  ) {}

  /** Remembers a table that was the newest. */
  keep(table: RoutingTable): void {
    for (const [revision, held] of this.#held) if (held.deref() === undefined) this.#held.delete(revision);
    this.#held.set(table.revision, new WeakRef(table));
  }

  /** The table of a revision. Rejects with `SqlError` for all who wait for it; the next who asks tries again. */
  of(revision: number): Promise<RoutingTable> {
    const known = this.#known(revision);
    if (known !== undefined) return Promise.resolve(known);
    const wanted = this.#wanted.get(revision) ?? want();
    this.#wanted.set(revision, wanted);
    if (!this.#loading) void this.#loadAll();
    return wanted.table;
  }

  #known(revision: number): RoutingTable | undefined {
    const newest = this.newest();
    return revision === newest.revision ? newest : this.#held.get(revision)?.deref();
  }

  /** One table at a time, the highest revision first: the next lower one is made from it. */
  async #loadAll(): Promise<void> {
    this.#loading = true;
    // Those who ask in the same moment are all there before the first table is chosen.
    await Promise.resolve();
    while (this.#wanted.size > 0) {
      const revision = Math.max(...this.#wanted.keys());
      try {
        const table = this.#known(revision) ?? (await this.#load(revision));
        this.keep(table);
        this.#wanted.get(revision)?.resolve(table);
      } catch (error) {
        this.#wanted.get(revision)?.reject(error);
      }
      this.#wanted.delete(revision);
    }
    this.#loading = false;
  }

  async #load(revision: number): Promise<RoutingTable> {
    const from = this.#nextNewer(revision);
    if (from === undefined) return this.store.loadTable(revision);
    const changes = await this.store.changesBetween(from.revision, revision);
    return changes.outcome === "changes"
      ? from.earlier(changes.changes, revision)
      : this.store.loadTable(revision);
  }

  #nextNewer(revision: number): RoutingTable | undefined {
    let next: RoutingTable | undefined = this.newest();
    if (next.revision < revision) next = undefined;
    for (const [other, held] of this.#held) {
      if (other < revision || (next !== undefined && other >= next.revision)) continue;
      next = held.deref() ?? next;
    }
    return next;
  }
}

function want(): Wanted {
  let [resolve, reject]: [Wanted["resolve"], Wanted["reject"]] = [() => {}, () => {}];
  const table = new Promise<RoutingTable>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { table, resolve, reject };
}
