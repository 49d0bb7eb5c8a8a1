/**
 * The System Admins of an office who can act. The last of them must not be lost by a slip: nobody could give rights to
 * anybody any more, except on the machine itself.
 */
import { SYSTEM_ADMINS } from "../office/built-in.js";
import type { Group, Office, User } from "../office/office.js";
import { type Refusal, refused } from "./edit.js";

/** So many admins are named in a refusal. */
const SHOWN_MAX = 3;

/** The members of the group who are in the office and not suspended. @param users at least all members */
export function adminsAmong(group: Group | undefined, users: Iterable<User>): string[] {
  const members = new Set(group?.members.map(({ username }) => username));
  if (members.size === 0) return [];
  const admins: string[] = [];
  for (const { username, suspended } of users)
    if (members.has(username) && suspended !== true) admins.push(username);
  return admins;
}

export function systemAdminsOf(office: Office): string[] {
  return adminsAmong(
    office.groups.find(({ id }) => id === SYSTEM_ADMINS),
    office.users,
  );
}

/** The admins that an office would have had, if it has none any more; an office that had none may stay so. */
export function lostAdmins(before: readonly string[], after: Office): readonly string[] {
  return before.length > 0 && systemAdminsOf(after).length === 0 ? before : [];
}

/** Refuses an edit that would leave the office without System Admins; undefined: it may be made. */
export function keepsAdmins(before: Office, after: Office): Refusal | undefined {
  const lost = lostAdmins(systemAdminsOf(before), after);
  if (lost.length === 0) return undefined;
  const names = lost.map((username) => `\`${username}\``);
  const shown = names.length > SHOWN_MAX ? [...names.slice(0, SHOWN_MAX), "others"] : names;
  const are = names.length === 1 ? "is the last System Admin who is" : "are the last System Admins who are";
  return refused(
    `${shown.join(", ")} ${are} not suspended: make somebody else one first (\`ringline group member add system-admins NAME\`)`,
  );
}
