/**
 * Edits that remove entries, and what is said when something still leads to them. A removal with a replacement goes
 * through the rules of `hand-over.ts`.
 */
import { isBuiltIn } from "../../office/built-in.js";
import type { Office } from "../../office/office.js";
import { given, mapped } from "../../office/optional.js";
import { type Fault, type Refusal, refused } from "../edit.js";
import type { Draft } from "./draft.js";
import { type EntryKind, entryOf, keyOf, noEntry } from "./entries.js";
import type { Entry } from "./merge.js";
import type { RemoveEdit } from "./types.js";

/** An entry that is removed without a replacement: what still leads to it would be dangling. */
export interface Gone {
  /** For example `user`. */
  readonly noun: string;
  readonly id: string;
  readonly extension: string | undefined;
}

export type Taken = { readonly ok: true; readonly gone: Gone } | Refusal;

/** Takes an entry out of the draft, and a user out of all groups. */
export function removeEntry(draft: Draft, kind: EntryKind, edit: RemoveEdit): Taken {
  const key = keyOf(draft, edit);
  if (kind.kind === "group" && isBuiltIn(key))
    return refused(`the group \`${key}\` is built in: every office has it`);
  const entry = entryOf(draft, kind, key);
  if (entry === undefined) return noEntry(draft, kind, edit.id);
  draft.section(kind.section).delete(key);
  if (kind.kind === "user") leaveGroups(draft, key);
  const extension = kind.kind === "user" || kind.kind === "group" ? entry["extension"] : undefined;
  return {
    ok: true,
    gone: { noun: kind.kind, id: key, extension: extension === undefined ? undefined : String(extension) },
  };
}

function leaveGroups(draft: Draft, username: string): void {
  const groups = draft.section("groups");
  for (const [id, group] of groups) {
    const { members } = group;
    if (!Array.isArray(members)) continue;
    const left = members.filter((member: Entry | null) => member?.["user"] !== username);
    if (left.length < members.length) groups.set(id, { ...group, members: left });
  }
}

/**
 * Says of a check's refusal what the edits did to cause it, where something is left that leads to what they removed, or
 * to an extension that they took away: the checks know only that a reference leads nowhere.
 */
export function inUse(refusal: Refusal, gone: readonly Gone[], live: Office): Refusal {
  const faults = refusal.faults.map((fault) => ({ fault, of: gone.find((each) => isMissing(fault, each)) }));
  const said = faults.map(({ fault, of }) =>
    of === undefined
      ? withFormerOwner(fault, live)
      : { where: fault.where, code: fault.code, message: `leads to the ${of.noun} \`${of.id}\`` },
  );
  const [first] = faults;
  if (first?.of === undefined || faults.some(({ of }) => of === undefined))
    return { ...refusal, faults: said };
  return {
    ok: false,
    cause: "in_use",
    reason: `something still leads to the ${first.of.noun} \`${first.of.id}\``,
    faults: said,
  };
}

/** Whether a fault is a reference to a removed entry, by its id or by its extension. */
function isMissing({ code, message }: Fault, { noun, id, extension }: Gone): boolean {
  if (code !== "dangling") return false;
  const missing = [`${noun} \`${id}\``, ...(extension === undefined ? [] : [`extension \`${extension}\``])];
  return missing.some((words) => message === `there is no ${words}`);
}

/** Of a reference by extension: whose extension it was. A step that names the owner instead goes on to mean the same. */
function withFormerOwner(fault: Fault, { users, groups }: Office): Fault {
  const [, lost] = /^there is no extension `(\d+)`$/.exec(fault.message) ?? [];
  if (fault.code !== "dangling" || lost === undefined) return fault;
  const user = users.find(({ extension }) => extension === lost);
  const group = groups.find(({ extension }) => extension === lost);
  const owner = user === undefined ? mapped(group, ({ id }) => `group:${id}`) : `user:${user.username}`;
  if (owner === undefined) return fault;
  return {
    where: fault.where,
    code: fault.code,
    message: `leads to the extension \`${lost}\`, which would be nobody's`,
    ...given({ found: fault.found }),
    expected: "the user or group by name, before its extension changes",
    suggestion: owner,
  };
}
