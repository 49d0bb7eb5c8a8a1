/**
 * `ringline voicemail`: the messages of an office by command. What is changed here while the engine runs is
 * seen by its message lamps within a second.
 */
import type { Command } from "commander";
import { parseBox } from "../../../policy/office/box.js";
import type { Store } from "../../../storage/store.js";
import type { Message } from "../../../storage/voicemail.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type CommonOptions, common, one, seconds, utc, type Work } from "./common.js";
import { registerGreeting } from "./greeting.js";
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

interface Options extends CommonOptions {
  readonly box?: string;
  readonly for?: string;
  readonly all?: boolean;
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
    .action((options: Options) => list(options, terminal));
  one(voicemail, terminal, "show", "everything about a message", (command) => command, show);
  registerSound(voicemail, terminal);
  one(voicemail, terminal, "delete", "delete a message, for all or for one", forOne, remove);
  one(voicemail, terminal, "undelete", "take a deletion back", forOne, undelete);
  one(
    voicemail,
    terminal,
    "claim",
    "say who calls the caller back",
    (command) => command.option("--by <username>", "who does").option("--release", "nobody does, after all"),
    claim,
  );
  registerGreeting(voicemail, terminal);
  registerPin(voicemail, terminal);
};

function forOne(command: Command): Command {
  return command.option("--for <username>", "for this user alone; left out: for all");
}

async function list(options: Options, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  if (options.box !== undefined && parseBox(options.box) === undefined) {
    failed(terminal, "--box is user:NAME or group:ID", json);
    return;
  }
  await withDatabase(terminal, { path: options.db, mustExist: true, json }, async (store) => {
    const all = await store.voicemail.list(options.box);
    const shown = all.filter((message) => visible(message, options));
    for (const message of shown)
      terminal.out(`${json ? JSON.stringify(message) : line(message, options.for)}\n`);
    if (shown.length === 0 && !json) terminal.err("no messages\n");
    terminal.exit(EXIT_OK);
  });
}

function visible(message: Message, options: Options): boolean {
  const view = message.members.find(({ username }) => username === options.for);
  if (options.for !== undefined && (view === undefined || !view.received)) return false;
  return options.all === true || (message.deletedMs === null && view?.state !== "deleted");
}

function line(message: Message, username: string | undefined): string {
  const members = message.members
    .filter((member) => username === undefined || member.username === username)
    .map((member) => `${member.username} ${member.received ? member.state : "switched off"}`)
    .join(", ");
  const marks = [
    message.urgent ? "  urgent" : "",
    message.forwardedBy === null ? "" : `  forwarded by ${message.forwardedBy}`,
    message.claimedBy === null ? "" : `  ${message.claimedBy} calls back`,
    message.deletedMs === null ? "" : "  deleted",
  ].join("");
  const from = message.callerNumber || "unknown";
  return `${message.id.slice(0, 8)}  ${utc(message.deliveredMs)}  ${message.box}  from ${from}  ${seconds(message.lengthMs)} s  ${members}${marks}`;
}

async function show(_store: Store, message: Message, { json }: Options, terminal: Terminal): Promise<void> {
  if (json === true) terminal.out(`${JSON.stringify(message)}\n`);
  else
    for (const [name, value] of [
      ["message", message.id],
      ["mailbox", message.box],
      ["left at", utc(message.deliveredMs)],
      ["caller", [message.callerNumber, message.callerName].filter((text) => text !== "").join(", ")],
      ["called", message.called],
      ["length", `${seconds(message.lengthMs)} s`],
      ["urgent", message.urgent ? "yes" : "no"],
      ["forwarded by", message.forwardedBy ?? "nobody"],
      ["first heard by", message.heardBy ?? "nobody yet"],
      ["calls back", message.claimedBy ?? "nobody yet"],
      ["deleted for all", message.deletedMs === null ? "no" : utc(message.deletedMs)],
      ["SHA-256", message.sha256],
      ...message.members.map(({ username, state, received }) => [
        username,
        received ? state : `${state}, voicemail was switched off`,
      ]),
    ] as const)
      terminal.out(`${String(name).padEnd(16)} ${value}\n`);
  terminal.exit(EXIT_OK);
}

const remove: Work<Options> = (store, message, options, terminal) => {
  const atMs = terminal.clock.nowMs();
  const username = options.for;
  return said(
    username === undefined
      ? store.voicemail.deleteForAll(message.id, atMs)
      : store.voicemail.mark(message.id, username, "deleted", atMs),
    message,
    options,
    terminal,
  );
};

const undelete: Work<Options> = (store, message, options, terminal) => {
  const username = options.for;
  const isDeleted = message.members.some((one) => one.username === username && one.state === "deleted");
  if (username !== undefined && !isDeleted) {
    failed(terminal, `nothing was changed: ${username} has not deleted it`, options.json ?? false);
    return Promise.resolve();
  }
  return said(
    username === undefined
      ? store.voicemail.deleteForAll(message.id, null)
      : store.voicemail.mark(message.id, username, "saved", terminal.clock.nowMs()),
    message,
    options,
    terminal,
  );
};

async function said(
  change: Promise<boolean>,
  message: Message,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const json = options.json ?? false;
  const done = await change;
  if (!done) {
    const whose = options.for === undefined ? "is so already" : `is none of ${options.for}'s`;
    failed(terminal, `nothing was changed: message ${message.id.slice(0, 8)} ${whose}`, json);
    return;
  }
  terminal.out(json ? `${JSON.stringify({ ok: true, message: message.id })}\n` : `${message.id}\n`);
  terminal.exit(EXIT_OK);
}

const claim: Work<Options> = async (store, message, options, terminal) => {
  const json = options.json ?? false;
  if ((options.by === undefined) === (options.release !== true)) {
    failed(terminal, "one of --by USERNAME and --release is needed", json);
    return;
  }
  if (options.by !== undefined && !message.members.some(({ username }) => username === options.by)) {
    failed(terminal, `${options.by} is no member of ${message.box}`, json);
    return;
  }
  const { done, by } = await store.voicemail.claimMessage(
    message.id,
    options.by ?? null,
    terminal.clock.nowMs(),
  );
  if (!done) {
    failed(terminal, `${by ?? "somebody"} calls this caller back already`, json);
    return;
  }
  terminal.out(json ? `${JSON.stringify({ ok: true, by })}\n` : `${by ?? "nobody"} calls back\n`);
  terminal.exit(EXIT_OK);
};
