/**
 * The place of an entry among others, where their order means something: the members of a group, the devices
 * of a user, and the carriers that calls outside try one after the other. `place` is no field of a file, where an entry's place is where it stands.
 */
import { show } from "../../office-file/problem.js";
import { type Refusal, refused } from "../edit.js";
import type { EditFields } from "./types.js";

/** The fields without `place`; place undefined: the edit does not name any. */
export type Placed =
  | { readonly ok: true; readonly fields: EditFields; readonly place: number | undefined }
  | Refusal;

/** @param count how many entries there are, this one included */
export function takePlace(fields: EditFields, count: number): Placed {
  const { place, ...rest } = fields;
  if (place === undefined || place === null) return { ok: true, fields: rest, place: undefined };
  if (typeof place === "number" && Number.isInteger(place) && place >= 1 && place <= count)
    return { ok: true, fields: rest, place };
  return refused(`\`place\` cannot be ${show(place)}: expected a whole number from 1 to ${count}`);
}

/** A list with one item moved to a place, from 1. */
export function placeIn<T>(list: readonly T[], isItem: (item: T) => boolean, place: number): T[] {
  const others = list.filter((item) => !isItem(item));
  return [...others.slice(0, place - 1), ...list.filter(isItem), ...others.slice(place - 1)];
}
