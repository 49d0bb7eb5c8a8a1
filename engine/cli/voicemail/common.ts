/**
 * What the commands of `ringline voicemail` share: their options, how a message is named, and how times are written.
 */
import type { Command } from "commander";
import type { NoMessage } from "../../voicemail/admin/messages.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import type { DatabaseOptions } from "../shared/use-case.js";

export const RECORDINGS_OPTION = ["--recordings <folder>", "where the switch writes messages"] as const;

export function common(command: Command): Command {
  return command.requiredOption("--db <file>", "the database").option("--json", "print for programs");
}

/** Adds a command with the options common to all; its description is its summary as a sentence. */
export function described(parent: Command, name: string, summary: string): Command {
  return common(
    parent
      .command(name)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
  );
}

/** Adds a command about one message. */
export function aboutMessage(parent: Command, name: string, summary: string): Command {
  return described(parent, name, summary).argument("<message>", "the beginning of its id");
}

/** Reports that the beginning of an id means no message, or more than one. */
export function sayNoMessage(
  terminal: Terminal,
  { outcome }: NoMessage,
  id: string,
  { json = false }: DatabaseOptions,
): void {
  const none = outcome === "no_message";
  failed(terminal, none ? `there is no message ${id}` : `more than one message begins with ${id}`, json);
}

/** Date and time in UTC, the same on every machine. */
export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, "2026-01-31T12:00:00".length).replace("T", " ")} UTC`;
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
