/** Tells somebody what a user may do and why, and which of it they could change themselves. */
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../office/built-in.js";
import type { User } from "../office/office.js";
import { decide, type PermissionSource, type Reason } from "../office/permission.js";
import { PERMISSION_NAMES, PERMISSIONS, type Permission } from "../office/permission-names.js";
import { type Asker, askerMay, type Needed } from "./access.js";
import { aboveBy, holds } from "./rights.js";
import { UNAVAILABLE } from "./unavailable.js";

export interface ToldPermission {
  readonly name: Permission;
  readonly what: string;
  readonly allowed: boolean;
  readonly because: Reason;
  /** `because` in words. */
  readonly reason: string;
  /** True: given by name; false: denied by name; null: neither, groups and defaults decide. */
  readonly byName: boolean | null;
  /** Why there is nothing yet that it allows; null: there is. */
  readonly notAvailable: string | null;
  /** Whether who asks may give it, deny it, or leave it to groups and defaults. */
  readonly mayChange: boolean;
}

/** A group whose members may do something because they are members. */
export interface ToldAdministrator {
  readonly group: string;
  readonly isMember: boolean;
  readonly mayChange: boolean;
}

export function tellPermissions(asker: Asker, user: User, office: PermissionSource): ToldPermission[] {
  const mayChangeUser = mayChangeRightsOf(asker, user);
  return PERMISSION_NAMES.map((name) => {
    const { allowed, because } = decide(user, name, office);
    const byName = user.permissions?.[name] ?? null;
    return {
      name,
      what: PERMISSIONS[name],
      allowed,
      because,
      reason: reasonText(because, { user, office, byName, name }),
      byName,
      notAvailable: UNAVAILABLE[name] ?? null,
      mayChange: mayChangeUser && holds(asker, name),
    };
  });
}

const ADMINS: readonly (readonly [group: string, right: Needed])[] = [
  [SYSTEM_ADMINS, "system_admin"],
  [BILLING_ADMINS, "billing"],
];

export function tellAdministrator(asker: Asker, user: User, office: PermissionSource): ToldAdministrator[] {
  return ADMINS.map(([group, right]) => ({
    group,
    isMember: office.group(group)?.members.some(({ username }) => username === user.username) ?? false,
    mayChange: mayChangeRightsOf(asker, user) && holds(asker, right),
  }));
}

function mayChangeRightsOf(asker: Asker, user: User): boolean {
  return askerMay(asker, "users") && aboveBy(asker, user) === undefined;
}

interface Subject {
  readonly user: User;
  readonly office: PermissionSource;
  readonly byName: boolean | null;
  readonly name: Permission;
}

function reasonText(because: Reason, { user, office, byName, name }: Subject): string {
  switch (because) {
    case "suspended":
      return "suspended users may do nothing";
    case "own":
      return byName === true ? "given by name" : "denied by name";
    case "system_admin":
      return "a System Admin";
    case "billing_admin":
      return "a Billing Admin";
    case "has_number": {
      const { outsideCallerId: shown } = office.settings;
      if (user.outboundNumber !== undefined) return `has a number to show, ${user.outboundNumber}`;
      return shown.kind === "fixed"
        ? `the office shows ${shown.number} for everybody`
        : "has a number to show";
    }
    case "default":
      return name === "outside_calls"
        ? "has no number to show, and nobody has given it"
        : "nobody has given it";
  }
}
