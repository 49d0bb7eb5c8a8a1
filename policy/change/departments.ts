/**
 * Finds the group that a department of a table means. People write departments as they please: `Sales Dept` beside a group
 * `sales` may be that group or another, and only a person can tell. Such a near match is a question.
 */
import { isBuiltIn } from "../office/built-in.js";
import { plainLetters } from "../office/plain-letters.js";

/** Stands for a department that is to be no group. */
export const NO_GROUP = "-";

export interface KnownGroup {
  readonly id: string;
  readonly name: string;
}

export type Department =
  /** The department is this group; a new one if the office does not have it. */
  | { readonly kind: "is"; readonly id: string }
  | { readonly kind: "none" }
  /** It may be the group that is named, or a new one with this id. */
  | { readonly kind: "near"; readonly id: string; readonly group: KnownGroup };

/** @param decided what people have said of departments: title to group id, or {@link NO_GROUP} */
export function departmentOf(
  title: string,
  groups: readonly KnownGroup[],
  decided: ReadonlyMap<string, string>,
): Department {
  const said = decided.get(title) ?? decided.get(title.toLowerCase());
  if (said === NO_GROUP) return { kind: "none" };
  if (said !== undefined) return { kind: "is", id: said };
  const id = groupIdOf(title);
  const same = groups.find((group) => isSame(title, id, group));
  if (same !== undefined) return { kind: "is", id: same.id };
  const near = groups.find((group) => isNear(title, group.id) || isNear(title, group.name));
  return near === undefined ? { kind: "is", id } : { kind: "near", id: freeId(id, groups), group: near };
}

/** The id of a new group with this name. */
export function groupIdOf(title: string): string {
  return plainLetters(title)
    .replace(/[^a-z0-9._-]+/g, "-")
    .slice(0, 64)
    .replace(/^[._-]+|[._-]+$/g, "");
}

/** Rights come with the administrators' groups, so only their ids as they are mean them. */
function isSame(title: string, id: string, group: KnownGroup): boolean {
  if (isBuiltIn(group.id)) return title === group.id;
  return group.id === id || group.name === title;
}

function freeId(id: string, groups: readonly KnownGroup[]): string {
  const taken = (candidate: string) => groups.some((group) => group.id === candidate);
  for (let n = 2; ; n += 1) {
    const candidate = n === 2 && !taken(id) ? id : `${id}-${n}`;
    if (!taken(candidate)) return candidate;
  }
}

/** Words that say only that something is a group. */
const EMPTY_WORDS = new Set(
  "dept department team group unit division the abteilung abt gruppe bereich".split(" "),
);
const PLURALS = ["s", "es", "e", "n", "en", "er"];
/** A shorter word differs from most others in one letter. */
const TYPO_CHARS_MIN = 4;

/** Whether two names differ only in case, spaces and marks, a plural, a word such as team, or one letter. */
export function isNear(a: string, b: string): boolean {
  if (groupIdOf(a) !== "" && joined(a) === joined(b)) return true;
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const [x, y] = [left.join(""), right.join("")];
  if (x === "" || y === "") return false;
  if (x === y) return true;
  const [short, long] = x.length < y.length ? [x, y] : [y, x];
  if (short.length > 2 && PLURALS.some((plural) => long === `${short}${plural}`)) return true;
  return differsInOneLetter(left, right, x, y);
}

function joined(name: string): string {
  return plainLetters(name).replace(/[^a-z0-9]+/g, "");
}

function wordsOf(name: string): string[] {
  const words = plainLetters(name)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const telling = words.filter((word) => !EMPTY_WORDS.has(word));
  return telling.length > 0 ? telling : words;
}

/** `Team A` and `Team B`, or `Shift 1` and `Shift 2`, are meant to differ. */
function differsInOneLetter(
  left: readonly string[],
  right: readonly string[],
  x: string,
  y: string,
): boolean {
  if (Math.min(x.length, y.length) < TYPO_CHARS_MIN) return false;
  const single = (words: readonly string[]) => words.filter((word) => word.length === 1).join(" ");
  const digits = (text: string) => text.replace(/\D/g, "");
  if (single(left) !== single(right) || digits(x) !== digits(y)) return false;
  return isOneEditApart(x, y);
}

/** One letter replaced, added, left out, or two next to each other in the other order. */
function isOneEditApart(x: string, y: string): boolean {
  let start = 0;
  while (start < x.length && x[start] === y[start]) start += 1;
  let end = 0;
  while (end < Math.min(x.length, y.length) - start && x.at(-1 - end) === y.at(-1 - end)) end += 1;
  const [a, b] = [x.slice(start, x.length - end), y.slice(start, y.length - end)];
  return (
    (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0])
  );
}
