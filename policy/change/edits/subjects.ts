/** The kinds of entries that edits can be about, and how each is named. */
import { ENTRY_SECTIONS } from "../../office-file/sections.js";
import type { EditKind, EditSubject } from "./types.js";

/** The settings of the office as a whole: the only kind of which there is one entry, without an id. */
export const OFFICE_KIND = "office";

/** How the id of each kind is written. */
const IDS: Readonly<Record<EditKind, string>> = {
  user: "NAME",
  group: "ID",
  member: "GROUP/NAME",
  device: "NAME/ID",
  number: "+1…",
  flow: "ID",
  carrier: "ID",
  ...Object.fromEntries(ENTRY_SECTIONS.map(({ noun }) => [noun, "ID"])),
};

export const EDIT_KINDS: readonly EditKind[] = [OFFICE_KIND, ...Object.keys(IDS)];

/** For example `member:GROUP/NAME`. */
export function subjectForm(kind: EditKind): string {
  return kind === OFFICE_KIND ? OFFICE_KIND : `${kind}:${IDS[kind] ?? "ID"}`;
}

/** A subject as an edits file names it. */
export function subjectText({ kind, id }: EditSubject): string {
  return kind === OFFICE_KIND ? OFFICE_KIND : `${kind}:${id}`;
}

/** The two parts of a member's or a device's id; undefined: it has no two parts. */
export function partsOf(id: string): readonly [owner: string, part: string] | undefined {
  const slash = id.indexOf("/");
  return slash <= 0 || slash === id.length - 1 ? undefined : [id.slice(0, slash), id.slice(slash + 1)];
}

/** A subject in a sentence: "the device `cell` of `bob.stone`". */
export function subjectWords({ kind, id }: EditSubject): string {
  if (kind === OFFICE_KIND) return "the office";
  const parts = kind === "member" || kind === "device" ? partsOf(id) : undefined;
  if (parts === undefined) return `the ${kind} \`${id}\``;
  const [owner, part] = parts;
  return `the ${kind} \`${part}\` of \`${owner}\``;
}
