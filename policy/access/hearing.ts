/**
 * Members of a group hear the messages of its mailbox. So whoever lets somebody hear them, by adding a member or by handing
 * the mailbox to another group, hears them already, or may change users or the office's settings: the permission for call
 * flows alone does not open a mailbox, neither to others nor to oneself.
 */
import { partsOf } from "../change/edits/subjects.js";
import type { Edit } from "../change/edits/types.js";
import { isBuiltIn } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { type Asker, askerMay, type Needed } from "./access.js";

/** Any of these lets everybody hear the messages of any group. */
export const HEARING: readonly Needed[] = ["users", "account_settings"];

/** Whether who asks may let others hear the messages of a group, or be one of them. */
export function mayLetHear(asker: Asker, group: string): boolean {
  return HEARING.some((permission) => askerMay(asker, permission)) || hears(asker, group);
}

function hears({ user, office, keyPowers }: Asker, id: string): boolean {
  const isOwn = keyPowers === null || keyPowers.includes("own");
  return isOwn && (office.group(id)?.members.some(({ username }) => username === user.username) ?? false);
}

/** The group whose messages an edit lets somebody hear though who asks may not; undefined: none. */
export function openedBy(asker: Asker, edits: readonly Edit[], index: number): string | undefined {
  const edit = edits[index];
  const group = edit && openedGroup(edit, asker);
  // Who becomes an administrator is another question.
  if (group === undefined || isBuiltIn(group) || mayLetHear(asker, group)) return undefined;
  // A group that these edits add has no messages yet. One that they rename has.
  const isNew = edits
    .slice(0, index)
    .some(({ verb, kind, id }) => verb === "add" && kind === "group" && id === group);
  return isNew ? undefined : group;
}

function openedGroup(edit: Edit, { office }: Asker): string | undefined {
  if (edit.kind === "member" && edit.verb === "add") return partsOf(edit.id)?.[0];
  if (edit.kind !== "group") return undefined;
  if (edit.verb === "remove") return edit.options.replaceBy === undefined ? undefined : edit.id;
  if (edit.verb !== "set") return undefined;
  const known = new Set(office.group(edit.id)?.members.map(({ username }) => username));
  return memberNames(edit.fields["members"]).some((name) => !known.has(name)) ? edit.id : undefined;
}

/** As the office file writes members. */
function memberNames(members: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(members) ? members : [];
  return list.map((member) =>
    typeof member === "object" && member !== null && "user" in member ? String(member.user) : String(member),
  );
}

/** The same for a change that is no list of edits: a group that has another member than before. */
export function openedBetween(asker: Asker, before: Office, after: Office): string | undefined {
  const earlier = new Map(before.groups.map((group) => [group.id, group]));
  return after.groups.find(({ id, members }) => {
    const was = earlier.get(id);
    if (was === undefined || was.members === members || isBuiltIn(id)) return false;
    const known = new Set(was.members.map(({ username }) => username));
    return members.some(({ username }) => !known.has(username)) && !mayLetHear(asker, id);
  })?.id;
}
