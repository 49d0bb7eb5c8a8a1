/**
 * Writes what an office file may contain as Markdown tables, from the schema that `check` uses, so that the
 * documentation cannot differ from it.
 */
import { z } from "zod";
import { officeFileSchema } from "../../../policy/office-file/schema.js";
import { type KeyDoc, REFERENCE } from "./schema-reference.js";

/** The part of a JSON Schema that is used here. */
interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly type?: string;
}

/** Lists of steps occur in many places and are the same everywhere. */
const STEPS = "a list of steps";

/** The keys of one mapping of an office file. */
export interface KeyTable {
  /** `users[].devices[]`, or `step ring`. */
  readonly path: string;
  readonly keys: ReadonlyArray<{ readonly key: string; readonly required: boolean; readonly value: string }>;
}

/** One table for each kind of entry, in the order of the file. */
export function keyTables(): readonly KeyTable[] {
  const schema = z.toJSONSchema(officeFileSchema, { io: "input", reused: "inline" }) as Schema;
  const tables: KeyTable[] = [];
  for (const [section, part] of Object.entries(schema.properties ?? {})) walk(section, part, tables);
  for (const step of findSteps(schema)) {
    const [name = ""] = Object.keys(step.properties ?? {});
    tables.push({ path: `step ${name}`, keys: keysOf(step) });
  }
  return tables;
}

function walk(path: string, schema: Schema, tables: KeyTable[]): void {
  if (schema.description === STEPS) return;
  const entry = schema.items ?? schema;
  const name = schema.items === undefined ? path : `${path}[]`;
  if (entry.properties === undefined) return;
  tables.push({ path: name, keys: keysOf(entry) });
  for (const [key, part] of Object.entries(entry.properties)) walk(`${name}.${key}`, part, tables);
}

function keysOf({ properties = {}, required = [] }: Schema): KeyTable["keys"] {
  return Object.entries(properties).map(([key, part]) => ({
    key,
    required: required.includes(key),
    value: part.description ?? kindOf(part),
  }));
}

/** The tables as Markdown, with what the schema does not say. */
export function officeTables(): string {
  const tables = keyTables().map(({ path, keys }) => {
    const heading = path.startsWith("step ") ? `step \`${path.slice("step ".length)}\`` : `\`${path}\``;
    const rows = keys.map(({ key, value }) => {
      const [what, otherwise, example] = docOf(path, key);
      const cells = [
        `\`${key}\``,
        `${what} ${sentence(value)}`.trim(),
        otherwise,
        example === "" ? "" : `\`${example}\``,
      ];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    });
    return `### ${heading}\n\n${["| key | what it says | if left out | example |", "|---|---|---|---|", ...rows].join("\n")}`;
  });
  return `${tables.join("\n\n")}\n`;
}

/** A test holds that something is written of each key. */
function docOf(path: string, key: string): KeyDoc {
  return REFERENCE[path]?.[key] ?? ["", "", ""];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The type of a field that has no phrase of its own: lists and mappings, which have a table below. */
function kindOf(schema: Schema): string {
  if (schema.items !== undefined) return "a list, see below";
  return schema.properties === undefined ? "see below" : "a mapping, see below";
}

/** The kinds of steps, from the first list of steps in the schema. */
function findSteps(schema: Schema): readonly Schema[] {
  if (schema.description === STEPS) return schema.items?.anyOf ?? [];
  const parts = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : []),
  ];
  for (const part of parts) {
    const found = findSteps(part);
    if (found.length > 0) return found;
  }
  return [];
}
