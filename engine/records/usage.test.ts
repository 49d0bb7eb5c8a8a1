/**
 * Goal: what an engine notes of calls comes out as statistics and usage. Method: the journal of the sample calls, which the
 * engine wrote on the simulated switch, is read as the recorder reads it; then the commands are run.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ringlineIn } from "../../fixtures/cli/run-program.js";
import { mustOpen } from "../../fixtures/must-open.js";
import type { Store } from "../../storage/store.js";
import { systemClock } from "../clock.js";
import { makeCharges } from "./charges.js";
import { CONSUMERS } from "./consumers.js";
import { Ingest } from "./ingest.js";

const FILES = ["fixtures/offices/acme-dental.yaml", "fixtures/records/more-of-acme.yaml"];
/** The day of the sample calls, in the evening. */
const NOW_MS = Date.UTC(2026, 11, 1, 2);

let folder: string;
let db: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-usage-"));
  db = join(folder, "office.db");
  expect(await on("apply", ...FILES)).toMatchObject({ code: 0 });
  const plan = ["plans", "add", "business", "--currency", "USD", "--price", "+1=0.6"];
  expect(await on(...plan)).toMatchObject({ code: 0 });
  expect(await on("number", "set", "+12125550101", "--plan", "business")).toMatchObject({ code: 0 });
  const journals = join(folder, "calls");
  mkdirSync(journals);
  copyFileSync("fixtures/records/sample-calls.jsonl", join(journals, "1-engine.jsonl"));
  const opened: Store[] = [];
  const store = await mustOpen(db, opened);
  const context = { store, clock: systemClock, log: pino({ level: "silent" }), env: {} };
  const consumers = [makeCharges(context as never)];
  const reader = new Ingest({ ...context, folder: journals, consumers, sinceMs: 2, isOver: () => true });
  while (await reader.step());
  for (const one of opened) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function on(...args: string[]) {
  const clock = { ...systemClock, nowMs: () => NOW_MS };
  return ringlineIn({ clock, env: { CARRIER_PASSWORD: "secret" } }, ...args, "--db", db);
}

it("a recorder keeps what calls outside cost", () => {
  expect(CONSUMERS).toContain(makeCharges);
});

it("every sample call is counted, by direction", async () => {
  const calls = async (direction: string) =>
    JSON.parse((await on("stats", "--day", "2026-11-30", "--direction", direction, "--json")).out).total;
  const listed = (await on("calls", "--json")).out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const direction of ["in", "out", "inside"]) {
    const ended = listed.filter((each) => each.direction === direction && each.result !== "listened");
    const total = await calls(direction);
    expect(total.calls).toBe(ended.length);
    for (const result of ["answered", "missed"] as const)
      expect(total[result]).toBe(ended.filter((each) => each.result === result).length);
  }
});

it("calls that showed a number on a plan have a price by the second, and the others none", async () => {
  const { out } = await on("usage", "--month", "2026-11", "--by", "call", "--json");
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const usage = lines.pop();
  expect(lines.length).toBeGreaterThanOrEqual(3);
  for (const { plan, number, seconds, cost } of lines) {
    expect(plan).toBe(number === "+12125550101" ? "business" : null);
    // A second costs a hundredth.
    expect(cost).toBe(plan === null ? null : String(seconds / 100));
  }
  const priced = lines.filter(({ plan }) => plan !== null);
  expect(priced.length).toBeGreaterThan(0);
  expect(usage.totals[0]).toMatchObject({ currency: "USD", calls: priced.length, callsWithoutPrice: 0 });
  expect(usage.inProgress).toBe(0);
});
