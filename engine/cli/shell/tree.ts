/**
 * The commands as completion and manual pages need them: names, options and arguments, and what kind of value each takes.
 * Read from commander's tree, so that a new command is in both without being named here.
 */
import type { Argument, Command, Option } from "commander";

/** What completes a value: one of a few words, a path, or nothing that a shell could know. */
export type ValueKind =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "path" }
  | { readonly kind: "other" };

export interface OptionShown {
  /** With its dashes. */
  readonly long: string;
  readonly description: string;
  /** Null: it takes no value. */
  readonly value: ValueKind | null;
}

export interface CommandShown {
  /** The words after `ringline`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly children: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly OptionShown[];
  readonly arguments: readonly ValueKind[];
}

/** The command and all commands below it. */
export function commandsOf(command: Command, path: readonly string[] = []): CommandShown[] {
  const shown: CommandShown = {
    path,
    summary: summaryOf(command),
    children: command.commands.map((child) => ({ name: child.name(), summary: summaryOf(child) })),
    options: [...command.options.map(optionShown), HELP],
    arguments: command.registeredArguments.map(argumentKind),
  };
  return [shown, ...command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]))];
}

const HELP: OptionShown = { long: "--help", description: "display help for command", value: null };

export function summaryOf(command: Command): string {
  return command.summary() === "" ? command.description() : command.summary();
}

/** Names of arguments and placeholders of options that stand for a path. */
const PATH = /^(?:path|file|folder|table|backup)(?:\.\.\.)?$/;

function optionShown(option: Option): OptionShown {
  const placeholder = /[<[](.*?)[>\]]/.exec(option.flags)?.[1];
  return {
    long: option.long ?? option.short ?? "",
    description: option.description,
    value: placeholder === undefined ? null : kindOf(placeholder, option.argChoices),
  };
}

function argumentKind(argument: Argument): ValueKind {
  return kindOf(argument.name(), argument.argChoices);
}

function kindOf(name: string, choices: readonly string[] | undefined): ValueKind {
  if (choices !== undefined) return { kind: "words", words: choices };
  return PATH.test(name) ? { kind: "path" } : { kind: "other" };
}
