/**
 * Goal: an engine that carries calls has a live feed beside its database, and one that stands by has none. Method: engines as
 * an operator starts them, on the simulated event socket, and `top` beside them.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Running, ringline, ringlineIn, startRingline } from "../../../fixtures/cli/run-program.js";
import { type Installation, openInstallation } from "../../../fixtures/core/installation.js";
import { neverAnswers } from "../../../fixtures/switch/phone-script.js";
import { systemClock } from "../../clock.js";

const OFFICE = `office: { name: Acme, country: US, timezone: America/New_York }
users:
  - { username: alice.wong, name: Alice Wong, extension: 101, devices: [{ id: desk, sip: alice-desk }] }
numbers: [{ number: "+12125550100", steps: [{ ring: "user:alice.wong", timeout: 20 }, { hangup: no_answer }] }]
`;
let installation: Installation;
const running: Running[] = [];

beforeEach(async () => {
  installation = await openInstallation();
  const { db, file } = installation;
  expect((await ringline("apply", file("office.yaml", OFFICE), "--db", db)).code).toBe(0);
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    void one.stop();
    await one.stop();
  }
  await installation.close();
});

function start(env: NodeJS.ProcessEnv, ...options: string[]): Running {
  const { db, address, password } = installation;
  const all = { RINGLINE_SWITCH_PASSWORD: password, ...env };
  const one = startRingline(all, "run", "--db", db, "--switch", address, ...options);
  running.push(one);
  return one;
}

const top = (env: NodeJS.ProcessEnv, ...args: string[]) =>
  ringlineIn({ clock: systemClock, env }, "top", ...args, "--once", "--json");

it("`top` sees the calls of the engine beside the database; the socket ends with the engine", async () => {
  const { db, sw } = installation;
  sw.phone({ sipName: "alice-desk", script: neverAnswers() });
  const engine = start({});
  await engine.logged("calls are carried");
  expect(statSync(`${db}.live`).mode & 0o777).toBe(0o600);
  const caller = sw.call({ dialled: "+12125550100", callerNumber: "+13105550123", callerName: "Jane" });
  await new Promise<void>((resolve) => {
    caller.onNews = ({ kind }) => (kind === "ringing" ? resolve() : undefined);
  });
  const told = JSON.parse((await top({}, "--db", db)).out);
  expect(told).toMatchObject({
    ok: true,
    office: { name: "Acme", timezone: "America/New_York" },
    calls: [{ from: "+13105550123", name: "Jane", rings: [{ who: "alice.wong", device: "desk" }] }],
    phones: [{ sip: "alice-desk", user: "alice.wong" }],
    figures: { revision: 1, readers: 1, switch: { isConnected: true, isReady: true } },
  });
  expect(told.figures.cpuPercent).toBeGreaterThanOrEqual(0);
  void engine.stop();
  await engine.stop();
  expect(existsSync(`${db}.live`)).toBe(false);
});

it("an engine that stands by leaves the other one's socket alone, and has its own when it takes over", async () => {
  const { db } = installation;
  const first = start({});
  await first.logged("calls are carried");
  const { ino } = statSync(`${db}.live`);
  const second = start({}, "--standby");
  await second.logged("standing by");
  expect(statSync(`${db}.live`).ino).toBe(ino);
  await first.stop();
  await second.logged("calls are carried");
  expect(JSON.parse((await top({}, "--db", db)).out)).toMatchObject({ ok: true, figures: { readers: 1 } });
});

it("a TCP address needs a secret at both ends", async () => {
  const without = await start({}, "--live", "127.0.0.1:19101").ended;
  expect(without.err).toContain("the live feed at 127.0.0.1:19101 needs a secret: set RINGLINE_LIVE_SECRET");
  expect(without.code).toBe(1);
});

it("another place, or none, as the operator says", async () => {
  const { db, folder } = installation;
  const place = join(folder, "elsewhere.live");
  const engine = start({ RINGLINE_LIVE: place });
  expect(await engine.logged("live feed open")).toMatchObject({ live: place });
  expect(existsSync(`${db}.live`)).toBe(false);
  expect((await top({}, "--live", place)).code).toBe(0);
  await engine.stop();
  const without = start({}, "--live", "off");
  await without.logged("calls are carried");
  expect(existsSync(`${db}.live`)).toBe(false);
});

it("a place that cannot be used is said in the log, and calls are carried all the same", async () => {
  const engine = start({}, "--live", join(installation.folder, "missing", "live"));
  expect(await engine.logged("the live feed cannot be opened")).toMatchObject({
    level: 50,
    why: expect.stringContaining("there is no folder"),
  });
  await engine.logged("calls are carried");
});

it("a secret that is too short is refused", async () => {
  const { err } = await start({ RINGLINE_LIVE_SECRET: "short" }, "--live", "127.0.0.1:19101").ended;
  expect(err).toContain("the secret of the live feed (RINGLINE_LIVE_SECRET) must have 16 to 256 letters");
});
