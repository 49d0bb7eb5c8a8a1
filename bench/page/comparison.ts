/** Two runs of one benchmark as one table: each figure of both, and their ratio. */
import type { Table } from "../bench.js";
import { median } from "../figures.js";

export type Side = "revision" | "these";

/**
 * Reads the `--json` of each run; of several runs it takes the median. A figure that only one side has is shown alone.
 * @param revision its name, for the heading
 */
export function comparison(
  revision: string,
  { revision: others, these }: Readonly<Record<Side, readonly unknown[]>>,
): Table {
  const [before, after] = [figuresOf(others), figuresOf(these)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const rows = names.map((name) => {
    const [old, own] = [before.get(name), after.get(name)];
    const ratio = old === undefined || own === undefined || old === 0 ? "-" : (own / old).toFixed(2);
    return [name, shown(old), shown(own), ratio];
  });
  return { heads: ["figure", revision, "these sources", "ratio"], rows };
}

/** Name -> median over the runs. */
function figuresOf(runs: readonly unknown[]): ReadonlyMap<string, number> {
  const values = new Map<string, number[]>();
  for (const run of runs)
    for (const [name, value] of leaves(run, [])) {
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
  return new Map([...values].map(([name, each]) => [name, median(each)]));
}

/** Every number with its name: the keys that lead to it, and for entries of a list what tells them apart. */
function leaves(value: unknown, path: readonly string[]): Array<readonly [name: string, value: number]> {
  if (typeof value === "number") return [[path.join(" "), value]];
  if (Array.isArray(value))
    return value.flatMap((each, index) => leaves(each, [...path, entryName(each, index)]));
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value).filter(([key]) => !LABELS.has(key));
  return entries.flatMap(([key, each]) => leaves(each, [...path, key]));
}

/** What tells entries of a list apart; other texts are no figures, and are left out. */
const LABELS: ReadonlySet<string> = new Set([
  ...["carriedBy", "shape", "from", "by", "nudge"],
  ...["callsPerSecond", "numbers", "devices", "phones", "callers", "inProgress"],
]);

function entryName(entry: unknown, index: number): string {
  if (typeof entry !== "object" || entry === null) return String(index);
  const labels = Object.entries(entry).filter(([key]) => LABELS.has(key));
  return labels.length === 0 ? String(index) : labels.map(([, value]) => String(value)).join(", ");
}

function shown(value: number | undefined): string {
  return value === undefined ? "-" : String(Number(value.toPrecision(4)));
}
