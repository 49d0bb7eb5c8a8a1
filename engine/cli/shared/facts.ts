/** What is known of one entry, as a heading and lines of `title  value`; a title stands once for all its values. */
import type { DriftEntry } from "../../../storage/drift.js";
import { columns } from "./columns.js";

/** A title without values is left out. */
export type Fact = readonly [title: string, values: readonly string[]];

export function factsText(heading: string, facts: readonly Fact[]): string {
  const rows = facts.flatMap(([title, values]) =>
    values.map((value, index) => [`  ${index === 0 ? title : ""}`, value]),
  );
  return `${heading}\n${columns(rows)}`;
}

/** A value that may be missing. */
export function fact(title: string, value: string | number | undefined): Fact {
  return [title, value === undefined ? [] : [String(value)]];
}

export function driftFact(drift: DriftEntry | null): Fact {
  return [
    "drift",
    drift === null
      ? []
      : [`changed by command in revision ${drift.revision}, ${drift.author}: ${drift.message}`],
  ];
}

/** Fields of a file, each as a line: the key in words, the value as a file writes it, without its punctuation. */
export function fieldFacts(fields: object): Fact[] {
  return Object.entries(fields).flatMap(([key, value]): Fact[] =>
    value === undefined ? [] : [[key.replaceAll("_", " "), [valueText(value)]]],
  );
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([key, part]) => `${key} ${valueText(part)}`)
    .join(", ");
}
