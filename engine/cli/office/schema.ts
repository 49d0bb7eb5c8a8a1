/** `ringline schema`: writes the JSON Schema of office files, made from the schema that `check` uses. */
import { z } from "zod";
import { editsSchema } from "../../../policy/change/edits/schema.js";
import { officeFileSchema } from "../../../policy/office-file/schema.js";
import { SCHEMA_FILE } from "../../office/files/write.js";
import { testFileSchema } from "../explain/test-file.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { planSchema } from "./plan-schema.js";
import { officeTables } from "./schema-tables.js";

/** The file name by which sample test files refer to their schema. */
const TEST_SCHEMA_FILE = "test.schema.json";

const HELP = `
An editor with a YAML language server completes and checks an office file that begins with
  # yaml-language-server: $schema=${SCHEMA_FILE}
and has the schema beside it. It knows shapes only: references and loops are found by \`ringline check\`.

Examples:
  ringline schema > ${SCHEMA_FILE}
  ringline schema --tests > ${TEST_SCHEMA_FILE}
  ringline schema --edits
  ringline schema --plan`;

interface SchemaOptions {
  readonly tests?: boolean;
  readonly edits?: boolean;
  readonly plan?: boolean;
  readonly markdown?: boolean;
}

export const registerSchema: RegisterCommand = (program, terminal) => {
  program
    .command("schema")
    .summary("print the JSON Schema of office files, for editors")
    .description("Prints the JSON Schema of office files, for editors.")
    .option("--tests", "the schema of routing tests (NAME.test.yaml) instead")
    .option("--edits", "the schema of lists of edits instead")
    .option("--plan", "the schema of what plan --json prints instead")
    .option("--markdown", "tables of everything an office file may say instead")
    .addHelpText("after", HELP)
    .action(({ tests, edits, plan, markdown }: SchemaOptions) => {
      if (markdown) terminal.out(officeTables());
      else if (edits) terminal.out(editsSchemaText());
      else if (plan) terminal.out(planSchemaText());
      else terminal.out(tests ? testSchemaText() : officeSchemaText());
      terminal.exit(EXIT_OK);
    });
};

/** The schema's text; lists of words are on one line, as formatters like them. */
export function officeSchemaText(): string {
  const schema = z.toJSONSchema(officeFileSchema, { io: "input", reused: "inline" });
  return `${format({ title: "Ringline office file", ...schema }, "")}\n`;
}

/** The same for files of routing tests. */
function testSchemaText(): string {
  const schema = z.toJSONSchema(testFileSchema, { io: "input", reused: "inline" });
  return `${format({ title: "Ringline routing tests", ...schema }, "")}\n`;
}

/** The same for lists of edits. Their fields are those of office files, which a check judges with the whole office. */
function editsSchemaText(): string {
  const schema = z.toJSONSchema(editsSchema, { io: "input", reused: "inline" });
  return `${format({ title: "Ringline edits", ...schema }, "")}\n`;
}

/** The same for the output of `plan --json`. */
function planSchemaText(): string {
  const schema = z.toJSONSchema(planSchema, { reused: "inline" });
  return `${format({ title: "What ringline plan --json prints", ...schema }, "")}\n`;
}

/** Lines longer than this are broken. */
const LINE_MAX_CHARS = 110;

function format(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const isScalars = value.every((item) => typeof item !== "object");
    if (isScalars && indent.length + line.length <= LINE_MAX_CHARS) return line;
    return `[\n${value.map((item) => inner + format(item, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${format(item, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
