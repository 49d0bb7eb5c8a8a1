/**
 * `ringline user add --from`: adds everybody in a table, or with --update brings the office up to the table. What an update would
 * change is shown before it is made; a department that may be a group is asked for.
 */
import { NO_GROUP } from "../../../policy/change/departments.js";
import type { ChangeRequest } from "../../office/changes/change.js";
import {
  applyUserTable,
  type TablePlan,
  type TableRefused,
  type UserTable,
} from "../../office/changes/user-table.js";
import { questionProblem } from "../../office/tables/departments.js";
import { headingsWith } from "../../office/tables/import-table.js";
import type { DepartmentQuestion } from "../../office/tables/people.js";
import type { TableProblem } from "../../office/tables/problems.js";
import { readTable } from "../../office/tables/read-table.js";
import type { Deps } from "../../use-case.js";
import {
  type ChangeOptions,
  DIFFERENCE_LINES_MAX,
  onOffice,
  sayChanged,
  sayRefused,
} from "../office/change.js";
import { PLANNED, renderDiff } from "../office/diff-text.js";
import { EXIT_FAILED } from "../shared/command.js";
import { tableProblemText } from "../shared/table-options.js";
import type { Terminal } from "../shared/terminal.js";

export interface TableOptions extends ChangeOptions {
  readonly country?: string;
  readonly sheet?: string;
  readonly map: ReadonlyMap<string, string>;
  readonly departments: ReadonlyMap<string, string>;
  readonly autoExtension: boolean;
  readonly update?: boolean;
  /** True: the option is given without a number. */
  readonly removeMissing?: true | number;
  readonly yes?: boolean;
}

type Said = Exclude<Awaited<ReturnType<typeof applyUserTable>>, { outcome: "database_failed" }>;

export async function addTable(terminal: Terminal, path: string, options: TableOptions): Promise<void> {
  const warnings = new Set<string>();
  const { country, sheet, map: columns, autoExtension, update = false, removeMissing } = options;
  const table: UserTable = {
    file: await readTable(path, headingsWith(columns)),
    sheet,
    country,
    columns,
    departments: options.departments,
    autoExtension,
    update,
    removeMissing: removeMissing === true ? "tenth" : removeMissing,
    warn: (problem) => warnings.add(tableProblemText(path, problem, terminal.paint, "warning")),
  };
  const ended = await onOffice(terminal, options, (deps, request) =>
    run(terminal, deps, request, table, options),
  );
  for (const warning of warnings) terminal.err(warning);
  if (ended !== undefined) say(terminal, path, ended, options);
}

function canAsk(terminal: Terminal, { json }: TableOptions): boolean {
  return terminal.isInteractive && terminal.isTyped && json !== true;
}

/** Asks what has to be asked, again and again, until the table can be written or nobody can be asked. */
async function run(
  terminal: Terminal,
  deps: Deps,
  request: ChangeRequest,
  table: UserTable,
  options: TableOptions,
): ReturnType<typeof applyUserTable> {
  const ended = await applyUserTable(deps, request, table, decision(terminal, options));
  if (ended.outcome !== "table_asks" || !canAsk(terminal, options)) return ended;
  const departments = await askAll(terminal, ended.questions, table.departments);
  return departments === undefined ? ended : run(terminal, deps, request, { ...table, departments }, options);
}

/** How a plan is decided; undefined: it need not be. */
function decision(
  terminal: Terminal,
  options: TableOptions,
): ((plan: TablePlan) => Promise<boolean>) | undefined {
  if (options.update !== true || options.yes === true) return undefined;
  return async (plan) => {
    if (plan.difference.changes.length === 0) return true;
    if (options.json !== true) terminal.err(planText(plan));
    return canAsk(terminal, options) && isYes(await terminal.readLine("apply this? [y/N] "));
  };
}

/** Undefined: a question was not answered. */
async function askAll(
  terminal: Terminal,
  questions: readonly DepartmentQuestion[],
  before: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const said = new Map(before);
  for (const { department, group, newId, row } of questions) {
    terminal.err(
      `${department} (row ${row}) is nearly the group ${group.id} (${group.name})\n` +
        `  1 it is that group, 2 a group of its own (${newId}), 3 no group\n`,
    );
    const answers: Readonly<Record<string, string>> = { 1: group.id, 2: newId, 3: NO_GROUP };
    const answer = answers[(await terminal.readLine("1, 2 or 3? ")).trim()];
    if (answer === undefined) return undefined;
    said.set(department, answer);
  }
  return said;
}

function isYes(line: string): boolean {
  return /^(?:y|yes|j|ja)$/i.test(line.trim());
}

function say(terminal: Terminal, path: string, ended: Said, options: TableOptions): void {
  const json = options.json ?? false;
  switch (ended.outcome) {
    case "table_unreadable":
    case "table_faulty":
    case "table_of_numbers":
    case "table_asks":
      sayRefused(terminal, { outcome: "refused", reason: whyNot(path, ended), faults: [] }, json);
      return;
    case "not_agreed":
      sayNotAgreed(terminal, options);
      return;
    default:
      sayChanged(terminal, ended, json);
  }
}

function planText({ difference }: TablePlan): string {
  const users = difference.changes.filter(({ kind }) => kind === "users");
  const counts = (["added", "changed", "removed"] as const).map(
    (change) => `${users.filter((each) => each.change === change).length} ${change}`,
  );
  return `${renderDiff(difference, PLANNED, DIFFERENCE_LINES_MAX)}users: ${counts.join(", ")}\n`;
}

function sayNotAgreed(terminal: Terminal, options: TableOptions): void {
  if (canAsk(terminal, options)) {
    terminal.err("nothing was changed\n");
    terminal.exit(EXIT_FAILED);
    return;
  }
  const reason = "nobody can be asked here: --yes applies it, --dry-run shows all of it";
  sayRefused(terminal, { outcome: "refused", reason, faults: [] }, options.json ?? false);
}

function whyNot(path: string, refused: TableRefused): string {
  switch (refused.outcome) {
    case "table_unreadable":
      return `${path}: ${refused.reason}`;
    case "table_faulty":
      return `the table has faults\n${problemLines(path, refused.problems)}`;
    case "table_asks":
      return `departments are nearly groups that are there\n${problemLines(path, refused.questions.map(questionProblem))}`;
    case "table_of_numbers":
      return `${path} is a table of numbers, not of users`;
  }
}

function problemLines(path: string, problems: readonly TableProblem[]): string {
  return problems
    .map((problem) => tableProblemText(path, problem))
    .join("")
    .trimEnd();
}
