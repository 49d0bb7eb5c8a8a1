/**
 * Goal: each command has a manual page that readers of such pages accept, with everything that its help says. Method: the
 * pages of the whole tree, judged by mandoc's lint and by groff, and read through `man`, where these are installed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVERY_COMMAND } from "../../../fixtures/cli/every-command.js";
import { ringline } from "../../../fixtures/cli/run-program.js";

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).error === undefined;
const HAS_MANDOC = has("mandoc", "-V");
const HAS_GROFF = has("groff", "--version");
const HAS_MAN = has("man", "--version");

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-man-"));
  const { out, err, code } = await ringline("man", "--into", join(folder, "man1"));
  expect({ err, code }).toEqual({ err: "", code: 0 });
  expect(out).toContain(`${EVERY_COMMAND.length} pages in `);
});
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string): string => join(folder, "man1", `${name.replaceAll(" ", "-")}.1`);

/** Without spaces and line breaks, as lines are filled. */
const flat = (text: string): string => text.replace(/\s+/g, " ");

/** A page as a reader sees it, without bold print. */
function rendered(name: string): string {
  const { stdout } = HAS_MANDOC
    ? spawnSync("mandoc", ["-T", "utf8", "-O", "width=200", fileOf(name)], { encoding: "utf8" })
    : spawnSync("groff", ["-man", "-Tutf8", "-rLL=200n", "-P-cbou", fileOf(name)], { encoding: "utf8" });
  // Bold letters are typed twice, over each other.
  return flat(stdout.replace(/.\u0008/gu, ""));
}

it("there is a page for every command, and no other", () => {
  expect(readdirSync(join(folder, "man1")).sort()).toEqual(
    EVERY_COMMAND.map(([name]) => `${name.replaceAll(" ", "-")}.1`).sort(),
  );
});

describe.skipIf(!HAS_MANDOC && !HAS_GROFF)("the page of", () => {
  it.each(EVERY_COMMAND)("%s says what its help says", (name, { command }) => {
    const page = rendered(name);
    expect(page).toContain(`NAME ${name.replaceAll(" ", "-")} - `);
    expect(page).toContain(flat(command.description()));
    for (const { flags, description } of command.options)
      expect(page).toContain(`${flags} ${flat(description)}`);
    for (const argument of command.registeredArguments)
      expect(page).toContain(`${argument.name()} ${flat(argument.description)}`);
    for (const child of command.commands)
      expect(page).toContain(`${name.replaceAll(" ", "-")}-${child.name()}(1)`);
  });

  it.each(EVERY_COMMAND.filter(([, { path }]) => path.length === 1))(
    "%s has its notes and examples",
    async (name, { path }) => {
      const page = rendered(name);
      const { out } = await ringline(...path, "--help");
      const examples = out
        .slice(out.search(/^Examples?:/m))
        .split("\n")
        .filter((line) => /^ {2}\S/.test(line) && !line.endsWith("\\"));
      expect(page).toContain("EXAMPLES ");
      for (const example of examples) expect(page).toContain(flat(example.trim()));
    },
  );
});

it.skipIf(!HAS_MANDOC)("mandoc has nothing to say against any page", () => {
  const files = EVERY_COMMAND.map(([name]) => fileOf(name));
  const { stdout } = spawnSync("mandoc", ["-T", "lint", "-W", "warning", ...files], { encoding: "utf8" });
  expect(stdout).toBe("");
});

it.skipIf(!HAS_GROFF)("groff has nothing to say against any page", () => {
  for (const [name] of EVERY_COMMAND) {
    const { stderr } = spawnSync("groff", ["-man", "-Tutf8", "-ww", "-z", fileOf(name)], {
      encoding: "utf8",
    });
    expect(stderr, name).toBe("");
  }
});

it.skipIf(!HAS_MAN)("man shows a page", () => {
  const { stdout, status } = spawnSync("man", ["-l", "-P", "cat", fileOf("ringline run")], {
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout.replace(/.\u0008/gu, "")).toMatch(/ringline run \[options\]/);
});

it("one page is printed by the words of its command", async () => {
  const { out, code } = await ringline("man", "user", "add");
  expect(code).toBe(0);
  expect(out).toBe(readFileSync(fileOf("ringline user add"), "utf8"));
  expect((await ringline("man")).out).toBe(readFileSync(fileOf("ringline"), "utf8"));
});

it("a command that does not exist is refused with the nearest", async () => {
  const { out, err, code } = await ringline("man", "user", "ad");
  expect({ out, code }).toEqual({ out: "", code: 1 });
  expect(err).toContain("did you mean `ringline user add`?");
});
