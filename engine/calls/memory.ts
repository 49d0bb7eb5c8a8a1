/**
 * What the engine remembers of calls for later calls, and what operators set by hand: in memory for reading, in the
 * database for the next start. No call waits for a write. Whose turn it is and when users have answered is written together
 * once a second: if a crash loses that, one member is rung out of turn. Minutes that cost money are written at once.
 */
import type { Logger } from "pino";
import type { Memory, SetByHand } from "../../policy/call/world.js";
import type { Rename } from "../../policy/change/renaming.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { ByHand } from "../../storage/by-hand.js";
import type { Remembered } from "../../storage/memory.js";
import type { Store } from "../../storage/store.js";
import type { Clock, TimerHandle } from "../clock.js";

/** How often the database is read for what was set by hand, which are a few rows: it counts within a second. */
export const BY_HAND_POLL_MS = 500;
/** How often is written what need not outlive a crash. One write for each call took a fourteenth of the engine's CPU time. */
export const WRITE_MS = 1_000;

export class CallMemory implements Memory {
  readonly #rungFirst = new Map<string, string>();
  readonly #answeredMs = new Map<string, number>();
  #byHand: ReadonlyMap<string, ByHand> = new Map();
  /** What was read last, as text: most reads find no change. */
  #byHandText = "[]";
  #timer: TimerHandle | undefined;
  #closed = false;
  /** What is still to be written, by what it is about. */
  readonly #unwritten = new Map<string, Remembered>();
  /** What groups are called now that calls of earlier revisions know by an old id. */
  readonly #calledNow = new Map<string, string>();
  /** The revision up to which renames are known. */
  #revision = 0;
  #writer: TimerHandle | undefined;

  constructor(
    private readonly store: Pick<Store, "readMemory" | "remember" | "readByHand" | "renamesBetween">,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly table: () => Pick<RoutingTable, "group" | "revision">,
    private readonly recallOutside: (call: Extract<Remembered, { kind: "outside_call" }>) => void = () => {},
  ) {}

  async open(): Promise<void> {
    for (const what of await this.store.readMemory())
      if (what.kind === "outside_call") this.recallOutside(what);
      else this.#keep(what);
    this.#takeByHand(await this.store.readByHand());
    await this.officeChanged(this.table());
    this.#poll();
  }

  /** Another revision is live: the turn of a group that was renamed goes on under its new id. Never rejects. */
  async officeChanged({ revision }: Pick<RoutingTable, "revision">): Promise<void> {
    try {
      const renames = await this.store.renamesBetween(this.#revision, revision);
      this.#revision = Math.max(this.#revision, revision);
      this.#follow(renames.filter(({ kind }) => kind === "group"));
    } catch (error) {
      // The next revision asks for these, too.
      this.log.warn({ err: error, revision }, "it cannot be read which groups were renamed");
    }
  }

  #follow(renames: readonly Rename[]): void {
    const turns = renames.map(({ from, to }) => ({ from, to, username: this.#rungFirst.get(from) }));
    for (const { from } of turns) this.#rungFirst.delete(from);
    for (const { from, to, username } of turns) {
      for (const [id, now] of this.#calledNow) if (now === from) this.#calledNow.set(id, to);
      this.#calledNow.set(from, to);
      this.#unwritten.delete(`group ${from}`);
      // A turn that was written under the old id while the group was renamed is written once more.
      if (username !== undefined) this.remember({ kind: "rung_first", group: to, username });
    }
  }

  /** Calls that began with an earlier revision know a group by the id that it had then. */
  #groupNow(id: string): string {
    return this.table().group(id) === undefined ? (this.#calledNow.get(id) ?? id) : id;
  }

  /** Resolves when all is written: the next engine reads it. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== undefined) this.clock.cancel(this.#timer);
    if (this.#writer !== undefined) this.clock.cancel(this.#writer);
    await this.#writeAll();
  }

  byHand(kind: string, id: string): SetByHand | undefined {
    return this.#byHand.get(`${kind} ${id}`);
  }

  rungFirst(groupId: string): string | undefined {
    return this.#rungFirst.get(this.#groupNow(groupId));
  }

  answeredMs(username: string): number | undefined {
    return this.#answeredMs.get(username);
  }

  remember(told: Remembered): void {
    const what = told.kind === "rung_first" ? { ...told, group: this.#groupNow(told.group) } : told;
    this.#keep(what);
    if (what.kind === "outside_call") {
      void this.#write([what]);
      return;
    }
    this.#unwritten.set(what.kind === "answered" ? `user ${what.username}` : `group ${what.group}`, what);
    if (!this.#closed) this.#writer ??= this.clock.after(WRITE_MS, () => void this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    this.#writer = undefined;
    const all = [...this.#unwritten.values()];
    this.#unwritten.clear();
    if (all.length > 0) await this.#write(all);
  }

  async #write(all: readonly Remembered[]): Promise<void> {
    try {
      await this.store.remember(...all);
    } catch (error) {
      this.log.warn({ err: error, what: all }, "could not be remembered for the next start");
    }
  }

  #poll(): void {
    if (this.#closed) return;
    this.#timer = this.clock.after(BY_HAND_POLL_MS, () => {
      this.store
        .readByHand()
        .then((all) => this.#takeByHand(all))
        // What was read last stays valid. That the database cannot be read is logged where the office is loaded.
        .catch(() => {})
        .finally(() => this.#poll());
    });
  }

  /** What has run out is as good as taken back, and is said likewise. */
  #takeByHand(rows: readonly ByHand[]): void {
    const nowMs = this.clock.nowMs();
    const all = rows.filter(({ untilMs }) => untilMs === null || untilMs > nowMs);
    const text = JSON.stringify(all);
    if (text === this.#byHandText) return;
    this.#byHandText = text;
    const before = this.#byHand;
    this.#byHand = new Map(all.map((set) => [`${set.kind} ${set.id}`, set]));
    for (const [key, set] of this.#byHand)
      if (JSON.stringify(before.get(key)) !== JSON.stringify(set)) this.log.info({ set }, "set by hand");
    for (const [key, { kind, id }] of before)
      if (!this.#byHand.has(key)) this.log.info({ kind, id }, "no longer set by hand");
  }

  #keep(what: Remembered): void {
    if (what.kind === "rung_first") this.#rungFirst.set(what.group, what.username);
    else if (what.kind === "answered") this.#answeredMs.set(what.username, what.atMs);
  }
}
