/**
 * Goal: the help of every command says how to use it. Method: the test walks commander's tree of commands, so that a
 * new command is checked without being named here.
 */
import { describe, expect, it } from "vitest";
import { EVERY_COMMAND } from "../../fixtures/cli/every-command.js";
import { ringline } from "../../fixtures/cli/run-program.js";

const ALL = EVERY_COMMAND;

/** The width of a terminal, and of a pipe. */
const COLUMNS_MAX = 80;

/** Without spaces and line breaks, since help is wrapped. */
const flat = (text: string): string => text.replace(/\s+/g, " ");

describe("the help of", () => {
  it.each(ALL)("%s", async (name, { path, command }) => {
    const { out, err, code } = await ringline(...path, "--help");
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(out).toMatch(new RegExp(`^Usage: ${name}[ \n]`));
    expect(flat(out)).toContain(flat(command.description()));
    for (const { flags, description } of command.options) {
      expect(description, flags).not.toBe("");
      expect(flat(out)).toContain(`${flags} ${flat(description)}`);
    }
    for (const argument of command.registeredArguments) {
      expect(argument.description, argument.name()).not.toBe("");
      expect(flat(out)).toContain(`${argument.name()} ${flat(argument.description)}`);
    }
    for (const child of command.commands) {
      const said = child.summary() === "" ? child.description() : child.summary();
      expect(flat(out)).toContain(flat(said));
    }
    expect(out.split("\n").filter((line) => line.length > COLUMNS_MAX)).toEqual([]);
    expect(out.endsWith("\n")).toBe(true);
  });

  it.each(ALL.filter(([, { path }]) => path.length === 1))(
    "%s has an example that names it",
    async (name, { path }) => {
      const { out } = await ringline(...path, "--help");
      expect(out.slice(out.indexOf("Examples:"))).toContain(name);
    },
  );
});

describe("a command line that is wrong", () => {
  it.each(ALL)(
    "%s with an option that is unknown leaves exit code 1, and the way to the help",
    async (_name, { path }) => {
      const { out, err, code } = await ringline(...path, "--no-such-option");
      expect({ out, code }).toEqual({ out: "", code: 1 });
      // Commander reports a missing required option first.
      expect(err).toMatch(/^error: (unknown option '--no-such-option'|required option '.*' not specified)/);
      expect(err).toContain("(add --help for how to use it)");
    },
  );
});
