/** What becomes of the items of a list or mapping that is written back, in their new order. */
import type { Splice } from "./source.js";

export type Item =
  /** One that is there; a splice changes a part of it. */
  | { readonly old: number; readonly splice?: Splice }
  /** One that is there, and whose value is written anew. */
  | { readonly old: number; readonly anew: unknown }
  /** A new one, as the lines of a block and as a part of a line. */
  | Added;

export interface Added {
  readonly lines: readonly string[];
  readonly oneLine: string;
}

export function isAdded(item: Item | undefined): item is Added {
  return item !== undefined && "lines" in item;
}

/** The places of the items that stay, in their new order. */
export function oldPlaces(items: readonly Item[]): number[] {
  return items.flatMap((item) => (isAdded(item) ? [] : [item.old]));
}

export function isAscending(places: readonly number[]): boolean {
  return places.every((place, index) => index === 0 || (places[index - 1] ?? 0) < place);
}

/** What becomes of a node. */
export type Outcome =
  | { readonly is: "same" }
  | { readonly is: "written"; readonly splice: Splice }
  /** Its owner has to write it anew. */
  | { readonly is: "anew" }
  /** It cannot be written in place. */
  | { readonly is: "left"; readonly why: string };

export const SAME: Outcome = { is: "same" };
export const ANEW: Outcome = { is: "anew" };

export function left(why: string): Outcome {
  return { is: "left", why };
}
