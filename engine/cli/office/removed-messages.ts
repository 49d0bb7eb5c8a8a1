/**
 * What the commands that remove a user or a group share: the options for the messages of the mailbox, and how they
 * report the result.
 */
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ChangeRequest, OfficeChanged } from "../../office/changes/change.js";
import type { NotExported, Removal, RemovedMessages } from "../../office/changes/removals.js";
import type { Deps } from "../../use-case.js";
import { Recordings } from "../../voicemail/recordings.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type ChangeOptions, onOffice, sayChanged } from "./change.js";

export interface RemovedMessagesOptions {
  readonly replaceBy?: string;
  readonly exportMessages?: string;
  readonly recordings?: string;
  readonly discardMessages?: boolean;
}

export const REMOVED_MESSAGES_HELP = `
Messages in the mailbox go to who takes over. Without --replace-by they have to be exported or discarded, or the removal
is refused; either way they stay among the deleted ones for 30 days.`;

/** Adds the options of {@link RemovedMessagesOptions} except `--replace-by`. */
export function withRemovedMessages(command: Command): Command {
  return command
    .option("--export-messages <folder>", "copy the messages of the mailbox there first")
    .option("--recordings <folder>", "where the switch writes messages; for --export-messages")
    .option("--discard-messages", "let the messages of the mailbox go");
}

/** Runs a use case that removes a user or a group, and reports the result. */
export async function removeByCommand(
  terminal: Terminal,
  id: string,
  options: ChangeOptions & RemovedMessagesOptions,
  useCase: (deps: Deps, request: ChangeRequest, removal: Removal) => Promise<OfficeChanged | NotExported>,
): Promise<void> {
  const json = options.json ?? false;
  const messages = removedMessages(options);
  if (typeof messages === "string") {
    failed(terminal, messages, json);
    return;
  }
  const removal = { id, replaceBy: options.replaceBy, messages };
  const ended = await onOffice(terminal, options, (deps, request) => useCase(deps, request, removal));
  if (ended === undefined) return;
  if (ended.outcome === "not_exported") failed(terminal, ended.reason, json);
  else sayChanged(terminal, ended, json);
}

/** What the options ask for, or why they exclude each other. */
function removedMessages(options: RemovedMessagesOptions): RemovedMessages | string {
  const { replaceBy, exportMessages: folder, recordings, discardMessages } = options;
  if (discardMessages === true && (replaceBy ?? folder) !== undefined)
    return "--discard-messages goes neither with --replace-by nor with --export-messages";
  if ((folder === undefined) !== (recordings === undefined))
    return "--export-messages and --recordings go together";
  if (discardMessages === true) return { kind: "discarded" };
  if (folder === undefined || recordings === undefined) return { kind: "kept" };
  return { kind: "exported", folder: resolve(folder), recordings: new Recordings(resolve(recordings)) };
}
