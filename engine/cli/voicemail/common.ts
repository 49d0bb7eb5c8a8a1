/** What the commands of `ringline voicemail` share: their options, how a message is named, how things are written. */
import type { Command } from "commander";
import type { Store } from "../../../storage/store.js";
import type { Message } from "../../../storage/voicemail.js";
import { failed, withDatabase } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";

export interface CommonOptions {
  readonly db: string;
  readonly json?: boolean;
}

/** What a command does with the message it was given. */
export type Work<Options extends CommonOptions> = (
  store: Store,
  message: Message,
  options: Options,
  terminal: Terminal,
) => Promise<void>;

export const RECORDINGS_OPTION = ["--recordings <folder>", "where the switch writes messages"] as const;

export function common(command: Command): Command {
  return command.requiredOption("--db <file>", "the database").option("--json", "print for programs");
}

/** Adds a command with the options that all have; its description is its summary as a sentence. */
export function described(parent: Command, name: string, summary: string): Command {
  return common(
    parent
      .command(name)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
  );
}

/** Adds a command about one message. */
export function one<Options extends CommonOptions>(
  parent: Command,
  terminal: Terminal,
  name: string,
  summary: string,
  options: (command: Command) => Command,
  work: Work<Options>,
): void {
  options(described(parent, name, summary))
    .argument("<message>", "the beginning of its id")
    .action(async (id: string, given: Options) => {
      const json = given.json ?? false;
      await withDatabase(terminal, { path: given.db, mustExist: true, json }, async (store) => {
        const [message, ...more] = id.length < 4 ? [] : await store.voicemail.find(id);
        if (message === undefined) failed(terminal, `there is no message ${id}`, json);
        else if (more.length > 0) failed(terminal, `more than one message begins with ${id}`, json);
        else await work(store, message, given, terminal);
      });
    });
}

/** Date and time, the same everywhere. */
export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, "2026-01-31T12:00:00".length).replace("T", " ")} UTC`;
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
