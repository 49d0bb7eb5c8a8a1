/** `ringline backup`: copies the database consistently, while the engine and commands may go on working. */
import { given } from "../../../policy/office/optional.js";
import { backUp } from "../../backups/backup.js";
import type { Manifest } from "../../backups/files.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { readingDatabase } from "../shared/use-case.js";

const HELP = `
The copy is a whole database of its own. With --recordings it is a folder with the database, the sound files of all its
messages and greetings, and backup.json, which says what is in it. Files are readable for their owner only.

\`ringline restore\` goes back to a backup. An engine on a backup sends no mail that the original has sent, and takes over
none of its calls.

Examples:
  ringline backup ringline-monday.db --db ringline.db
  ringline backup /backup/monday --db ringline.db --recordings /var/lib/ringline/messages --replace`;

interface BackupCommandOptions {
  readonly db: string;
  readonly recordings?: string;
  readonly replace?: boolean;
}

export const registerBackup: RegisterCommand = (program, terminal) => {
  program
    .command("backup")
    .summary("copy the database while it is in use")
    .description(
      "Writes a consistent copy of the database, and of recordings if asked, while the engine runs.",
    )
    .argument("<target>", "the copy: a file, or with --recordings a folder; must not exist yet")
    .requiredOption("--db <file>", "the database")
    .option("--recordings <folder>", "where the switch writes messages: its sound files are copied too")
    .option("--replace", "replace an earlier backup of that name")
    .addHelpText("after", HELP)
    .action(async (target: string, options: BackupCommandOptions) => {
      const { recordings, replace } = options;
      const ended = await readingDatabase(terminal, options, (deps) =>
        backUp(deps, target, given({ recordings, replace })),
      );
      switch (ended?.outcome) {
        case "written":
          if (ended.recordings !== undefined) sayRecordings(terminal, ended.recordings);
          terminal.out(`${target}: revision ${ended.revision}${countText(ended.recordings)}\n`);
          terminal.exit(EXIT_OK);
          return;
        case "exists":
          failed(
            terminal,
            `${target} is there already; a backup overwrites nothing without --replace`,
            false,
          );
          return;
        case "not_a_backup":
          failed(terminal, `${target} is not a backup of ours, or is the database itself; it stays`, false);
          return;
        case "failed":
          failed(terminal, `${target} could not be written: ${ended.detail}`, false);
      }
    });
};

function countText(recordings: Manifest | undefined): string {
  return recordings === undefined ? "" : `, ${recordings.recordings} recordings`;
}

/** What an operator should know of the recordings; the ids are in backup.json. */
function sayRecordings(terminal: Terminal, recordings: Manifest): void {
  const { being_recorded, notes_unreadable, missing, damaged } = recordings;
  const say = (ids: readonly string[], text: string) => {
    if (ids.length > 0) terminal.err(`${ids.length} ${text}\n`);
  };
  say(being_recorded, "being recorded right now: what was said so far is in the backup");
  say(
    notes_unreadable,
    "with an unreadable note in place of a row: not in the backup; backup.json names them",
  );
  say(missing, "of messages or greetings without a sound file; backup.json names them");
  say(damaged, "with a sound file that differs from what was delivered; backup.json names them");
}
