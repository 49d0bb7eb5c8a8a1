/** `ringline audit`: who did what, from where. */
import { Option } from "commander";
import { given } from "../../../policy/office/optional.js";
import { PAST_EXPECTED, readPast } from "../../../policy/office/past-time.js";
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEntry,
  type AuditFilter,
} from "../../../storage/audit.js";
import { auditCsvHeading, auditCsvRows, auditLine } from "../../audit/audit-text.js";
import type { Deps } from "../../use-case.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { readingDatabase } from "../shared/use-case.js";

const HELP = `
Entries are kept for 400 days, or as long as the office says: records: { audit: 800 }. What was changed of the office, field
by field, is shown by \`ringline diff\`; an entry names the revision.
Times are those of the office's zone, and so are those that are given. --csv is safe to open in a spreadsheet.

Examples:
  ringline audit --db ringline.db
  ringline audit --user alice.wong --since yesterday --db ringline.db
  ringline audit --action sign_in_failed --json --db ringline.db
  ringline audit --about user:bob.stone --csv --db ringline.db > bob.csv`;

/** How many entries are shown unless the option says otherwise. */
const LIMIT_DEFAULT = 20;
/** Entries are read so many at a time. */
const PAGE = 500;

interface AuditOptions {
  readonly db: string;
  readonly user?: string;
  readonly about?: string;
  readonly action?: AuditAction;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const registerAudit: RegisterCommand = (program, terminal) => {
  program
    .command("audit")
    .summary("who did what, from where")
    .description("Lists sign-ins, changes, exports and messages that were heard: by whom and from where.")
    .requiredOption("--db <file>", "the database")
    .option("--user <username>", "only what this person did")
    .option("--about <subject>", "only what was about it, such as user:bob.stone")
    .addOption(
      new Option("--action <action>", "only this kind of action").choices(Object.keys(AUDIT_ACTIONS)),
    )
    .option("--since <time>", "from then on")
    .option("--until <time>", "before then; a day means its end")
    .option(
      "--limit <count>",
      `how many at most; left out: ${LIMIT_DEFAULT}, with --json and --csv all`,
      wholeNumber,
    )
    .option("--json", "print one JSON object a line for each entry")
    .option("--csv", "print a table for spreadsheets")
    .addHelpText("after", HELP)
    .action((options: AuditOptions) => audit(terminal, options));
};

async function audit(terminal: Terminal, options: AuditOptions): Promise<void> {
  const { json = false, csv = false } = options;
  if (json && csv) return failed(terminal, "give one of --json and --csv", json);
  const ended = await readingDatabase(terminal, options, async (deps) => {
    const timezone = (await deps.store.settings())?.timezone ?? "UTC";
    const filter = filterOf(options, timezone, terminal.clock.nowMs());
    if (typeof filter === "string") return { outcome: "not_found", reason: filter } as const;
    if (csv) terminal.out(auditCsvHeading());
    const limit = options.limit ?? (json || csv ? Number.POSITIVE_INFINITY : LIMIT_DEFAULT);
    let count = 0;
    for await (const entries of pagesOf(deps, filter, limit)) {
      count += entries.length;
      if (csv) terminal.out(auditCsvRows(entries, timezone));
      else
        for (const entry of entries)
          terminal.out(`${json ? JSON.stringify({ ...entry, timezone }) : auditLine(entry, timezone)}\n`);
    }
    if (count === 0 && !json && !csv) terminal.err("no entries\n");
    return { outcome: "listed" } as const;
  });
  if (ended?.outcome === "not_found") failed(terminal, ended.reason, json);
  else if (ended !== undefined) terminal.exit(EXIT_OK);
}

/** The filter, or what is wrong with the options. */
function filterOf(
  { user, about, action, since, until }: AuditOptions,
  timezone: string,
  nowMs: number,
): AuditFilter | string {
  const fromMs = since === undefined ? undefined : readPast(since, timezone, nowMs);
  const untilMs = until === undefined ? undefined : readPast(until, timezone, nowMs, true);
  if (since !== undefined && fromMs === undefined) return `--since ${since}: expected ${PAST_EXPECTED}`;
  if (until !== undefined && untilMs === undefined) return `--until ${until}: expected ${PAST_EXPECTED}`;
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs)
    return "--since is not before --until";
  return given({ actor: user, subject: about, action, fromMs, untilMs });
}

/** The newest first. */
async function* pagesOf(
  { store }: Pick<Deps, "store">,
  filter: AuditFilter,
  limit: number,
): AsyncGenerator<readonly AuditEntry[], void> {
  let left = limit;
  for (let before: number | undefined; left > 0; ) {
    const asked = Math.min(PAGE, left);
    const entries = await store.audit.list(filter, { limit: asked, ...given({ before }) });
    if (entries.length > 0) yield entries;
    if (entries.length < asked) return;
    left -= entries.length;
    before = entries.at(-1)?.seq;
  }
}
