/** This moment, as far as calls depend on it: the time, what was set by hand, and whose turn it is in rotating groups. */
import type { Moment } from "../../../policy/change/reach.js";
import type { Rename } from "../../../policy/change/renaming.js";
import { idAfter } from "../../../policy/change/renaming.js";
import type { Deps } from "../../use-case.js";

/** @param renames what is about to be renamed: what is kept goes with it */
export async function presentMoment(
  {
    store,
    clock,
  }: { readonly store: Pick<Deps["store"], "readMemory" | "readByHand"> } & Pick<Deps, "clock">,
  renames: readonly Rename[] = [],
): Promise<Moment> {
  const byHand = new Map((await store.readByHand()).map((set) => [`${set.kind} ${set.id}`, set]));
  const rungFirst = new Map<string, string>();
  const answeredMs = new Map<string, number>();
  for (const what of await store.readMemory()) {
    if (what.kind === "answered") answeredMs.set(what.username, what.atMs);
    if (what.kind !== "rung_first") continue;
    rungFirst.set(what.group, what.username);
    rungFirst.set(idAfter(renames, "group", what.group), what.username);
  }
  return {
    atMs: clock.nowMs(),
    memory: {
      byHand: (kind, id) => byHand.get(`${kind} ${id}`),
      rungFirst: (group) => rungFirst.get(group),
      answeredMs: (username) => answeredMs.get(username),
    },
  };
}
