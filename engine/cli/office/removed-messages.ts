/**
 * What becomes of the messages of somebody who is removed: somebody else takes them over, or they are exported, or
 * somebody says that they may go. Nothing of that said, a removal that would leave messages to nobody is refused.
 */
import { resolve } from "node:path";
import type { Command } from "commander";
import { boxName } from "../../../policy/office/box.js";
import type { HandOver } from "../../../storage/hand-over.js";
import type { Store } from "../../../storage/store.js";
import { Recordings } from "../../voicemail/recordings.js";
import { exportMessages } from "../voicemail/message-export.js";

export interface RemovedMessagesOptions {
  readonly replaceBy?: string;
  readonly exportMessages?: string;
  readonly recordings?: string;
  readonly discardMessages?: boolean;
}

export type HandOverMade =
  | { readonly ok: true; readonly handOver: HandOver }
  | { readonly ok: false; readonly why: string };

export const REMOVED_MESSAGES_HELP = `
Messages in the mailbox go to who takes over. Without --replace-by they have to be exported or discarded, or the removal
is refused; either way they stay among the deleted ones for 30 days.`;

/** Adds the options of {@link RemovedMessagesOptions} but `--replace-by`. */
export function withRemovedMessages(command: Command): Command {
  return command
    .option("--export-messages <folder>", "copy the messages of the mailbox there first")
    .option("--recordings <folder>", "where the switch writes messages; for --export-messages")
    .option("--discard-messages", "let the messages of the mailbox go");
}

/** Exports messages where that is wanted, and says which may go. */
export async function handOverOf(
  store: Store,
  kind: HandOver["kind"],
  from: string,
  options: RemovedMessagesOptions,
): Promise<HandOverMade> {
  const { replaceBy, exportMessages: folder, recordings, discardMessages } = options;
  if (discardMessages === true && (replaceBy ?? folder) !== undefined)
    return { ok: false, why: "--discard-messages goes neither with --replace-by nor with --export-messages" };
  if ((folder === undefined) !== (recordings === undefined))
    return { ok: false, why: "--export-messages and --recordings go together" };
  const handOver = { kind, from, to: replaceBy ?? null };
  if (discardMessages === true) return { ok: true, handOver: { ...handOver, lettingGo: "all" } };
  if (folder === undefined || recordings === undefined) return { ok: true, handOver };
  const box = boxName(kind === "user" ? { kind, username: from } : { kind, id: from });
  const lettingGo = await store.messagesKept(box);
  const exported = await exportMessages(
    store,
    new Recordings(resolve(recordings)),
    lettingGo,
    resolve(folder),
  );
  return exported.ok ? { ok: true, handOver: { ...handOver, lettingGo } } : exported;
}
