/**
 * Edits of an office by command all end here, in the same checks that files go through, so that an edited office is as
 * valid as an applied one.
 */

import type { Office } from "../office/office.js";
import { given } from "../office/optional.js";
import { exportOffice, type OfficeFileContent } from "../office-file/export.js";
import type { Path, Place, Problem } from "../office-file/problem.js";
import { resolveOffice } from "../office-file/resolve.js";
import { ENTRY_SECTIONS } from "../office-file/sections.js";
import type { Rename } from "./renaming.js";

/** A fault of an office and its place in words, for people who are not looking at a file. */
export interface Fault extends Pick<Problem, "message" | "found" | "expected" | "suggestion"> {
  /** A cause of a refusal: another edit of the same list makes no sense. */
  readonly code: Problem["code"] | RefusalCause;
  /** For example `number +12125550100, step 2`; empty: the whole office. */
  readonly where: string;
  /** The same place for programs; left out: no single entry is at fault. */
  readonly at?: FaultPlace;
}

/** A place in an entry of the office, in the words of its file. */
export interface FaultPlace {
  /** As edits name it: `user`, `number`, `schedule`, `office`. */
  readonly kind: string;
  /** Empty: the office. */
  readonly id: string;
  /** Keys and list positions in the entry; the steps of a flow are its own list. */
  readonly path: Path;
}

/**
 * Why an edit is refused.
 * - `not_found`: the user, group or device that is named does not exist.
 * - `senseless`: the edit makes no sense for this office, whatever the checks would say.
 * - `exists`: there is an entry of that name already.
 * - `in_use`: other entities still lead to what would be removed; the faults say which.
 * - `checks_failed`: the office would have the errors that the faults name.
 * - `not_allowed`: who asks may not make it (`access/guard.ts`). Commands on the machine may make any.
 */
export type RefusalCause = "not_found" | "senseless" | "exists" | "in_use" | "checks_failed" | "not_allowed";

export interface Refusal {
  readonly ok: false;
  readonly cause: RefusalCause;
  /** In words, for people. */
  readonly reason: string;
  readonly faults: readonly Fault[];
}

/** The new office with what it renames, or why the edit is refused. */
export type Edited =
  | { readonly ok: true; readonly office: Office; readonly renames?: readonly Rename[] }
  | Refusal;

/** A refusal of an edit that makes no sense, whatever the checks would say. */
export function refused(reason: string): Refusal {
  return { ok: false, cause: "senseless", reason, faults: [] };
}

/** A refusal of an edit that adds what is there already. */
export function taken(reason: string): Refusal {
  return { ok: false, cause: "exists", reason, faults: [] };
}

/** A refusal of an edit of something that the office does not have. */
export function notFound(reason: string): Refusal {
  return { ok: false, cause: "not_found", reason, faults: [] };
}

/**
 * Makes an office of contents in the words of the file, all checks included.
 * @param contents together the whole office, like the files of a folder
 * @param reason what to say when a check fails
 */
export function checkContents(contents: readonly Partial<OfficeFileContent>[], reason: string): Edited {
  const { office, problems } = resolveOffice(contents, { errorsOnly: true });
  if (office !== undefined) return { ok: true, office };
  const errors = problems.filter(({ severity }) => severity === "error");
  const faults = errors.map((problem) => faultOf(problem, contents));
  return { ok: false, cause: "checks_failed", reason, faults };
}

/** The same for an office in memory. */
export function checkOffice(office: Office, reason: string): Edited {
  return checkContents([exportOffice(office)], reason);
}

function faultOf(problem: Problem, contents: readonly unknown[]): Fault {
  const { code, message, found, expected, suggestion } = problem;
  return {
    where: placeInWords(problem.at, contents),
    code,
    message,
    ...given({ found, expected, suggestion, at: entryPlace(problem.at, contents) }),
  };
}

/** Sections that are lists, each with the noun for an entry and the field that identifies it. */
const NOUNS: Readonly<Record<string, readonly [noun: string, key: string]>> = {
  carriers: ["carrier", "id"],
  users: ["user", "username"],
  groups: ["group", "id"],
  numbers: ["number", "number"],
  ...Object.fromEntries(ENTRY_SECTIONS.map(({ key, noun }) => [key, [noun, "id"] as const])),
};
/** Lists inside an entry, each with the noun for an element and the field that identifies it. */
const PARTS: Readonly<Record<string, readonly [noun: string, key: string | undefined]>> = {
  devices: ["device", "id"],
  members: ["member", "user"],
  no_answer: ["no_answer step", undefined],
  steps: ["step", undefined],
};

/** A place as words: `user alice.wong, device desk`. An entry has its name, a step its number in the flow, from 1. */
function placeInWords({ file, path }: Place, contents: readonly unknown[]): string {
  const [section, entry, part, index] = path;
  const content = member(contents[file], section);
  const words: string[] = [];
  if (section === "flows" && entry !== undefined) {
    words.push(`flow ${entry}`);
    if (typeof part === "number") words.push(`step ${part + 1}`);
    return words.join(", ");
  }
  const noun = NOUNS[String(section)];
  if (noun === undefined || entry === undefined) return section === undefined ? "" : String(section);
  words.push(`${noun[0]} ${nameOf(member(content, entry), noun[1], entry)}`);
  const inner = PARTS[String(part)];
  if (inner === undefined || typeof index !== "number") return words.join(", ");
  const element = member(member(member(content, entry), part), index);
  words.push(`${inner[0]} ${nameOf(element, inner[1], index)}`);
  return words.join(", ");
}

/** The place in an entry; undefined: it is a whole section, or no entry at all. */
function entryPlace({ file, path }: Place, contents: readonly unknown[]): FaultPlace | undefined {
  const [section, entry, ...inside] = path;
  if (section === "office")
    return { kind: "office", id: "", path: entry === undefined ? [] : [entry, ...inside] };
  if (entry === undefined) return undefined;
  if (section === "flows") return { kind: "flow", id: String(entry), path: inside };
  const noun = NOUNS[String(section)];
  if (noun === undefined) return undefined;
  const value = member(member(contents[file], section), entry);
  return { kind: noun[0], id: nameOf(value, noun[1], entry), path: inside };
}

function nameOf(value: unknown, key: string | undefined, index: string | number): string {
  const name = key === undefined ? undefined : member(value, key);
  return typeof name === "string" ? name : String(Number(index) + 1);
}

function member(value: unknown, key: string | number | undefined): unknown {
  if (typeof value !== "object" || value === null || key === undefined) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}
