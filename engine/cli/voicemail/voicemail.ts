/**
 * `ringline voicemail`: works on the messages of an office. If the engine runs, message lamps follow within a second.
 */
import type { Command } from "commander";
import { parseBox } from "../../../policy/office/box.js";
import type { Message } from "../../../storage/voicemail.js";
import {
  claimMessage,
  deleteMessage,
  findMessage,
  listMessages,
  undeleteMessage,
} from "../../voicemail/admin/messages.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, onDatabase, readingDatabase } from "../shared/use-case.js";
import { aboutMessage, common, sayNoMessage } from "./common.js";
import { registerGreeting } from "./greeting.js";
import { messageFacts, messageLine } from "./message-text.js";
import { registerPin } from "./pin.js";
import { registerSound } from "./sound.js";

const HELP = `
A message is named by the beginning of its id, four characters or more.

Examples:
  ringline voicemail list --db ringline.db --box group:sales
  ringline voicemail play 3f2a --db ringline.db --recordings /var/lib/ringline/messages --for alice.wong
  ringline voicemail export 3f2a --db ringline.db --recordings /var/lib/ringline/messages --to . --format opus
  ringline voicemail delete 3f2a --db ringline.db --for alice.wong
  ringline voicemail claim 3f2a --db ringline.db --by alice.wong
  ringline voicemail greeting set user:alice.wong hello.wav --db ringline.db --recordings /var/lib/ringline/messages
  ringline voicemail pin set alice.wong --generate --db ringline.db`;

interface ListOptions extends DatabaseOptions {
  readonly box?: string;
  readonly for?: string;
  readonly all?: boolean;
}

interface DeleteOptions extends DatabaseOptions {
  readonly for?: string;
}

interface ClaimOptions extends DatabaseOptions {
  readonly by?: string;
  readonly release?: boolean;
}

export const registerVoicemail: RegisterCommand = (program, terminal) => {
  const voicemail = program
    .command("voicemail")
    .summary("messages, greetings and PINs")
    .description(
      "The mailboxes of an office: their messages, what their callers hear, and the PINs of those who listen.",
    )
    .addHelpText("after", HELP);
  common(voicemail.command("list").summary("list messages").description("Lists messages, the oldest first."))
    .option("--box <mailbox>", "only of this mailbox: user:NAME or group:ID")
    .option("--for <username>", "only those that this user may hear, and as they see them")
    .option("--all", "deleted ones, too")
    .action((options: ListOptions) => list(options, terminal));
  aboutMessage(voicemail, "show", "everything about a message").action(
    (id: string, options: DatabaseOptions) => show(id, options, terminal),
  );
  registerSound(voicemail, terminal);
  forOne(aboutMessage(voicemail, "delete", "delete a message, for all or for one")).action(
    (id: string, options: DeleteOptions) => mark(id, options, terminal, deleteMessage),
  );
  forOne(aboutMessage(voicemail, "undelete", "take a deletion back")).action(
    (id: string, options: DeleteOptions) => mark(id, options, terminal, undeleteMessage),
  );
  aboutMessage(voicemail, "claim", "say who calls the caller back")
    .option("--by <username>", "who does")
    .option("--release", "nobody does, after all")
    .action((id: string, options: ClaimOptions) => claim(id, options, terminal));
  registerGreeting(voicemail, terminal);
  registerPin(voicemail, terminal);
};

function forOne(command: Command): Command {
  return command.option("--for <username>", "for this user alone; left out: for all");
}

async function list(options: ListOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const { box, for: username, all = false } = options;
  if (box !== undefined && parseBox(box) === undefined) {
    failed(terminal, "--box is user:NAME or group:ID", json);
    return;
  }
  const filter = { box, username, deleted: all };
  const ended = await readingDatabase(terminal, options, (deps) => listMessages(deps, filter));
  if (ended === undefined) return;
  for (const message of ended.messages)
    terminal.out(`${json ? JSON.stringify(message) : messageLine(message, username)}\n`);
  if (ended.messages.length === 0 && !json) terminal.err("no messages\n");
  terminal.exit(EXIT_OK);
}

async function show(id: string, options: DatabaseOptions, terminal: Terminal): Promise<void> {
  const ended = await readingDatabase(terminal, options, (deps) => findMessage(deps, id));
  if (ended === undefined) return;
  if (ended.outcome !== "found") {
    sayNoMessage(terminal, ended, id, options);
    return;
  }
  const { message } = ended;
  terminal.out(options.json === true ? `${JSON.stringify(message)}\n` : messageFacts(message));
  terminal.exit(EXIT_OK);
}

async function mark(
  id: string,
  options: DeleteOptions,
  terminal: Terminal,
  useCase: typeof deleteMessage,
): Promise<void> {
  const json = options.json ?? false;
  const { for: username } = options;
  const ended = await onDatabase(terminal, options, (deps) => useCase(deps, id, username));
  switch (ended?.outcome) {
    case "no_message":
    case "more_than_one_message":
      sayNoMessage(terminal, ended, id, options);
      return;
    case "not_deleted":
      failed(terminal, `nothing was changed: ${username} has not deleted it`, json);
      return;
    case "so_already":
      failed(terminal, `nothing was changed: message ${short(ended.message)} is so already`, json);
      return;
    case "not_theirs":
      failed(terminal, `nothing was changed: message ${short(ended.message)} is none of ${username}'s`, json);
      return;
    case "done":
      terminal.out(
        json ? `${JSON.stringify({ ok: true, message: ended.message.id })}\n` : `${ended.message.id}\n`,
      );
      terminal.exit(EXIT_OK);
  }
}

function short({ id }: Message): string {
  return id.slice(0, 8);
}

async function claim(id: string, options: ClaimOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const { by: username, release } = options;
  if ((username === undefined) === (release !== true)) {
    failed(terminal, "one of --by USERNAME and --release is needed", json);
    return;
  }
  const ended = await onDatabase(terminal, options, (deps) => claimMessage(deps, id, username ?? null));
  switch (ended?.outcome) {
    case "no_message":
    case "more_than_one_message":
      sayNoMessage(terminal, ended, id, options);
      return;
    case "no_member":
      failed(terminal, `${username} is no member of ${ended.box}`, json);
      return;
    case "taken":
      failed(terminal, `${ended.by ?? "somebody"} calls this caller back already`, json);
      return;
    case "claimed": {
      const { by } = ended;
      terminal.out(json ? `${JSON.stringify({ ok: true, by })}\n` : `${by ?? "nobody"} calls back\n`);
      terminal.exit(EXIT_OK);
    }
  }
}
