/**
 * What a new office no longer has, and whether that may be so. Files that leave out a user by a slip must not cost anybody
 * their messages: whatever is kept about an entity, or is going on with it, has to be given up by name.
 */
import type { Office, User } from "../office/office.js";
import { idAfter, type Rename } from "./renaming.js";

/** The kinds of entities that can be given up by name: `user:bob.stone`, `device:bob.stone/desk`, `number:+12125550100`. */
export const VANISHING_KINDS = ["user", "group", "device", "flow", "number"] as const;
export type VanishingKind = (typeof VANISHING_KINDS)[number];

/** A SIP phone that its user has no more, or under another SIP name: its password is of no use. */
export interface LostPhone {
  readonly username: string;
  readonly device: string;
  readonly sipName: string;
  /** The user vanishes as well. */
  readonly withUser: boolean;
}

/** What vanishes, by id. */
export interface Vanishing {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly flows: readonly string[];
  readonly numbers: readonly string[];
  readonly phones: readonly LostPhone[];
}

/** The parts of an office that are compared; entities that are the same in both may be left out. */
export interface Comparable {
  readonly users: readonly User[];
  readonly groups: readonly string[];
  readonly flows: readonly string[];
  readonly numbers: readonly string[];
}

export function comparable(office: Office): Comparable {
  return {
    users: office.users,
    groups: office.groups.map(({ id }) => id),
    flows: Object.keys(office.flows),
    numbers: office.numbers.map(({ number }) => number),
  };
}

/** What `after` lacks of `before`. What was renamed is there. */
export function vanishingBetween(
  before: Comparable,
  after: Comparable,
  renames: readonly Rename[],
): Vanishing {
  const users = new Map(after.users.map((user) => [user.username, user]));
  const lacking = (there: readonly string[], now: readonly string[], called = (id: string) => id) => {
    const has = new Set(now);
    return there.filter((id) => !has.has(called(id)));
  };
  return {
    users: before.users.filter(({ username }) => !users.has(username)).map(({ username }) => username),
    groups: lacking(before.groups, after.groups, (id) => idAfter(renames, "group", id)),
    flows: lacking(before.flows, after.flows, (id) => idAfter(renames, "flow", id)),
    numbers: lacking(before.numbers, after.numbers),
    phones: before.users.flatMap((user) => lostPhones(user, users.get(user.username))),
  };
}

function lostPhones(before: User, after: User | undefined): LostPhone[] {
  if (before === after) return [];
  const kept = new Set(after?.devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : [])));
  return before.devices.flatMap(({ id, at }) =>
    at.kind === "sip" && !kept.has(at.name)
      ? [{ username: before.username, device: id, sipName: at.name, withUser: after === undefined }]
      : [],
  );
}

/** What is kept about an entity, and how many calls are about it now. */
export interface Holdings {
  readonly messages: number;
  readonly greetings: number;
  readonly hasPin: boolean;
  readonly passwords: number;
  readonly calls: number;
}

/** Something that vanishes, with what there is of it. */
export interface Vanished extends Holdings {
  readonly kind: VanishingKind;
  readonly id: string;
}

/** `user:bob.stone`. */
export function vanishedName({ kind, id }: Pick<Vanished, "kind" | "id">): string {
  return `${kind}:${id}`;
}

/** Whether anything would be lost. */
export function holdsSomething(holdings: Holdings): boolean {
  const { messages, greetings, hasPin, passwords, calls } = holdings;
  return messages + greetings + passwords + calls > 0 || hasPin;
}

/** What an apply may remove. */
export interface Removing {
  /** By name, as `user:bob.stone`. */
  readonly named: readonly string[];
  /** More than a tenth of the users or numbers at once. */
  readonly many: boolean;
  /** How many calls are about each entity now, by its name. */
  readonly calls: ReadonlyMap<string, number>;
}

/** Why an apply is refused. */
export type RemovalRefusal =
  | { readonly code: "would_lose"; readonly vanished: Vanished }
  | {
      readonly code: "too_many";
      readonly section: "users" | "numbers";
      readonly removed: number;
      readonly of: number;
    };

/** Fewer than this are no mass removal, however small the office is. */
const MANY_MIN = 3;
/** A mass removal is more than one in this many. */
const MANY_SHARE = 10;

/** How many users and numbers there are now, and who is handed over to a replacement. */
export interface RemovalSetting {
  readonly users: number;
  readonly numbers: number;
  /** By name, as `user:bob.stone`. */
  readonly handedOver: readonly string[];
}

/** What is in the way of removing all this; empty: it may be removed. */
export function refusalsOf(
  vanishing: Vanishing,
  vanished: readonly Vanished[],
  { named, many }: Pick<Removing, "named" | "many">,
  { users, numbers, handedOver }: RemovalSetting,
): RemovalRefusal[] {
  const allowed = new Set([...named, ...handedOver]);
  const losses = vanished.filter((each) => holdsSomething(each) && !allowed.has(vanishedName(each)));
  const counts = [
    { section: "users", removed: vanishing.users.length, of: users },
    { section: "numbers", removed: vanishing.numbers.length, of: numbers },
  ] as const;
  const masses = many ? [] : counts.filter(({ removed, of }) => isMany(removed, of));
  return [
    ...masses.map((mass) => ({ code: "too_many", ...mass }) as const),
    ...losses.map((each) => ({ code: "would_lose", vanished: each }) as const),
  ];
}

function isMany(removed: number, of: number): boolean {
  return removed >= MANY_MIN && removed * MANY_SHARE > of;
}
