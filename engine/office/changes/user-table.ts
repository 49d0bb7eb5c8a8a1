/**
 * Brings the users of the live office up to a table: adds everybody who is in it, or also changes and removes. What would change
 * can be looked at first.
 */
import type { Edited } from "../../../policy/change/edit.js";
import { missingFrom, updatePeople } from "../../../policy/change/people.js";
import { peopleContent } from "../../../policy/change/people-content.js";
import type { People } from "../../../policy/change/person.js";
import { addUsers } from "../../../policy/change/users.js";
import { boxName } from "../../../policy/office/box.js";
import type { Office } from "../../../policy/office/office.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import type { Deps } from "../../use-case.js";
import { questionProblem } from "../tables/departments.js";
import { groupsOf, importFile } from "../tables/import-tables.js";
import type { Mapping } from "../tables/layout.js";
import type { DepartmentQuestion } from "../tables/people.js";
import type { TableProblem } from "../tables/problems.js";
import type { TableFile } from "../tables/read-table.js";
import { compareOffices, type OfficeDifference } from "../views/compare.js";
import { presentMoment } from "../views/moment.js";
import {
  type ChangeRequest,
  changeOffice,
  isMade,
  makeChange,
  type OfficeChanged,
  type Prepared,
  preparedEdit,
  type Refused,
  refusal,
} from "./change.js";

export interface UserTable {
  readonly file: TableFile;
  readonly sheet?: string | undefined;
  /** The country by which numbers without a country code are read; left out: the office's country. */
  readonly country?: string | undefined;
  /** Headings to fields; see `importTable`. */
  readonly columns: Mapping;
  /** What was said of departments: title to group id. */
  readonly departments: ReadonlyMap<string, string>;
  /** Give every user without an extension the next free one. */
  readonly autoExtension: boolean;
  /** Also change users who are there already. */
  readonly update: boolean;
  /** Remove users whom the table does not have; only with `update`. */
  readonly removeMissing?: "tenth" | number | undefined;
  /** Told of what was read in one of several ways; again if the office has changed meanwhile. */
  readonly warn?: (problem: TableProblem) => void;
}

/** The table cannot be read, is not a table of users, or something has to be said first. */
export type TableRefused =
  | { readonly outcome: "table_unreadable"; readonly reason: string }
  | { readonly outcome: "table_faulty"; readonly problems: readonly TableProblem[] }
  | { readonly outcome: "table_of_numbers" }
  | { readonly outcome: "table_asks"; readonly questions: readonly DepartmentQuestion[] };

/** What bringing the office up to the table would change. */
export interface TablePlan {
  readonly revision: number;
  readonly difference: OfficeDifference;
}

/** Nothing was changed, because of what was decided on the plan. */
interface NotAgreed {
  readonly outcome: "not_agreed";
}

/**
 * Writes everything that a table says as one revision, or nothing.
 * @param decide is asked with what would change before anything is written, again if the office has changed meanwhile; left
 * out: it is written
 */
export async function applyUserTable(
  deps: Deps,
  request: ChangeRequest,
  table: UserTable,
  decide?: (plan: TablePlan) => Promise<boolean>,
): Promise<OfficeChanged | TableRefused | NotAgreed> {
  const name = table.file.name.split("/").at(-1) ?? table.file.name;
  const message = `user add --from ${name}${table.update ? " --update" : ""}`;
  if (decide === undefined || request.dryRun === true)
    return changeOffice(deps, request, message, (live) => prepare(deps, live, table));
  let difference: OfficeDifference = { changes: [], reach: [] };
  const made = await makeChange<Refused | TableRefused | NotAgreed>(deps, request, message, async (live) => {
    const prepared = await prepare(deps, live, table);
    if (!prepared.ok) return prepared;
    difference = compareOffices(live, prepared.office, [], await presentMoment(deps));
    const plan = { revision: await deps.store.currentRevision(), difference };
    return (await decide(plan)) ? prepared : { ok: false, failure: { outcome: "not_agreed" } };
  });
  if (!isMade(made)) return made;
  const { before: _before, after: _after, renames: _renames, ...written } = made;
  return { ...written, difference };
}

async function prepare(
  { store }: Pick<Deps, "store">,
  live: Office,
  table: UserTable,
): Promise<Prepared<Refused | TableRefused>> {
  const read = readPeople(live, table);
  if ("outcome" in read) return { ok: false, failure: read };
  const removed = table.removeMissing === undefined ? [] : [...missingFrom(live, read.people)];
  const made = edited(live, read, table);
  if (!made.ok) return preparedEdit(made);
  const blocked = await withMessages(store, removed);
  if (blocked !== undefined) return { ok: false, failure: blocked };
  const handOvers = removed.map((from) => ({ kind: "user", from, to: null }) as const);
  return { ok: true, office: made.office, handOvers };
}

function readPeople(live: Office, table: UserTable): People | TableRefused {
  const { file, sheet, country = live.country, columns, departments } = table;
  if ("unreadable" in file.read) return { outcome: "table_unreadable", reason: file.read.unreadable };
  const routing = RoutingTable.of(live, 0);
  const imported = importFile(file, {
    country,
    columns,
    sheet,
    departments,
    users: live.users,
    groups: groupsOf(live),
    owns: (number) => routing.number(number) !== undefined,
  });
  for (const warning of imported.warnings) table.warn?.(warning);
  if (imported.problems.length > 0) {
    return {
      outcome: "table_faulty",
      problems: [...imported.problems, ...imported.questions.map(questionProblem)],
    };
  }
  if (imported.kind === "numbers") return { outcome: "table_of_numbers" };
  if (imported.questions.length > 0) return { outcome: "table_asks", questions: imported.questions };
  return imported.people;
}

/** A tenth of the users is more than leaves between two tables. */
const TENTH = 10;

function edited(live: Office, people: People, table: UserTable): Edited {
  const { autoExtension, update, removeMissing } = table;
  if (!update) return addUsers(live, peopleContent(people), { autoExtension });
  const most = removeMissing === "tenth" ? Math.max(1, Math.floor(live.users.length / TENTH)) : removeMissing;
  return updatePeople(live, people, { autoExtension, removeMissing: most });
}

/** Messages need somebody who gets them, and a table names nobody. */
async function withMessages(
  store: Pick<Deps["store"], "messagesKept">,
  usernames: readonly string[],
): Promise<Refused | undefined> {
  const faults = [];
  for (const username of usernames) {
    const { length } = await store.messagesKept(boxName({ kind: "user", username }));
    if (length > 0) {
      faults.push({
        where: `user ${username}`,
        code: "dangling" as const,
        message: `${length} ${length === 1 ? "message" : "messages"} in the mailbox`,
        expected: "`ringline user remove` first, with --replace-by, --export-messages or --discard-messages",
      });
    }
  }
  if (faults.length === 0) return undefined;
  const reason = "users who are not in the table have messages";
  return refusal({ ok: false, cause: "in_use", reason, faults });
}
