/** Makes docs/benchmarks.md and its plots of the kept results: every figure that was measured comes from a run. */
import type { Table } from "../bench.js";
import { BENCHES, type Entry } from "../catalogue.js";
import type { Result } from "../results.js";
import { drawPlot } from "./plot.js";

/** Where the plots are, beside the page. */
export const PLOT_FOLDER = "benchmarks";

export interface Page {
  readonly markdown: string;
  /** File name -> SVG. */
  readonly plots: ReadonlyMap<string, string>;
}

const OPENING = `# Benchmarks

Each benchmark compares with something else in the same run, in turns, so that other load on the machine affects both. Those
that carry calls need a \`freeswitch\` program (\`RINGLINE_FREESWITCH\`, or in PATH); without it they say so and measure
nothing. \`--json\` prints one object instead of the tables; \`--keep\` keeps the result in
[bench/results](../bench/results/README.md).

This page is made by \`npm run bench -- page\` from the results that are kept; a test compares the page with them.
\`npm run bench -- keep NAME …\` measures (without a name: everything), keeps the results and makes the page.

\`npm run bench -- compare REV NAME …\` runs the benchmark NAME on another revision and on these sources, in turns, and
shows both figures and their ratio. What follows NAME are the benchmark's own options.`;

/** @throws Error for a result of an unknown benchmark: the page must not leave out what was measured */
export function benchmarksPage(results: readonly Result[]): Page {
  for (const { bench } of results)
    if (!Object.hasOwn(BENCHES, bench)) throw new Error(`a result of an unknown benchmark: ${bench}`);
  const plots = new Map<string, string>();
  const sections = Object.entries(BENCHES).map(([name, entry]) => {
    const result = results.find(({ bench }) => bench === name);
    for (const plot of result?.plots ?? []) plots.set(plotFile(name, plot.name), drawPlot(plot));
    return section(name, entry, result);
  });
  return { markdown: `${[OPENING, ...sections].join("\n\n")}\n`, plots };
}

function section(name: string, { about }: Entry, result: Result | undefined): string {
  const opening = `## \`npm run bench -- ${name}\`\n\n${about}`;
  if (result === undefined) return `${opening}\n\nNo result is kept.`;
  const plots = (result.plots ?? []).map(
    ({ name: plot, title }) => `![${title}](${PLOT_FOLDER}/${plotFile(name, plot)})`,
  );
  return [opening, origin(result), ...result.parts.map(partText), ...plots].join("\n\n");
}

function plotFile(bench: string, plot: string): string {
  return `${bench}-${plot}.svg`;
}

/** How and where the figures came about. */
function origin({ command, day, commit, machine, node, switch: theSwitch }: Result): string {
  const { cpu, cores, memoryGiB, system, loadBefore } = machine;
  return [
    `\`${command}\`, ${day}${commit === "" ? ", sources with changes that are not committed" : ` (${commit})`}, Node ${node}`,
    ...(theSwitch === "" ? [] : [theSwitch]),
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, load before ${loadBefore}`,
  ].join("; ");
}

function partText(part: string | Table): string {
  if (typeof part === "string") return `${cell(part)}.`.replace(/\.\.$/, ".");
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(part.heads), `|${part.heads.map(() => "---").join("|")}|`, ...part.rows.map(line)].join("\n");
}

/** No sign of a cell may end it, or be read as HTML. */
function cell(words: string): string {
  return words.replace(/\|/g, "\\|").replace(/</g, "&lt;");
}
