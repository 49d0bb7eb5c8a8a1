/** `ringline man`: prints the manual page of a command, or writes the pages of all commands to a folder. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { suggest } from "../../../policy/office-file/suggest.js";
import { counted } from "../../counted.js";
import type { RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type ManualPage, manualPages } from "./manual.js";

const HELP = `
The pages say the same as --help. Without --into the page is printed as man(7) text, to be read with \`man\`.

Examples:
  ringline man user add | man -l -
  ringline man --into /usr/local/share/man/man1`;

export const registerMan: RegisterCommand = (program, terminal) => {
  program
    .command("man")
    .summary("make manual pages")
    .description("Prints the manual page of a command, or writes the pages of all commands to a folder.")
    .argument("[command...]", "the words of the command; the program itself if left out")
    .option("--into <folder>", "write the pages of all commands there, over those of an earlier release")
    .addHelpText("after", HELP)
    .action((words: string[], { into }: { into?: string }) => man(words, into, program, terminal));
};

async function man(
  words: readonly string[],
  into: string | undefined,
  program: Command,
  terminal: Terminal,
): Promise<void> {
  const date = new Date(terminal.clock.nowMs()).toISOString().slice(0, 10);
  const pages = manualPages(program, { version: program.version() ?? "", date });
  if (into !== undefined) {
    await write(pages, into);
    terminal.out(`${counted(pages.length, "page")} in ${into}\n`);
    return;
  }
  const name = ["ringline", ...words].join("-");
  const page = pages.find((each) => each.name === name);
  if (page !== undefined) {
    terminal.out(page.text);
    return;
  }
  const meant = suggest(
    name,
    pages.map((each) => each.name),
  )?.replaceAll("-", " ");
  failed(
    terminal,
    `there is no command \`ringline ${words.join(" ")}\`${meant === undefined ? "" : `; did you mean \`${meant}\`?`}`,
    false,
  );
}

async function write(pages: readonly ManualPage[], folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
  for (const { name, text } of pages) await writeFile(join(folder, `${name}.1`), text);
}
