/** The program `ringline`: its options, its help, and which of its commands a command line needs. */
import { readFileSync } from "node:fs";
import { Command, CommanderError, type Option } from "commander";
import { SqlError } from "../../storage/database.js";
import { COMMANDS } from "./commands.js";
import { EXIT_FAILED, EXIT_OK } from "./shared/command.js";
import { failed } from "./shared/database.js";
import { fitted } from "./shared/fitted.js";
import { packageFile } from "./shared/package-file.js";
import { isSystemFailure, systemFailureText } from "./shared/system-error.js";
import type { Terminal } from "./shared/terminal.js";

/** These describe all the others. */
const OF_ALL: ReadonlySet<string> = new Set(["completion", "man"]);

/** An option's description, choices, and default as it would be typed. */
function optionDescription({ description, argChoices, defaultValue }: Option): string {
  const more = [
    ...(argChoices === undefined ? [] : [argChoices.join(", ")]),
    ...(asTyped(defaultValue) === "" ? [] : [`default: ${asTyped(defaultValue)}`]),
  ];
  return more.length === 0 ? description : `${description} (${more.join("; ")})`;
}

/** Empty lists, maps and texts are not shown as defaults. */
function asTyped(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null && "host" in value && "port" in value)
    return `${value.host}:${value.port}`;
  return "";
}

/** Descriptions of options are wrapped also where this little room is left beside their names. */
const DESCRIPTION_COLUMNS_MIN = 20;

/** The version in package.json. */
function version(): string {
  return (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
}

/** The commands that a command line needs; all of them when it names none, or when what it does is about all. */
function needed(args: readonly string[]): readonly string[] {
  const [first = ""] = args;
  if (first === "--version") return [];
  return COMMANDS.has(first) && !OF_ALL.has(first) ? [first] : [...COMMANDS.keys()];
}

/** The program, ready to parse. @param names its commands; left out: all */
export async function buildProgram(
  terminal: Terminal,
  names: readonly string[] = [...COMMANDS.keys()],
): Promise<Command> {
  const program = new Command("ringline")
    .description(
      "Turns a FreeSWITCH into an office's phone system: routing as files, calls that are never lost.",
    )
    .version(version(), "--version", "print the version")
    .configureOutput({
      writeOut: (text) => terminal.out(fitted(text, terminal.columns)),
      writeErr: terminal.err,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    })
    .configureHelp({ optionDescription, minWidthToWrap: DESCRIPTION_COLUMNS_MIN })
    .showHelpAfterError("(add --help for how to use it)")
    .exitOverride();
  for (const name of names) (await COMMANDS.get(name)?.())?.(program, terminal);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

/**
 * Runs one command line.
 * @param args the arguments after the program's name
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<void> {
  const program = await buildProgram(terminal, needed(args));
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Commander has written its message; help that was asked for is no failure.
    if (error instanceof CommanderError) terminal.exit(error.exitCode === 0 ? EXIT_OK : EXIT_FAILED);
    else if (isSystemFailure(error)) failed(terminal, systemFailureText(error), args.includes("--json"));
    else if (error instanceof SqlError)
      failed(terminal, `the database cannot be used: ${error.message}`, args.includes("--json"));
    else throw error;
  }
}
