/**
 * A table of many people: imported, checked, applied, added to a live office and updated by the program's own commands, each a
 * process of its own, with its CPU time and the most memory it had. A machine that does other things at the same time does not
 * change these much.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { workbook } from "../fixtures/tables/workbook.js";
import type { Bench } from "./bench.js";

const PROGRAM = fileURLToPath(new URL("../engine/cli/ringline.js", import.meta.url));
/** Prints on the fourth pipe, when the process ends, what the system says of it. */
const REPORT = `data:text/javascript,${encodeURIComponent(
  'import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,JSON.stringify(process.resourceUsage())))',
)}`;
const OFFICE = "office: { name: Acme, country: US, timezone: America/New_York }\n";
const PEOPLE_A_DEPARTMENT = 50;
const MEGABYTE_KB = 1_000;

interface Measured {
  readonly what: string;
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly megabytes: number;
}

/** `--people` in the table (40000). */
export const tablesBench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: { people: { type: "string", default: "40000" } },
  });
  const folder = mkdtempSync(join(tmpdir(), "ringline-tables-"));
  try {
    const rows = await measureAll(folder, Number(values.people), say);
    const table = {
      heads: [`${values.people} people`, "CPU s", "seconds", "MB at most"],
      rows: rows.map(({ what, cpuSeconds, wallSeconds, megabytes }) => [
        what,
        cpuSeconds.toFixed(1),
        wallSeconds.toFixed(1),
        megabytes.toFixed(0),
      ]),
    };
    return { parts: [table], json: { bench: "tables", people: Number(values.people), rows } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function measureAll(folder: string, people: number, say: (line: string) => void): Promise<Measured[]> {
  const path = (name: string) => join(folder, name);
  const rows = tableOf(people, "example.com");
  writeFileSync(path("staff.csv"), csv(rows));
  writeFileSync(path("changed.csv"), csv(tableOf(people, "example.org")));
  writeFileSync(path("staff.xlsx"), workbook([{ name: "Staff", rows }]));
  writeFileSync(path("office.yaml"), OFFICE);
  const files = [path("office.yaml"), path("people.yaml")];
  const [made, added] = [path("made.db"), path("added.db")];
  await run("", ["apply", path("office.yaml"), "--db", added]);
  const steps: readonly (readonly [what: string, args: readonly string[], out?: string])[] = [
    ["import of a CSV file", ["import", path("staff.csv")], path("people.yaml")],
    ["import of an .xlsx file", ["import", path("staff.xlsx")]],
    ["check", ["check", ...files]],
    ["apply", ["apply", ...files, "--db", made]],
    ["user add --from", ["user", "add", "--from", path("staff.csv"), "--db", added]],
    [
      "user add --from --update, all changed",
      ["user", "add", "--from", path("changed.csv"), "--update", "--yes", "--db", added],
    ],
  ];
  const measured: Measured[] = [];
  for (const [what, args, out] of steps) {
    measured.push(await run(what, args, out));
    say(`${what} measured`);
  }
  return measured;
}

function tableOf(people: number, domain: string): string[][] {
  const heads = ["Username", "Name", "E-Mail", "Durchwahl", "Mobile", "Department"];
  const rows = Array.from({ length: people }, (_, n) => [
    `user.${String(n).padStart(6, "0")}`,
    `User Number ${n}`,
    `user${n}@${domain}`,
    String(100_000 + n),
    `+1917${2_000_000 + n}`,
    `Department ${Math.floor(n / PEOPLE_A_DEPARTMENT)}`,
  ]);
  return [heads, ...rows];
}

function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.join(";")}\r\n`).join("");
}

/** Runs the program once. @param out where its output goes; left out: nowhere */
async function run(what: string, args: readonly string[], out = "/dev/null"): Promise<Measured> {
  const startedMs = stopwatchMs();
  const child = spawn(process.execPath, ["--import", REPORT, PROGRAM, ...args], {
    stdio: ["ignore", openSync(out, "w"), "pipe", "pipe"],
  });
  const usage = textOf(child.stdio[3] as NodeJS.ReadableStream);
  const errors = textOf(child.stderr as NodeJS.ReadableStream);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${args.join(" ")}: ${await errors}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(await usage) as NodeJS.ResourceUsage;
  return {
    what,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    wallSeconds: (stopwatchMs() - startedMs) / 1_000,
    megabytes: maxRSS / MEGABYTE_KB,
  };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const piece of stream) text += String(piece);
  return text;
}
