/**
 * The groups that every office has, whatever its files say: All Users, in which everyone is, Billing Admins and
 * System Admins. A file may give them an extension, a strategy, a flow, and members; what it does not say, is as
 * here, and an office in which a built-in group is as here does not mention it.
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

/** A built-in group as it is where no file changes it; undefined for any other id. */
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

/** A member about whom nothing special was said. */
function plainMember(username: string): Member {
  return { username, delayMs: 0, ringMs: null, calls: true, voicemail: true };
}

/**
 * All Users with everyone in it. Those the file mentions come first, as it orders and switches them; then
 * everyone else, in the order given.
 */
export function withEveryone(group: Group, usernames: Iterable<string>): Group {
  const members = [...group.members];
  const mentioned = new Set(members.map(({ username }) => username));
  for (const username of usernames) if (!mentioned.has(username)) members.push(plainMember(username));
  return { ...group, members };
}
