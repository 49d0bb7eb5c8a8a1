/**
 * Goal: the web server runs as long as the engine, whatever happens to it. Method: real processes, with a virtual clock
 * between their end and the next start.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { untilTrue } from "../../../fixtures/until-true.js";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import { registerWeb } from "../web/web.js";
import { addRunOptions, type RunOptions } from "./run-options.js";
import { SILENT_MS, WebProcess, webArguments, webEnvironment } from "./web-process.js";

/** A process that does not end by itself. */
const STAYS = "require('net').createServer().listen(0)";

let folder: string;
let clock: VirtualClock;
let lines: string[];
let made: WebProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-web-process-"));
  clock = new VirtualClock();
  lines = [];
});
afterEach(async () => {
  await made?.close();
  rmSync(folder, { recursive: true });
});

/** A process that writes its arguments to a file, then does what it is told. */
function started(then: string): WebProcess {
  const write = `require("fs").appendFileSync(${JSON.stringify(join(folder, "starts"))}, process.argv.slice(1).join(" ") + "\\n");`;
  const web = new WebProcess({
    command: { file: process.execPath, arguments: ["-e", write + then, "--"] },
    arguments: ["web", "--db", "x.db"],
    env: process.env,
    clock,
    log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
  });
  web.start();
  made = web;
  return web;
}

function starts(): string[] {
  try {
    return readFileSync(join(folder, "starts"), "utf8").trim().split("\n");
  } catch {
    return [];
  }
}

describe("the web server's process", () => {
  it("is given the arguments, and ended with the engine", async () => {
    const web = started(STAYS);
    await untilTrue(() => starts().length === 1);
    expect(starts()).toEqual(["web --db x.db"]);
    await web.close();
    expect(clock.pending).toBe(0);
    expect(lines).toEqual([]);
  });

  it("that ends is started again, ever later", async () => {
    started("process.exit(1)");
    for (const [index, seconds] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      await untilTrue(() => lines.length === index + 1);
      expect(JSON.parse(lines[index] ?? "")).toMatchObject({ code: 1, againAfterS: seconds });
      clock.advanceBy(seconds * 1_000 - 1);
      expect(starts()).toHaveLength(index + 1);
      clock.advanceBy(1);
    }
  });

  it("that was well for a minute is started again soon", async () => {
    started(`process.on("SIGUSR2", () => process.exit(3)); ${STAYS}`);
    await untilTrue(() => starts().length === 1);
    clock.advanceBy(60_000);
    made?.signal("SIGUSR2");
    await untilTrue(() => lines.length === 1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ againAfterS: 1 });
  });

  it("that does not end is killed", async () => {
    const web = started(`process.on("SIGTERM", () => {}); ${STAYS}`);
    await untilTrue(() => starts().length === 1);
    const closed = web.close();
    clock.advanceBy(3_000);
    await closed;
  });

  it("that hangs is ended and started again", async () => {
    started(`process.on("SIGUSR2", () => { for (;;); }); process.send("alive"); ${STAYS}`);
    await untilTrue(() => clock.pending === 1);
    clock.advanceBy(SILENT_MS - 1);
    made?.signal("SIGUSR2");
    expect(lines).toEqual([]);
    clock.advanceBy(1);
    await untilTrue(() => lines.length === 2);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: "the web server hangs; it is ended" },
      { signal: "SIGKILL", againAfterS: 1 },
    ]);
    clock.advanceBy(1_000);
    await untilTrue(() => starts().length === 2);
  });

  it("that says that it lives is left alone", async () => {
    started(`process.on("SIGUSR2", () => process.send("alive")); process.send("alive"); ${STAYS}`);
    await untilTrue(() => clock.pending === 1);
    const heard = vi.spyOn(clock, "after");
    for (let round = 1; round <= 3; round += 1) {
      clock.advanceBy(SILENT_MS - 1);
      made?.signal("SIGUSR2");
      await untilTrue(() => heard.mock.calls.length === round);
    }
    expect(lines).toEqual([]);
    await made?.close();
    expect(clock.pending).toBe(0);
  });

  it("that a signal of the terminal ends together with the engine is not started again", async () => {
    const web = started(STAYS);
    await untilTrue(() => starts().length === 1);
    web.last();
    web.signal("SIGINT");
    await untilTrue(() => !web.isRunning);
    await web.close();
    expect(lines).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it("that cannot be started at all is tried again, too", async () => {
    made = new WebProcess({
      command: { file: join(folder, "nothing"), arguments: [] },
      arguments: [],
      env: {},
      clock,
      log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
    });
    made.start();
    await untilTrue(() => lines.some((line) => line.includes("started again")));
    await made.close();
    expect(clock.pending).toBe(0);
  });
});

/** Options of the engine that have each a value. */
function everyOption(run: Command): RunOptions {
  const values: Record<string, unknown> = {};
  for (const option of run.options)
    values[option.attributeName()] = option.isBoolean() ? true : `a-${option.attributeName()}`;
  return {
    ...values,
    ...{ web: { host: "127.0.0.1", port: 8080 }, webTrustProxy: ["10.0.0.1"], live: "off" },
    ...{ publicUrl: new URL("https://x.example"), smtp: new URL("smtp://x.example:25") },
  } as unknown as RunOptions;
}

describe("the arguments of the web server", () => {
  const options = {
    db: "ringline.db",
    web: { host: "127.0.0.1", port: 8080 },
    domain: "ringline",
  } as Partial<RunOptions> as RunOptions;

  it("are those of the engine", () => {
    expect(webArguments(options)).toEqual([
      ...["web", "--db", "ringline.db", "--listen", "127.0.0.1:8080", "--domain", "ringline"],
    ]);
    expect(
      webArguments({
        ...options,
        webCert: "c.pem",
        webKey: "k.pem",
        webTrustProxy: ["10.0.0.1", "10.0.0.2"],
        publicUrl: new URL("https://phones.example.com"),
        smtp: new URL("smtp://mail.example.com:25"),
        mailFrom: "a@example.com",
        recordings: "/var/lib/messages",
        live: { kind: "socket", path: "/run/r.live" },
      })?.join(" "),
    ).toBe(
      "web --db ringline.db --listen 127.0.0.1:8080 --cert c.pem --key k.pem --public-url https://phones.example.com/ --smtp smtp://mail.example.com:25 --mail-from a@example.com --domain ringline --recordings /var/lib/messages --live /run/r.live --trust-proxy 10.0.0.1 --trust-proxy 10.0.0.2",
    );
  });

  it("hand on each option of `ringline web` that the engine has, under the same name or with `web-` before it", () => {
    const names = (command: Command) =>
      command.options
        .map(({ long }) => String(long).replace(/^--/, ""))
        .filter((name) => !name.startsWith("no-"));
    const program = new Command();
    registerWeb(program, {} as never);
    const ofWeb = names(program.commands[0] ?? program);
    const run = addRunOptions(new Command());
    const ofRun = new Map(names(run).map((name) => [name, name]));
    // The engine says where the server listens; secrets are in its environment.
    const others = new Map([["listen", "web"]]);
    const inEnvironment = ["live-secret-file", "smtp-password-file"];
    const said = (webArguments(everyOption(run)) ?? []).filter((word) => word.startsWith("--"));
    for (const name of ofWeb.filter((each) => !inEnvironment.includes(each))) {
      expect([name, ofRun.has(others.get(name) ?? `web-${name}`) || ofRun.has(name)]).toEqual([name, true]);
      expect(said).toContain(`--${name}`);
    }
  });

  it("name an engine's feed at an address, or that there is none", () => {
    const live = { kind: "tcp", host: "127.0.0.1", port: 9101 } as const;
    expect(webArguments({ ...options, live })).toEqual(expect.arrayContaining(["--live", "127.0.0.1:9101"]));
    expect(webArguments({ ...options, live: "off" })).toEqual(expect.arrayContaining(["--live", "off"]));
  });

  it("have no secret; those are in its environment", () => {
    expect(webEnvironment({ A: "1" }, { smtp: "s", live: undefined })).toEqual({
      A: "1",
      RINGLINE_SMTP_PASSWORD: "s",
    });
  });

  it("are none where no web server is asked for", () => {
    const { web: _web, ...without } = options;
    expect(webArguments(without)).toBeUndefined();
  });
});
