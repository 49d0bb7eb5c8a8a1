/**
 * What an apply changed, in one line.
 */
import { ENTITY_KINDS, type EntityKind } from "../../../policy/office/entities.js";
import type { Summary } from "../../../storage/apply.js";

const NOUNS: { readonly [K in EntityKind]: readonly [one: string, many: string] } = {
  settings: ["office", "office"],
  carriers: ["carrier", "carriers"],
  users: ["user", "users"],
  groups: ["group", "groups"],
  flows: ["flow", "flows"],
  numbers: ["number", "numbers"],
};

/** For example `users +2 ~1, numbers +10 -1`: added, changed, removed. */
export function summaryLine(summary: Summary): string {
  return ENTITY_KINDS.flatMap((kind) => {
    const { added, changed, removed } = summary[kind];
    const parts = [
      added > 0 ? `+${added}` : "",
      changed > 0 ? `~${changed}` : "",
      removed > 0 ? `-${removed}` : "",
    ].filter((part) => part !== "");
    const total = added + changed + removed;
    return parts.length === 0 ? [] : [`${NOUNS[kind][total === 1 ? 0 : 1]} ${parts.join(" ")}`];
  }).join(", ");
}
