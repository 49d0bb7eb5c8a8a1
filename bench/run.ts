/**
 * `npm run bench -- NAME [--json] [options]`: measures against something else in the same run. Prints a table, or with
 * --json one JSON object (progress then goes to stderr). Exit code 0: measured, or nothing to measure with, which is
 * said loudly; 1: a measurement failed; 2: there is no such benchmark.
 */
import type { Bench } from "./bench.js";

const BENCHES: Readonly<Record<string, { readonly what: string; readonly load: () => Promise<Bench> }>> = {
  control: {
    what: "what a call costs by the engine, beside the dialplan's own bridge",
    load: async () => (await import("./control.js")).control,
  },
  ring: {
    what: "from accepting to being connected, beside the dialplan's own bridge; and a step of the core",
    load: async () => (await import("./ring.js")).ring,
  },
  directory: {
    what: "look-ups of phones, and five thousand that sign in within a minute",
    load: async () => (await import("./directory.js")).directory,
  },
  table: {
    what: "the routing table: loading, look-ups, one change; and finding a number, beside a plain XML dialplan",
    load: async () => (await import("./table.js")).tableBench,
  },
  office: {
    what: "a large office beside a running engine: takeovers, an apply of everything, lamps",
    load: async () => (await import("./office.js")).officeBench,
  },
  voicemail: {
    what: "two hundred callers who leave a message at once, beside the dialplan's own record",
    load: async () => (await import("./voicemail.js")).voicemail,
  },
  nudge: {
    what: "what waking the switch's listener is worth",
    load: async () => (await import("./nudge.js")).nudge,
  },
};

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
});
process.exit();

async function main(args: readonly string[]): Promise<number> {
  const [name = "", ...options] = args;
  const chosen = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (chosen === undefined) {
    const list = Object.entries(BENCHES).map(([each, { what }]) => `  ${each.padEnd(10)}${what}`);
    process.stderr.write(
      `${[name === "" ? "which bench?" : `no bench ${name}; there are:`, ...list].join("\n")}\n`,
    );
    return 2;
  }
  const json = options.includes("--json");
  const bench = await chosen.load();
  const say = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const result = await bench(
    options.filter((option) => option !== "--json"),
    say,
  );
  if ("skipped" in result) {
    const bar = "!".repeat(78);
    process.stderr.write(`${[bar, `NOTHING WAS MEASURED: ${result.skipped}`, bar].join("\n")}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ bench: name, skipped: result.skipped })}\n`);
  } else process.stdout.write(json ? `${JSON.stringify(result.json)}\n` : `\n${result.lines.join("\n")}\n`);
  return 0;
}
