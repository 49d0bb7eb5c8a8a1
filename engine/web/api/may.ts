/**
 * What the person who asks may do with a thing, said with the thing, so that a page shows no button that would be refused.
 * The guard decides the same again when something is changed.
 */
import { z } from "zod";
import { askerMay, type Needed } from "../../../policy/access/access.js";
import { ALL_USERS, BILLING_ADMINS, SYSTEM_ADMINS } from "../../../policy/office/built-in.js";
import type { Member, User } from "../../../policy/office/office.js";
import type { Actor } from "./actor.js";

/** Of a thing that is changed and removed by whoever has a permission. */
export const may = z.object({ change: z.boolean(), remove: z.boolean() });

export function mayJson(actor: Actor, needed: Needed): z.infer<typeof may> {
  const allowed = askerMay(actor, needed);
  return { change: allowed, remove: allowed };
}

/** Of a user: people change their own profile. */
export function userMay(actor: Actor, user: User): z.infer<typeof may> {
  const isOwn = user.username === actor.user.username;
  const allowed = askerMay(actor, "users");
  return { change: allowed || isOwn, remove: allowed };
}

/** Of a member: people switch their own part. Administrators' groups are a matter of users. */
export function memberMay(actor: Actor, group: string, { username }: Member): z.infer<typeof may> {
  const isOfAdmins = group === SYSTEM_ADMINS || group === BILLING_ADMINS;
  const change = askerMay(actor, "call_flows") || username === actor.user.username;
  return { change, remove: group !== ALL_USERS && askerMay(actor, isOfAdmins ? "users" : "call_flows") };
}
