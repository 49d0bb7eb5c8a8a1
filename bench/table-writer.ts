/**
 * Applies an office while an engine runs, as a separate process, so that its work is not counted as the engine's. It
 * makes a database, then changes one user, or all numbers, on each request and reports when that was committed.
 */
import { createInterface } from "node:readline";
import { stopwatchMs, systemClock } from "../engine/clock.js";
import type { Office } from "../policy/office/office.js";
import { openStore } from "../storage/store.js";
import { largeOffice, numbersOnly } from "./large-office.js";

/** What it prints, one JSON object a line. */
export interface WriterSays {
  /** Milliseconds since the epoch at which the revision was in the database. */
  readonly committedMs: number;
  readonly applyMs: number;
}

const [path = "", count = "", kind = ""] = process.argv.slice(2);
const opened = await openStore(path);
if (!opened.ok) throw new Error(opened.failure.reason);
const { store } = opened;
let office = kind === "whole" ? largeOffice(Number(count)) : numbersOnly(Number(count));
await apply(office);
if (kind === "whole")
  for await (const line of createInterface({ input: process.stdin })) {
    office = line === "all" ? withAllNumbersChanged(office) : withOneChange(office);
    await apply(office);
  }
await store.close();

async function apply(next: Office): Promise<void> {
  const startedMs = stopwatchMs();
  await store.applyOffice(next, {
    author: "bench",
    message: "",
    sourceHash: "bench",
    nowMs: systemClock.nowMs(),
  });
  const says: WriterSays = { committedMs: systemClock.nowMs(), applyMs: stopwatchMs() - startedMs };
  process.stdout.write(`${JSON.stringify(says)}\n`);
}

function withOneChange(before: Office): Office {
  const [first, ...others] = before.users;
  if (first === undefined) throw new Error("no user to change");
  return { ...before, users: [{ ...first, name: `${first.name} again` }, ...others] };
}

function withAllNumbersChanged(before: Office): Office {
  const label = `${before.numbers[0]?.label ?? ""}x`;
  return { ...before, numbers: before.numbers.map((number) => ({ ...number, label })) };
}
