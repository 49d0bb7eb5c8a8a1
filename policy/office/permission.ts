/**
 * Decides who may do what, by the permissions a user was given or denied by name and by the groups a user is in.
 *
 * The user's own word comes first, as a step's word beats the device's: what is given or denied by name holds.
 * Else an administrator may: System Admins everything, Billing Admins what is about money. Else nothing may be
 * done, but for one thing that is nobody's privilege: calling outside, see {@link hasNumberToShow}.
 */
import { BILLING_ADMINS, SYSTEM_ADMINS } from "./built-in.js";
import type { Group, Office, User } from "./office.js";
import type { Permission } from "./permission-names.js";

/** What has to be known about the office; a routing table is one. */
export interface PermissionSource {
  group(id: string): Group | undefined;
  readonly settings: Pick<Office, "outsideCallerId">;
}

/** Why something is allowed or not, so that people can be told. */
export type Reason = "suspended" | "own" | "system_admin" | "billing_admin" | "has_number" | "default";
export interface Verdict {
  readonly allowed: boolean;
  readonly because: Reason;
}

/** What the members of an administrators' group may do, beside what they are given by name. */
const ADMINS: readonly {
  readonly group: string;
  readonly because: Reason;
  readonly may: (permission: Permission) => boolean;
}[] = [
  { group: SYSTEM_ADMINS, because: "system_admin", may: () => true },
  { group: BILLING_ADMINS, because: "billing_admin", may: (permission) => permission === "billing" },
];

/** Whether a user may do something, and why. */
export function decide(user: User, permission: Permission, office: PermissionSource): Verdict {
  if (user.suspended === true) return { allowed: false, because: "suspended" };
  const own = user.permissions?.[permission];
  if (own !== undefined) return { allowed: own, because: "own" };
  for (const { group, because, may } of ADMINS) {
    if (may(permission) && isMember(user.username, office.group(group))) return { allowed: true, because };
  }
  if (permission === "outside_calls" && hasNumberToShow(user, office)) {
    return { allowed: true, because: "has_number" };
  }
  return { allowed: false, because: "default" };
}

/** Whether a user may do something. */
export function may(user: User, permission: Permission, office: PermissionSource): boolean {
  return decide(user, permission, office).allowed;
}

/**
 * Who has a number of the office to show outside may call there unless it is denied: their own outbound number,
 * or the one the office shows for everybody. Without one the carrier would be shown an extension, and refuse.
 */
function hasNumberToShow(user: User, { settings }: PermissionSource): boolean {
  return user.outboundNumber !== undefined || settings.outsideCallerId.kind === "fixed";
}

function isMember(username: string, group: Group | undefined): boolean {
  return group?.members.some((member) => member.username === username) ?? false;
}
