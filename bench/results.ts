/**
 * Kept results: one file a benchmark in bench/results, written by the run itself, with what is needed to judge and to
 * repeat it. docs/benchmarks.md is made from these files alone.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../engine/clock.js";
import { repositoryRoot } from "../fixtures/harness/switch-files.js";
import type { Figures } from "./bench.js";
import type { Machine } from "./machine.js";

export interface Result extends Pick<Figures, "parts" | "plots"> {
  readonly bench: string;
  readonly command: string;
  /** In UTC: 2026-11-30. */
  readonly day: string;
  /** The commit of the sources; empty: unknown, or they had changes that were not committed. */
  readonly commit: string;
  readonly machine: Machine;
  readonly node: string;
  /** The version of the switch; empty: none was measured. */
  readonly switch: string;
  readonly figures: object;
}

export function resultsFolder(): string {
  return join(repositoryRoot(), "bench", "results");
}

export function resultOf(
  bench: string,
  options: readonly string[],
  machine: Machine,
  figures: Figures,
): Result {
  const { parts, plots = [], json, switchVersion = "" } = figures;
  return {
    bench,
    command: ["npm run bench --", bench, ...options].join(" "),
    day: new Date(systemClock.nowMs()).toISOString().slice(0, 10),
    commit: commitOf(repositoryRoot()),
    machine,
    node: process.version,
    switch: switchVersion,
    parts,
    plots,
    figures: json,
  };
}

function commitOf(root: string): string {
  const git = (...args: readonly string[]) => spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const changes = git(
    "status",
    "--porcelain",
    "--untracked-files=no",
    "--",
    ".",
    ":!bench/results",
    ":!docs",
  );
  if (changes.status !== 0 || changes.stdout.trim() !== "") return "";
  return git("rev-parse", "--short=10", "HEAD").stdout.trim();
}

/** Replaces the benchmark's earlier result. Returns the file's path. */
export function keepResult(result: Result, folder = resultsFolder()): string {
  const path = join(folder, `${result.bench}.json`);
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

export function keptResults(folder = resultsFolder()): readonly Result[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Result);
}
