/**
 * Compares what everybody may do before and after a change: whoever makes it gives nobody what they do not have, and takes
 * nothing from those who have more. It does not matter by which edit, table or earlier revision it would come about.
 */

import { BILLING_ADMINS, SYSTEM_ADMINS } from "../office/built-in.js";
import type { Office, User } from "../office/office.js";
import type { PermissionSource } from "../office/permission.js";
import { same } from "../office/same.js";
import { type Asker, askerMay, type Needed } from "./access.js";
import { aboveBy, holds, PRIVILEGES, rightsOf, sourceOf } from "./rights.js";

/** What is wrong with an outcome. */
export type WrongOutcome =
  /** The user would get a right that who asks does not have. */
  | { readonly kind: "gives"; readonly username: string; readonly right: Needed }
  /** The user has a right that who asks does not have, and would lose one, or go. */
  | { readonly kind: "above"; readonly username: string; readonly right: Needed }
  /** What users may do changes, which needs the permission to change users. */
  | { readonly kind: "rights"; readonly username: string };

/** @param asker with the permissions of the office before */
export function wrongOutcome(asker: Asker, before: Office, after: Office): WrongOutcome | undefined {
  const [was, is] = [sourceOf(before), sourceOf(after)];
  const earlier = new Map(before.users.map((user) => [user.username, user]));
  const decidesOf = [grounds(before), grounds(after)] as const;
  for (const user of after.users) {
    const old = earlier.get(user.username);
    earlier.delete(user.username);
    if (old !== undefined && same(decidesOf[0](old), decidesOf[1](user))) continue;
    const wrong = wrongFor(asker, old && { user: old, office: was }, { user, office: is });
    if (wrong !== undefined) return wrong;
  }
  for (const { username } of earlier.values()) {
    const wrong = wrongFor(asker, { user: earlier.get(username) as User, office: was }, undefined);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

interface Someone {
  readonly user: User;
  readonly office: PermissionSource;
}

function wrongFor(asker: Asker, was: Someone | undefined, is: Someone | undefined): WrongOutcome | undefined {
  const username = (is ?? was)?.user.username ?? "";
  const [had, has] = [was, is].map((each) => (each === undefined ? [] : rightsOf(each.user, each.office)));
  const gained = (has ?? []).filter((right) => !(had ?? []).includes(right) || comesBack(was, is));
  const given = gained.find((right) => !holds(asker, right));
  if (given !== undefined) return { kind: "gives", username, right: given };
  const changed = PRIVILEGES.some((right) => had?.includes(right) !== has?.includes(right));
  const isSuspension = was?.user.suspended !== is?.user.suspended;
  const above = was !== undefined && (changed || isSuspension) ? aboveBy(asker, was.user) : undefined;
  if (above !== undefined) return { kind: "above", username, right: above };
  return changed && !askerMay(asker, "users") ? { kind: "rights", username } : undefined;
}

/** Who is not suspended any more gets all their rights back. */
function comesBack(was: Someone | undefined, is: Someone | undefined): boolean {
  return was?.user.suspended === true && is?.user.suspended !== true;
}

/** All that decides what a user may do. */
function grounds(office: Office): (user: User) => unknown {
  const [system, billing] = [SYSTEM_ADMINS, BILLING_ADMINS].map(
    (group) => new Set(office.groups.find(({ id }) => id === group)?.members.map(({ username }) => username)),
  );
  const shows = office.outsideCallerId.kind === "fixed";
  return ({ username, permissions = {}, suspended = false, outboundNumber }) => [
    permissions,
    suspended,
    shows || outboundNumber !== undefined,
    system?.has(username) === true,
    billing?.has(username) === true,
  ];
}
