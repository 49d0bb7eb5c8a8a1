/**
 * Manual pages (man(7)) of the commands, made from the same texts as their help, so that they cannot differ from it.
 */
import type { Command, Option } from "commander";
import { summaryOf } from "./tree.js";

export interface ManualPage {
  /** `ringline-user-add` */
  readonly name: string;
  readonly text: string;
}

export interface ManualFacts {
  readonly version: string;
  /** YYYY-MM-DD */
  readonly date: string;
}

/** The page of a command, and those of all commands below it. */
export function manualPages(command: Command, facts: ManualFacts, above = ""): ManualPage[] {
  const name = above === "" ? command.name() : `${above}-${command.name()}`;
  const children = command.commands.flatMap((child) => manualPages(child, facts, name));
  return [{ name, text: page(command, name, above, facts) }, ...children];
}

/** A text of man(7) (groff_char(7)): hyphens are minus signs, since people copy options. */
function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll("`", "\\(ga")
    .replaceAll("'", "\\(aq")
    .replace(/[^\n -~]/gu, (character) => `\\[u${codePoint(character)}]`);
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

/** A line that must not be taken for a request. */
function line(text: string): string {
  const escaped = roff(text);
  return /^[.]/.test(escaped) ? `\\&${escaped}` : escaped;
}

function page(command: Command, name: string, above: string, { version, date }: ManualFacts): string {
  const words = name.replaceAll("-", " ");
  const parts = [
    `.TH "${roff(name.toUpperCase())}" "1" "${date}" "ringline ${version}" "Ringline"`,
    ".SH NAME",
    `${roff(name)} \\- ${roff(summaryOf(command))}`,
    ".SH SYNOPSIS",
    ...synopsis(command, words),
    ".SH DESCRIPTION",
    line(command.description()),
    ...commands(command, name),
    ...argumentsPart(command),
    ...options(command),
    ...notes(notesOf(command)),
    ...seeAlso(command, name, above),
  ];
  return `${parts.join("\n")}\n`;
}

function synopsis(command: Command, words: string): string[] {
  const usage = command.usage();
  return [`.B ${roff(words)}`, ...(usage === "" ? [] : [line(usage)])];
}

/** A term and what it means. */
function term(name: string, about: string): string[] {
  return [".TP", `.B ${roff(name)}`, line(about)];
}

function commands(command: Command, name: string): string[] {
  if (command.commands.length === 0) return [];
  return [
    ".SH COMMANDS",
    ...command.commands.flatMap((child) => [
      ".TP",
      `.BR ${roff(`${name}-${child.name()}`)} (1)`,
      line(summaryOf(child)),
    ]),
  ];
}

function argumentsPart(command: Command): string[] {
  const all = command.registeredArguments;
  if (all.length === 0) return [];
  return [".SH ARGUMENTS", ...all.flatMap((argument) => term(argument.name(), argument.description))];
}

function options(command: Command): string[] {
  const help = command.createHelp();
  const described = (option: Option): string =>
    command.configureHelp().optionDescription?.(option) ?? option.description;
  return [
    ".SH OPTIONS",
    ...help.visibleOptions(command).flatMap((option) => term(option.flags, described(option))),
  ];
}

/** The texts behind the options, which commander includes only when it prints. */
function notesOf(command: Command): string {
  let whole = "";
  command.configureOutput({
    writeOut: (piece) => {
      whole += piece;
    },
  });
  command.outputHelp();
  return whole.slice(command.helpInformation().length);
}

/** Paragraphs; behind `Example:` are command lines, kept as they are. */
function notes(text: string): string[] {
  const [about = "", ...examples] = text.split(/^Examples?:\n/m);
  const paragraphs = about
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/^\n+|\s+$/g, ""))
    .filter((paragraph) => paragraph !== "");
  const lines = examples
    .join("\n")
    .split("\n")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  return [
    ...(paragraphs.length === 0 ? [] : [".SH NOTES"]),
    ...paragraphs.flatMap((paragraph, index) => [...(index === 0 ? [] : [".PP"]), ...linesOf(paragraph)]),
    ...(lines.length === 0 ? [] : [".SH EXAMPLES", ".nf", ...lines.map(line), ".fi"]),
  ];
}

/** A paragraph is filled; where lines are indented, they stay as they are. */
function linesOf(paragraph: string): string[] {
  const lines = paragraph.split("\n");
  return lines.some((each) => /^ /.test(each)) ? [".nf", ...lines.map(line), ".fi"] : lines.map(line);
}

function seeAlso(command: Command, name: string, above: string): string[] {
  const others = [
    ...(above === "" ? [] : [above]),
    ...command.commands.map((child) => `${name}-${child.name()}`),
  ];
  if (others.length === 0) return [];
  return [
    ".SH SEE ALSO",
    ...others.map((other, index) => `.BR ${roff(other)} (1)${index === others.length - 1 ? "" : ","}`),
  ];
}
