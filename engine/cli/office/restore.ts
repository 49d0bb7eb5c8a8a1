/** `ringline restore`: goes back to a backup, while no engine runs on the database. */
import { given } from "../../../policy/office/optional.js";
import { describeFailure } from "../../../storage/store.js";
import { type Restored, restore } from "../../backups/restore.js";
import { takeEngineLock } from "../run/engine-lock.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";

const HELP = `
Stop the engine first. The backup is checked before anything is changed. The database that
was there is kept beside the restored one, and no recording is removed.

Mails that waited when the backup was made are not sent: the original has sent them. The next
engine gets a new id, so it does not take over calls that the engine before has left on the
switch; those that are connected go on without it.

Examples:
  ringline restore ringline-monday.db --db ringline.db --replace
  ringline restore /backup/monday --db ringline.db --recordings /var/lib/ringline/messages`;

interface RestoreOptions {
  readonly db: string;
  readonly recordings?: string;
  readonly replace?: boolean;
}

export const registerRestore: RegisterCommand = (program, terminal) => {
  program
    .command("restore")
    .summary("go back to a backup")
    .description("Puts a backup in the place of the database, while no engine runs.")
    .argument("<backup>", "what `ringline backup` has made, a file or a folder")
    .requiredOption("--db <file>", "where the database goes")
    .option("--recordings <folder>", "where sound files go; needed for a backup that has them")
    .option("--replace", "there is a database; keep it under another name")
    .addHelpText("after", HELP)
    .action((backup: string, options: RestoreOptions) => run(terminal, backup, options));
};

async function run(terminal: Terminal, backup: string, options: RestoreOptions): Promise<void> {
  const { db, recordings, replace = false } = options;
  const lock = await takeEngineLock(db, terminal.clock, null);
  if (!lock.ok) {
    failed(terminal, lock.why, false);
    return;
  }
  try {
    const nowMs = terminal.clock.nowMs();
    say(terminal, backup, db, await restore({ backup, db, replace, nowMs, ...given({ recordings }) }));
  } finally {
    await lock.release();
  }
}

function say(terminal: Terminal, backup: string, db: string, ended: Restored): void {
  if (ended.outcome !== "restored") {
    failed(terminal, why(backup, db, ended), false);
    return;
  }
  const { made, revision, before, recordings } = ended;
  const { back, there, missing, damaged } = recordings;
  if (missing.length > 0) terminal.err(`${missing.length} recordings are missing: ${missing.join(", ")}\n`);
  if (damaged.length > 0) terminal.err(`${damaged.length} recordings are damaged: ${damaged.join(", ")}\n`);
  const of = made === undefined ? "" : `, of ${made}`;
  terminal.out(`${db}: revision ${revision}${of}\n`);
  if (back + there > 0) terminal.out(`${back} recordings put back, ${there} were there\n`);
  if (before !== undefined) terminal.out(`the database before is ${before}\n`);
  terminal.exit(EXIT_OK);
}

function why(backup: string, db: string, ended: Exclude<Restored, { outcome: "restored" }>): string {
  switch (ended.outcome) {
    case "no_backup":
      return `${backup} is no backup; nothing was changed`;
    case "where_to_recordings":
      return `${backup} has recordings; name their folder with --recordings. Nothing was changed`;
    case "exists":
      return `there is a database ${db}; with --replace it is put aside`;
    case "in_use":
      return `the database ${db} is in use; stop what uses it. Nothing was changed`;
    case "unusable":
      return `${describeFailure(backup, ended.failure)}; nothing was changed`;
    case "failed":
      return `${backup} could not be restored: ${ended.detail}`;
  }
}
