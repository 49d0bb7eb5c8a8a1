/**
 * What a request to the API needs, and whether somebody has it. Each route declares its {@link RouteAccess}; this is the
 * only place that decides by it. How far a person sees is part of the answer, so that the query can be limited to it.
 */
import { SYSTEM_ADMINS } from "../office/built-in.js";
import type { User } from "../office/office.js";
import { may, type PermissionSource } from "../office/permission.js";
import type { Permission } from "../office/permission-names.js";
import { UNAVAILABLE } from "./unavailable.js";

/** A permission by its name, or that of the group that may do everything. */
export type Needed = Permission | "system_admin";

/**
 * - `own`: what belongs to the person.
 * - `groups`: that, and what belongs to the groups that the person is a member of.
 * - `all`: everything of the office.
 */
export type Reach = "own" | "groups" | "all";

export type RouteAccess =
  /** Also without signing in. */
  | { readonly needs: "nothing" }
  /**
   * A person who has signed in; never a key of the API. For passwords, sessions, second factors and keys. `permission`: only
   * who has it.
   */
  | { readonly needs: "session"; readonly permission?: Needed }
  /** What belongs to the person who asks. */
  | { readonly needs: "own" }
  /**
   * With the permission everything of the office is within reach. `others` says what people without it reach; left out:
   * nothing.
   */
  | { readonly needs: "permission"; readonly permission: Needed; readonly others?: "own" | "groups" };

/** What a key of the API may do: some permissions of the person who made it, and whether their own things, too. */
export type KeyPower = Needed | "own";

/** A person who asks, by a session of the browser or by a key. */
export interface Asker {
  readonly user: User;
  /** The office as it is live. */
  readonly office: PermissionSource;
  /** Null: a session, which may do all that the person may. */
  readonly keyPowers: readonly KeyPower[] | null;
}

export type AccessDecided =
  | { readonly allowed: true; readonly reach: Reach }
  | { readonly allowed: false; readonly because: AccessRefusal };

export type AccessRefusal =
  /** Nobody has signed in. */
  | { readonly kind: "sign_in" }
  | { readonly kind: "suspended" }
  /** The route is for people, and a key asks. */
  | { readonly kind: "no_keys" }
  | { readonly kind: "permission"; readonly permission: Needed }
  /** The key does not have what its maker may do. */
  | { readonly kind: "key"; readonly power: KeyPower }
  | { readonly kind: "unavailable"; readonly permission: Permission; readonly reason: string };

/** @param asker null: nobody has signed in */
export function decideAccess(access: RouteAccess, asker: Asker | null): AccessDecided {
  if (access.needs === "nothing") return { allowed: true, reach: "own" };
  if (asker === null) return refused({ kind: "sign_in" });
  if (asker.user.suspended === true) return refused({ kind: "suspended" });
  switch (access.needs) {
    case "session":
      if (asker.keyPowers !== null) return refused({ kind: "no_keys" });
      return access.permission === undefined || personMay(asker, access.permission)
        ? { allowed: true, reach: "own" }
        : refused({ kind: "permission", permission: access.permission });
    case "own":
      return ownThings(asker, "own");
    case "permission":
      return withPermission(access.permission, access.others, asker);
  }
}

function withPermission(
  permission: Needed,
  others: "own" | "groups" | undefined,
  asker: Asker,
): AccessDecided {
  const reason = permission === "system_admin" ? undefined : UNAVAILABLE[permission];
  if (permission !== "system_admin" && reason !== undefined)
    return refused({ kind: "unavailable", permission, reason });
  if (!personMay(asker, permission))
    return others === undefined ? refused({ kind: "permission", permission }) : ownThings(asker, others);
  if (asker.keyPowers === null || asker.keyPowers.includes(permission))
    return { allowed: true, reach: "all" };
  return others === undefined ? refused({ kind: "key", power: permission }) : ownThings(asker, others);
}

function ownThings({ keyPowers }: Asker, reach: "own" | "groups"): AccessDecided {
  return keyPowers === null || keyPowers.includes("own")
    ? { allowed: true, reach }
    : refused({ kind: "key", power: "own" });
}

/** Whether a person may do something, whatever a key of theirs may. */
export function personMay({ user, office }: Pick<Asker, "user" | "office">, needed: Needed): boolean {
  if (needed !== "system_admin") return may(user, needed, office);
  const admins = office.group(SYSTEM_ADMINS)?.members ?? [];
  return user.suspended !== true && admins.some(({ username }) => username === user.username);
}

/** Whether who asks may do something: a key never more than its maker. */
export function askerMay(asker: Asker, needed: Needed): boolean {
  return personMay(asker, needed) && (asker.keyPowers === null || asker.keyPowers.includes(needed));
}

function refused(because: AccessRefusal): AccessDecided {
  return { allowed: false, because };
}
