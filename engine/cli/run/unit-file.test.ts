/** Goal: the unit of systemd starts the engine as it is, and is as hardened as its page says. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testTerminal } from "../../../fixtures/cli/run-program.js";
import { buildProgram } from "../program.js";
import { packageFile } from "../shared/package-file.js";
import { DRAIN_DEFAULT_S, EXIT_CALLERS_WAIT } from "./leave.js";

const unit = readFileSync(packageFile("docker/systemd/ringline@.service"), "utf8");

/** The version of systemd here; undefined: there is none. */
const VERSION = /^systemd (\d+)/.exec(
  spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" }).stdout ?? "",
)?.[1];

function settings(name: string): string[] {
  return [...unit.replaceAll("\\\n", " ").matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(
    ([, value = ""]) => value.trim(),
  );
}

describe("the unit of systemd", () => {
  it("gives the engine only options that it has", async () => {
    const run = (await buildProgram(testTerminal())).commands.find((command) => command.name() === "run");
    const known = run?.options.map(({ long }) => long) ?? [];
    const given = settings("ExecStart").flatMap((line) => line.match(/--[a-z-]+/g) ?? []);
    expect(given).toContain("--standby");
    expect(given.filter((option) => !known.includes(option))).toEqual([]);
  });

  it("takes the exit code for callers who wait as a success, and leaves time to drain", () => {
    expect(settings("SuccessExitStatus")).toEqual([String(EXIT_CALLERS_WAIT)]);
    expect(Number.parseInt(settings("TimeoutStopSec")[0] ?? "", 10)).toBeGreaterThan(2 * DRAIN_DEFAULT_S);
  });

  it("lets the instance that stands by see the process of the other one", () => {
    // proc(5), hidepid: what is hidden is hidden also from the same user in another user namespace.
    const hides = settings("ProtectProc").some((value) => value !== "default");
    const apart = settings("PrivateUsers").some((value) => value !== "no");
    expect(hides && apart).toBe(false);
    // A namespace of process ids of its own, in which the other instance does not exist.
    expect(settings("PrivatePIDs")).toEqual([]);
    expect(settings("User")).toEqual(["ringline"]);
  });

  it("lets the web server give way to calls", () => {
    // systemd.exec(5): a line adds to what the lines before allow, or takes away. setpriority is in @resources.
    const lines = settings("SystemCallFilter");
    expect(lines.indexOf("setpriority")).toBeGreaterThan(
      lines.findIndex((line) => /^~.*@resources/.test(line)),
    );
  });

  it.skipIf(VERSION === undefined)("is as exposed as its page says", () => {
    const folder = mkdtempSync(join(tmpdir(), "ringline-unit-"));
    const path = join(folder, "ringline@a.service");
    writeFileSync(path, unit);
    const { stdout } = spawnSync("systemd-analyze", ["security", "--offline=yes", "--no-pager", path], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    const page = readFileSync(packageFile("docs/operations.md"), "utf8");
    const [, version, said] = /of systemd (\d+) gives it (\d+\.\d) of 10/.exec(page) ?? [];
    const exposure = /Overall exposure level for \S+: (\d+\.\d)/.exec(stdout)?.[1];
    // Each version of systemd looks at more settings.
    if (VERSION === version) expect(exposure).toBe(said);
    expect(Number(exposure)).toBeLessThanOrEqual(2);
  });
});
