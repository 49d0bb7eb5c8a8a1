/** Writes what applying changed, in one line. */
import { sectionOf } from "../../../policy/office-file/sections.js";
import type { KindSummary, Summary } from "../../../storage/apply.js";

const NOUNS: { readonly [K in Exclude<keyof Summary, "sections">]: readonly [one: string, many: string] } = {
  settings: ["office", "office"],
  carriers: ["carrier", "carriers"],
  users: ["user", "users"],
  groups: ["group", "groups"],
  flows: ["flow", "flows"],
  numbers: ["number", "numbers"],
};

/** For example `users +2 ~1, numbers +10 -1`: added, changed, removed. */
export function summaryLine(summary: Summary): string {
  const kinds = Object.entries(NOUNS).flatMap(([kind, [one, many]]) =>
    counts(summary[kind as keyof typeof NOUNS], one, many),
  );
  const sections = Object.entries(summary.sections ?? {}).flatMap(([section, count]) =>
    counts(count, sectionOf(section)?.noun ?? section, section),
  );
  return [...kinds, ...sections].join(", ");
}

function counts({ added, changed, removed }: KindSummary, one: string, many: string): string[] {
  const parts = [
    added > 0 ? `+${added}` : "",
    changed > 0 ? `~${changed}` : "",
    removed > 0 ? `-${removed}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? [] : [`${added + changed + removed === 1 ? one : many} ${parts.join(" ")}`];
}
