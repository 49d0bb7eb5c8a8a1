/**
 * The groups that every office has, whatever its files say: All Users (every user is a member), Billing Admins and
 * System Admins. A file may give them an extension, a strategy, a flow and members; this file says the rest. An office
 * does not mention a built-in group that nothing was changed about.
 */
import { defaultGroupFlow } from "./default-flow.js";
import type { Group, Member } from "./office.js";
import { same } from "./same.js";

export const ALL_USERS = "all-users";
export const BILLING_ADMINS = "billing-admins";
export const SYSTEM_ADMINS = "system-admins";

const NAMES: Readonly<Record<string, string>> = {
  [ALL_USERS]: "All Users",
  [BILLING_ADMINS]: "Billing Admins",
  [SYSTEM_ADMINS]: "System Admins",
};

/** The ids of the built-in groups; they cannot be removed, and no other group can have them. */
export const BUILT_IN_GROUPS: readonly string[] = Object.keys(NAMES);

export function isBuiltIn(id: string): boolean {
  return Object.hasOwn(NAMES, id);
}

/** A built-in group as it is when no file changes it; undefined for any other id. */
export function builtInGroup(id: string): Group | undefined {
  const name = isBuiltIn(id) ? NAMES[id] : undefined;
  if (name === undefined) return undefined;
  return { id, name, strategy: "simultaneous", members: [], flow: defaultGroupFlow(id) };
}

/** Whether a group is a built-in one and nothing about it was changed. */
export function isUnchanged(group: Group): boolean {
  const plain = builtInGroup(group.id);
  return plain !== undefined && same(plain, group);
}

/** A member whose switches, delay and ring time are the defaults. */
function plainMember(username: string): Member {
  return { username, delayMs: 0, ringMs: null, calls: true, voicemail: true };
}

/**
 * All Users with every user as a member. Members that the file mentions come first, in the file's order and with its
 * switches; then all other users, in the order given.
 */
export function withEveryone(group: Group, usernames: Iterable<string>): Group {
  const members = [...group.members];
  const mentioned = new Set(members.map(({ username }) => username));
  for (const username of usernames) if (!mentioned.has(username)) members.push(plainMember(username));
  return { ...group, members };
}
