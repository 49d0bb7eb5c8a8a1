/**
 * Goal: explanations and tests of an office follow its opening hours. Method: the sample office at moments of a year.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ringline } from "../../../fixtures/cli/run-program.js";

const OFFICES = fileURLToPath(new URL("../../../fixtures/offices/", import.meta.url));
const HOURS = join(OFFICES, "acme-hours.yaml");

async function storyAt(at: string, ...from: string[]): Promise<string[]> {
  const { out } = await ringline("explain", "+12125550100", ...from, "--at", at);
  return out.split("\n").flatMap((line) => /^ +0 s {2}(.*)$/.exec(line)?.[1] ?? []);
}

const RECEPTION = ["ring group:reception", "alice.wong (desk) rings", "bob.stone (desk) rings"];
const EMERGENCY = ["ring user:bob.stone", "bob.stone (desk) rings"];

describe("explain says what a schedule is at the time of the call", () => {
  it.each([
    ["a Monday morning", "2026-11-30T09:00-06:00", "open by its hours", RECEPTION],
    ["the break at noon", "2026-11-30T12:45-06:00", "closed by its hours", ["announce closed"]],
    ["a holiday", "2026-12-31T09:00-06:00", "closed for New Year", ["announce closed"]],
    // Chicago sets its clocks forward on 2026-03-08: 13:00 UTC is 07:00 before that day, and 08:00 from that day on.
    [
      "a Friday before the clock is set forward",
      "2026-03-06T13:00Z",
      "closed by its hours",
      ["announce closed"],
    ],
    ["a Monday after the clock is set forward", "2026-03-09T13:00Z", "open by its hours", RECEPTION],
    ["a Saturday night in Berlin", "2026-11-28T23:00+01:00", "closed by its hours", EMERGENCY],
    ["the hour that comes twice, the first time", "2026-10-25T00:15Z", "closed by its hours", EMERGENCY],
    ["the hour that comes twice, the second time", "2026-10-25T01:15Z", "closed by its hours", EMERGENCY],
  ])("%s", async (_what, at, found, then) => {
    const story = await storyAt(at, HOURS);
    expect(story.slice(0, 2)).toEqual(["schedule practice", `schedule practice: ${found}`]);
    for (const line of then) expect(story).toContain(line);
  });

  it("a schedule that was set by hand is that, in an applied office", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ringline-hours-"));
    const db = join(folder, "office.db");
    const on = { nowMs: Date.parse("2026-11-30T09:00-06:00") };
    expect(await ringline("apply", HOURS, "--db", db)).toMatchObject({ code: 0 });
    expect(await ringline("schedule", "close", "practice", "--db", db)).toMatchObject({ code: 0 });
    const at = new Date(on.nowMs).toISOString().replace(":00.000Z", "Z");
    expect(await storyAt(at, "--db", db)).toContain("schedule practice: closed by hand");
    expect(await ringline("schedule", "reset", "practice", "--db", db)).toMatchObject({ code: 0 });
    expect(await storyAt(at, "--db", db)).toContain("schedule practice: open by its hours");
    rmSync(folder, { recursive: true });
  });
});

it("the office's own tests follow its opening hours", async () => {
  const { out, code } = await ringline("test", HOURS, join(OFFICES, "acme-hours.test.yaml"));
  expect(out).toContain("5 passed");
  expect(code).toBe(0);
});
