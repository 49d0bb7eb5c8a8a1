/**
 * Goal: what `ringline init` makes is complete and sound: it passes `check`, and an engine starts with it. Nothing is ever
 * overwritten, and a failure leaves nothing behind. Method: the command in an empty folder, with options or with a person
 * who types; the engine on the simulated switch.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ran, ringline, ringlineIn, startRingline } from "../../../fixtures/cli/run-program.js";
import { openInstallation } from "../../../fixtures/core/installation.js";
import { openStore } from "../../../storage/store.js";
import { packageFile } from "../shared/package-file.js";
import { unitFile } from "./init-files.js";

const OPTIONS = [
  "--name",
  "Acme",
  "--country",
  "US",
  "--timezone",
  "America/New_York",
  "--admin",
  "Dana Reed",
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]): string => join(folder, "acme", ...path);
const init = (...options: string[]): Promise<Ran> => ringline("init", at(), ...options);
const text = (...path: string[]): string => readFileSync(at(...path), "utf8");

/** Every file and folder below the folder. */
const all = (): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

describe("a new office", () => {
  it("passes the check, is revision 1, and its administrator is one", async () => {
    const { err, code } = await init(...OPTIONS);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect((await ringline("check", at("office"))).code).toBe(0);
    const plan = await ringline("plan", at("office"), "--db", at("ringline.db"));
    expect(plan).toMatchObject({ code: 0, out: expect.stringContaining("nothing") });
    const { out } = await ringline("user", "show", "dana.reed", "--db", at("ringline.db"));
    expect(out).toContain("system-admins");
    expect(out).toMatch(/\b101\b/);
  });

  it("starts an engine with its configuration alone", async () => {
    const installation = await openInstallation();
    try {
      await init(...OPTIONS, "--switch", installation.address);
      // The simulated switch has a password of its own.
      writeFileSync(at("switch-password"), `${installation.password}\n`);
      const directory = `127.0.0.1:${await freePort()}`;
      const engine = startRingline({}, "run", "--config", at("ringline.yaml"), "--directory", directory);
      await engine.logged("directory of phones open");
      await engine.logged("calls are carried");
      expect(engine.log.filter(({ level }) => level >= 40)).toEqual([]);
      expect((await engine.stop()).code).toBe(0);
    } finally {
      await installation.close();
    }
  });

  it("has secrets that only the owner reads, and no two alike", async () => {
    await init(...OPTIONS);
    for (const name of ["switch-password", "directory-secret", "switch.env", "ringline.db"])
      expect(statSync(at(name)).mode & 0o777, name).toBe(0o600);
    const secrets = ["switch-password", "directory-secret"].map((name) => text(name).trim());
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(secrets[0]).not.toBe(secrets[1]);
    const [password, directory] = secrets;
    expect(text("switch.env")).toContain(`RINGLINE_SWITCH_PASSWORD=${password}\n`);
    expect(text("switch.env")).toContain(`RINGLINE_DIRECTORY_SECRET=${directory}\n`);
    expect(text("ringline.yaml")).not.toContain(password);
  });

  it("says the next three steps, with commands that have the folder in them", async () => {
    const { out } = await init(...OPTIONS);
    expect(out.match(/^\d\. /gm)).toEqual(["1. ", "2. ", "3. "]);
    expect(out).toContain(`ringline run --config ${at("ringline.yaml")}\n`);
    expect(out).toContain(`ringline device credentials dana.reed desk --db ${at("ringline.db")}\n`);
    expect(
      (await ringline("device", "credentials", "dana.reed", "desk", "--db", at("ringline.db"))).code,
    ).toBe(0);
  });

  it("is told to programs as one object", async () => {
    const { out } = await init(...OPTIONS, "--json");
    expect(JSON.parse(out)).toMatchObject({ ok: true, folder: at(), next: [{}, {}, {}] });
  });

  it.each([
    ["a quote, and what YAML takes for something else", 'The "Acme": #1 {x}', "Dana O'Reed"],
    ["accents", "Müller & Søn", "Zoë Müller"],
    ["a word that is no text in YAML", "null", "Dana Reed"],
  ])("has names with %s as they were given", async (_what, name, admin) => {
    const { err, code } = await init(...OPTIONS, "--name", name, "--admin", admin);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    const opened = await openStore(at("ringline.db"), { mustExist: true });
    if (!opened.ok) throw new Error("no database");
    const office = await opened.store.loadOffice();
    await opened.store.close();
    expect([office?.name, office?.users[0]?.name]).toEqual([name, admin]);
  });
});

/** A port of this machine that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("nothing is overwritten", () => {
  it.each([
    "ringline.db",
    "ringline.yaml",
    "switch-password",
    "directory-secret",
    "switch.env",
    "ringline@.service",
    "messages",
    "office/office.yaml",
  ])("when %s is there, and nothing is made", async (name) => {
    mkdirSync(at("office"), { recursive: true });
    writeFileSync(at(name), "mine");
    const before = all();
    const { out, err, code } = await init(...OPTIONS);
    expect({ out, code }).toEqual({ out: "", code: 1 });
    expect(err).toBe(`error: nothing is overwritten, and nothing was made: ${at(name)} is there already\n`);
    expect(all()).toEqual(before);
    expect(text(name)).toBe("mine");
  });

  it("by a second run, and the first one's secrets stay", async () => {
    await init(...OPTIONS);
    const password = text("switch-password");
    expect((await init(...OPTIONS)).code).toBe(1);
    expect(text("switch-password")).toBe(password);
  });

  it("leaves files of others in the folder alone", async () => {
    mkdirSync(at(), { recursive: true });
    writeFileSync(at("notes.txt"), "mine");
    expect((await init(...OPTIONS)).code).toBe(0);
    expect(text("notes.txt")).toBe("mine");
  });
});

describe("a failure leaves nothing behind", () => {
  it.each([
    ["a country that is none", ["--country", "XX"]],
    ["a country in words", ["--country", "Germany"]],
    ["a time zone that is none", ["--timezone", "Mars/Olympus"]],
    ["an extension that is none", ["--extension", "1"]],
    ["a username that is none", ["--username", "Dana Reed"]],
    ["a name of which no username can be made", ["--admin", "李"]],
    ["an empty name", ["--name", ""]],
  ])("of %s", async (_what, options) => {
    const { err, code } = await init(...OPTIONS, ...options);
    expect(code).toBe(1);
    expect(err).not.toBe("");
    expect(all()).toEqual([]);
  });

  it("of a folder that is a file", async () => {
    writeFileSync(at(), "");
    const { err, code } = await init(...OPTIONS);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: [^\n]+\n$/);
    expect(all()).toEqual(["acme"]);
  });

  it("without a terminal and without options: what is needed is said at once", async () => {
    const { err, code } = await init("--country", "US");
    expect({ err, code }).toEqual({
      err: "error: nobody is there to be asked; give --name, --admin\n",
      code: 1,
    });
    expect(all()).toEqual([]);
  });
});

describe("on a terminal", () => {
  const typing = async (answers: readonly string[], ...options: string[]) => {
    const left = [...answers];
    const asked: string[] = [];
    const readLine = async (prompt: string) => {
      asked.push(prompt);
      return left.shift() ?? "";
    };
    const ran = await ringlineIn({ isTyped: true, readLine }, "init", at(), ...options);
    return { ...ran, asked, left };
  };

  it("it asks for what no option says, and again for what makes no sense", async () => {
    const { asked, left, err, code } = await typing(
      ["Acme", "Germany", "de", "Europe/Berlin", "Jörg Groß"],
      ...["--extension", "10"],
    );
    expect({ code, left }).toEqual({ code: 0, left: [] });
    expect(asked.map((prompt) => prompt.replace(/ \[.*/, ""))).toEqual([
      "Name of the office: ",
      "Country (two letters, such as US): ",
      "Country (two letters, such as US): ",
      "Time zone",
      "Your name, as the first administrator: ",
    ]);
    expect(err).toContain("expected a country's two letters");
    const { out } = await ringline("user", "show", "jorg.gross", "--db", at("ringline.db"));
    expect(out).toContain("Jörg Groß");
  });

  it("an empty line takes what is shown", async () => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const { asked, code } = await typing(["", "Dana Reed"], "--name", "Acme", "--country", "US");
    expect(code).toBe(0);
    expect(asked[0]).toBe(`Time zone [${timeZone}]: `);
    expect(text("office", "office.yaml")).toContain(`timezone: ${timeZone}`);
  });

  it("nobody who answers ends it", async () => {
    const { code, err } = await typing([]);
    expect(code).toBe(1);
    expect(err).toContain("give --name");
    expect(all()).toEqual([]);
  });
});

describe("the unit", () => {
  const unit = readFileSync(packageFile("docker/systemd/ringline@.service"), "utf8");
  const places = {
    folder: "/srv/ringline",
    config: "/srv/ringline/ringline.yaml",
    program: ["/usr/bin/node", "/opt/ringline.js"],
    user: "ann",
  };

  it("starts the engine with the configuration, as hardened as the package's, but for the folder", () => {
    const made = unitFile(unit, places);
    expect(made).toContain(
      "ExecStart=/usr/bin/node /opt/ringline.js run --standby --config /srv/ringline/ringline.yaml\n",
    );
    expect(made).toContain("\nReadWritePaths=/srv/ringline\n");
    expect(made).toContain("\nUser=ann\n");
    expect(made).not.toMatch(/LoadCredential|%d|StateDirectory|RINGLINE_OPTIONS|\/var\/lib\/ringline/);
    const kept = unit.split("\n").filter((line) => made.split("\n").includes(line));
    expect(kept.length).toBeGreaterThan(unit.split("\n").length * 0.75);
  });

  it("hides home folders, unless the office is in one", () => {
    expect(unitFile(unit, places)).toContain("\nProtectHome=yes\n");
    expect(unitFile(unit, { ...places, folder: "/run/user/1000/acme" })).toContain(
      "\nProtectHome=read-only\n",
    );
  });

  it("writes a dollar twice in the command, and once in a path", () => {
    const folder = "/srv/a$b 100%";
    const made = unitFile(unit, { ...places, folder, config: `${folder}/ringline.yaml` });
    expect(made).toContain('--config "/srv/a$$b 100%%/ringline.yaml"\n');
    expect(made).toContain('\nReadWritePaths="/srv/a$b 100%%"\n');
    expect(made).toContain("\nEnvironmentFile=-/srv/a$b 100%%/environment\n");
  });

  const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
  it.skipIf(!hasSystemd).each([["/srv/ringline"], ['/srv/an "office" of 100% $HOME']])(
    "is understood by systemd, in %s",
    (where) => {
      const path = join(folder, "ringline@a.service");
      const config = `${where}/ringline.yaml`;
      const made = unitFile(unit, {
        ...places,
        folder: where,
        config,
        program: [process.execPath, "/bin/sh"],
        user: "root",
      });
      writeFileSync(path, made);
      const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
      expect(stderr.split("\n").filter((line) => line.includes("ringline@"))).toEqual([]);
    },
  );
});
