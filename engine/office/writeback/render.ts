/** Writes values as pieces of an office file: new ones in the style of `export`, changed ones in the style they have. */
import { Document, isCollection, parse, Scalar } from "yaml";
import { writePiece } from "../files/write.js";

const ONE_LINE = { lineWidth: 0, flowCollectionPadding: true } as const;

/** A value on one line; it means the same within brackets and outside of them. */
export function oneLine(value: unknown): string {
  const document = new Document([value], { version: "1.2" });
  if (isCollection(document.contents)) document.contents.flow = true;
  return document
    .toString(ONE_LINE)
    .trim()
    .replace(/^\[ | \]$/g, "");
}

/** A piece of a line as JSON has it, which files in JSON must stay. @param isPair it is `key: value` */
export function asJson(line: string, isPair: boolean): string {
  const value: unknown = parse(isPair ? `{ ${line} }` : line, { version: "1.2" });
  const document = new Document([value], { version: "1.2" });
  if (isCollection(document.contents)) document.contents.flow = true;
  const text = document.toString({
    ...ONE_LINE,
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "QUOTE_DOUBLE",
    doubleQuotedAsJSON: true,
  });
  const json = text.trim().replace(/^\[ | \]$/g, "");
  return isPair ? json.replace(/^\{ | \}$/g, "") : json;
}

/** `key: value` on one line. */
export function oneLinePair(key: string, value: unknown): string {
  return oneLine({ [key]: value }).replace(/^\{ | \}$/g, "");
}

/** A value in the place of another plain value, in quotes where that one was. */
export function restyled(before: Scalar, value: unknown): string {
  // Digits in quotes stay digits in quotes: `"102"` and 102 are the same extension.
  const isText = typeof value === "number" && typeof before.value === "string" && /^\d+$/.test(before.value);
  const scalar = new Scalar(isText ? String(value) : value);
  const isQuoted = before.type === "QUOTE_DOUBLE" || before.type === "QUOTE_SINGLE";
  if (isQuoted && before.type !== undefined && typeof scalar.value === "string") scalar.type = before.type;
  const document = new Document([scalar], { version: "1.2" });
  if (isCollection(document.contents)) document.contents.flow = true;
  return document
    .toString(ONE_LINE)
    .trim()
    .replace(/^\[ | \]$/g, "");
}

/** An entry of a section that is a list, as lines that begin with a dash. */
export function entryLines(section: string, entry: unknown): string[] {
  return dedented(writePiece({ [section]: [entry] }), 1, 2);
}

/** A key of an entry, or a flow of the section `flows`, as lines. */
export function pairLines(section: string, key: string, value: unknown): string[] {
  if (section === "flows") return dedented(writePiece({ flows: { [key]: value } }), 1, 2);
  return section === ""
    ? dedented(writePiece({ [key]: value }), 0, 0)
    : dedented(writePiece({ [lined(section)]: [{ [key]: value }] }), 1, 4);
}

/** `export` writes a carrier on one line; a key of another carrier has a line of its own, like a user's. */
function lined(section: string): string {
  return section === "carriers" || section === "office" ? "users" : section;
}

/** An item of a list within an entry, as lines that begin with a dash: on one line, or a line for each of its keys. */
export function itemLines(item: unknown, isOneLine: boolean): string[] {
  if (isOneLine || typeof item !== "object") return [`- ${oneLine(item)}`];
  return dedented(new Document([item], { version: "1.2" }).toString(ONE_LINE), 0, 0);
}

function dedented(text: string, linesBefore: number, columns: number): string[] {
  return text
    .trimEnd()
    .split("\n")
    .slice(linesBefore)
    .map((line) => line.slice(columns));
}
