/** Reads an office from files and folders: returns the office, or every problem with its file, line and column. */
import { createHash } from "node:crypto";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import { checkSounds } from "../../../policy/office-file/checks/sounds.js";
import type { Place, Problem, ProblemCode } from "../../../policy/office-file/problem.js";
import type { RenameClaim } from "../../../policy/office-file/rename-claim.js";
import { type Options, type Resolved, resolveOffice } from "../../../policy/office-file/resolve.js";
import { parseYamlFile } from "./large-yaml.js";
import { soundFacts } from "./sounds.js";
import { type OfficeText, readOfficeTexts } from "./texts.js";
import type { Position, YamlSource } from "./yaml-source.js";

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

/** Where the sound files are looked for that an office names. */
export interface SoundFolders {
  /** In this order. */
  readonly folders: readonly string[];
  /** The folders in a sentence. */
  readonly where: string;
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
  const parsed = parse(texts, { nowMs });
  return located(parsed, parsed.resolved.problems);
}

/** Reads an office, and looks for everything that its callers would notice, sound files included. */
export async function examineOffice(
  paths: readonly string[],
  nowMs: number,
  sounds: SoundFolders,
): Promise<OfficeReading> {
  const parsed = parse(await readOfficeTexts(paths), { nowMs, notices: true });
  const { problems, sounds: named } = parsed.resolved;
  const facts = await soundFacts(named, sounds.folders);
  return located(parsed, [...problems, ...checkSounds(named, facts, sounds.where)]);
}

interface Parsed {
  readonly texts: readonly OfficeText[];
  readonly sources: readonly YamlSource[];
  /** What is wrong with the texts themselves. */
  readonly ofTexts: readonly OfficeProblem[];
  readonly resolved: Resolved;
}

function parse(texts: readonly OfficeText[], options: Pick<Options, "nowMs" | "notices">): Parsed {
  const sources = texts.map(({ text }) => parseYamlFile(text));
  const ofTexts = texts.flatMap((text, index) => textProblems(text, sources[index]));
  const isCut = texts.some(({ failure }, index) => failure !== undefined || sources[index]?.isCut === true);
  const resolved = resolveOffice(
    sources.map(({ content }) => content),
    { ...options, texts: isCut ? "cut" : ofTexts.length > 0 ? "faulty" : "good" },
  );
  return { texts, sources, ofTexts, resolved };
}

function located({ texts, sources, ofTexts, resolved }: Parsed, found: readonly Problem[]): OfficeReading {
  const problems = [...ofTexts];
  const taken = new Set(problems.map(placeText));
  for (const problem of found.slice(0, PROBLEMS_LOCATED_MAX)) {
    const one = locate(problem, texts, sources);
    // What is wrong with the text itself is said once.
    if (!taken.has(placeText(one))) problems.push(one);
  }
  const all = problems.length + Math.max(0, found.length - PROBLEMS_LOCATED_MAX);
  const shown = inOrder(problems, texts).slice(0, PROBLEMS_MAX);
  return {
    office: found.some(({ severity }) => severity === "error") ? undefined : resolved.office,
    renames: resolved.renames,
    problems: shown,
    omitted: all - shown.length,
    sourceHash: hash(texts),
    files: texts.map(({ name }) => name),
  };
}

function placeText({ file, line, column }: FilePosition): string {
  return `${file}:${line}:${column}`;
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
