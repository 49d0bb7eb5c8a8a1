/** Writes docs/benchmarks.md and its plots from the kept results; plots that are no longer drawn are removed. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../fixtures/harness/switch-files.js";
import { keptResults } from "../results.js";
import { benchmarksPage, PLOT_FOLDER } from "./page.js";

/** @param docs the folder of the page @param results the folder of the results */
export function writePage(docs = join(repositoryRoot(), "docs"), results?: string): void {
  const page = benchmarksPage(keptResults(results));
  const plots = join(docs, PLOT_FOLDER);
  mkdirSync(plots, { recursive: true });
  for (const name of readdirSync(plots)) if (!page.plots.has(name)) rmSync(join(plots, name));
  for (const [name, svg] of page.plots) writeFileSync(join(plots, name), svg);
  writeFileSync(join(docs, "benchmarks.md"), page.markdown);
  process.stdout.write(`${join(docs, "benchmarks.md")}\n`);
}
