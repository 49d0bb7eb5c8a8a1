/**
 * Renames a group, a flow or a device by an edit. Refused where nothing has the old id, or something the new one. The
 * result goes through the same checks as every office.
 */
import { BUILT_IN_GROUPS, isBuiltIn } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import * as field from "../office-file/fields.js";
import { suggest } from "../office-file/suggest.js";
import { checkOffice, type Edited, notFound, refused } from "./edit.js";
import { idsOf, type Rename, withRename } from "./renaming.js";

/** An office in which a group, a flow or a device has another id, all checks included; or why not. */
export function renameEntity(office: Office, rename: Rename): Edited {
  const { kind, from, to } = rename;
  const what = `the ${kind} \`${from}\``;
  if (kind === "group" && isBuiltIn(from)) return refused(`${what} is built in: its id never changes`);
  const ids = idsOf(office, rename);
  if (ids === undefined && rename.kind === "device")
    return notFound(`there is no user \`${rename.username}\``);
  if (!ids?.includes(from)) return notFound(noSuchId(rename, ids ?? []));
  if (from === to) return refused(`${what} has this id already`);
  const readId = field.id.safeParse(to);
  if (!readId.success)
    return refused(`\`${to}\` cannot be the id of a ${kind}: expected ${readId.error.issues[0]?.message}`);
  if (ids.includes(to) || (kind === "group" && isBuiltIn(to)))
    return refused(`there is a ${kind} \`${to}\` already; the calls of one go to another with --replace-by`);
  const edited = checkOffice(withRename(office, rename), `${what} cannot be called \`${to}\``);
  return edited.ok ? { ...edited, renames: [rename] } : edited;
}

function noSuchId(rename: Rename, ids: readonly string[]): string {
  const known = rename.kind === "group" ? [...BUILT_IN_GROUPS, ...ids] : ids;
  const meant = suggest(rename.from, known);
  const owner = rename.kind === "device" ? ` of ${rename.username}` : "";
  return `there is no ${rename.kind} \`${rename.from}\`${owner}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}
