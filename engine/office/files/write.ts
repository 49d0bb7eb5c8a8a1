/**
 * Writes an office's content as YAML that is easy to read: entries one below the other, each device, member and step on
 * one line.
 */
import { Document, isMap, isPair, isScalar, isSeq, visit } from "yaml";
import type { OfficeFileContent } from "../../../policy/office-file/export.js";
import { sectionOf } from "../../../policy/steps/registry.js";

/** Editors that understand the comment with this name complete and check the file while it is written. */
export const SCHEMA_FILE = "office.schema.json";
const MODELINE = ` yaml-language-server: $schema=${SCHEMA_FILE}`;

/** Lists whose items are short enough to be written on one line each. */
const ONE_LINE_ITEMS = new Set(["carriers", "devices", "members", "no_answer", "steps"]);

/** The text of an office file, ending in a line feed. */
export function writeOfficeFile(content: Partial<OfficeFileContent>, comment?: string): string {
  return written(content, comment === undefined ? MODELINE : `${MODELINE}\n ${comment}`);
}

/** The same without a comment, for a piece of an office file. */
export function writePiece(content: object): string {
  return written(content, null);
}

function written(content: object, comment: string | null): string {
  const document = new Document(content, { version: "1.2" });
  document.commentBefore = comment;
  visit(document, {
    Pair(_, pair, path) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      const parent = path.findLast(isPair);
      const section = parent !== undefined && isScalar(parent.key) ? String(parent.key.value) : "";
      // Lists in entries of a step kind's own section, for example the hours of a schedule.
      const isShort = ONE_LINE_ITEMS.has(key) || section === "flows" || sectionOf(section) !== undefined;
      if (isMap(pair.value) && key === "office") pair.value.flow = true;
      if (!isSeq(pair.value) || !isShort) return;
      for (const item of pair.value.items) if (isMap(item)) item.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
