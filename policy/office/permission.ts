/**
 * Decides what a user may do, from the permissions given or denied by name and from the user's groups.
 * A permission given or denied by name holds, as a step's setting beats the device's. Else administrators may: System
 * Admins everything, Billing Admins what concerns money. Else the answer is no, except for calls outside, which need no
 * privilege, see {@link hasNumberToShow}.
 */
import { BILLING_ADMINS, SYSTEM_ADMINS } from "./built-in.js";
import type { Group, Office, User } from "./office.js";
import type { Permission } from "./permission-names.js";

/** What a decision needs to know of the office; a routing table has it. */
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

/** What the members of an administrators' group may do, apart from permissions given by name. */
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
 * Users may call outside, unless denied, when the office has a number to show for them: their own outbound number, or
 * the fixed one that it shows for everybody. Without such a number the carrier would be shown an extension, and refuse
 * the call.
 */
function hasNumberToShow(user: User, { settings }: PermissionSource): boolean {
  return user.outboundNumber !== undefined || settings.outsideCallerId.kind === "fixed";
}

function isMember(username: string, group: Group | undefined): boolean {
  return group?.members.some((member) => member.username === username) ?? false;
}
