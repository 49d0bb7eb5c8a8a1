/** Reads an office from files and folders: returns the office, or every problem with its file, line and column. */
import { createHash } from "node:crypto";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { Place, Problem, ProblemCode } from "../../../policy/office-file/problem.js";
import type { RenameClaim } from "../../../policy/office-file/rename-claim.js";
import { resolveOffice } from "../../../policy/office-file/resolve.js";
import { type OfficeText, readOfficeTexts } from "./texts.js";
import { type Position, parseYamlSource, type YamlSource } from "./yaml-source.js";

/** A place in a file, as people are told it. */
export interface FilePosition extends Position {
  readonly file: string;
}

/** A problem with everything that is needed to show it. */
export interface OfficeProblem extends FilePosition {
  readonly severity: "error" | "warning";
  readonly code: ProblemCode;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly suggestion?: string;
  readonly others?: readonly (FilePosition & { readonly note: string })[];
}

/** People read no more than this, and a hostile file may have a problem in every line. */
export const PROBLEMS_MAX = 1_000;

/** Finding the line of a problem takes time, so only this many problems get one. */
const PROBLEMS_LOCATED_MAX = 10_000;

export interface OfficeReading {
  /** Undefined when any problem is an error. */
  readonly office: Office | undefined;
  /** What the files say of earlier ids. */
  readonly renames: readonly RenameClaim[];
  /** In the order of the files, lines and columns; {@link PROBLEMS_MAX} at most. */
  readonly problems: readonly OfficeProblem[];
  /** The number of problems left out. */
  readonly omitted: number;
  /** SHA-256 of the files' texts with their names, hexadecimal. */
  readonly sourceHash: string;
  readonly files: readonly string[];
}

/**
 * Reads and checks an office. Never throws, whatever the files contain.
 * @param nowMs the present time, to warn about what is over; undefined: nothing is compared with the time
 */
export async function readOffice(paths: readonly string[], nowMs?: number): Promise<OfficeReading> {
  return readOfficeFrom(await readOfficeTexts(paths), nowMs);
}

/** The same for texts that were read already. */
export function readOfficeFrom(texts: readonly OfficeText[], nowMs?: number): OfficeReading {
  const sources = texts.map(({ text }) => parseYamlSource(text));
  const problems = texts.flatMap((text, index) => textProblems(text, sources[index]));
  const readable = problems.length === 0;
  // A file that is not valid YAML may define any name, so references from the other files cannot be checked.
  const resolved = readable
    ? resolveOffice(
        sources.map(({ content }) => content),
        nowMs,
      )
    : { office: undefined, problems: [], renames: [] };
  for (const problem of resolved.problems.slice(0, PROBLEMS_LOCATED_MAX)) {
    problems.push(locate(problem, texts, sources));
  }
  const all = problems.length + Math.max(0, resolved.problems.length - PROBLEMS_LOCATED_MAX);
  const shown = inOrder(problems, texts).slice(0, PROBLEMS_MAX);
  return {
    office: resolved.office,
    renames: resolved.renames,
    problems: shown,
    omitted: all - shown.length,
    sourceHash: hash(texts),
    files: texts.map(({ name }) => name),
  };
}

function textProblems(text: OfficeText, source: YamlSource | undefined): OfficeProblem[] {
  if (text.failure !== undefined) {
    const { code, reason } = text.failure;
    return [{ severity: "error", code, message: reason, file: text.name, line: 1, column: 1 }];
  }
  return (source?.problems ?? []).map(({ position, others, ...problem }) => ({
    severity: "error",
    ...problem,
    file: text.name,
    ...position,
    ...given({ others: others?.map((other) => ({ file: text.name, ...other })) }),
  }));
}

function locate(
  problem: Problem,
  texts: readonly OfficeText[],
  sources: readonly YamlSource[],
): OfficeProblem {
  const position = (place: Place): FilePosition => ({
    file: texts[place.file]?.name ?? "",
    ...(sources[place.file]?.position(place.path, place.part) ?? { line: 1, column: 1 }),
  });
  const { at, others, ...rest } = problem;
  return {
    ...rest,
    ...position(at),
    ...given({ others: others?.map((other) => ({ ...position(other.at), note: other.note })) }),
  };
}

function inOrder(problems: OfficeProblem[], texts: readonly OfficeText[]): OfficeProblem[] {
  const order = new Map(texts.map(({ name }, index) => [name, index]));
  return problems.sort(
    (a, b) =>
      (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.message < b.message ? -1 : 1),
  );
}

function hash(texts: readonly OfficeText[]): string {
  const digest = createHash("sha256");
  // The lengths come first: the same bytes split into other files are another office.
  for (const { name, text } of texts) digest.update(`${name.length} ${text.length}\n${name}${text}`);
  return digest.digest("hex");
}
