/** The reference of the command line is what the commands say of themselves. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { expect, it } from "vitest";
import { plainPaint } from "../../office/files/render.js";
import { buildProgram } from "../program.js";
import { commandsMarkdown } from "./commands-doc.js";
import type { Terminal } from "./terminal.js";

const DOCUMENT = fileURLToPath(new URL("../../../docs/commands.md", import.meta.url));

const nowhere: Terminal = {
  out: () => {},
  err: () => {},
  isInteractive: false,
  isTyped: false,
  readSecret: async () => "",
  paint: plainPaint,
  author: "",
  clock: { nowMs: () => 0, after: () => 0, cancel: () => undefined } as unknown as Terminal["clock"],
  exit: () => {},
};

it("docs/commands.md has every command as its help describes it", () => {
  const made = commandsMarkdown(buildProgram(nowhere));
  if (process.env["UPDATE_EXPECTED"] === "1") writeFileSync(DOCUMENT, made);
  expect(readFileSync(DOCUMENT, "utf8")).toBe(made);
});

it("every command has a description, and so has every option and argument", () => {
  const bare: string[] = [];
  const look = (command: Command, name: string): void => {
    if (command.description() === "") bare.push(name);
    for (const option of command.options) if (option.description === "") bare.push(`${name} ${option.flags}`);
    for (const argument of command.registeredArguments)
      if (argument.description === "") bare.push(`${name} <${argument.name()}>`);
    for (const child of command.commands) look(child, `${name} ${child.name()}`);
  };
  look(buildProgram(nowhere), "ringline");
  expect(bare).toEqual([]);
});

it("no command is left out", () => {
  expect(() => commandsMarkdown(new Command().addCommand(new Command("unheard-of")))).toThrow("unheard-of");
});
