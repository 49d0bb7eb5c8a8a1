/**
 * What readers of a large office look up again and again, worked out once a revision: whose groups are which, what leads
 * where, users in the order in which people read them, and what drifts. Each part is made when it is first asked for.
 */
import { mentionsIndex, type mentionsOf, type Somebody } from "../../../policy/change/mentions.js";
import { usesOfFlows } from "../../../policy/change/routes/flow-uses.js";
import type { EntityKind } from "../../../policy/office/entities.js";
import type { NumberEntry, User } from "../../../policy/office/office.js";
import { groupsIn } from "./groups.js";
import type { Live } from "./live.js";
import { numberText } from "./numbers.js";
import { groupsByUser } from "./users.js";

/** Texts in which people are looked for, and by which they are sorted, without regard to case and accents. */
export function folded(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

export class OfficeIndex {
  static readonly #made = new WeakMap<Live, OfficeIndex>();

  readonly #live: Live;
  #groups: ReadonlyMap<string, readonly string[]> | undefined;
  #mentions: ReturnType<typeof mentionsIndex> | undefined;
  #flowUses: ReturnType<typeof usesOfFlows> | undefined;
  #drifts: ReadonlySet<string> | undefined;
  #people: readonly FoldedUser[] | undefined;
  #directory: readonly DirectoryEntry[] | undefined;
  /** By the place among the office's numbers: a map of a hundred thousand entries takes longer than the search itself. */
  #numberTexts: (string | undefined)[] | undefined;
  readonly #others = new Map<string, unknown>();
  readonly #sorted = new Map<string, readonly FoldedUser[]>();

  /** The index of an office that is in memory; it is made once. */
  static of(live: Live): OfficeIndex {
    const made = OfficeIndex.#made.get(live) ?? new OfficeIndex(live);
    OfficeIndex.#made.set(live, made);
    return made;
  }

  private constructor(live: Live) {
    this.#live = live;
  }

  /** By id, without All Users. */
  groupsOf(username: string): readonly string[] {
    this.#groups ??= groupsByUser(this.#live.office);
    return this.#groups.get(username) ?? [];
  }

  /** See {@link mentionsOf}. */
  ledTo(who: Somebody): readonly string[] {
    this.#mentions ??= mentionsIndex(this.#live.office);
    return this.#mentions(who);
  }

  get flowUses(): ReturnType<typeof usesOfFlows> {
    this.#flowUses ??= usesOfFlows(this.#live.office);
    return this.#flowUses;
  }

  /** Whether the files say something else of an entity than what is live. */
  drifts(kind: EntityKind, key: string): boolean {
    this.#drifts ??= new Set(this.#live.drift.map((row) => `${row.kind} ${row.key}`));
    return this.#drifts.has(`${kind} ${key}`);
  }

  /** Everybody who is not suspended, and every group, by name. */
  get directory(): readonly DirectoryEntry[] {
    this.#directory ??= directoryOf(this.#live, this.people);
    return this.#directory;
  }

  /** See {@link numberText}. @param at the entry's place among the office's numbers */
  textOfNumber(entry: NumberEntry, at: number): string {
    const { office } = this.#live;
    this.#numberTexts ??= office.numbers.map(() => undefined);
    const made = this.#numberTexts[at] ?? numberText(entry, office);
    this.#numberTexts[at] = made;
    return made;
  }

  /** Something else that is made of the office, once. */
  once<T>(name: string, make: (live: Live) => T): T {
    if (!this.#others.has(name)) this.#others.set(name, make(this.#live));
    return this.#others.get(name) as T;
  }

  /** All users, by name. */
  get people(): readonly FoldedUser[] {
    this.#people ??= this.#live.office.users.map(foldedUser).sort(byName);
    return this.#people;
  }

  /** All users in another order, which is made once. */
  sorted(
    order: string,
    sort: (people: readonly FoldedUser[]) => readonly FoldedUser[],
  ): readonly FoldedUser[] {
    const made = this.#sorted.get(order) ?? sort(this.people);
    this.#sorted.set(order, made);
    return made;
  }
}

/** A user with what is looked for, folded. */
export interface FoldedUser {
  readonly user: User;
  readonly name: string;
  /** Everything in which a text is looked for, one a line. */
  readonly text: string;
}

function foldedUser(user: User): FoldedUser {
  const { username, name, email, extension, outboundNumber, devices } = user;
  const numbers = devices.flatMap(({ at }) => (at.kind === "phone" ? [at.number] : [at.name]));
  const parts = [name, username, email, extension, outboundNumber, ...numbers];
  return { user, name: folded(name), text: folded(parts.filter((part) => part !== undefined).join("\n")) };
}

function byName(a: FoldedUser, b: FoldedUser): number {
  return compare(a.name, b.name) || compare(a.user.username, b.user.username);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Somebody who can be called by everybody. */
export interface DirectoryEntry {
  readonly entry: {
    readonly kind: "user" | "group";
    readonly id: string;
    readonly name: string;
    readonly extension: string | null;
  };
  /** The name, folded: the directory is sorted by it. */
  readonly key: string;
  /** Everything in which a text is looked for, one a line. */
  readonly text: string;
}

function directoryOf(live: Live, people: readonly FoldedUser[]): readonly DirectoryEntry[] {
  const users = people
    .filter(({ user }) => user.suspended !== true)
    .map(({ user: { username, name, extension } }) =>
      directoryEntry({ kind: "user", id: username, name, extension: extension ?? null }),
    );
  const groups = groupsIn(live).map(({ id, name, extension }) =>
    directoryEntry({ kind: "group", id, name, extension: extension ?? null }),
  );
  return [...users, ...groups].sort(
    (a, b) =>
      compare(a.key, b.key) || compare(`${a.entry.kind}:${a.entry.id}`, `${b.entry.kind}:${b.entry.id}`),
  );
}

function directoryEntry(entry: DirectoryEntry["entry"]): DirectoryEntry {
  const { id, name, extension } = entry;
  return { entry, key: folded(name), text: folded([name, id, extension ?? ""].join("\n")) };
}
