/**
 * What a user may do in an office, all together, and whether somebody stands above another: has something that the other
 * does not have. Nobody changes those above them, and nobody gives what they do not have; `guard.ts` holds every change to
 * it.
 */
import { SYSTEM_ADMINS } from "../office/built-in.js";
import type { Office, User } from "../office/office.js";
import { may, type PermissionSource } from "../office/permission.js";
import { PERMISSION_NAMES } from "../office/permission-names.js";
import { type Asker, askerMay, type Needed, personMay } from "./access.js";

/**
 * Calls outside need no privilege where the office has a number to show, so having them puts nobody above anybody; but who
 * is denied them cannot give them.
 */
const NO_PRIVILEGE: Needed = "outside_calls";

export const RIGHTS: readonly Needed[] = ["system_admin", ...PERMISSION_NAMES];
export const PRIVILEGES: readonly Needed[] = RIGHTS.filter((right) => right !== NO_PRIVILEGE);

/** What permissions are decided by, of an office that has no routing table. */
export function sourceOf(office: Pick<Office, "groups" | "outsideCallerId">): PermissionSource {
  const groups = new Map(office.groups.map((group) => [group.id, group]));
  return { group: (id) => groups.get(id), settings: office };
}

/** What a user would be able to do if they were not suspended: who is suspended may come back. */
export function rightsOf({ suspended: _suspended, ...user }: User, office: PermissionSource): Needed[] {
  return RIGHTS.filter((right) =>
    right === "system_admin" ? isSystemAdmin(user, office) : may(user, right, office),
  );
}

function privilegesOf(user: User, office: PermissionSource): Needed[] {
  return rightsOf(user, office).filter((right) => right !== NO_PRIVILEGE);
}

/**
 * Whether who asks has a right, and may give it. A key has its powers; since calls outside are no privilege, its maker's
 * are enough for them.
 */
export function holds(asker: Asker, right: Needed): boolean {
  return right === NO_PRIVILEGE ? personMay(asker, right) : askerMay(asker, right);
}

/** A privilege of the user that who asks does not have; undefined: the user does not stand above who asks. */
export function aboveBy(asker: Asker, user: User): Needed | undefined {
  if (user.username === asker.user.username) return undefined;
  return privilegesOf(user, asker.office).find((right) => !holds(asker, right));
}

function isSystemAdmin({ username }: Pick<User, "username">, office: PermissionSource): boolean {
  return office.group(SYSTEM_ADMINS)?.members.some((member) => member.username === username) ?? false;
}
