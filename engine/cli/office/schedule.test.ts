/**
 * Goal: schedules are shown, opened, closed and reset by commands as people type them. Method: the sample office on a
 * Monday morning.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ringlineIn } from "../../../fixtures/cli/run-program.js";

const HOURS = fileURLToPath(new URL("../../../fixtures/offices/acme-hours.yaml", import.meta.url));
const NOW = Date.parse("2026-11-30T09:00:00-06:00");

let folder: string;
let db: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-schedule-"));
  db = join(folder, "office.db");
  expect(await run("apply", HOURS)).toMatchObject({ code: 0 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command at nine o'clock that Monday, or this many hours later. */
function run(...args: string[]) {
  return runLater(0, ...args);
}

function runLater(hours: number, ...args: string[]) {
  const clock = {
    nowMs: () => NOW + hours * 3_600_000,
    after: () => {
      throw new Error("no timers in this test");
    },
    cancel: () => undefined,
  };
  return ringlineIn({ clock }, ...args, "--db", db);
}

describe("schedule list", () => {
  it("says what each schedule is, why, and until when", async () => {
    const { out, code } = await run("schedule", "list");
    expect(code).toBe(0);
    expect(out).toBe(`\
emergency  closed by its hours  until Sat 2026-12-05 22:00 (Europe/Berlin)
practice   open by its hours    until Mon 2026-11-30 12:30 (America/Chicago)
`);
  });

  it("says the same to programs", async () => {
    const { out } = await run("schedule", "list", "--json");
    expect(
      out
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({ id: "emergency", open: false, why: "outside_hours", byHand: null }),
      {
        id: "practice",
        timezone: "America/Chicago",
        open: true,
        why: "hours",
        holiday: null,
        nextChange: "2026-11-30T18:30:00.000Z",
        byHand: null,
      },
    ]);
  });

  it("names the holiday", async () => {
    const { out } = await runLater(31 * 24, "schedule", "list");
    expect(out).toContain("closed for New Year  until Mon 2027-01-04 08:00 (America/Chicago)");
  });
});

describe("by hand", () => {
  it("a schedule stays closed until its time is over", async () => {
    const { out, code } = await run("schedule", "close", "practice", "--until", "10:30");
    expect(code).toBe(0);
    expect(out).toBe(
      "practice  closed by hand  until Mon 2026-11-30 10:30 (America/Chicago)  by ann, Mon 2026-11-30 09:00\n",
    );
    expect((await runLater(1, "schedule", "list")).out).toContain("practice   closed by hand");
    expect((await runLater(2, "schedule", "list")).out).toContain("practice   open by its hours");
  });

  it("a schedule stays open until it is reset, whatever is applied", async () => {
    expect((await run("schedule", "open", "emergency")).out).toBe(
      "emergency  open by hand  until it is reset  by ann, Mon 2026-11-30 16:00\n",
    );
    expect(await run("apply", HOURS)).toMatchObject({ code: 0 });
    expect((await runLater(500, "schedule", "list")).out).toContain("emergency  open by hand");
    expect((await run("schedule", "reset", "emergency")).out).toContain("closed by its hours");
    expect((await run("schedule", "reset", "emergency")).err).toContain("was not set by hand");
  });

  it("its own end is named; a program is told when callers will notice", async () => {
    const { out } = await run("schedule", "open", "practice", "--until", "12:00");
    expect(out).toContain("open by hand  until Mon 2026-11-30 12:00");
    expect((await run("schedule", "list", "--json")).out).toContain(
      '"nextChange":"2026-11-30T18:30:00.000Z"',
    );
  });

  it("what was set of a schedule that has gone is told, and can be taken back", async () => {
    await run("schedule", "close", "practice");
    const other = join(folder, "other.yaml");
    writeFileSync(other, readFileSync(HOURS, "utf8").replaceAll("practice", "surgery"));
    expect(await run("plan", other)).toMatchObject({ code: 2 });
    expect((await run("plan", other)).out).toContain(
      "by hand: the schedule practice is closed until it is reset, set by ann; the files have no such entry",
    );
    await run("apply", other);
    expect((await run("schedule", "list")).err).toContain("practice was set by hand by ann");
    expect(await run("schedule", "reset", "practice")).toMatchObject({ code: 0 });
    expect((await run("schedule", "list")).err).toBe("");
  });

  it.each([
    [["open", "practise"], "there is no schedule `practise`; did you mean practice?"],
    [["close", "practice", "--until", "soon"], "--until soon is no time; expected 18:30"],
    [["close", "practice", "--until", "2026-11-30 08:00"], "--until 2026-11-30 08:00 is over already"],
    [["reset", "nothing"], "there is no schedule `nothing`"],
  ])("%j is refused, and nothing is set", async (args, message) => {
    const { err, code } = await run("schedule", ...args);
    expect(err).toContain(message);
    expect(code).toBe(1);
    expect((await run("schedule", "list")).out).not.toContain("by hand");
  });
});

it("plan and export know schedules", async () => {
  const { out } = await run("export");
  expect(out).toMatch(/schedules:\n +- id: emergency/);
  expect(await run("plan", HOURS)).toMatchObject({ code: 0, out: "revision 1: nothing to change\n" });
});

it("plan names what is set by hand, as long as it counts", async () => {
  await run("schedule", "close", "practice", "--until", "10:00");
  expect(await run("plan", HOURS)).toMatchObject({
    code: 0,
    out: `\
revision 1: nothing to change
by hand: the schedule practice is closed until Mon 2026-11-30 10:00 (America/Chicago), set by ann
`,
  });
  expect((await runLater(1, "plan", HOURS)).out).not.toContain("by hand");
});
