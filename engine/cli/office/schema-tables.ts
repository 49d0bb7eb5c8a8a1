/**
 * Writes what an office file may contain as Markdown tables, from the schema that `check` uses, so that the
 * documentation cannot differ from it.
 */
import { z } from "zod";
import { officeFileSchema } from "../../../policy/office-file/schema.js";

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

/** One table for each kind of entry, in the order of the file. */
export function officeTables(): string {
  const schema = z.toJSONSchema(officeFileSchema, { io: "input", reused: "inline" }) as Schema;
  const tables: string[] = [];
  for (const [section, part] of Object.entries(schema.properties ?? {})) walk(section, part, tables);
  const steps = findSteps(schema);
  for (const step of steps) {
    const [name = ""] = Object.keys(step.properties ?? {});
    tables.push(`### step \`${name}\`\n\n${rows(step)}`);
  }
  return `${tables.join("\n\n")}\n`;
}

function walk(path: string, schema: Schema, tables: string[]): void {
  if (schema.description === STEPS) return;
  const entry = schema.items ?? schema;
  const name = schema.items === undefined ? path : `${path}[]`;
  if (entry.properties === undefined) return;
  tables.push(`### \`${name}\`\n\n${rows(entry)}`);
  for (const [key, part] of Object.entries(entry.properties)) walk(`${name}.${key}`, part, tables);
}

function rows({ properties = {}, required = [] }: Schema): string {
  const lines = Object.entries(properties).map(([key, part]) => {
    const must = required.includes(key) ? "yes" : "";
    return `| \`${key}\` | ${must} | ${(part.description ?? kindOf(part)).replaceAll("|", "\\|")} |`;
  });
  return ["| key | required | value |", "|---|---|---|", ...lines].join("\n");
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
