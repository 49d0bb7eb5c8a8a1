/** The program `ringline`: registers every command from a file of its own. */
import { readFileSync } from "node:fs";
import { Command, CommanderError, type Option } from "commander";
import { SqlError } from "../../storage/database.js";
import { registerCarrier } from "./carriers/carrier.js";
import { registerCarriers } from "./carriers/carriers.js";
import { registerDoctor } from "./doctor/doctor.js";
import { registerExplain } from "./explain/explain.js";
import { registerTest } from "./explain/test.js";
import { registerFlow } from "./flows/flow.js";
import { registerInit } from "./init/init.js";
import { registerNumber } from "./numbers/number.js";
import { registerApply } from "./office/apply.js";
import { registerBackup } from "./office/backup.js";
import { registerCheck } from "./office/check.js";
import { registerDiff } from "./office/diff.js";
import { registerEdit } from "./office/edit.js";
import { registerExport } from "./office/export.js";
import { registerHistory } from "./office/history.js";
import { registerImport } from "./office/import.js";
import { registerOffice } from "./office/office.js";
import { registerPlan } from "./office/plan.js";
import { registerRestore } from "./office/restore.js";
import { registerRollback } from "./office/rollback.js";
import { registerSchedule } from "./office/schedule.js";
import { registerSchema } from "./office/schema.js";
import { registerWriteback } from "./office/writeback.js";
import { registerGroup } from "./people/group.js";
import { registerUser } from "./people/user.js";
import { registerDevice } from "./phones/device.js";
import { registerPhones } from "./phones/phones.js";
import { registerDemo } from "./run/demo.js";
import { registerRun } from "./run/run.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "./shared/command.js";
import { failed } from "./shared/database.js";
import { fitted } from "./shared/fitted.js";
import { packageFile } from "./shared/package-file.js";
import { isSystemFailure, systemFailureText } from "./shared/system-error.js";
import type { Terminal } from "./shared/terminal.js";
import { registerCompletion } from "./shell/completion.js";
import { registerMan } from "./shell/man.js";
import { registerTls } from "./tls/tls.js";
import { registerVoicemail } from "./voicemail/voicemail.js";
import { registerWeb } from "./web/web.js";

/** Commands in the order the help shows them. */
const COMMANDS: readonly RegisterCommand[] = [
  registerRun,
  registerDemo,
  registerInit,
  registerCheck,
  registerExplain,
  registerTest,
  registerPlan,
  registerApply,
  registerWriteback,
  registerUser,
  registerGroup,
  registerNumber,
  registerFlow,
  registerHistory,
  registerDiff,
  registerRollback,
  registerDevice,
  registerPhones,
  registerCarrier,
  registerWeb,
  registerCarriers,
  registerDoctor,
  registerTls,
  registerExport,
  registerImport,
  registerSchedule,
  registerOffice,
  registerEdit,
  registerSchema,
  registerVoicemail,
  registerBackup,
  registerRestore,
  registerCompletion,
  registerMan,
];

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

/** The program with all its commands, ready to parse. */
export function buildProgram(terminal: Terminal): Command {
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
    // Commander has written its message; help that was asked for is no failure.
    if (error instanceof CommanderError) terminal.exit(error.exitCode === 0 ? EXIT_OK : EXIT_FAILED);
    else if (isSystemFailure(error)) failed(terminal, systemFailureText(error), args.includes("--json"));
    else if (error instanceof SqlError)
      failed(terminal, `the database cannot be used: ${error.message}`, args.includes("--json"));
    else throw error;
  }
}
