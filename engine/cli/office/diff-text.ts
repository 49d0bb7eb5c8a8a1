/** Writes the difference between two offices as lines for people. */
import type { EntityDifference, FieldChange } from "../../../policy/change/diff.js";
import type { ListChange } from "../../../policy/change/list-changes.js";
import type { Stage } from "../../../policy/change/reach.js";
import type { ReachChange } from "../../../policy/change/reach-changes.js";
import { ENTITY_KINDS, shownAs } from "../../../policy/office/entities.js";
import type { OfficeDifference } from "../../office/views/compare.js";

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

/** How the two sides of a difference are called where numbers ring other phones. */
export interface SideNames {
  readonly from: string;
  readonly to: string;
}

/** The change is still to come. */
export const PLANNED: SideNames = { from: "rings now", to: "will ring" };
/** The change was made. */
export const MADE: SideNames = { from: "rang before", to: "rings now" };

/** All lines, or the first `linesMax` and a line with the number left out. Empty when nothing differs. */
export function renderDiff(
  { changes, reach }: OfficeDifference,
  names: SideNames,
  linesMax = Number.POSITIVE_INFINITY,
): string {
  const lines = ENTITY_KINDS.flatMap((kind) => kindLines(changes.filter((change) => change.kind === kind)));
  if (reach.length > 0)
    lines.push(
      "these numbers ring other phones when nobody answers",
      ...reach.flatMap((change) => reachLines(change, names)),
    );
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

function entityLines(id: string, { change, renamedFrom, fields }: EntityDifference): string[] {
  const renamed = renamedFrom === undefined ? "" : ` (renamed from ${renamedFrom})`;
  return [`  ${SIGNS[change]} ${id}${renamed}`, ...fields.flatMap((field) => fieldLines(change, field))];
}

function fieldLines(change: EntityDifference["change"], { field, from, to, items }: FieldChange): string[] {
  if (change === "added") return [`      ${field}: ${to}`];
  if (change === "removed") return [`      ${field}: ${from}`];
  if (items !== undefined) return [`      ${field}:`, ...items.map((item) => `        ${listText(item)}`)];
  return [`      ${field}: ${from ?? "(none)"} -> ${to ?? "(none)"}`];
}

/** Places are counted from 1. */
function listText(change: ListChange): string {
  switch (change.change) {
    case "added":
      return `+ ${change.to}: ${change.item}`;
    case "removed":
      return `- ${change.from}: ${change.item}`;
    case "moved":
      return `> ${change.to}: ${change.item} (was ${change.from})`;
    case "changed":
      return `~ ${change.to}: ${change.was} -> ${change.item}`;
  }
}

function reachLines({ number, when, from, to }: ReachChange, names: SideNames): string[] {
  const at = when === "now" ? "" : " (not now, but at other times)";
  return [
    `  ${number}${at}`,
    `      ${names.from}: ${stagesText(from)}`,
    `      ${names.to}: ${stagesText(to)}`,
  ];
}

function stagesText(stages: readonly Stage[]): string {
  if (stages.length === 0) return "nobody";
  return stages.map((stage) => (stage.length === 0 ? "nobody" : stage.join(", "))).join("; then ");
}
