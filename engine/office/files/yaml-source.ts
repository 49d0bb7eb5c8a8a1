/**
 * One YAML file of an office: its plain content, and the position of each key and value in the text.
 * YAML 1.2 core schema, one document per file, no duplicate keys, no custom tags. A plain number must be written in its
 * only decimal form: without quotes, `+12125550100` and `0101` would silently become other values.
 */

import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import { given } from "../../../policy/office/optional.js";
import { REPEATED } from "../../../policy/office-file/meant.js";
import type { Path, Place, ProblemCode } from "../../../policy/office-file/problem.js";

/** An office nests about eight levels deep. The parser takes minutes for a file that is nothing but brackets. */
const NESTING_MAX = 64;

/** How many aliases may be expanded in total: without a limit a small file could grow without bound. */
const ALIASES_MAX = 100;

/** At most this many faults of one file are shown: after a broken line often every following line has one. */
const SYNTAX_PROBLEMS_MAX = 20;

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

/** A file that was read. */
export interface YamlSource {
  /**
   * What the file says, as far as it can be read: a number that YAML would change is the text that stands there, and what
   * a key says that is given twice is joined. Undefined: nothing can be read.
   */
  readonly content: unknown;
  /** The content lacks what stands behind a fault of syntax. */
  readonly isCut: boolean;
  readonly problems: readonly SourceProblem[];
  /** The position of a place; for a missing key, that of the entry around it. */
  position(path: Path, part: Place["part"]): Position;
}

/** Parses a file's text. Never throws, whatever the text contains. */
export function parseYamlSource(text: string): YamlSource {
  const lines = new LineCounter();
  const start: Position = { line: 1, column: 1 };
  const tooDeep = findTooDeep(text);
  if (tooDeep !== undefined) return unreadable("the file is nested too deeply", tooDeep);
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      strict: true,
      // Duplicate keys are found below instead, where both places can be named.
      uniqueKeys: false,
      version: "1.2",
      logLevel: "error",
    });
    const at = (offset: number) => positionOf(lines, offset);
    const syntax = syntaxProblems(document, at);
    const problems = [...syntax.slice(0, SYNTAX_PROBLEMS_MAX), ...nodeProblems(document, at)];
    problems.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
    const isCut = problems.some(({ code }) => code === "yaml_syntax");
    const isReadable = !isCut || cutAtFault(document);
    return {
      content: isReadable ? document.toJS({ maxAliasCount: ALIASES_MAX }) : undefined,
      isCut,
      problems,
      position: (path, part) => at(offsetOf(document, path, part)),
    };
  } catch (error) {
    // The parser throws for nesting by indentation deeper than the stack, and for aliases beyond the limit.
    if (error instanceof RangeError) return unreadable("the file is nested too deeply", start);
    if (!(error instanceof ReferenceError)) throw error;
    return unreadable(
      "the aliases of this file unfold to too much",
      start,
      `at most ${ALIASES_MAX} values through aliases`,
    );
  }
}

function unreadable(message: string, position: Position, expected?: string): YamlSource {
  const problem = {
    code: "yaml_syntax",
    message,
    position,
    ...given({ expected }),
  } as const;
  return { content: undefined, isCut: true, problems: [problem], position: () => position };
}

/**
 * The first place where more brackets are open than an office can need. Brackets in texts and comments count, too;
 * there are few of them.
 */
function findTooDeep(text: string): Position | undefined {
  let depth = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text[offset];
    if (character === "[" || character === "{") depth += 1;
    else if ((character === "]" || character === "}") && depth > 0) depth -= 1;
    if (depth > NESTING_MAX) {
      const before = text.slice(0, offset);
      return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
    }
  }
  return undefined;
}

type Parsed = Document.Parsed<ParsedNode, boolean>;

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Plain words for faults that the parser names in terms of YAML's grammar. */
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

/** The parser reports every word of a line that it cannot attach to anything. */
const BELONGS_TO_NOTHING = /^Unexpected \S+ token in YAML stream/;
const UNCLOSED_QUOTE = /^Missing closing (["'])quote/;

const isStray = (error: { readonly message: string }): boolean => BELONGS_TO_NOTHING.test(error.message);

/** Plain words for faults that only the parser's message tells apart, not its code. */
function plainly(message: string): { readonly message: string; readonly expected: string } | undefined {
  if (BELONGS_TO_NOTHING.test(message))
    return {
      message: "this belongs to nothing before it",
      expected: "keys and lists in line with their like",
    };
  const quote = UNCLOSED_QUOTE.exec(message)?.[1];
  if (quote !== undefined)
    return { message: "a text in quotes has no end", expected: `${quote} where the text ends` };
  return undefined;
}

function syntaxProblems(document: Parsed, at: (offset: number) => Position): SourceProblem[] {
  // Report only the first of stray words, and nothing after an open quote: the other faults are consequences.
  const [, ...strays] = document.errors.filter(isStray);
  const quote = document.errors.find(({ message }) => UNCLOSED_QUOTE.test(message));
  const told = document.errors.filter(
    (error) =>
      !strays.includes(error) && (quote === undefined || error === quote || error.pos[0] < quote.pos[0]),
  );
  return [...told, ...document.warnings].map((error) => ({
    code: "yaml_syntax",
    position: at(error.pos[0]),
    // The parser reports its own stack overflow, from nesting by indentation or dashes, like any other fault.
    message: error.message.includes("call stack")
      ? "the file is nested too deeply"
      : firstLine(error.message),
    ...PLAIN_WORDS[error.code],
    ...plainly(error.message),
  }));
}

/**
 * Leaves of a file with a fault of syntax what stands whole before the first fault: sections, and entries of the section
 * with the fault. Behind a fault the parser guesses.
 * @returns whether anything is left
 */
function cutAtFault(document: Parsed): boolean {
  const { contents } = document;
  const fault = Math.min(...document.errors.map(({ pos }) => pos[0]));
  // A fault that is none of the grammar, such as an alias of nothing, does not say where reading can be trusted.
  if (!isMap(contents) || !Number.isFinite(fault) || hasAlias(document)) return false;
  const isBefore = (node: unknown) => ((node as Node | null)?.range?.[2] ?? fault) < fault;
  contents.items = contents.items.filter((pair) => {
    if (!isScalar(pair.key)) return false;
    const section: unknown = pair.value;
    if (isBefore(section)) return true;
    if (!isSeq(section)) return false;
    section.items = section.items.filter((item) => isMap(item) && isBefore(item));
    return section.items.length > 0;
  });
  return true;
}

function hasAlias(document: Parsed): boolean {
  let has = false;
  visit(document, {
    Alias: () => {
      has = true;
      return visit.BREAK;
    },
  });
  return has;
}

/** Duplicate keys, keys that are no text, aliases of nothing, and numbers whose written form would be lost. */
function nodeProblems(document: Parsed, at: (offset: number) => Position): SourceProblem[] {
  const problems: SourceProblem[] = [];
  const anchors = new Set<string>();
  let aliases = 0;
  visit(document, {
    Map(_, map, path) {
      if (map.anchor !== undefined) anchors.add(map.anchor);
      for (const problem of joinRepeatedKeys(map, isFlows(path), at)) problems.push(problem);
    },
    Seq(_, list) {
      if (list.anchor !== undefined) anchors.add(list.anchor);
    },
    Alias(_, node) {
      aliases += 1;
      // The parser walks through the whole file for each alias.
      if (aliases > ALIASES_MAX) {
        problems.push({
          code: "yaml_syntax",
          message: "the file has too many aliases",
          position: at(node.range?.[0] ?? 0),
          expected: `at most ${ALIASES_MAX}`,
        });
        return visit.BREAK;
      }
      if (anchors.has(node.source)) return undefined;
      problems.push({
        code: "yaml_syntax",
        message: `there is no anchor \`&${node.source}\` before this alias`,
        position: at(node.range?.[0] ?? 0),
        found: `*${node.source}`,
        expected: "an anchor further up, or a text that begins with * in quotes",
      });
      return undefined;
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
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (typeof node.value !== "number" && typeof node.value !== "bigint") return;
      const source = node.source ?? String(node.value);
      if (String(node.value) === source) return;
      // The office's checks go on with what people see.
      node.value = source;
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

/** The mapping of flows is the value of the key `flows` of the file itself. */
function isFlows(path: readonly unknown[]): boolean {
  const pair = path.at(-1);
  return path.length === 3 && isPair(pair) && isScalar(pair.key) && pair.key.value === "flows";
}

/** Steps follow each other, so two lists of them are not one. */
const NOT_JOINED: readonly string[] = ["steps", "no_answer"];

/**
 * Finds keys that are given twice. Lists and mappings of such keys are joined, so that what the second one says is checked
 * as well, and what refers to it is there.
 */
function joinRepeatedKeys(
  map: YAMLMap,
  areFlows: boolean,
  at: (offset: number) => Position,
): SourceProblem[] {
  const first = new Map<string, Pair>();
  const problems: SourceProblem[] = [];
  map.items = map.items.filter((pair) => {
    if (!isScalar(pair.key)) return true;
    const key = String(pair.key.value);
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, pair);
      return true;
    }
    const others = [{ ...at(startOf(before.key) ?? 0), note: "first given here" }];
    const position = at(startOf(pair.key) ?? 0);
    problems.push({ code: "duplicate", message: `the key \`${key}\` is given twice`, position, others });
    if (areFlows) {
      pair.key.value = `${key}${REPEATED.repeat(problems.length)}`;
      return true;
    }
    const [one, other]: readonly unknown[] = [before.value, pair.value];
    if (isSeq(one) && isSeq(other) && !NOT_JOINED.includes(key)) one.items.push(...other.items);
    else if (isMap(one) && isMap(other)) one.items.push(...other.items);
    return false;
  });
  return problems;
}

/** Follows a path through the nodes, as far as it exists. */
function offsetOf(document: Parsed, path: Path, part: Place["part"]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    node = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
    } else if (isMap(node)) {
      const pair = pairOf(node, String(step));
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

/** Pairs by key, made once per map: searching the map for each of many problems would take quadratic time. */
const PAIRS = new WeakMap<YAMLMap, Map<string, Pair>>();

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  let pairs = PAIRS.get(map);
  if (pairs === undefined) {
    pairs = new Map();
    for (const pair of map.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (name !== undefined && !pairs.has(name)) pairs.set(name, pair);
    }
    PAIRS.set(map, pairs);
  }
  return pairs.get(key);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
