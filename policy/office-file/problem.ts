/**
 * What can be wrong with an office, as values. Pure code finds problems and knows only the file (its place in the list)
 * and the path inside it; the engine turns these into lines and columns.
 */

/** Keys and list positions from the root of a file to a value. */
export type Path = readonly (string | number)[];

/** A place in one of the files. `part` says whether the key or its value is wrong. */
export interface Place {
  /** Index into the list of files that were read together. */
  readonly file: number;
  readonly path: Path;
  readonly part: "key" | "value";
}

/** Stable words for programs; a retired code is never used again. */
export const PROBLEM_CODES = [
  "file_unreadable",
  "file_too_big",
  "no_files",
  "yaml_syntax",
  "yaml_number",
  "missing_key",
  "unknown_key",
  "not_available",
  "wrong_value",
  "no_office",
  "duplicate",
  "dangling",
  "loop",
  "no_ending",
  "unreachable",
  "nobody_rings",
  "not_owned",
  "own_number",
  "never_rings",
  "too_many_phones",
  "unused",
  "emergency_number",
  "no_carrier",
  "never_called",
  "overlap",
  "ambiguous_extension",
  "hidden_number",
  "ambiguous_number",
  "no_such_number",
  "no_flow",
  "no_address",
  "no_number_shown",
  "voicemail_answers",
  "missing_sound",
  "no_sound",
  "long_sound",
  "wrong_rename",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface Problem {
  readonly severity: "error" | "warning";
  readonly code: ProblemCode;
  /** One sentence without a full stop. */
  readonly message: string;
  readonly at: Place;
  /** The value that stands there, as short text. */
  readonly found?: string;
  readonly expected?: string;
  /** The value that was probably meant, ready to be typed. */
  readonly suggestion?: string;
  /** Other places that belong to the problem: the first of two duplicates, the flows of a loop. */
  readonly others?: readonly { readonly at: Place; readonly note: string }[];
}

/** The place of a value. */
export function valueAt(file: number, path: Path): Place {
  return { file, path, part: "value" };
}

/** The place of a key (the last item of the path). */
function keyAt(file: number, path: Path): Place {
  return { file, path, part: "key" };
}

/** A place one level deeper. */
export function under(place: Place, step: string | number, part: Place["part"]): Place {
  const path: Path = [...place.path, step];
  return part === "key" ? keyAt(place.file, path) : valueAt(place.file, path);
}

/** Values longer than this are cut in a message. */
const SHOWN_MAX_CHARS = 60;

/** A noun with its article. */
export function aOrAn(noun: string): string {
  return `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;
}

/** A value of a file as one short line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    return keys.length === 0
      ? "an empty mapping"
      : cut(`a mapping with ${keys.slice(0, SHOWN_MAX_CHARS).join(", ")}`);
  }
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  // A character has at most two UTF-16 units, so the rest of a long text need not be split.
  const characters = Array.from(text.slice(0, 2 * SHOWN_MAX_CHARS + 2));
  return characters.length <= SHOWN_MAX_CHARS
    ? text
    : `${characters.slice(0, SHOWN_MAX_CHARS - 1).join("")}…`;
}
