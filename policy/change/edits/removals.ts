/**
 * Edits that remove entries, and what is said when something still leads to them. A removal with a replacement goes
 * through the rules of `hand-over.ts`.
 */
import { isBuiltIn } from "../../office/built-in.js";
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
 * Says of a check's refusal that removed entries are still in use, where that is what is wrong: the checks know only that
 * a reference leads nowhere.
 */
export function inUse(refusal: Refusal, gone: readonly Gone[]): Refusal {
  const faults = refusal.faults.map((fault) => ({ fault, of: gone.find((each) => isMissing(fault, each)) }));
  const [first] = faults;
  if (first?.of === undefined) return refusal;
  const said = faults.map(({ fault, of }) =>
    of === undefined
      ? fault
      : { where: fault.where, code: fault.code, message: `leads to the ${of.noun} \`${of.id}\`` },
  );
  if (faults.some(({ of }) => of === undefined)) return { ...refusal, faults: said };
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
