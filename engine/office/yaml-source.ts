/**
 * One YAML file of an office: its plain content, and where in the text each key and value stands.
 *
 * YAML 1.2 core schema, one document a file, no duplicate keys, no custom tags. Plain numbers must stand in
 * their one decimal form: `+12125550100` and `0101` without quotes would silently become other things.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import type { Path, Place, ProblemCode } from "../../policy/problem.js";

/** An office of this size in one file is data, not something people write; also a bound for hostile files. */
export const FILE_MAX_BYTES = 16 * 1024 * 1024;

/** How often aliases may be expanded in all: above it a small file could grow without bound. */
export const ALIASES_MAX = 100;

/** Faults of one file shown at most: behind a broken line there is often one a line. */
export const SYNTAX_PROBLEMS_MAX = 20;

/** 1-based, as editors count; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with the text itself. */
export interface SourceProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly position: Position;
  readonly found?: string;
  readonly expected?: string;
  readonly suggestion?: string;
  readonly others?: readonly (Position & { readonly note: string })[];
}

/** A file that was read: content only when there are no problems. */
export interface YamlSource {
  readonly content: unknown;
  readonly problems: readonly SourceProblem[];
  /** Where a place is; for what is not there, the nearest thing around it. */
  position(path: Path, part: Place["part"]): Position;
}

/** Parses a file's text. Never throws for anything the text may hold. */
export function parseYamlSource(text: string): YamlSource {
  const lines = new LineCounter();
  const start: Position = { line: 1, column: 1 };
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      strict: true,
      // Found below instead, where both places can be named.
      uniqueKeys: false,
      version: "1.2",
      logLevel: "error",
    });
    const at = (offset: number) => positionOf(lines, offset);
    const problems = [...syntaxProblems(document, at), ...nodeProblems(document, at)];
    problems.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
    return {
      content: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: ALIASES_MAX }),
      problems: problems.slice(0, SYNTAX_PROBLEMS_MAX),
      position: (path, part) => at(offsetOf(document, path, part)),
    };
  } catch (error) {
    // Two things throw: nesting deeper than the stack (RangeError) and aliases beyond the bound.
    const tooDeep = error instanceof RangeError;
    if (!tooDeep && !(error instanceof ReferenceError)) throw error;
    return {
      content: undefined,
      problems: [
        {
          code: "yaml_syntax",
          message: tooDeep ? "the file is nested too deeply" : "the aliases of this file unfold to too much",
          ...(tooDeep ? {} : { expected: `at most ${ALIASES_MAX} values through aliases` }),
          position: start,
        },
      ],
      position: () => start,
    };
  }
}

type Parsed = Document.Parsed<ParsedNode, boolean>;

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The parser's words where they say nothing to somebody who writes an office. */
const PLAIN_WORDS: Readonly<Record<string, { readonly message: string; readonly expected: string }>> = {
  MULTIPLE_DOCS: {
    message: "the file holds more than one document",
    expected: "one document a file, without ---",
  },
  BLOCK_IN_FLOW: {
    message: "a second key or list begins inside this value",
    expected: "no space behind a colon that is part of a value, or the value in quotes",
  },
  TAB_AS_INDENT: { message: "a tab indents this line", expected: "spaces" },
};

function syntaxProblems(document: Parsed, at: (offset: number) => Position): SourceProblem[] {
  return [...document.errors, ...document.warnings].map((error) => ({
    code: "yaml_syntax",
    position: at(error.pos[0]),
    message: firstLine(error.message),
    ...PLAIN_WORDS[error.code],
  }));
}

/** Keys that stand twice or are no text, aliases of nothing, numbers whose written form would be lost. */
function nodeProblems(document: Parsed, at: (offset: number) => Position): SourceProblem[] {
  const problems: SourceProblem[] = [];
  visit(document, {
    Map(_, map) {
      problems.push(...repeatedKeys(map, at));
    },
    Alias(_, node) {
      if (node.resolve(document) !== undefined) return;
      problems.push({
        code: "yaml_syntax",
        message: `there is no anchor \`&${node.source}\` before this alias`,
        position: at(node.range?.[0] ?? 0),
        found: `*${node.source}`,
        expected: "an anchor further up, or a text that begins with * in quotes",
      });
    },
    Pair(_, pair) {
      if (isScalar(pair.key)) return;
      const key = pair.key as Node | null;
      problems.push({
        code: "yaml_syntax",
        message: "a key is not a plain word",
        position: at(key?.range?.[0] ?? 0),
        expected: "a word as the key",
      });
    },
    Scalar(_, node) {
      if (typeof node.value !== "number" && typeof node.value !== "bigint") return;
      const source = node.source ?? String(node.value);
      if (String(node.value) === source) return;
      problems.push({
        code: "yaml_number",
        message: "YAML would read this as another number than it says",
        position: at(node.range?.[0] ?? 0),
        found: source.slice(0, 40),
        expected:
          "phone numbers and extensions that begin with + or 0 in quotes, others as plain whole numbers",
        suggestion: `"${source.slice(0, 40)}"`,
      });
    },
  });
  return problems;
}

function repeatedKeys(map: YAMLMap, at: (offset: number) => Position): SourceProblem[] {
  const first = new Map<string, Position>();
  return map.items.flatMap((pair) => {
    if (!isScalar(pair.key)) return [];
    const key = String(pair.key.value);
    const position = at(pair.key.range?.[0] ?? 0);
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, position);
      return [];
    }
    const others = [{ ...before, note: "first given here" }];
    return [{ code: "duplicate", message: `the key \`${key}\` is given twice`, position, others }];
  });
}

/** Walks the nodes as far as the path exists. */
function offsetOf(document: Parsed, path: Path, part: Place["part"]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    node = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
    } else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return offset;
      const key = startOf(pair.key);
      if (part === "key" && index === path.length - 1) return key ?? offset;
      offset = key ?? offset;
      node = pair.value;
    } else {
      return offset;
    }
    offset = startOf(node) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
