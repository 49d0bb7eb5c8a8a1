/**
 * Removes a user or a group from the live office. If a replacement is named, everything that leads to the removed one,
 * and the messages of its mailbox, go to the replacement. Without a replacement the messages must be exported or
 * discarded: a removal that would leave messages without an owner is refused.
 */
import type { Edited } from "../../../policy/change/edit.js";
import * as edits from "../../../policy/change/hand-over.js";
import { boxName } from "../../../policy/office/box.js";
import type { Office } from "../../../policy/office/office.js";
import type { HandOver } from "../../../storage/hand-over.js";
import type { Deps } from "../../use-case.js";
import { exportMessages } from "../../voicemail/admin/export-messages.js";
import type { Recordings } from "../../voicemail/recordings.js";
import {
  type ChangeRequest,
  changeOffice,
  type OfficeChanged,
  type Prepared,
  preparedEdit,
  type Refused,
} from "./change.js";

/** What becomes of the messages of the mailbox of a user or group that is removed. */
export type RemovedMessages =
  /** The replacement gets them; without one, the removal is refused while there are any. */
  | { readonly kind: "kept" }
  /** They are copied to a folder first, and then deleted if there is no replacement. */
  | { readonly kind: "exported"; readonly folder: string; readonly recordings: Recordings }
  /** They are deleted; valid only without a replacement. */
  | { readonly kind: "discarded" };

export interface Removal {
  /** The username or the group's id. */
  readonly id: string;
  readonly replaceBy?: string | undefined;
  readonly messages: RemovedMessages;
}

/** Messages could not be copied, so nothing was removed. */
export interface NotExported {
  readonly outcome: "not_exported";
  readonly reason: string;
}

/** Removes a user. Memberships end with the user. */
export function removeUser(
  deps: Deps,
  request: ChangeRequest,
  removal: Removal,
): Promise<OfficeChanged | NotExported> {
  return remove(deps, request, "user", removal, edits.removeUser);
}

/** Removes a group; its members stay in the office. */
export function removeGroup(
  deps: Deps,
  request: ChangeRequest,
  removal: Removal,
): Promise<OfficeChanged | NotExported> {
  return remove(deps, request, "group", removal, edits.removeGroup);
}

function remove(
  deps: Deps,
  request: ChangeRequest,
  kind: HandOver["kind"],
  removal: Removal,
  edit: (office: Office, id: string, replaceBy: string | undefined) => Edited,
): Promise<OfficeChanged | NotExported> {
  const { id, replaceBy } = removal;
  const message = `${kind} remove ${id}${replaceBy === undefined ? "" : ` --replace-by ${replaceBy}`}`;
  return changeOffice<Refused | NotExported>(deps, request, message, async (live) => {
    const prepared = preparedEdit(edit(live, id, replaceBy));
    return prepared.ok
      ? withHandOver(deps, prepared.office, kind, removal, request.dryRun === true)
      : prepared;
  });
}

async function withHandOver(
  { store }: Deps,
  office: Office,
  kind: HandOver["kind"],
  { id, replaceBy, messages }: Removal,
  dryRun: boolean,
): Promise<Prepared<NotExported>> {
  const handOver = { kind, from: id, to: replaceBy ?? null };
  switch (messages.kind) {
    case "kept":
      return { ok: true, office, handOvers: [handOver] };
    case "discarded":
      return { ok: true, office, handOvers: [{ ...handOver, lettingGo: "all" }] };
    case "exported": {
      const box = boxName(kind === "user" ? { kind, username: id } : { kind, id });
      const lettingGo = await store.messagesKept(box);
      if (dryRun) return { ok: true, office, handOvers: [{ ...handOver, lettingGo }] };
      const exported = await exportMessages(store, messages.recordings, lettingGo, messages.folder);
      return exported.ok
        ? { ok: true, office, handOvers: [{ ...handOver, lettingGo }] }
        : { ok: false, failure: { outcome: "not_exported", reason: exported.why } };
    }
  }
}
