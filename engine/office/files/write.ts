/**
 * Writes an office's content as YAML that is easy to read: entries one below the other, each device, member and step on
 * one line.
 */
import { Document, isMap, isPair, isScalar, isSeq, visit } from "yaml";
import type { OfficeFileContent } from "../../../policy/office-file/export.js";
import { sectionOf } from "../../../policy/office-file/sections.js";
import { plainEntry } from "./write-plain.js";

/** Editors that understand the comment with this name complete and check the file while it is written. */
export const SCHEMA_FILE = "office.schema.json";
const MODELINE = ` yaml-language-server: $schema=${SCHEMA_FILE}`;

/** Lists whose items are short enough to be written on one line each. */
const ONE_LINE_ITEMS = new Set(["carriers", "devices", "members", "no_answer", "steps"]);

/** The library writes so many entries at a time: it makes objects of everything, and an office may have 100,000 users. */
const ENTRIES_TOGETHER = 1_000;

/** The text of an office file, ending in a line feed. */
export function writeOfficeFile(content: Partial<OfficeFileContent>, comment?: string): string {
  const comments = comment === undefined ? MODELINE : `${MODELINE}\n ${comment}`;
  const head = comments
    .split("\n")
    .map((line) => `#${line}\n`)
    .join("");
  const sections = Object.entries(content).map(([section, entries]) => sectionText(section, entries));
  return `${head}\n${sections.length === 0 ? "{}\n" : sections.join("")}`;
}

/** The same without a comment, for a piece of an office file. */
export function writePiece(content: object): string {
  return libraryText(content);
}

function sectionText(section: string, entries: unknown): string {
  if (!Array.isArray(entries) || entries.length === 0) return libraryText({ [section]: entries });
  const header = `${section}:\n`;
  const texts = [header];
  let others: unknown[] = [];
  const flush = () => {
    if (others.length > 0) texts.push(libraryText({ [section]: others }).slice(header.length));
    others = [];
  };
  for (const entry of entries) {
    const text = ONE_LINE_ITEMS.has(section)
      ? undefined
      : plainEntry(entry, (key) => isShortList(key, section));
    if (text === undefined) others.push(entry);
    else flush();
    if (text !== undefined) texts.push(text);
    if (others.length === ENTRIES_TOGETHER) flush();
  }
  flush();
  return texts.join("");
}

/** Lists in entries of a step kind's own section are short, too: for example the hours of a schedule. */
function isShortList(key: string, section: string): boolean {
  return ONE_LINE_ITEMS.has(key) || section === "flows" || sectionOf(section) !== undefined;
}

function libraryText(content: object): string {
  const document = new Document(content, { version: "1.2" });
  visit(document, {
    Pair(_, pair, path) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      const parent = path.findLast(isPair);
      const section = parent !== undefined && isScalar(parent.key) ? String(parent.key.value) : "";
      const isShort = isShortList(key, section);
      if (isMap(pair.value) && key === "office") pair.value.flow = true;
      if (!isSeq(pair.value) || !isShort) return;
      for (const item of pair.value.items) if (isMap(item)) item.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
