/**
 * Turns a table of users or of numbers into part of an office file, because most offices keep them in a spreadsheet
 * before they begin. Every fault is named by row and column; a table with a fault gives no file.
 */

import type { z } from "zod";
import type { E164 } from "../../../policy/office/office.js";
import { given, mapped } from "../../../policy/office/optional.js";
import type {
  GroupFile,
  NumberFile,
  OfficeFileContent,
  UserFile,
} from "../../../policy/office-file/export.js";
import * as field from "../../../policy/office-file/fields.js";
import { show } from "../../../policy/office-file/problem.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { parseNumberKey } from "../../../policy/routing/block-text.js";
import { parseNumber, validReadings } from "../../../policy/routing/number.js";
import { parseCsv } from "./csv-table.js";

/** The fields a column may hold, for each kind of table, with the headings that people use for them. */
const COLUMNS = {
  users: {
    username: ["user", "login", "user_name"],
    name: ["full_name", "display_name"],
    first_name: ["first", "given_name"],
    last_name: ["last", "surname", "family_name"],
    email: ["mail", "e_mail", "email_address"],
    extension: ["ext", "ext_"],
    outbound_number: ["outbound", "caller_id"],
    sip: ["sip_name", "sip_user", "desk_phone"],
    phone: ["mobile", "cell", "mobile_phone", "cell_phone", "outside_phone"],
    groups: ["group", "teams", "team", "department", "departments"],
  },
  numbers: {
    number: ["did", "ddi", "phone_number", "telephone_number"],
    label: ["name", "description"],
    caller_id_prefix: ["prefix"],
    flow: [],
    target: ["rings", "destination", "routes_to", "route_to"],
    timeout: ["seconds", "ring_time"],
  },
} as const;
type TableKind = keyof typeof COLUMNS;

/** Stands for the field of a column that is to be left out. */
const IGNORED = "-";

export interface ImportOptions {
  /** The country by which numbers without a country code are read. */
  readonly country: string;
  /** Headings to fields, or to {@link IGNORED}; beats what the heading itself would mean. */
  readonly columns: ReadonlyMap<string, string>;
  /** Whether a number is one of the office to which the table is added; left out: the office is not known. */
  readonly owns?: (number: E164) => boolean;
}

/** A fault at a cell; `column` is the heading, absent when the fault concerns the whole row or file. */
export interface TableProblem {
  readonly row: number;
  readonly column?: string;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

export interface Imported {
  readonly content: Pick<OfficeFileContent, "users" | "groups" | "numbers">;
  readonly problems: readonly TableProblem[];
  /** What was read in one of several ways, one for each column. */
  readonly warnings: readonly TableProblem[];
}

/** Reads one table. Its columns say whether it lists users or numbers. */
export function importTable(text: string, options: ImportOptions): Imported {
  const table = parseCsv(text);
  if (!table.ok) return refused({ row: table.row, message: table.reason });
  const headings = table.header.map((heading) => options.columns.get(heading) ?? normalise(heading));
  const kind = kindOf(headings);
  if (kind === undefined) {
    const expected = "a column username (a table of users) or number (a table of numbers); see --map";
    return refused({ row: 1, message: "this is no table of users or numbers", expected });
  }
  const importer = new Importer(kind, table.header, headings, options);
  for (const { row, cells } of table.rows) importer.read(row, cells);
  return importer.finish();
}

/** A table of which nothing was read. */
export function refused(problem: TableProblem): Imported {
  return { content: {}, problems: [problem], warnings: [] };
}

function normalise(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_");
}

function kindOf(headings: readonly string[]): TableKind | undefined {
  const has = (kind: TableKind, name: string) => headings.some((heading) => fieldOf(kind, heading) === name);
  if (has("users", "username")) return "users";
  return has("numbers", "number") ? "numbers" : undefined;
}

function fieldOf(kind: TableKind, heading: string): string | undefined {
  const known: Readonly<Record<string, readonly string[]>> = COLUMNS[kind];
  return Object.keys(known).find((name) => name === heading || known[name]?.includes(heading));
}

class Importer {
  readonly #kind: TableKind;
  readonly #header: readonly string[];
  /** The field of each column; undefined: the column is left out. */
  readonly #fields: readonly (string | undefined)[];
  readonly #options: ImportOptions;
  readonly #ambiguous = new Map<string, Ambiguous>();
  readonly #problems: TableProblem[] = [];
  readonly #users: UserFile[] = [];
  readonly #numbers: NumberFile[] = [];
  readonly #groups = new Map<string, GroupFile>();
  /** The row of each value that may occur only once in the table. */
  readonly #seen = new Map<string, number>();

  constructor(
    kind: TableKind,
    header: readonly string[],
    headings: readonly string[],
    options: ImportOptions,
  ) {
    this.#kind = kind;
    this.#header = header;
    this.#options = options;
    this.#fields = headings.map((heading, index) => {
      if (heading === IGNORED) return undefined;
      const known = fieldOf(kind, heading);
      if (known === undefined) this.#unknownColumn(header[index] ?? "", heading);
      return known;
    });
    for (const [index, name] of this.#fields.entries()) {
      if (name === undefined || this.#fields.indexOf(name) === index) continue;
      this.#problem(
        1,
        name,
        "two columns hold the same field",
        { found: header[index] ?? "", expected: "one column" },
        index,
      );
    }
  }

  read(row: number, cells: readonly string[]): void {
    if (cells.length > this.#header.length) {
      this.#problems.push({
        row,
        message: "the row has more cells than the header",
        found: `${cells.length} cells`,
        expected: `${this.#header.length}; quotes around cells that hold a comma`,
      });
      return;
    }
    const values = new Map<string, string>();
    for (const [index, name] of this.#fields.entries()) {
      const cell = cells[index] ?? "";
      if (name !== undefined && cell !== "" && !values.has(name)) values.set(name, cell);
    }
    if (this.#kind === "users") this.#readUser(row, values);
    else this.#readNumber(row, values);
  }

  finish(): Imported {
    const warnings = [...this.#ambiguous.values()].map(ambiguousWarning);
    if (this.#problems.length > 0) return { content: {}, problems: this.#problems, warnings };
    const groups = [...this.#groups.values()];
    const content = {
      ...(this.#users.length === 0 ? {} : { users: this.#users }),
      ...(groups.length === 0 ? {} : { groups }),
      ...(this.#numbers.length === 0 ? {} : { numbers: this.#numbers }),
    };
    return { content, problems: [], warnings };
  }

  #readUser(row: number, values: ReadonlyMap<string, string>): void {
    const username = this.#required(row, values, "username", field.username);
    const parts = [values.get("first_name"), values.get("last_name")].filter((part) => part !== undefined);
    const name = this.#checked(row, "name", values.get("name") ?? parts.join(" "), field.displayName);
    const email = this.#optional(row, values, "email", field.email);
    const extension = this.#optional(row, values, "extension", field.extension);
    const outbound = this.#phoneNumber(row, values, "outbound_number");
    const sip = this.#optional(row, values, "sip", field.sipName);
    const phone = this.#phoneNumber(row, values, "phone");
    const groups = this.#groupsOf(row, values.get("groups"));
    if (username !== undefined) this.#once(row, "username", username);
    if (extension !== undefined) this.#once(row, "extension", extension);
    if (sip !== undefined) this.#once(row, "sip", sip);
    if (username === undefined || name === undefined) return;
    const devices = [
      ...(sip === undefined ? [] : [{ id: "desk", sip }]),
      ...(phone === undefined ? [] : [{ id: "cell", phone }]),
    ];
    this.#users.push({
      username,
      name,
      ...given({ email, extension: mapped(extension, asWritten), outbound_number: outbound }),
      ...(devices.length === 0 ? {} : { devices }),
    });
    for (const [id, title] of groups) this.#join(id, title, username);
  }

  #readNumber(row: number, values: ReadonlyMap<string, string>): void {
    const number = this.#phoneNumber(row, values, "number", (cell) =>
      parseNumberKey(cell, this.#options.country),
    );
    if (!values.has("number")) this.#missing(row, "number", "a phone number");
    const label = this.#optional(row, values, "label", field.displayName);
    const prefix = this.#optional(row, values, "caller_id_prefix", field.prefix);
    const leadsTo = this.#leadsTo(row, values);
    if (number === undefined) return;
    this.#once(row, "number", number);
    this.#numbers.push({
      number,
      ...given({ label, caller_id_prefix: prefix }),
      ...leadsTo,
    });
  }

  /** The flow that a row names by its id, or a step that rings its target; neither: the number leads nowhere yet. */
  #leadsTo(row: number, values: ReadonlyMap<string, string>): Pick<NumberFile, "flow" | "steps"> {
    const target = values.get("target");
    const flow = this.#optional(row, values, "flow", field.id);
    const timeout = this.#timeout(row, values.get("timeout"));
    if (flow !== undefined && target !== undefined) {
      this.#problem(row, "target", "a number leads to a flow or rings somebody, not both", {
        found: `flow ${flow} and target ${target}`,
        expected: "one of the two",
      });
    }
    if (flow !== undefined) return { flow };
    if (target === undefined) return {};
    if (!/^(?:user|group|extension|flow):\S+$/.test(target)) {
      this.#problem(row, "target", "this is no target", {
        found: show(target),
        expected: "user:NAME, group:ID, extension:101 or flow:ID",
      });
      return {};
    }
    if (target.startsWith("flow:")) return { flow: target.slice("flow:".length) };
    return {
      steps: [{ ring: target, ...given({ timeout }) }, { hangup: "no_answer" }],
    };
  }

  #timeout(row: number, cell: string | undefined): number | "none" | undefined {
    if (cell === undefined || cell === "none") return cell;
    const value = /^\d+$/.test(cell) ? Number(cell) : Number.NaN;
    const known = field.ringTime.safeParse(value);
    if (known.success) return known.data;
    this.#problem(row, "timeout", "this is no ring time", {
      found: show(cell),
      expected: "whole seconds from 5 to 600, or none",
    });
    return undefined;
  }

  #phoneNumber(
    row: number,
    values: ReadonlyMap<string, string>,
    name: string,
    read = (cell: string) => parseNumber(cell, this.#options.country, this.#options),
  ): string | undefined {
    const cell = values.get(name);
    if (cell === undefined) return undefined;
    const number = read(cell);
    if (number !== undefined) this.#noteAmbiguous(row, name, cell, number);
    if (number === undefined) {
      this.#problem(row, name, "this is not a phone number", {
        found: show(cell),
        // 2.12556E+09: the spreadsheet treated the phone number as a quantity.
        expected: /E\+/i.test(cell)
          ? "the number's digits; format the column as text before saving"
          : `a number of ${this.#options.country}, or one with its country code`,
      });
    }
    return number;
  }

  /** A number of the office is what was meant. */
  #noteAmbiguous(row: number, name: string, cell: string, number: E164): void {
    if (this.#options.owns?.(number)) return;
    const others = validReadings(cell, this.#options.country).filter((other) => other !== number);
    if (others.length === 0) return;
    const column = this.#header[this.#fields.indexOf(name)] ?? name;
    const before = this.#ambiguous.get(name) ?? { row, column, cell, number, others, count: 0 };
    this.#ambiguous.set(name, { ...before, count: before.count + 1 });
  }

  #groupsOf(row: number, cell: string | undefined): [id: string, title: string][] {
    const titles = (cell ?? "")
      .split(/[;,|]/)
      .map((title) => title.trim())
      .filter((title) => title !== "");
    return titles.flatMap((title) => {
      const id = title
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, "-")
        .replace(/^-+|-+$/g, "");
      return this.#checked(row, "groups", id, field.id) === undefined ? [] : [[id, title]];
    });
  }

  #join(id: string, title: string, username: string): void {
    const group = this.#groups.get(id) ?? { id, name: title, members: [] };
    if (!group.members?.some(({ user }) => user === username)) {
      this.#groups.set(id, { ...group, members: [...(group.members ?? []), { user: username }] });
    }
  }

  #required(
    row: number,
    values: ReadonlyMap<string, string>,
    name: string,
    schema: z.ZodString,
  ): string | undefined {
    const cell = values.get(name);
    if (cell !== undefined) return this.#checked(row, name, cell, schema);
    this.#missing(row, name, schema.description ?? name);
    return undefined;
  }

  #optional(
    row: number,
    values: ReadonlyMap<string, string>,
    name: string,
    schema: z.ZodType,
  ): string | undefined {
    const cell = values.get(name);
    return cell === undefined ? undefined : this.#checked(row, name, cell, schema);
  }

  #checked(row: number, name: string, cell: string, schema: z.ZodType): string | undefined {
    const result = schema.safeParse(cell);
    if (result.success) return cell;
    this.#problem(row, name, `this cannot be ${name}`, {
      found: cell === "" ? "nothing" : show(cell),
      expected: result.error.issues[0]?.message ?? name,
    });
    return undefined;
  }

  #once(row: number, name: string, value: string): void {
    const key = `${name} ${value}`;
    const first = this.#seen.get(key);
    if (first === undefined) this.#seen.set(key, row);
    else
      this.#problem(row, name, `${show(value)} is given twice`, { expected: `another than in row ${first}` });
  }

  #missing(row: number, name: string, expected: string): void {
    this.#problem(row, name, `a row needs ${name}`, { found: "an empty cell", expected });
  }

  #unknownColumn(heading: string, normalised: string): void {
    const known = Object.keys(COLUMNS[this.#kind]);
    const meant = suggest(normalised, known);
    this.#problems.push({
      row: 1,
      column: heading,
      message: "nobody knows this column",
      expected: `one of ${known.join(", ")}; --map '${heading}=FIELD', or --map '${heading}=${IGNORED}' to leave it out`,
      ...given({ suggestion: meant }),
    });
  }

  #problem(
    row: number,
    name: string,
    message: string,
    more: Pick<TableProblem, "found" | "expected">,
    index?: number,
  ): void {
    const column = this.#header[index ?? this.#fields.indexOf(name)] ?? name;
    this.#problems.push({ row, column, message, ...more });
  }
}

/** A column with digits that may be several numbers; the first such cell is the example. */
interface Ambiguous {
  readonly row: number;
  readonly column: string;
  readonly cell: string;
  readonly number: E164;
  readonly others: readonly E164[];
  readonly count: number;
}

function ambiguousWarning({ row, column, cell, number, others, count }: Ambiguous): TableProblem {
  const more = count === 1 ? "" : `; so may ${count - 1} more of this column`;
  return {
    row,
    column,
    message: `these digits may be ${number} or ${others.join(" or ")}, and are read as ${number}${more}`,
    found: show(cell),
    expected: "numbers with a plus sign and the country code",
  };
}

/** An extension as a plain number, unless a leading zero would be lost. */
function asWritten(extension: string): string | number {
  return extension.startsWith("0") ? extension : Number(extension);
}
