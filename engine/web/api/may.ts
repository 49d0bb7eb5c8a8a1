/**
 * What the person who asks may do with a thing, said with the thing, so that a page shows no button that would be refused.
 * It is made of the rules to which the guard holds every change.
 */
import { z } from "zod";
import { lackingFor } from "../../../policy/access/edits.js";
import { mayLetHear } from "../../../policy/access/hearing.js";
import { aboveBy } from "../../../policy/access/rights.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import { ALL_USERS, isBuiltIn } from "../../../policy/office/built-in.js";
import type { User } from "../../../policy/office/office.js";
import { userSchema } from "../../../policy/office-file/schema.js";
import type { Actor } from "./actor.js";

export const may = z.object({ change: z.boolean(), remove: z.boolean() });
type May = z.infer<typeof may>;

/** With the fields that may be changed. */
export const mayOfUser = may.extend({ fields: z.array(z.string()) });

/** Of an entry of the office, as edits name it. */
export function mayJson(actor: Actor, kind: string, id: string): May {
  const allows = (edit: Edit) => lackingFor(actor, edit) === undefined;
  return {
    change: allows({ verb: "set", kind, id, fields: {} }),
    remove: allows({ verb: "remove", kind, id, options: {} }),
  };
}

/** People change their own profile; nobody changes those above them. */
export function userMay(actor: Actor, user: User): May {
  if (aboveBy(actor, user) !== undefined) return { change: false, remove: false };
  const allowed = mayJson(actor, "user", user.username);
  return { ...allowed, change: allowed.change || user.username === actor.user.username };
}

const USER_FIELDS = Object.keys(userSchema.shape).filter((field) => field !== "username");

export function userMayFields(actor: Actor, user: User): z.infer<typeof mayOfUser> {
  const allowed = userMay(actor, user);
  const id = user.username;
  const fields = USER_FIELDS.filter(
    (field) => lackingFor(actor, { verb: "set", kind: "user", id, fields: { [field]: true } }) === undefined,
  );
  return { ...allowed, fields: allowed.change ? fields : [] };
}

/** With whether members may be added: they hear the group's messages. */
export const mayOfGroup = may.extend({ add_members: z.boolean() });

export function groupMay(actor: Actor, id: string): z.infer<typeof mayOfGroup> {
  const allowed = mayJson(actor, "group", id);
  const adds: Edit = { verb: "add", kind: "member", id: `${id}/-`, fields: {} };
  return {
    ...allowed,
    remove: allowed.remove && !isBuiltIn(id),
    add_members: id !== ALL_USERS && lackingFor(actor, adds) === undefined && mayLetHear(actor, id),
  };
}

/** People switch their own part. */
export function memberMay(actor: Actor, group: string, username: string): May {
  const id = `${group}/${username}`;
  const allows = (edit: Edit) => lackingFor(actor, edit) === undefined;
  return {
    change: allows({ verb: "set", kind: "member", id, fields: { calls: true, voicemail: true } }),
    remove: group !== ALL_USERS && allows({ verb: "remove", kind: "member", id, options: {} }),
  };
}
