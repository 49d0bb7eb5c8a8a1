/**
 * One edit of an office as a value, in the words of the office file. Commands, an edits file and the API all make such
 * values, and `make-edits.ts` carries them out.
 */
import type { Office } from "../../office/office.js";
import type { Fault, Refusal } from "../edit.js";
import type { Rename } from "../renaming.js";

/**
 * What an edit is about: `office`, `user`, `group`, `member`, `device`, `number`, `flow`, `carrier`, or the noun of a
 * section such as `schedules` (`schedule`). `subjects.ts` has the list.
 */
export type EditKind = string;

/** What an edit names. In an edits file it is written `user:dana.reed`; the office is written `office`. */
export interface EditSubject {
  readonly kind: EditKind;
  /**
   * The username, id or number, as a file writes it. A member is `GROUP/USERNAME`, a device `USERNAME/ID`, the office
   * the empty text.
   */
  readonly id: string;
}

/**
 * Fields with the names and values of the office file. Besides: null takes a field away, so that its default counts;
 * `extension: auto` gives the next free one; `place` of a member, device or carrier is
 * its position among the others, from 1; `steps` of a flow
 * are its steps. A mapping such as `voicemail` or `permissions` is merged the same way; a list is replaced.
 */
export type EditFields = Readonly<Record<string, unknown>>;

/** Adds an entry; refused when it is there. */
export interface AddEdit extends EditSubject {
  readonly verb: "add";
  readonly fields: EditFields;
}

/** Changes the fields that are named, and no other; refused when the entry is not there. */
export interface SetEdit extends EditSubject {
  readonly verb: "set";
  readonly fields: EditFields;
}

/** Removes an entry; refused while something leads to it, unless a replacement takes over. */
export interface RemoveEdit extends EditSubject {
  readonly verb: "remove";
  readonly options: RemoveOptions;
}

export interface RemoveOptions {
  /** The user or group that gets what led to the removed one. */
  readonly replaceBy?: string;
  /** Without a replacement: the messages of the mailbox are deleted; left out: they prevent the removal. */
  readonly discardMessages?: true;
}

/** Gives a group, flow or device another id; all that belongs to it goes with it. */
export interface RenameEdit extends EditSubject {
  readonly verb: "rename";
  readonly to: string;
}

export type Edit = AddEdit | SetEdit | RemoveEdit | RenameEdit;
export type EditVerb = Edit["verb"];
export const EDIT_VERBS = ["add", "set", "remove", "rename"] as const satisfies readonly EditVerb[];

/** A user or group that edits remove, and what becomes of what is kept about it outside of the office. */
export interface Removed {
  readonly kind: "user" | "group";
  readonly id: string;
  /** The replacement; null: none. */
  readonly to: string | null;
  readonly discardMessages: boolean;
}

/** What edits make of an office, or why they are refused: all of them, or none. */
export type EditsMade =
  | {
      readonly ok: true;
      readonly office: Office;
      readonly removed: readonly Removed[];
      /** All at once: from the first id to the last. */
      readonly renames: readonly Rename[];
    }
  | EditsRefused;

/** A refusal that says which edit is at fault; its place in the list, from 0. */
export interface EditsRefused extends Refusal {
  readonly edit: number;
  readonly faults: readonly EditFault[];
}

export interface EditFault extends Fault {
  /** The edit that causes the fault; its place in the list, from 0. */
  readonly edit: number;
}
