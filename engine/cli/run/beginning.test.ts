/**
 * Goal: an engine never begins with nothing. What it would begin without is said at once in words with what mends it, a
 * slip leaves no file behind, and an option lets it begin all the same. Method: the command on the simulated switch, with
 * a database that a test makes as empty as it likes.
 */
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Running, ringline, startRingline } from "../../../fixtures/cli/run-program.js";
import {
  type Installation,
  type InstallationOptions,
  openInstallation,
} from "../../../fixtures/core/installation.js";

const OFFICE = `office: { name: Acme, country: US, timezone: America/New_York }
users:
  - { username: alice.wong, name: Alice Wong, email: alice@example.com, extension: 101 }
`;
const EMPTY = "office: { name: Acme, country: US, timezone: America/New_York }\n";

let installation: Installation;
const running: Running[] = [];

async function open(options: InstallationOptions = {}): Promise<void> {
  await installation.close();
  installation = await openInstallation(options);
}

beforeEach(async () => {
  installation = await openInstallation();
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  await installation.close();
});

function start(...options: string[]): Running {
  const { db, address, password } = installation;
  const one = startRingline(
    { RINGLINE_SWITCH_PASSWORD: password },
    ...["run", "--db", db, "--switch", address, ...options],
  );
  running.push(one);
  return one;
}

async function apply(office = OFFICE): Promise<void> {
  const { db, file } = installation;
  const { code, err } = await ringline("apply", file("office.yaml", office), "--db", db);
  expect(code, err).toBe(0);
}

/** The sentences of an engine that did not start. */
async function refusal(...options: string[]): Promise<string> {
  const { out, err, code } = await start(...options).ended;
  expect({ out, code }).toEqual({ out: "", code: 1 });
  return err;
}

describe("an engine does not begin", () => {
  it.each([[[]], [["--standby"]]])("without a database, and makes none, with %j", async (options) => {
    const err = await refusal(...options);
    expect(err).toMatch(
      /^error: there is no database .*office\.db; [^\n]*--db[^\n]*`ringline apply`[^\n]*\n$/,
    );
    expect(err).toContain("or start with --allow-empty");
    expect(readdirSync(installation.folder)).toEqual([]);
  });

  it("with an office in which nobody is", async () => {
    await apply(EMPTY);
    const err = await refusal();
    expect(err).toMatch(/^error: the office in .* is empty: no user, no group, no number; [^\n]+\n$/);
    expect(err).toContain("--allow-empty");
  });

  it("with an office from which everybody was removed", async () => {
    await apply();
    await apply(EMPTY);
    expect(await refusal()).toContain("is empty");
  });

  it.each([
    ["a folder that is not there", () => join(installation.folder, "mesages"), "is not there"],
    ["a file", () => installation.file("messages", ""), "is no folder"],
  ])("with messages in %s", async (_what, folder, why) => {
    await apply();
    const err = await refusal("--recordings", folder());
    expect(err).toContain(`the folder of messages ${folder()} ${why}`);
    expect(err).toContain("or start with --allow-missing");
  });

  it.skipIf(process.getuid?.() === 0)("with messages in a folder that it may not write to", async () => {
    await apply();
    const folder = join(installation.folder, "messages");
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    expect(await refusal("--recordings", folder)).toContain("cannot be written to");
  });

  it("without the switch's sounds", async () => {
    await open({ hasFile: (path) => !path.endsWith("apology.wav") });
    await apply();
    const err = await refusal();
    expect(err).toMatch(/^error: 1 of \d+ sounds are missing in [^\n]*: apology\.wav; put [^\n]+\n$/);
    expect(err).toContain("or start with --allow-missing");
  });

  it("and says all of it at once", async () => {
    await open({ hasFile: (path) => !path.endsWith("apology.wav") });
    const err = await refusal("--recordings", join(installation.folder, "none"));
    expect(err.split("\n").map((line) => line.slice(0, 20))).toEqual([
      "error: there is no d",
      "error: the folder of",
      expect.stringMatching(/^error: 1 of/),
      "",
    ]);
  });
});

describe("an engine that is told to begins", () => {
  it("without a database, and warns", async () => {
    const engine = start("--allow-empty");
    expect(await engine.logged("there is no database")).toMatchObject({ level: 40 });
    await engine.logged("calls are carried");
  });

  it("without a folder and sounds, and warns", async () => {
    await open({ hasFile: (path) => !path.endsWith("apology.wav") });
    await apply();
    const engine = start("--allow-missing", "--recordings", join(installation.folder, "none"));
    expect(await engine.logged("the folder of messages")).toMatchObject({ level: 40 });
    expect(await engine.logged("sounds are missing")).toMatchObject({ level: 40, mend: expect.any(String) });
    await engine.logged("calls are carried");
  });

  it("though the one option does not stand for the other", async () => {
    expect(await refusal("--allow-missing")).toContain("there is no database");
  });
});

it("sounds that could not be asked for at the start are asked for when the switch is there", async () => {
  await apply();
  const { db, port, password } = installation;
  const gone = await openInstallation();
  await gone.close();
  const engine = startRingline(
    { RINGLINE_SWITCH_PASSWORD: password },
    ...["run", "--db", db, "--switch", gone.address],
  );
  running.push(engine);
  await engine.logged("no link to the switch");
  expect(port).not.toBe(gone.port);
  const back = await openInstallation({ port: gone.port, hasFile: (path) => !path.endsWith("apology.wav") });
  try {
    expect(await engine.logged("sounds are missing")).toMatchObject({ level: 50, mend: expect.any(String) });
    await engine.stop();
  } finally {
    await back.close();
  }
});

describe("what an office wants and the options do not give", () => {
  const MAILED = OFFICE.replace("extension: 101", "extension: 101, voicemail: { email: true }");
  const OF_GROUP = `${OFFICE}groups:
  - { id: sales, name: Sales, extension: 200, members: [{ user: alice.wong }], voicemail: { email: attached } }
`;

  it.each([
    ["a user's mailbox", MAILED],
    ["a group's mailbox", OF_GROUP],
  ])("is said at the start: mails of %s without a mail server", async (_what, office) => {
    await apply(office);
    const engine = start("--recordings", installation.folder);
    expect(await engine.logged("a mailbox asks for mails")).toMatchObject({
      level: 40,
      mend: "name one with --smtp and --mail-from",
    });
  });

  it.each([
    ["nobody wants mails", OFFICE, []],
    ["who wants mails has no address", MAILED.replace("email: alice@example.com, ", ""), []],
    [
      "a member takes no part in the mailbox",
      OF_GROUP.replace("{ user: alice.wong }", "{ user: alice.wong, voicemail: false }"),
      [],
    ],
    [
      "nobody else is told of emergency calls",
      OFFICE.replace("York }", "York, emergency: { test_numbers: [933] } }"),
      [],
    ],
    ["there is a mail server", MAILED, ["--smtp", "smtp://127.0.0.1:9", "--mail-from", "a@example.com"]],
  ])("is not said when %s", async (_what, office, options) => {
    await apply(office);
    const engine = start("--recordings", installation.folder, ...options);
    await engine.logged("calls are carried");
    expect(engine.log.filter(({ level }) => level >= 40).map(({ msg }) => msg)).toEqual([]);
  });

  const TOLD = OFFICE.replace(
    "timezone: America/New_York }",
    "timezone: America/New_York, emergency: { notify: [alice.wong, desk@example.com] } }",
  );

  it("is said at the start: mails about emergency calls without a mail server", async () => {
    await apply(TOLD);
    const engine = start("--recordings", installation.folder);
    expect(await engine.logged("the office names 2 people to tell of emergency calls")).toMatchObject({
      level: 40,
      mend: "name one with --smtp and --mail-from",
    });
  });

  it("is said of messages without a folder", async () => {
    await apply();
    expect(await start().logged("there is no folder of messages")).toMatchObject({ level: 40 });
  });
});
