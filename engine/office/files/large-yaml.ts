/**
 * Reads a YAML file that is too large for the library, which needs a hundred times the memory of a text: one entry after the
 * other, such as one user. What is wrong with an entry is found by the library as in a small file.
 */
import { given } from "../../../policy/office/optional.js";
import type { Path, Place } from "../../../policy/office-file/problem.js";
import { readPlainYaml } from "./plain-yaml.js";
import { type Entry, entriesOf } from "./yaml-entries.js";
import { type Position, parseYamlSource, type SourceProblem, type YamlSource } from "./yaml-source.js";

/** Smaller files are read whole: they take less than a second. */
const LARGE_FILE_CHARS = 256 * 1024;
/** What the library reads at once, for a whole file and for an entry. */
const WHOLE_MAX_CHARS = 4 * 1024 * 1024;
/** Entries in a row that only the library can read are read together, up to this size. */
const TOGETHER_CHARS = 128 * 1024;
/** After so many faults the rest is not looked at: the file is something else than an office. */
const PROBLEMS_MAX = 20;

/** Parses a file's text, whatever its size. Never throws, whatever the text contains. */
export function parseYamlFile(text: string): YamlSource {
  if (text.length < LARGE_FILE_CHARS) return parseYamlSource(text);
  const read = readEntries(text);
  const isSmall = text.length <= WHOLE_MAX_CHARS;
  if (read !== undefined && (read.problems.length === 0 || !isSmall)) return read;
  return isSmall ? parseYamlSource(text) : noEntries();
}

function noEntries(): YamlSource {
  const position = { line: 1, column: 1 };
  const problem = {
    code: "yaml_syntax",
    message: `a file of more than ${WHOLE_MAX_CHARS} bytes is read entry by entry, and this one has no such form`,
    position,
    expected: "sections such as `users:`, and below each of them its entries, one below the other",
  } as const;
  return { content: undefined, isCut: true, problems: [problem], position: () => position };
}

/** Undefined: the file does not have the form of sections with entries. */
function readEntries(text: string): YamlSource | undefined {
  const entries = entriesOf(text);
  if (entries === undefined) return undefined;
  const content = new Content();
  const problems: SourceProblem[] = [];
  for (const part of partsOf(text, entries)) {
    for (const problem of part.problems) problems.push(moved(problem, part.line));
    if (problems.length >= PROBLEMS_MAX) break;
    if (part.problems.length === 0 && !content.add(part)) return undefined;
  }
  const places = new Places(text, entries);
  return {
    content: problems.length > 0 ? undefined : content.sections,
    isCut: problems.length > 0,
    problems: problems.slice(0, PROBLEMS_MAX),
    position: (path, part) => places.position(path, part),
  };
}

/** The value of an entry, or of some in a row. */
interface Part extends Pick<Entry, "section" | "kind" | "line"> {
  readonly value: unknown;
  readonly problems: readonly SourceProblem[];
}

function* partsOf(text: string, entries: readonly Entry[]): Generator<Part> {
  let waiting: Entry[] = [];
  for (const entry of entries) {
    const value = readPlainYaml(text.slice(entry.from, entry.to));
    const [first] = waiting;
    const isApart =
      value !== undefined || first?.section !== entry.section || entry.to - first.from > TOGETHER_CHARS;
    if (isApart && first !== undefined) {
      yield byLibrary(text, first, waiting.at(-1) ?? first);
      waiting = [];
    }
    if (value === undefined) waiting.push(entry);
    else yield { ...entry, value, problems: [] };
  }
  const [first] = waiting;
  if (first !== undefined) yield byLibrary(text, first, waiting.at(-1) ?? first);
}

function byLibrary(text: string, first: Entry, last: Entry): Part {
  const { section, kind, line } = first;
  if (last.to - first.from > WHOLE_MAX_CHARS) {
    const message = `one entry has more than ${WHOLE_MAX_CHARS} bytes`;
    const problem: SourceProblem = { code: "yaml_syntax", message, position: { line: 1, column: 1 } };
    return { section, kind, line, value: undefined, problems: [problem] };
  }
  const { content, problems } = parseYamlSource(text.slice(first.from, last.to));
  return { section, kind, line, value: content, problems };
}

/** The sections of a file, put together entry by entry. */
class Content {
  readonly sections: Record<string, unknown> = {};

  /** @returns whether it fits what was there: a section is a list, or a mapping with each key once */
  add({ section, kind, value }: Part): boolean {
    if (kind === "section") return isMapping(value) && this.#addKeys(this.sections, value);
    const before = this.sections[section] ?? (kind === "item" ? [] : {});
    this.sections[section] = before;
    if (kind === "key") return isMapping(before) && isMapping(value) && this.#addKeys(before, value);
    if (!Array.isArray(before) || !Array.isArray(value)) return false;
    for (const item of value) before.push(item);
    return true;
  }

  #addKeys(to: Record<string, unknown>, from: Record<string, unknown>): boolean {
    return Object.entries(from).every(([key, value]) => {
      if (Object.hasOwn(to, key)) return false;
      to[key] = value;
      return true;
    });
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function moved({ position, others, ...problem }: SourceProblem, line: number): SourceProblem {
  return {
    ...problem,
    position: below(position, line),
    ...given({ others: others?.map((other) => ({ ...other, ...below(other, line) })) }),
  };
}

/** A place in an entry as a place in the file. @param line of the file with which the entry begins */
function below(position: Position, line: number): Position {
  return { line: line - 1 + position.line, column: position.column };
}

/** Finds places by reading the one entry in which they are. */
class Places {
  readonly #text: string;
  readonly #entries = new Map<string, Entry[]>();

  constructor(text: string, entries: readonly Entry[]) {
    this.#text = text;
    for (const entry of entries) {
      const list = this.#entries.get(entry.section) ?? [];
      list.push(entry);
      this.#entries.set(entry.section, list);
    }
  }

  position(path: Path, part: Place["part"]): Position {
    const [section = "", which, ...rest] = path;
    const entries = this.#entries.get(String(section)) ?? [];
    const [first] = entries;
    if (first === undefined) return { line: 1, column: 1 };
    if (first.kind === "section") return this.#within(first, path, part);
    const entry =
      typeof which === "number" ? entries[which] : entries.find((each) => this.#keyOf(each) === which);
    if (which === undefined || entry === undefined) {
      return {
        line: part === "key" ? first.header : first.line,
        column: part === "key" ? 1 : first.indent + 1,
      };
    }
    // Most problems are said of an entry, which begins behind its dash.
    const begin = entry.from + entry.indent + 2;
    if (rest.length === 0 && entry.kind === "item" && /\S/.test(this.#text[begin] ?? " ")) {
      return { line: entry.line, column: entry.indent + 3 };
    }
    return this.#within(entry, typeof which === "number" ? [0, ...rest] : [which, ...rest], part);
  }

  #within(entry: Entry, path: Path, part: Place["part"]): Position {
    const source = parseYamlSource(this.#text.slice(entry.from, entry.to));
    return below(source.position(path, part), entry.line);
  }

  #keyOf({ from, indent }: Entry): string | undefined {
    return /^["']?([^"':]+)["']?:/.exec(this.#text.slice(from + indent, from + indent + 256))?.[1];
  }
}
