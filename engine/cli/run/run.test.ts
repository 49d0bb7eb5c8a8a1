/**
 * Goal: the engine, started as an operator does, connects, carries calls, keeps trying, refuses impossible options in
 * one sentence, and stops when told to. Method: the command on the simulated event socket, on real sockets and files;
 * each step waits for a line of the log or for the end of a call.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Running, ringline, ringlineIn, startRingline } from "../../../fixtures/cli/run-program.js";
import { type Installation, openInstallation } from "../../../fixtures/core/installation.js";
import { ScaledClock } from "../../../fixtures/scaled-clock.js";
import type { CallerCall } from "../../../fixtures/switch/callers.js";
import { answers } from "../../../fixtures/switch/phone-script.js";
import { untilTrue } from "../../../fixtures/until-true.js";
import { EngineLock } from "../../../storage/engine-lock.js";
import { systemClock } from "../../clock.js";
import { EXIT_CALLERS_WAIT } from "./leave.js";

const OFFICE = `office: { name: Acme, country: US, timezone: America/New_York }
users:
  - { username: alice.wong, name: Alice Wong, extension: 101, devices: [{ id: desk, sip: alice-desk }] }
numbers: [{ number: "+12125550100", steps: [{ ring: "user:alice.wong", timeout: 20 }, { hangup: no_answer }] }]
`;
const SECRET = "a-secret-of-the-directory";

let installation: Installation;
const running: Running[] = [];
const servers: Server[] = [];

beforeEach(async () => {
  installation = await openInstallation();
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    // Twice: calls that still ring are not finished.
    void one.stop();
    await one.stop();
  }
  for (const one of servers.splice(0)) await new Promise((resolve) => one.close(resolve));
  await installation.close();
});

/** Starts the engine with what it needs, in an environment with the password. */
function start(...options: string[]): Running {
  return startIn({ RINGLINE_SWITCH_PASSWORD: installation.password }, ...options);
}

function startIn(env: NodeJS.ProcessEnv, ...options: string[]): Running {
  const { db, address } = installation;
  // Of a repeated option the last counts. Most tests need no office.
  const one = startRingline(env, "run", "--allow-empty", "--db", db, "--switch", address, ...options);
  running.push(one);
  return one;
}

/** Applies the office. */
async function apply(office = OFFICE): Promise<void> {
  const { db, file } = installation;
  const { code, err } = await ringline("apply", file("office.yaml", office), "--db", db);
  expect(code, err).toBe(0);
}

function call(talkMs: number): CallerCall {
  return installation.sw.call({ dialled: "+12125550100", callerNumber: "+13105550123", talkMs });
}

/** Resolves when the caller's call has ended. */
function ended(caller: CallerCall): Promise<void> {
  return new Promise((resolve) => {
    caller.onNews = (news) => (news.kind === "ended" ? resolve() : undefined);
  });
}

/** A port of this machine that is in use. */
async function takenPort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("an engine", () => {
  it("carries a call, tells its story, and stops when it is told to", async () => {
    await apply();
    installation.sw.phone({ sipName: "alice-desk", script: answers({ afterMs: 50 }) });
    const engine = start();
    await engine.logged("connected to the switch");
    const caller = call(50);
    await ended(caller);
    expect(caller.talked.map(({ withWhom }) => withWhom)).toEqual(["alice-desk"]);
    await engine.logged("ended");
    const story = engine.log.map(({ msg }) => msg);
    expect(story.slice(story.indexOf("arrived"))).toEqual(["arrived", "rings", "connected", "ended"]);
    const ran = await engine.stop("SIGTERM");
    expect(ran).toEqual({ out: "", err: "", code: 0 });
    expect(engine.log.at(-1)).toMatchObject({ msg: "engine stops", signal: "SIGTERM", calls: 0 });
  });

  it("ends its process as soon as its locks are free, whatever still hangs", async () => {
    const { db, address } = installation;
    const taken: string[] = [];
    const ran = await ringlineIn(
      {
        env: { RINGLINE_SWITCH_PASSWORD: installation.password },
        clock: systemClock,
        stopSignal: async () => "SIGTERM",
        end: async () => {
          const lock = await EngineLock.take(db, { pid: process.pid, host: "here", sinceMs: 0 });
          taken.push(lock.outcome);
          if (lock.outcome === "taken") await lock.lock.release();
        },
      },
      ...["run", "--allow-empty", "--db", db, "--switch", address],
    );
    expect([taken, ran.code]).toEqual([["taken"], 0]);
  });

  it("has set its exit code before its process ends: callers wait, and no engine stands by", async () => {
    await apply();
    const { db, address, sw } = installation;
    sw.phone({ sipName: "alice-desk", script: answers({ afterMs: 60_000 }) });
    const said: Array<number | string> = [];
    let stop = (_signal: NodeJS.Signals): void => {};
    const ringing = new Promise<NodeJS.Signals>((resolve) => {
      stop = resolve;
    });
    let stops = 0;
    await ringlineIn(
      {
        env: { RINGLINE_SWITCH_PASSWORD: installation.password },
        clock: systemClock,
        openLog: () => ({
          write: (line: string) => {
            if (line.includes('"calls are carried"')) call(60_000);
            if (line.includes('"rings"')) stop("SIGTERM");
          },
        }),
        // The second signal ends the draining.
        stopSignal: () => {
          stops += 1;
          return stops === 1 ? ringing : ringing.then(() => "SIGINT" as const);
        },
        exit: (code) => void said.push(code),
        end: async () => void said.push("end"),
      },
      ...["run", "--db", db, "--switch", address, "--drain", "60"],
    );
    expect(said).toEqual([EXIT_CALLERS_WAIT, "end"]);
  });

  it("leaves connected calls alone when it stops, and frees the database", async () => {
    await apply();
    installation.sw.phone({ sipName: "alice-desk", script: answers({ afterMs: 20 }) });
    const engine = start();
    await engine.logged("connected to the switch");
    const caller = call(60_000);
    await new Promise<void>((resolve) => {
      caller.onNews = (news) => (news.kind === "connected" ? resolve() : undefined);
    });
    expect((await engine.stop("SIGINT")).code).toBe(0);
    expect(engine.log.at(-1)).toMatchObject({ msg: "engine stops", signal: "SIGINT" });
    expect(caller.ending).toBeNull();
    const next = start();
    await next.logged("connected to the switch");
    expect(caller.ending).toBeNull();
  });

  it("connects again when the connection breaks, and knows the registrations of that moment", async () => {
    await apply();
    const desk = installation.sw.phone({ sipName: "alice-desk", script: answers({ afterMs: 20 }) });
    const engine = start();
    await engine.logged("connected to the switch");
    installation.sw.cutLinks();
    expect(await engine.logged("reconnecting")).toMatchObject({ level: 40, calls: 0 });
    desk.unregister();
    desk.register();
    const lost = engine.log.findIndex(({ msg }) => msg.includes("reconnecting"));
    await engine.logged("connected to the switch", lost);
    const caller = call(20);
    await ended(caller);
    expect(caller.talked.map(({ withWhom }) => withWhom)).toEqual(["alice-desk"]);
  });

  it("makes a missing database, and loads an office that is applied while it runs", async () => {
    installation.sw.phone({ sipName: "alice-desk", script: answers({ afterMs: 20 }) });
    const engine = start();
    await engine.logged("connected to the switch");
    await apply();
    await engine.logged("revision");
    const caller = call(20);
    await ended(caller);
    expect(caller.talked.map(({ withWhom }) => withWhom)).toEqual(["alice-desk"]);
  });

  it("says that the password is refused, and goes on trying", async () => {
    const engine = startIn({ RINGLINE_SWITCH_PASSWORD: "another" });
    expect(await engine.logged("no link to the switch")).toMatchObject({ trouble: "password_refused" });
    expect((await engine.stop()).code).toBe(0);
  });

  it("takes the password from the first line of a file", async () => {
    const file = installation.file("password", `${installation.password}\nsecond line\n`);
    await startIn({}, "--password-file", file).logged("connected to the switch");
  });

  it("waits for a switch that is not there, and connects when it comes", async () => {
    const gone = await openInstallation();
    await gone.close();
    const engine = startIn({ RINGLINE_SWITCH_PASSWORD: installation.password }, "--switch", gone.address);
    expect(await engine.logged("no link to the switch")).toMatchObject({ trouble: "unreachable" });
    const back = await openInstallation({ port: gone.port });
    try {
      await engine.logged("connected to the switch");
      await engine.stop();
    } finally {
      await back.close();
    }
  });

  it("logs as much as it was told to", async () => {
    const engine = start("--log-level", "warn", "--switch", "127.0.0.1:1");
    await engine.logged("no link to the switch");
    expect(engine.log.map(({ level }) => level).filter((level) => level < 40)).toEqual([]);
  });
});

describe("an engine that is told to stop while a caller waits", () => {
  beforeEach(() => apply());

  /** A phone that is answered so long after it begins to ring, and a caller for whom it rings. */
  async function ringing(engine: Running, answerMs: number): Promise<CallerCall> {
    installation.sw.phone({ sipName: "alice-desk", script: answers({ afterMs: answerMs }) });
    await engine.logged("calls are carried");
    const caller = call(60_000);
    await engine.logged("rings");
    return caller;
  }

  function connected(caller: CallerCall): Promise<void> {
    return new Promise((resolve) => {
      caller.onNews = (news) => (news.kind === "connected" ? resolve() : undefined);
    });
  }

  it("finishes that call and takes no new one", async () => {
    const engine = start();
    const caller = await ringing(engine, 700);
    const stopped = engine.stop("SIGTERM");
    expect(await engine.logged("no new calls are taken")).toMatchObject({ waiting: 1, seconds: 5 });
    const late = call(60_000);
    await connected(caller);
    expect((await stopped).code).toBe(0);
    expect(engine.log.at(-1)).toMatchObject({ msg: "engine stops", calls: 1, waiting: 0 });
    expect(engine.log.filter(({ msg }) => msg === "arrived")).toHaveLength(1);
    // The caller who came late hears ringing, and is the next engine's.
    const next = start();
    await connected(late);
    expect(next.log.filter(({ msg }) => msg === "arrived")).toHaveLength(1);
    expect(caller.ending).toBeNull();
  });

  it("leaves the caller to the next engine when the time is over, and says so by its exit code", async () => {
    const engine = start("--drain", "1");
    const caller = await ringing(engine, 3_000);
    const ran = await engine.stop("SIGTERM");
    expect(ran.code).toBe(3);
    expect(engine.log.slice(-2)).toMatchObject([
      { level: 40, waiting: 1, msg: expect.stringContaining("wait on the switch for the next engine") },
      { msg: "engine stops", waiting: 1 },
    ]);
    start();
    await connected(caller);
  });

  it("leaves the caller at once on a second signal", async () => {
    const engine = start("--drain", "600");
    const caller = await ringing(engine, 2_000);
    void engine.stop("SIGTERM");
    await engine.logged("no new calls are taken");
    expect((await engine.stop("SIGINT")).code).toBe(3);
    expect(engine.log.at(-1)).toMatchObject({ msg: "engine stops", signal: "SIGTERM", told: "SIGINT" });
    start();
    await connected(caller);
  });

  it("hands the caller over at once to an engine that stands by", async () => {
    const engine = start("--drain", "600");
    await engine.logged("engine started");
    const standby = start("--standby");
    const caller = await ringing(engine, 2_000);
    await standby.logged("standing by");
    // The holder learns of it by the next sign of life.
    await new Promise<void>((resolve) => void systemClock.after(300, resolve));
    const ran = await engine.stop("SIGTERM");
    expect(ran.code).toBe(0);
    expect(engine.log.slice(-2)).toMatchObject([
      { waiting: 1, msg: "calls are handed over to the engine that stands by" },
      { msg: "engine stops", waiting: 1 },
    ]);
    await standby.logged("call taken over");
    await connected(caller);
  });
});

describe("a second engine on the database", () => {
  it("is refused, and reports the engine that holds it", async () => {
    await start().logged("engine started");
    const { db, address } = installation;
    // A faster clock shortens the two seconds of patience.
    const second = await ringlineIn(
      { env: { RINGLINE_SWITCH_PASSWORD: "x" }, clock: new ScaledClock(20) },
      ...["run", "--allow-empty", "--db", db, "--switch", address],
    );
    expect({ out: second.out, code: second.code }).toEqual({ out: "", code: 1 });
    expect(second.err).toMatch(
      new RegExp(`^error: another engine runs on .*: process ${process.pid} on .*; stop it first`),
    );
  });

  it("stands by, and takes over when the first one is gone", async () => {
    await apply();
    installation.sw.phone({ sipName: "alice-desk", script: answers({ afterMs: 20 }) });
    const first = start();
    await first.logged("connected to the switch");
    const second = start("--standby");
    const { msg } = await second.logged("standing by");
    expect(msg).toContain(`process ${process.pid} on `);
    expect(second.log).toHaveLength(1);
    await first.stop();
    await second.logged("connected to the switch");
    const caller = call(20);
    await ended(caller);
    expect(caller.talked).toHaveLength(1);
  });
});

describe("a web server that does not end when it is told to", () => {
  const program = process.argv[1] ?? "";
  afterEach(() => {
    process.argv[1] = program;
  });

  it("keeps no caller waiting for the engine that stands by", async () => {
    const pidFile = join(installation.folder, "pid");
    // The engine starts its own program again.
    process.argv[1] = installation.file(
      "hangs.cjs",
      `process.on("SIGTERM", () => {});
       require("net").createServer().listen(0);
       require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));`,
    );
    const engine = start("--web", "127.0.0.1:9");
    await engine.logged("engine started");
    await untilTrue(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "");
    const web = Number(readFileSync(pidFile, "utf8"));
    const standby = start("--standby");
    await standby.logged("standing by");
    const stopped = engine.stop("SIGTERM");
    await standby.logged("engine started");
    expect(isThere(web)).toBe(true);
    expect((await stopped).code).toBe(0);
    expect(isThere(web)).toBe(false);
  });

  function isThere(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});

describe("an engine that cannot begin says why in one sentence", () => {
  const refused = async (env: NodeJS.ProcessEnv, ...options: string[]) => {
    const { out, err, code } = await startIn(env, ...options).ended;
    expect({ out, code }).toEqual({ out: "", code: 1 });
    expect(err).toMatch(/^error: [^\n]+\n/);
    return err;
  };
  const env = { RINGLINE_SWITCH_PASSWORD: "x" };

  it("without a password", async () => {
    expect(await refused({})).toContain("set RINGLINE_SWITCH_PASSWORD, or name a file with --password-file");
    expect(await refused({ RINGLINE_SWITCH_PASSWORD: "" })).toContain("no password");
  });

  it("with a file of passwords that cannot be read, or is empty", async () => {
    expect(await refused({}, "--password-file", join(installation.folder, "none"))).toContain("ENOENT");
    expect(await refused({}, "--password-file", installation.file("empty", "\nx"))).toContain(
      "the first line is empty",
    );
  });

  it("with a secret of the directory that is too short", async () => {
    expect(await refused({ ...env, RINGLINE_DIRECTORY_SECRET: "short" })).toContain(
      "(RINGLINE_DIRECTORY_SECRET) must have 16 to 256 letters",
    );
  });

  it.each([
    ["--smtp", "smtp://mail.example.com"],
    ["--mail-from", "office@example.com"],
  ])("with %s alone", async (...options) => {
    expect(await refused(env, ...options)).toContain("--smtp and --mail-from go together");
  });

  it.each([
    ["--smtp", "http://mail.example.com", "expected smtp://HOST:PORT"],
    ["--smtp", "smtp://user:password@mail.example.com", "no password in it"],
    ["--smtp", "not a url", "expected smtp://HOST:PORT"],
    ["--switch", "127.0.0.1", "expected HOST:PORT"],
    ["--switch", "127.0.0.1:0", "expected HOST:PORT"],
    ["--switch", "127.0.0.1:65536", "expected HOST:PORT"],
    ["--switch", "a b:8021", "expected HOST:PORT"],
    ["--drain", "-1", "expected whole seconds from 0 to 600"],
    ["--drain", "1.5", "expected whole seconds from 0 to 600"],
    ["--drain", "601", "expected whole seconds from 0 to 600"],
    ["--log-level", "loud", "expected one of trace, debug"],
    ["--removed-phones", "perhaps", "Allowed choices are"],
    ["--domain", "no domain", "expected letters, digits"],
  ])("with %s %s", async (option, value, why) => {
    expect(await refused(env, option, value)).toContain(why);
  });

  it("on a database that is damaged", async () => {
    await apply();
    const bytes = readFileSync(installation.db);
    writeFileSync(installation.db, bytes.fill(0xa5, 4096));
    expect(await refused(env)).toContain("is damaged");
  });

  it("on a database in a folder that is not there", async () => {
    expect(await refused(env, "--db", join(installation.folder, "none", "office.db"))).toContain(
      "its folder must be there and writable",
    );
  });

  it("on a folder in the place of the database", async () => {
    const path = join(installation.folder, "folder.db");
    mkdirSync(path);
    expect(await refused(env, "--db", path)).toContain(path);
  });

  it("when the directory's address is in use; the database is free again", async () => {
    const port = await takenPort();
    const err = await refused(
      { ...env, RINGLINE_DIRECTORY_SECRET: SECRET },
      ...["--directory", `127.0.0.1:${port}`],
    );
    expect(err).toContain(`the directory cannot listen at 127.0.0.1:${port}: `);
    await start().logged("engine started");
  });

  it("when the address of the metrics is in use", async () => {
    const port = await takenPort();
    const err = await refused(env, "--metrics", `127.0.0.1:${port}`);
    expect(err).toContain(`metrics cannot listen at 127.0.0.1:${port}: `);
  });
});

describe("an engine with all its parts", () => {
  it("answers the switch's look-ups of phones, and monitoring", async () => {
    await apply();
    // Each port is freed right before the engine takes it.
    const [directory, metrics] = [await takenPort(), await takenPort()];
    for (const one of servers.splice(0)) await new Promise((resolve) => one.close(resolve));
    const engine = startIn(
      { RINGLINE_SWITCH_PASSWORD: installation.password, RINGLINE_DIRECTORY_SECRET: SECRET },
      ...["--directory", `127.0.0.1:${directory}`, "--metrics", `127.0.0.1:${metrics}`],
      ...["--recordings", installation.folder, "--removed-phones", "end"],
      ...["--smtp", "smtp://127.0.0.1:9", "--mail-from", "office@example.com"],
    );
    expect(await engine.logged("directory of phones open")).toMatchObject({
      directory: `127.0.0.1:${directory}`,
      domain: "ringline",
    });
    await engine.logged("connected to the switch");
    const authorization = `Basic ${Buffer.from(`ringline:${SECRET}`).toString("base64")}`;
    const phones = await fetch(`http://127.0.0.1:${directory}/phones`, {
      headers: { Authorization: authorization },
    });
    expect([phones.status, await phones.json()]).toEqual([
      200,
      { phones: [], revision: 1, signIns: { failed: 0, locks: 0, refused: 0 } },
    ]);
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    expect(text).toMatch(/^ringline_switch_connected 1$/m);
    expect(text).toMatch(/^ringline_ready\{part="database"\} 1$/m);
    expect(text).toMatch(/^ringline_record_journal_failing 0$/m);
    expect(text).toMatch(/^ringline_record_lag_seconds 0$/m);
    expect(text).toMatch(/^ringline_webhooks_total\{outcome="delivered"\} 0$/m);
    const ready = await fetch(`http://127.0.0.1:${metrics}/ready`);
    // The disk of whoever runs this may be nearly full.
    expect(await ready.text()).toMatch(/^switch: ready\noffice: ready\ndisk: .*\ndatabase: ready\n$/);
    await engine.stop();
    await expect(fetch(`http://127.0.0.1:${metrics}/metrics`)).rejects.toThrow("fetch failed");
    await expect(fetch(`http://127.0.0.1:${directory}/phones`)).rejects.toThrow("fetch failed");
  });

  it("says at its start and at each new revision which carrier's password is missing", async () => {
    const carriers = "carriers: [{ id: main, proxy: 192.0.2.10, username: acme, password: { env: ACME } }]\n";
    await apply(OFFICE + carriers);
    const port = await takenPort();
    for (const one of servers.splice(0)) await new Promise((resolve) => one.close(resolve));
    const engine = startIn(
      { RINGLINE_SWITCH_PASSWORD: installation.password, RINGLINE_DIRECTORY_SECRET: SECRET },
      ...["--directory", `127.0.0.1:${port}`],
    );
    const said = {
      level: 50,
      carrier: "main",
      secret: "the environment variable ACME",
      why: "it is not set",
    };
    expect(await engine.logged("the password of a carrier is missing")).toMatchObject(said);
    const lines = engine.log.length;
    await apply(OFFICE.replace("Acme", "Acme Dental") + carriers);
    expect(await engine.logged("the password of a carrier is missing", lines)).toMatchObject(said);
    await engine.stop();
  });

  it("reports that without a secret there is no directory", async () => {
    await start().logged("no directory of phones: RINGLINE_DIRECTORY_SECRET is not set");
  });

  it("has the newest revision at hand when it takes over", async () => {
    await apply();
    installation.sw.phone({ sipName: "alice-desk", script: answers({ afterMs: 20 }) });
    const first = start();
    await first.logged("calls are carried");
    const second = start("--standby");
    expect(await second.logged("office loaded")).toMatchObject({ revision: 1 });
    await apply(OFFICE.replace("Acme", "Acme Dental"));
    expect(await second.logged("new revision is live")).toMatchObject({ revision: 2 });
    expect(second.log.map(({ msg }) => msg)).not.toContain("engine started");
    await first.stop();
    await second.logged("calls are carried");
    const caller = call(20);
    await ended(caller);
    expect(caller.talked).toHaveLength(1);
    expect(second.log.filter(({ msg }) => msg === "office loaded")).toHaveLength(1);
  });
});
