/** Tables of users and of numbers, as spreadsheets have them: brought into the office after a plan, and taken out of it. */
import { z } from "zod";
import { given } from "../../../../../policy/office/optional.js";
import { stepsText } from "../../../../../policy/steps/words.js";
import type { OfficeChanged } from "../../../../office/changes/change.js";
import type { OfficeEdited } from "../../../../office/changes/edits.js";
import { applyNumberTable, type NumberTableApplied } from "../../../../office/changes/number-table.js";
import { applyUserTable, type TableRefused } from "../../../../office/changes/user-table.js";
import { csvText } from "../../../../office/files/csv-text.js";
import { questionProblem } from "../../../../office/tables/departments.js";
import { headingsWith } from "../../../../office/tables/import-table.js";
import type { TableProblem } from "../../../../office/tables/problems.js";
import { gridsOf, type TableFile } from "../../../../office/tables/read-table.js";
import type { Live } from "../../../../office/views/live.js";
import { stepsOf } from "../../../../office/views/numbers.js";
import { OfficeIndex } from "../../../../office/views/office-index.js";
import { auditOf } from "../../audit-of.js";
import { type ChangingRequest, changeAnswer, changeQuery, changing } from "../../changes.js";
import { withLive } from "../../live.js";
import { type FieldFault, type Problem, problem } from "../../problem.js";
import { route } from "../../route.js";

const TAG = "Tables";
const USERS = { needs: "permission", permission: "users" } as const;
const NUMBERS = { needs: "permission", permission: "numbers" } as const;

/** 40,000 people have some 5 MB. */
const TABLE_BYTES_MAX = 16 * 1024 * 1024;
const TABLE_TYPES = [
  "text/csv",
  "text/plain",
  "text/tab-separated-values",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/octet-stream",
];

/** A mapping in a query: `{"Login name":"username","Room":"-"}`. */
const mapping = z
  .string()
  .max(8_192)
  .transform((text, context): ReadonlyMap<string, string> => {
    const read = z.record(z.string(), z.string()).safeParse(parsed(text));
    if (read.success) return new Map(Object.entries(read.data));
    context.addIssue({
      code: "custom",
      message: 'a JSON object of texts, such as {"Login name":"username"}',
    });
    return z.NEVER;
  });

const tableQuery = {
  sheet: z.string().max(200).optional().describe("the sheet of an .xlsx file"),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe("how numbers without a country code are read; left out: as in the office's country"),
  columns: mapping.optional().describe("headings to fields, or to `-`, as a JSON object"),
};

const tableAnswer = changeAnswer.extend({
  /** What was read in one of several ways, and columns that were left out. */
  warnings: z.array(
    z.object({
      row: z.number().int(),
      column: z.string().optional(),
      message: z.string(),
      found: z.string().optional(),
      expected: z.string().optional(),
    }),
  ),
});

export const tableRoutes = {
  importUsers: route({
    method: "POST",
    path: "/tables/users",
    tag: TAG,
    summary: "Bring the users of the office up to a table, CSV or .xlsx",
    description:
      'With `dry_run` the answer says what would change. One revision, or nothing: each fault is said with its row. A department that may be a group of the office is asked for: name it in `departments`, as `{"Sales Dept":"sales"}`.',
    access: USERS,
    query: changeQuery.extend({
      ...tableQuery,
      departments: mapping.optional().describe("departments to ids of groups, or to `-`, as a JSON object"),
      update: z.stringbool().optional().describe("also change users who are there already"),
      auto_extension: z
        .stringbool()
        .optional()
        .describe("give each user without an extension the next free one"),
      remove_missing: z
        .union([z.literal("tenth"), z.coerce.number().int().min(1).max(100_000)])
        .optional()
        .describe("with `update`: remove users who are not in the table, so many at most"),
    }),
    body: { rawTypes: TABLE_TYPES },
    bodyBytesMax: TABLE_BYTES_MAX,
    answer: tableAnswer,
    isChangingOffice: true,
    handle: async (request) => {
      const { columns = new Map(), departments = new Map(), sheet, country } = request.query;
      const {
        update = false,
        auto_extension: autoExtension = false,
        remove_missing: missing,
      } = request.query;
      const file = await tableOf(request.body.bytes, columns);
      return withWarnings(request, (deps, asked, warn) =>
        applyUserTable(deps, asked, {
          file,
          sheet,
          country,
          columns,
          departments,
          autoExtension,
          update,
          removeMissing: update ? missing : undefined,
          warn,
        }),
      );
    },
  }),

  importNumbers: route({
    method: "POST",
    path: "/tables/numbers",
    tag: TAG,
    summary: "Bring the phone numbers of the office up to a table, CSV or .xlsx",
    description: "Numbers that are not in the table stay. With `dry_run` the answer says what would change.",
    access: NUMBERS,
    query: changeQuery.extend(tableQuery),
    body: { rawTypes: TABLE_TYPES },
    bodyBytesMax: TABLE_BYTES_MAX,
    answer: tableAnswer,
    isChangingOffice: true,
    handle: async (request) => {
      const { columns = new Map(), sheet, country } = request.query;
      const file = await tableOf(request.body.bytes, columns);
      return withWarnings(request, (deps, asked, warn) =>
        applyNumberTable(deps, asked, { file, sheet, country, columns, warn }),
      );
    },
  }),

  exportUsers: route({
    method: "GET",
    path: "/tables/users",
    tag: TAG,
    summary: "Get all users as a table, which can be brought in again",
    access: USERS,
    answer: { raw: "download", contentType: "text/csv" },
    handle: ({ services, actor, address }) =>
      withLive(services, async (live) => {
        await services.audit({
          ...auditOf({ actor, address }),
          action: "exported",
          subject: null,
          detail: { what: "users" },
        });
        return csv("users.csv", userRows(live));
      }),
  }),

  exportNumbers: route({
    method: "GET",
    path: "/tables/numbers",
    tag: TAG,
    summary: "Get all phone numbers as a table",
    access: NUMBERS,
    answer: { raw: "download", contentType: "text/csv" },
    handle: ({ services, actor, address }) =>
      withLive(services, async (live) => {
        await services.audit({
          ...auditOf({ actor, address }),
          action: "exported",
          subject: null,
          detail: { what: "numbers" },
        });
        return csv("numbers.csv", numberRows(live));
      }),
  }),
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function tableOf(bytes: Buffer, columns: ReadonlyMap<string, string>): Promise<TableFile> {
  return { name: "table", read: await gridsOf(bytes, headingsWith(columns)) };
}

type Asked = Parameters<Parameters<typeof changing>[1]["change"]>;
type Ended = OfficeChanged | OfficeEdited;
type Refusal =
  | TableRefused
  | Extract<NumberTableApplied, { readonly outcome: "table_of_users" }>
  | { readonly outcome: "not_agreed" };

/** A table that is refused is no end of a change that the other routes know. */
async function withWarnings(
  request: ChangingRequest,
  apply: (deps: Asked[0], asked: Asked[1], warn: (problem: TableProblem) => void) => Promise<Ended | Refusal>,
) {
  let refused: Problem | undefined;
  const warnings = new Map<string, TableProblem>();
  const ended = await changing(request, {
    change: async (deps, asked) => {
      const made = await apply(deps, asked, (each) => warnings.set(JSON.stringify(each), each));
      if (!isRefusal(made)) return made;
      refused = tableProblem(made);
      return { outcome: "refused", cause: "senseless", reason: "", faults: [] };
    },
  });
  if (refused !== undefined) return refused;
  if (ended.kind === "problem") return ended;
  const said = [...warnings.values()].map(({ row, column, message, found, expected }) => ({
    row,
    message,
    ...given({ column, found, expected }),
  }));
  return { ...ended, value: { ...ended.value, warnings: said } };
}

function isRefusal(made: Ended | Refusal): made is Refusal {
  return made.outcome.startsWith("table_") || made.outcome === "not_agreed";
}

function tableProblem(refusal: Refusal): Problem {
  switch (refusal.outcome) {
    case "table_unreadable":
      return problem("checks_failed", { detail: refusal.reason });
    case "table_of_numbers":
      return problem("checks_failed", { detail: "this is a table of numbers, and not of users" });
    case "table_of_users":
      return problem("checks_failed", { detail: "this is a table of users, and not of numbers" });
    case "table_faulty":
      return problem("checks_failed", {
        detail: "the table has faults",
        errors: refusal.problems.map(faultOf),
      });
    case "table_asks":
      return problem("conflict", {
        detail: "these departments may be groups of the office: say which in `departments`",
        errors: refusal.questions.map((question) => ({
          ...faultOf(questionProblem(question)),
          code: "which_group",
          field: "query/departments",
          found: question.department,
          suggestion: question.group.id,
        })),
      });
    case "not_agreed":
      throw new Error("nobody was asked");
  }
}

function faultOf({ row, column, message, found, expected, suggestion, count }: TableProblem): FieldFault {
  const where = column === undefined ? `row ${row}` : `row ${row}, column ${column}`;
  return {
    field: "",
    code: "table",
    message,
    where: count === undefined || count === 1 ? where : `${where}, and ${count - 1} more rows`,
    ...given({ found, expected, suggestion }),
  };
}

function csv(fileName: string, rows: readonly (readonly string[])[]) {
  // Spreadsheets take a table without it as one in an old encoding.
  return {
    kind: "download",
    contentType: "text/csv; charset=utf-8",
    fileName,
    body: `\ufeff${csvText(rows)}`,
  } as const;
}

const USER_COLUMNS = [
  "username",
  "name",
  "email",
  "extension",
  "outbound number",
  "sip",
  "mobile",
  "groups",
  "suspended",
];

function userRows(live: Live): string[][] {
  const index = OfficeIndex.of(live);
  return [
    USER_COLUMNS,
    ...live.office.users.map(({ username, name, email, extension, outboundNumber, suspended, devices }) => [
      username,
      name,
      email ?? "",
      extension ?? "",
      outboundNumber ?? "",
      devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : []))[0] ?? "",
      devices.flatMap(({ at }) => (at.kind === "phone" ? [at.number] : []))[0] ?? "",
      index.groupsOf(username).join(", "),
      suspended === true ? "yes" : "no",
    ]),
  ];
}

const NUMBER_COLUMNS = ["number", "label", "prefix", "flow", "plan", "does"];

function numberRows({ office }: Live): string[][] {
  return [
    NUMBER_COLUMNS,
    ...office.numbers.map((entry) => {
      const steps = stepsOf(entry, office);
      return [
        entry.number,
        entry.label ?? "",
        entry.callerIdPrefix ?? "",
        entry.leadsTo?.kind === "flow" ? entry.leadsTo.flow : "",
        entry.plan ?? "",
        steps === null ? "" : stepsText(steps),
      ];
    }),
  ];
}
