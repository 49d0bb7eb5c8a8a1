/**
 * The program `ringline`: every command, registered from a file of its own.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, type Option } from "commander";
import { registerApply } from "./apply.js";
import { registerBackup } from "./backup.js";
import { registerCheck } from "./check.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "./command.js";
import { registerDemo } from "./demo.js";
import { registerDevice } from "./device.js";
import { registerDiff } from "./diff.js";
import { registerDoctor } from "./doctor.js";
import { registerExplain } from "./explain.js";
import { registerExport } from "./export.js";
import { registerGroup } from "./group.js";
import { registerHistory } from "./history.js";
import { registerImport } from "./import.js";
import { packageFile } from "./package-file.js";
import { registerPhones } from "./phones.js";
import { registerPlan } from "./plan.js";
import { registerRollback } from "./rollback.js";
import { registerRun } from "./run.js";
import { registerSchema } from "./schema.js";
import type { Terminal } from "./terminal.js";
import { registerTest } from "./test.js";
import { registerUser } from "./user.js";
import { registerVoicemail } from "./voicemail.js";

/** Commands in the order the help shows them. */
const COMMANDS: readonly RegisterCommand[] = [
  registerRun,
  registerDemo,
  registerCheck,
  registerExplain,
  registerTest,
  registerPlan,
  registerApply,
  registerUser,
  registerGroup,
  registerHistory,
  registerDiff,
  registerRollback,
  registerDevice,
  registerPhones,
  registerDoctor,
  registerExport,
  registerImport,
  registerSchema,
  registerVoicemail,
  registerBackup,
];

/** What an option is for, what it may be, and what it is when left out, as it would be typed. */
function optionDescription({ description, argChoices, defaultValue }: Option): string {
  const more = [
    ...(argChoices === undefined ? [] : [argChoices.join(", ")]),
    ...(asTyped(defaultValue) === "" ? [] : [`default: ${asTyped(defaultValue)}`]),
  ];
  return more.length === 0 ? description : `${description} (${more.join("; ")})`;
}

/** Empty lists, maps and texts are no defaults to anybody who reads. */
function asTyped(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null && "host" in value && "port" in value)
    return `${value.host}:${value.port}`;
  return "";
}

/** As package.json says it. */
function version(): string {
  return (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
}

/** The program with all its commands, ready to parse. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command("ringline")
    .description(
      "Turns a FreeSWITCH into an office's phone system: routing as files, calls that are never lost.",
    )
    .version(version(), "--version", "print the version")
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .configureHelp({ optionDescription })
    .showHelpAfterError("(add --help for how to use it)")
    .exitOverride();
  for (const register of COMMANDS) register(program, terminal);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

/**
 * Runs one command line.
 * @param args the arguments after the program's name
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<void> {
  const program = buildProgram(terminal);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Commander has written its message; help that was asked for is not a failure.
    if (!(error instanceof CommanderError)) throw error;
    terminal.exit(error.exitCode === 0 ? EXIT_OK : EXIT_FAILED);
  }
}
