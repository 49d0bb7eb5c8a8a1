/**
 * Goal: every option of the engine can be given in three ways under one name, the nearer way wins, nothing is silently
 * ignored, and what holds can be shown without a secret. Method: the command's own options, so that a new one is tried
 * without being named here.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Option } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ringlineIn, testTerminal } from "../../../fixtures/cli/run-program.js";
import { buildProgram } from "../program.js";
import { settingNames, variableOf } from "./settings.js";

const RUN = (await buildProgram(testTerminal())).commands.find((command) => command.name() === "run");
if (RUN === undefined) throw new Error("no command run");
const NAMES = settingNames(RUN);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function config(text: string): string {
  const path = join(folder, "ringline.yaml");
  writeFileSync(path, text);
  return path;
}

/** The rows of `--show-config`: name, value, source. */
async function shown(
  env: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<Readonly<Record<string, readonly [value: string, source: string]>>> {
  const { out, err, code } = await ringlineIn({ env }, "run", "--show-config", ...args);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  const rows = out
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  return Object.fromEntries(rows.map(([name = "", value = "", source = ""]) => [name, [value, source]]));
}

/** Three values that the option takes, each shown as it is written. */
function values(option: Option): readonly [string, string, string] {
  if (option.isBoolean()) return ["yes", "no", "yes"];
  if (option.argChoices !== undefined) return [option.argChoices[0] ?? "", option.argChoices[1] ?? "", "?"];
  const placeholder = /<(.*)>/.exec(option.flags)?.[1];
  switch (placeholder) {
    case "host:port":
      return ["127.0.0.1:1001", "127.0.0.1:1002", "[::1]:1003"];
    case "url":
      return ["smtp://one.example.com", "smtp://two.example.com", "smtps://ann@three.example.com"];
    case "web-url":
      return ["https://one.example.com/", "https://two.example.com/", "https://three.example.com/"];
    case "addresses":
      return ["127.0.0.1", "10.0.0.1", "10.0.0.1,10.0.0.2"];
    case "seconds":
    case "hours":
    case "days":
      return ["1", "2", "3"];
    case "level":
      return ["warn", "debug", "error"];
    case "address":
      return ["one@example.com", "two@example.com", "three@example.com"];
    case "name":
      return ["one.example.com", "two.example.com", "three.example.com"];
    default:
      return ["/tmp/one", "/tmp/two", "/tmp/three"];
  }
}

describe.each(NAMES)("--%s", (name) => {
  const option = RUN.options.find((each) => each.name() === name && !each.negate);
  if (option === undefined) throw new Error(name);
  const [inFile, inEnvironment, given] = values(option);
  const variable = variableOf(name);
  const asOption = option.isBoolean() ? [`--${name}`] : [`--${name}`, given];
  const needed = ["--db", "x.db", "--switch", "127.0.0.1:1"].filter(
    (_word, index) => ["db", "switch"][Math.floor(index / 2)] !== name,
  );

  it("is read from the file, with the place at which it stands", async () => {
    const path = config(`# a comment\n${name}: ${inFile}\n`);
    expect((await shown({}, ...needed, "--config", path))[name]).toEqual([inFile, `${path}:2:1`]);
  });

  it("is read from the environment, before the file", async () => {
    const path = config(`${name}: ${inFile}\n`);
    const env = { [variable]: inEnvironment, RINGLINE_CONFIG: path };
    expect((await shown(env, ...needed))[name]).toEqual([inEnvironment, `environment ${variable}`]);
  });

  it.skipIf(given === "?")("is read from the command line, before all else", async () => {
    const path = config(`${name}: ${inFile}\n`);
    const rows = await shown({ [variable]: inEnvironment }, ...needed, "--config", path, ...asOption);
    expect(rows[name]).toEqual([option.isBoolean() ? "yes" : given, "command line"]);
  });

  it("counts an empty variable as none", async () => {
    const rows = await shown({ [variable]: "" }, ...needed);
    expect(rows[name]?.[1]).toMatch(/^(?:default|not set)$/);
  });

  const isFree = option.parseArg === undefined && !option.isBoolean();
  it.skipIf(isFree)("refuses what it does not understand, with the place", async () => {
    const path = config(`${name}: "no such value"\n`);
    const ofFile = await ringlineIn({}, "run", "--config", path, ...needed);
    expect(ofFile).toMatchObject({ code: 1, out: "" });
    expect(ofFile.err).toContain(`error: ${path}:1:1: ${name}: expected `);
    const ofEnvironment = await ringlineIn({ env: { [variable]: "no such value" } }, "run", ...needed);
    expect(ofEnvironment).toMatchObject({ code: 1, out: "" });
    expect(ofEnvironment.err).toContain(`error: ${variable}: ${name}: expected `);
  });
});

describe("a configuration file", () => {
  it.each([
    ["swich: 127.0.0.1:8021", '1:1: there is no option "swich"; did you mean switch?'],
    ["password_file: x", '1:1: there is no option "password_file"; did you mean password-file?'],
    ["--db: x", '1:1: there is no option "--db"; did you mean db?'],
    ["password: geheim", "1:1: no secret is in this file; password-file names a file that has it"],
    ["smtp-password: geheim", "1:1: no secret is in this file; smtp-password-file names a file"],
    ["zzz: 1", '1:1: there is no option "zzz"'],
    ["config: other.yaml", '1:1: there is no option "config"'],
    ["drain: 1\ndrain: 2", "2:1: Map keys must be unique"],
    ["drain: [1]", "1:1: drain: expected one value"],
    ["drain:", "1:1: drain: expected one value"],
    ["drain: 1e1", "1:1: drain: expected whole seconds"],
    ["standby: perhaps", "1:1: standby: expected true or false"],
    ["- db", "1:1: expected lines of `name: value`"],
    ["just words", "1:1: expected lines of `name: value`"],
    ["db: [", "2:1: Flow sequence"],
  ])("that says %j is refused, and nothing of a secret is repeated", async (text, problem) => {
    const path = config(`${text}\n`);
    const { out, err, code } = await ringlineIn({}, "run", "--config", path);
    expect({ out, code }).toEqual({ out: "", code: 1 });
    expect(err).toContain(`error: ${path}:${problem}`);
    expect(err).not.toContain("geheim");
  });

  it("is read to its end, and all that is wrong is said", async () => {
    const path = config("swich: x\ndrain: soon\n");
    const { err } = await ringlineIn({ env: { RINGLINE_METRICS: "x" } }, "run", "--config", path);
    expect(err.trimEnd().split("\n")).toHaveLength(3);
  });

  it.each(["", "# nothing\n", "---\n"])("may be empty: %j", async (text) => {
    const rows = await shown({}, "--config", config(text));
    expect(rows["db"]).toEqual(["-", "not set"]);
  });

  it("means paths from its own folder", async () => {
    mkdirSync(join(folder, "etc"));
    const path = join(folder, "etc", "ringline.yaml");
    writeFileSync(path, "db: ../office.db\nrecordings: messages\n");
    const rows = await shown({}, "--config", path);
    expect(rows["db"]?.[0]).toBe(join(folder, "office.db"));
    expect(rows["recordings"]?.[0]).toBe(join(folder, "etc", "messages"));
  });

  it("that is a folder is said so", async () => {
    const { err, code } = await ringlineIn({}, "run", "--config", folder);
    expect([err, code]).toEqual([`error: ${folder} cannot be used: it is a folder\n`, 1]);
  });

  it("that is not there is one sentence", async () => {
    const { err, code } = await ringlineIn({}, "run", "--config", join(folder, "none"));
    expect(code).toBe(1);
    expect(err).toMatch(/^error: [^\n]*none cannot be used: it is not there, or its folder is not\n$/);
  });
});

it("an engine whose needed options are nowhere says so, and where they may stand", async () => {
  const { err, code } = await ringlineIn({ env: { RINGLINE_SWITCH: "127.0.0.1:1" } }, "run");
  expect(code).toBe(1);
  expect(err).toBe(
    "error: required option '--db' not specified, neither by RINGLINE_DB nor in a file (--config)\n",
  );
});

it.each(["warning", "err", "notice"])(
  "the switch's level %s is understood, as both may share a variable",
  async (level) => {
    expect((await shown({ RINGLINE_LOG_LEVEL: level }))["log-level"]?.[1]).toBe(
      "environment RINGLINE_LOG_LEVEL",
    );
  },
);

describe("secrets", () => {
  const SECRET = "a-secret-that-nobody-sees";

  it("are hidden, and their source is shown", async () => {
    const file = join(folder, "secret");
    writeFileSync(file, `${SECRET}\n`);
    const env = { RINGLINE_SWITCH_PASSWORD: SECRET };
    const args = ["--directory-secret-file", file];
    const rows = await shown(env, ...args);
    expect(rows["switch password"]).toEqual(["(hidden)", "environment RINGLINE_SWITCH_PASSWORD"]);
    expect(rows["directory secret"]).toEqual(["(hidden)", `first line of ${file}`]);
    expect(rows["mail password"]).toEqual(["-", "not set"]);
    expect((await ringlineIn({ env }, "run", "--show-config", ...args)).out).not.toContain(SECRET);
  });

  it.each([
    ["a variable before a file that the configuration names", false, "environment RINGLINE_SWITCH_PASSWORD"],
    ["a file that the command line names before a variable", true, "first line of"],
  ])("come from %s", async (_what, isOption, source) => {
    const file = join(folder, "secret");
    const path = config(isOption ? "" : `password-file: ${file}\n`);
    const args = ["--config", path, ...(isOption ? ["--password-file", file] : [])];
    const rows = await shown({ RINGLINE_SWITCH_PASSWORD: SECRET }, ...args);
    expect(rows["switch password"]?.[1]).toContain(source);
  });
});
