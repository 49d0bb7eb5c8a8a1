/**
 * Changing the office by a command: takes the live office, lets the command edit it, and makes what comes of it a
 * new revision, all or nothing. Every such change has an author and a reason, and shows as drift from the files.
 */
import type { Command } from "commander";
import type { Edited } from "../../../policy/change/edit.js";
import type { Office } from "../../../policy/office/office.js";
import type { Applied } from "../../../storage/apply.js";
import type { HandOver } from "../../../storage/hand-over.js";
import type { Store } from "../../../storage/store.js";
import { compareOffices } from "../../office/compare.js";
import { renderDiff } from "../../office/render-diff.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import { faultLines } from "../shared/faults.js";
import type { Terminal } from "../shared/terminal.js";
import type { HandOverMade } from "./removed-messages.js";
import { sayApplied } from "./say-applied.js";

/** The options of every command that changes the office. */
export interface ChangeOptions {
  readonly db: string;
  readonly message?: string;
  readonly expect?: number;
  readonly json?: boolean;
}

/** Edits the live office; what it returns has been through all the checks. */
export type Edit = (office: Office) => Edited;

/** Who goes, where somebody does; made when the edit is known to be good, and asked for anew when it is tried again. */
export type MakeHandOver = (store: Store) => Promise<HandOverMade>;

/** Somebody else's revision may come between reading and writing: then it is tried again on theirs, so often. */
const TRIES_MAX = 5;

/** Lines of the difference shown at most; `ringline diff` has all of it. */
const DIFFERENCE_LINES_MAX = 40;

/** Adds the options of {@link ChangeOptions} to a command. */
export function changing(command: Command): Command {
  return command
    .requiredOption("--db <file>", "the database")
    .option("--message <text>", "why, for the history")
    .option("--expect <revision>", "refuse when another revision than this is live", wholeNumber)
    .option("--json", "print one JSON object: { ok, outcome, revision, summary, changes, reach }");
}

/**
 * Changes the live office of a command's database and says what came of it.
 * @param what the command in words, for the history when no message is given
 * @param makeHandOver for an edit that removes somebody
 */
export async function changeOffice(
  terminal: Terminal,
  options: ChangeOptions,
  what: string,
  edit: Edit,
  makeHandOver?: MakeHandOver,
): Promise<void> {
  const json = options.json ?? false;
  await withDatabase(terminal, { path: options.db, mustExist: true, json }, async (store) => {
    for (let tries = 1; ; tries += 1) {
      const revision = await store.currentRevision();
      const before = await store.loadOffice(revision);
      if (before === undefined) {
        failed(terminal, "there is no office yet; `ringline apply` makes one", json);
        return;
      }
      const edited = edit(before);
      if (!edited.ok) {
        refuse(terminal, edited, json);
        return;
      }
      const made = await makeHandOver?.(store);
      if (made?.ok === false) {
        failed(terminal, made.why, json);
        return;
      }
      const expect = options.expect ?? revision;
      const applied = await write(terminal, store, edited.office, {
        message: options.message ?? what,
        expect,
        handOver: made?.handOver,
      });
      const isLate = applied.outcome === "conflict" && options.expect === undefined;
      if (isLate && tries < TRIES_MAX) continue;
      say(terminal, applied, before, edited.office, expect, json);
      return;
    }
  });
}

function write(
  terminal: Terminal,
  store: Store,
  office: Office,
  {
    message,
    expect,
    handOver,
  }: { readonly message: string; readonly expect: number; readonly handOver: HandOver | undefined },
): Promise<Applied> {
  return store.applyOffice(office, {
    author: terminal.author,
    message,
    sourceHash: "",
    expectRevision: expect,
    ...(handOver === undefined ? {} : { handOver }),
    nowMs: terminal.clock.nowMs(),
  });
}

function say(
  terminal: Terminal,
  applied: Applied,
  before: Office,
  after: Office,
  expected: number,
  json: boolean,
): void {
  const ok = applied.outcome === "applied" || applied.outcome === "unchanged";
  const difference = compareOffices(before, after);
  if (json) terminal.out(`${JSON.stringify({ ok, ...applied, ...(ok ? difference : {}) })}\n`);
  else {
    if (applied.outcome === "applied") terminal.out(renderDiff(difference, DIFFERENCE_LINES_MAX));
    sayApplied(terminal, applied, expected);
  }
  terminal.exit(ok ? EXIT_OK : EXIT_FAILED);
}

function refuse(terminal: Terminal, edited: Extract<Edited, { ok: false }>, json: boolean): void {
  const { reason, faults } = edited;
  if (json) terminal.out(`${JSON.stringify({ ok: false, message: reason, errors: faults })}\n`);
  else {
    terminal.err(`${terminal.paint.error("error")}: ${reason}\n${faultLines(faults)}nothing was changed\n`);
  }
  terminal.exit(EXIT_FAILED);
}
