/**
 * A mapping of a file as it was meant: keys that were mistyped are under the keys that were meant, so that what they say
 * is checked as well, and nothing is called missing that is there.
 */
import type { z } from "zod";
import { type Place, under } from "./problem.js";
import { suggest } from "./suggest.js";

export type Mapping = Record<string, unknown>;

export interface Meant {
  /** The mapping with known keys only. */
  readonly raw: Mapping;
  readonly at: Place;
  /** Known keys that were mistyped, and how. */
  readonly written: ReadonlyMap<string, string>;
  /** Keys that stand in the file and mean nothing, in their order. */
  readonly unknown: readonly string[];
}

/** Behind the id of a flow that one file has twice: both are checked. No id has it. */
export const REPEATED = "\0";

/** Whether a mistyped key's value is what the key that was probably meant would have. */
type Fits = (key: string, value: unknown) => boolean;

export function asMeant(raw: Mapping, known: readonly string[], at: Place, fits: Fits): Meant {
  const kept: Mapping = {};
  const written = new Map<string, string>();
  const unknown = Object.keys(raw).filter((key) => !known.includes(key));
  for (const key of known) if (raw[key] !== undefined) kept[key] = raw[key];
  for (const key of unknown) {
    const meant = suggest(key, known);
    if (meant === undefined || raw[meant] !== undefined || written.has(meant)) continue;
    written.set(meant, key);
    if (fits(meant, raw[key])) kept[meant] = raw[key];
  }
  return { raw: kept, at, written, unknown };
}

/** Where the value of a known key stands. */
export function placeOf({ at, written }: Meant, key: string): Place {
  return under(at, written.get(key) ?? key, "value");
}

/** Mistyped keys of all mappings, so that a place below one is found in the file. */
export class Mistyped {
  readonly #written = new Map<string, ReadonlyMap<string, string>>();

  add({ at, written }: Pick<Meant, "at" | "written">): void {
    if (written.size > 0) this.#written.set(mappingAt(at.file, at.path), written);
  }

  /** The place as the file writes it. */
  inFile(place: Place): Place {
    if (this.#written.size === 0) return place;
    const path: (string | number)[] = [];
    for (const step of place.path)
      path.push(this.#written.get(mappingAt(place.file, path))?.get(String(step)) ?? step);
    return { ...place, path };
  }
}

function mappingAt(file: number, path: Place["path"]): string {
  return JSON.stringify([file, ...path]);
}

/** A value fits when it is right, or when only parts of it are wrong. */
export function fitsShape(shape: Readonly<Record<string, z.core.$ZodType>>): Fits {
  return (key, value) => {
    const schema = shape[key] as z.ZodType | undefined;
    const result = schema?.safeParse(value);
    return (
      result !== undefined && (result.success || result.error.issues.every(({ path }) => path.length > 0))
    );
  };
}

export function isMapping(raw: unknown): raw is Mapping {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}
