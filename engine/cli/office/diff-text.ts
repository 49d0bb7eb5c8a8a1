/** Writes the difference between two offices as lines for people. */
import type { EntityDifference, FieldChange } from "../../../policy/change/diff.js";
import type { ReachChange, Stage } from "../../../policy/change/reach.js";
import { ENTITY_KINDS, shownAs } from "../../../policy/office/entities.js";
import type { OfficeDifference } from "../../office/views/compare.js";

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;
/** All lines, or the first `linesMax` and a line with the number left out. Empty when nothing differs. */
export function renderDiff(
  { changes, reach }: OfficeDifference,
  linesMax = Number.POSITIVE_INFINITY,
): string {
  const lines = ENTITY_KINDS.flatMap((kind) => kindLines(changes.filter((change) => change.kind === kind)));
  if (reach.length > 0) lines.push("these numbers will ring somebody else", ...reach.flatMap(reachLines));
  if (lines.length === 0) return "";
  const shown = lines.slice(0, linesMax);
  if (shown.length < lines.length) shown.push(`… and ${lines.length - shown.length} more lines`);
  return `${shown.join("\n")}\n`;
}

/** The changes of one kind of entity, under the name of their section in a file. */
function kindLines(changes: readonly EntityDifference[]): string[] {
  let title = "";
  return changes.flatMap((change) => {
    const { section, id } = shownAs(change.kind, change.key);
    const isNext = section !== title;
    title = section;
    return [...(isNext ? [section] : []), ...entityLines(id, change)];
  });
}

function entityLines(id: string, { change, fields }: EntityDifference): string[] {
  return [`  ${SIGNS[change]} ${id}`, ...fields.map((field) => `      ${fieldText(change, field)}`)];
}

function fieldText(change: EntityDifference["change"], { field, from, to }: FieldChange): string {
  if (change === "added") return `${field}: ${to}`;
  if (change === "removed") return `${field}: ${from}`;
  return `${field}: ${from ?? "(none)"} -> ${to ?? "(none)"}`;
}

function reachLines({ number, from, to }: ReachChange): string[] {
  return [`  ${number}`, `      was: ${stagesText(from)}`, `      now: ${stagesText(to)}`];
}

function stagesText(stages: readonly Stage[]): string {
  if (stages.length === 0) return "nobody";
  return stages.map((stage) => (stage.length === 0 ? "nobody" : stage.join(", "))).join("; then ");
}
