/**
 * What readers of a large office look up again and again, worked out once a revision: whose groups are which, what leads
 * where, users in the order in which people read them, and what drifts. Each part is made when it is first asked for.
 */
import { mentionsIndex, type mentionsOf, type Somebody } from "../../../policy/change/mentions.js";
import { usesOfFlows } from "../../../policy/change/routes/flow-uses.js";
import { ALL_USERS } from "../../../policy/office/built-in.js";
import type { EntityKind } from "../../../policy/office/entities.js";
import type { Office, User } from "../../../policy/office/office.js";
import type { Live } from "./live.js";

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

  /** All users, by name. */
  get people(): readonly FoldedUser[] {
    this.#people ??= this.#live.office.users.map(foldedUser).sort(byName);
    return this.#people;
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

/** Made once: asking every group about every user would take quadratic time in a large office. */
export function groupsByUser(office: Office): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, members } of office.groups) {
    if (id === ALL_USERS) continue;
    for (const { username } of members) groups.set(username, [...(groups.get(username) ?? []), id]);
  }
  return groups;
}
