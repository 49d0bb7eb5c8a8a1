/**
 * `npm run bench -- NAME [--json] [--keep] [options]`: measures against something else in the same run. Prints a table,
 * or with --json one JSON object (progress then goes to stderr); with --keep the result is kept for the docs. Three more
 * words: `keep` measures and makes the docs' page, `page` only makes it, `compare` measures two revisions. Exit code 0:
 * measured, or nothing to measure with, which is said loudly; 1: a measurement failed; 2: there is no such benchmark.
 */

import type { Figures } from "./bench.js";
import { BENCHES } from "./catalogue.js";
import { compare } from "./compare.js";
import { tableText } from "./figures.js";
import { thisMachine } from "./machine.js";
import { keepAll } from "./page/keep.js";
import { writePage } from "./page/write.js";
import { keepResult, resultOf, resultsFolder } from "./results.js";

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  page: async () => {
    writePage();
    return 0;
  },
  keep: keepAll,
  compare,
};

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
});
process.exit();

async function main(args: readonly string[]): Promise<number> {
  const [name = "", ...options] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command(options);
  if (!Object.hasOwn(BENCHES, name)) {
    const list = Object.entries(BENCHES).map(([each, { what }]) => `  ${each.padEnd(10)}${what}`);
    const why = name === "" ? "which bench?" : `no bench ${name}; there are:`;
    process.stderr.write(`${[why, ...list].join("\n")}\n`);
    return 2;
  }
  return measure(name, options);
}

async function measure(name: string, all: readonly string[]): Promise<number> {
  const flags = { json: all.includes("--json"), keep: all.includes("--keep") };
  const options = all.filter((option) => option !== "--json" && option !== "--keep");
  const bench = await BENCHES[name]?.load();
  if (bench === undefined) throw new Error(`${name} is not in the catalogue`);
  const say = (line: string) => void (flags.json ? process.stderr : process.stdout).write(`${line}\n`);
  const machine = thisMachine();
  const result = await bench(options, say);
  if ("skipped" in result) {
    const bar = "!".repeat(78);
    process.stderr.write(`${[bar, `NOTHING WAS MEASURED: ${result.skipped}`, bar].join("\n")}\n`);
    if (flags.json) process.stdout.write(`${JSON.stringify({ bench: name, skipped: result.skipped })}\n`);
    return 0;
  }
  process.stdout.write(flags.json ? `${JSON.stringify(result.json)}\n` : `\n${textOf(result)}\n`);
  if (flags.keep) {
    const folder = process.env["RINGLINE_BENCH_RESULTS"] ?? resultsFolder();
    say(`kept: ${keepResult(resultOf(name, options, machine, result), folder)}`);
  }
  return 0;
}

function textOf({ switchVersion, parts }: Figures): string {
  const texts = parts.map((part) => (typeof part === "string" ? part : tableText(part)));
  return [...(switchVersion === undefined ? [] : [switchVersion]), ...texts].join("\n\n");
}
