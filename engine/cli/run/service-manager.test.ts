/** Goal: systemd is told what the engine does, in order, and only where there is a systemd. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import { ServiceManager } from "./service-manager.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-notify-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program in the place of systemd-notify that writes down what it is told, a line each time. */
function program(exitCode = 0): NodeJS.ProcessEnv {
  const path = join(folder, "systemd-notify");
  writeFileSync(path, `#!/bin/sh\necho "$*" >> ${folder}/told\nenv > ${folder}/env\nexit ${exitCode}\n`);
  chmodSync(path, 0o755);
  return {
    PATH: `${folder}:${process.env["PATH"]}`,
    NOTIFY_SOCKET: "/run/none",
    RINGLINE_SWITCH_PASSWORD: "x",
  };
}

function told(): string[] {
  return existsSync(join(folder, "told"))
    ? readFileSync(join(folder, "told"), "utf8").trimEnd().split("\n")
    : [];
}

function manager(env: NodeJS.ProcessEnv) {
  const clock = new VirtualClock();
  const failures: string[] = [];
  return { clock, failures, manager: new ServiceManager(env, clock, (why) => failures.push(why)) };
}

describe("the service manager", () => {
  it("is told each thing once and in order", async () => {
    const { manager: systemd, failures } = manager(program());
    systemd.ready("standing by");
    systemd.status("carries calls");
    systemd.stopping("finishing 2 calls");
    await systemd.close();
    expect(told()).toEqual([
      "READY=1 STATUS=standing by",
      "STATUS=carries calls",
      "STOPPING=1 STATUS=finishing 2 calls",
    ]);
    expect(failures).toEqual([]);
  });

  it("hears twice within the watchdog's time that the engine is alive", async () => {
    const { manager: systemd, clock } = manager({ ...program(), WATCHDOG_USEC: "10000000" });
    systemd.ready("carries calls");
    clock.advanceBy(12_000);
    await systemd.close();
    clock.advanceBy(60_000);
    expect(told().filter((line) => line === "WATCHDOG=1")).toHaveLength(3);
  });

  it("expects no signs of life from this process when another one is watched", async () => {
    const env = { ...program(), WATCHDOG_USEC: "10000000", WATCHDOG_PID: "1" };
    const { manager: systemd } = manager(env);
    systemd.ready("carries calls");
    await systemd.close();
    expect(told()).toEqual(["READY=1 STATUS=carries calls"]);
  });

  it("is told nothing where there is none", async () => {
    const { NOTIFY_SOCKET: _none, ...env } = program();
    const { manager: systemd } = manager({ ...env, WATCHDOG_USEC: "10000000" });
    systemd.ready("carries calls");
    await systemd.close();
    expect(told()).toEqual([]);
  });

  it("gets none of the engine's secrets", async () => {
    const { manager: systemd } = manager(program());
    systemd.ready("carries calls");
    await systemd.close();
    expect(readFileSync(join(folder, "env"), "utf8")).not.toContain("RINGLINE_SWITCH_PASSWORD");
  });

  it.each([
    ["cannot be reached", () => program(1), "systemd-notify ended with code 1"],
    ["is not installed", () => ({ PATH: folder, NOTIFY_SOCKET: "/run/none" }), "ENOENT"],
  ])("that %s is reported once", async (_what, env, why) => {
    const { manager: systemd, failures } = manager(env());
    systemd.ready("carries calls");
    systemd.status("carries calls");
    await systemd.close();
    expect(failures).toEqual([expect.stringContaining(why)]);
  });
});
