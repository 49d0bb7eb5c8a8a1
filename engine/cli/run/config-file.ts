/**
 * Reads the configuration file of `ringline run`: YAML, one line for each option, under the option's name without its
 * dashes. A key or a value that is not understood is an error with its place, since an option that is silently ignored is
 * found out by callers.
 */
import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, Scalar } from "yaml";
import { suggest } from "../../../policy/office-file/suggest.js";

/** One setting as it is written. */
export interface Entry {
  readonly name: string;
  readonly text: string;
  /** `LINE:COLUMN` in the file. */
  readonly place: string;
}

export interface FileRead {
  readonly entries: readonly Entry[];
  /** Sentences that begin with their place in the file. */
  readonly problems: readonly string[];
}

/** @param names the names that a file may have */
export function readConfig(text: string, names: readonly string[]): FileRead {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: false, prettyErrors: false });
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${line}:${col}`;
  };
  if (document.errors.length > 0)
    return {
      entries: [],
      problems: document.errors.map(({ message, pos }) => `${placeOf(pos[0])}: ${message}`),
    };
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return { entries: [], problems: [] };
  if (!isMap(root))
    return { entries: [], problems: [`${placeOf(root.range?.[0] ?? 0)}: expected lines of \`name: value\``] };
  const entries: Entry[] = [];
  const problems: string[] = [];
  for (const { key, value } of root.items) {
    const place = placeOf((key as Node).range?.[0] ?? 0);
    const name = isScalar(key) ? String(key.value) : "";
    const written = isAlias(value) ? null : textOf(value);
    if (!names.includes(name)) problems.push(`${place}: ${unknown(name, names)}`);
    else if (written === null) problems.push(`${place}: ${name}: expected one value`);
    else entries.push({ name, text: written, place });
  }
  return { entries, problems };
}

/** A value as it was typed: `08` is not 8, and `1e1` not 10. Null: it is empty, or more than one value. */
function textOf(value: unknown): string | null {
  if (!isScalar(value) || value.value === null || value.value === undefined) return null;
  return value.type === Scalar.PLAIN && value.source !== undefined ? value.source : String(value.value);
}

function unknown(name: string, names: readonly string[]): string {
  const secret = SECRETS.get(name.replaceAll("_", "-"));
  if (secret !== undefined) return `no secret is in this file; ${secret} names a file that has it`;
  const meant = suggest(name.replaceAll("_", "-").replace(/^-+/, ""), names);
  return `there is no option ${JSON.stringify(name)}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

const SECRETS: ReadonlyMap<string, string> = new Map([
  ["password", "password-file"],
  ["switch-password", "password-file"],
  ["directory-secret", "directory-secret-file"],
  ["smtp-password", "smtp-password-file"],
  ["live-secret", "live-secret-file"],
]);
