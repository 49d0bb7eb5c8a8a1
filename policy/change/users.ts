/** Edits of users by command: adds one or a thousand at once, and suspends them. */

import type { Office, User } from "../office/office.js";
import { exportOffice, type GroupFile, type UserFile } from "../office-file/export.js";
import { checkContents, checkOffice, type Edited, notFound, refused } from "./edit.js";
import { contentWithMembers } from "./groups.js";
import { noSuch } from "./mentions.js";

/** Users in the words of the file, and the groups they join; those list the new members only. */
export interface NewUsers {
  readonly users: readonly UserFile[];
  readonly groups: readonly GroupFile[];
}

export interface AddOptions {
  /** Give every user without an extension the next free one. */
  readonly autoExtension: boolean;
}

/** Adds users. Groups that do not exist are made, with the users who join them as members. */
export function addUsers(office: Office, added: NewUsers, options: AddOptions): Edited {
  if (added.users.length === 0) return refused("there is nobody to add");
  const users = options.autoExtension ? withExtensions(office, added.users) : added.users;
  if (users === undefined) return refused("there is no free extension left for everybody");
  const content = contentWithMembers(exportOffice(office), added.groups);
  const one = users.length === 1 ? `the user \`${users[0]?.username}\`` : `these ${users.length} users`;
  return checkContents([content, { users: [...users] }], `${one} cannot be added`);
}

/** The extensions that are given automatically: the first and the last of each length, the shorter ones first. */
const GIVEN = [
  [101, 999],
  [1_000, 9_999],
  [10_000, 99_999],
] as const;

/**
 * Digits that people dial in an emergency: the emergency numbers of most countries, and the N11 codes of North America.
 * No colleague must get such an extension automatically; an operator can still give it by name.
 */
const NEVER_GIVEN: ReadonlySet<string> = new Set(
  "110 111 112 113 114 115 116 117 118 119 120 133 144 190 191 192 193 211 311 411 511 611 711 811 911 933 988 995 999".split(
    " ",
  ),
);

/**
 * Free extensions, the smallest first. None begins another one, given or in use: a phone that dials the longer one would
 * stop there.
 */
export function* freeExtensions(
  office: Pick<Office, "users" | "groups">,
  taken: Iterable<string>,
  [first, last]: readonly [first: number, last: number],
): Generator<string> {
  const used = new Set<string>(taken);
  for (const { extension } of [...office.users, ...office.groups])
    if (extension !== undefined) used.add(extension);
  const beginnings = new Set([...used].flatMap((extension) => beginningsOf(extension)));
  for (let number = first; number <= last; number += 1) {
    const extension = String(number);
    const isBegun = beginnings.has(extension) || beginningsOf(extension).some((each) => used.has(each));
    if (!isBegun && !NEVER_GIVEN.has(extension)) yield extension;
  }
}

/** The extension and everything with which it begins. */
function beginningsOf(extension: string): string[] {
  return Array.from({ length: extension.length }, (_, index) => extension.slice(0, index + 1));
}

/**
 * So many free extensions, all of one length: the shortest of which there are enough; undefined: there are not.
 * @param taken extensions that are in use, besides those of the office
 */
export function extensionsFor(
  count: number,
  office: Pick<Office, "users" | "groups">,
  taken: Iterable<string>,
): readonly string[] | undefined {
  const used = [...taken];
  return GIVEN.map((range) => [...freeExtensions(office, used, range)]).find((free) => free.length >= count);
}

/** @param others extensions that are taken besides those of the office. @returns undefined: there are too few */
export function withExtensions(
  office: Office,
  users: readonly UserFile[],
  others: readonly string[] = [],
): readonly UserFile[] | undefined {
  const named = users.flatMap(({ extension }) => (extension === undefined ? [] : [String(extension)]));
  const free = extensionsFor(users.length - named.length, office, [...named, ...others]);
  if (free === undefined) return undefined;
  let next = 0;
  return users.map((user) => {
    if (user.extension !== undefined) return user;
    next += 1;
    return { ...user, extension: Number(free[next - 1]) };
  });
}

/** Suspends users or resumes them; a user who is in that state already is not changed. */
export function setSuspended(office: Office, usernames: readonly string[], suspended: boolean): Edited {
  const unknown = usernames.find((name) => !office.users.some(({ username }) => username === name));
  if (unknown !== undefined) return notFound(noSuch(office, "user", unknown));
  const users = office.users.map((user) =>
    usernames.includes(user.username) ? withSuspended(user, suspended) : user,
  );
  return checkOffice({ ...office, users }, "this cannot be");
}

function withSuspended(user: User, suspended: boolean): User {
  const { suspended: _before, ...rest } = user;
  return suspended ? { ...rest, suspended: true } : rest;
}
