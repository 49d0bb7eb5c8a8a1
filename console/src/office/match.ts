/** Which revision a save is made for: the one that the draft was begun on; after a conflict, the one that was shown then. */
import type { ClientProblem } from "./client.js";

export function matchOf(
  draft: { readonly revision: number | undefined },
  problem: ClientProblem | null,
): { readonly ifMatch?: number } {
  const revision = problem?.type === "changed_meanwhile" ? problem.revision : draft.revision;
  return revision === undefined ? {} : { ifMatch: revision };
}
