/**
 * Goal: the shells complete every command and option that the program has, paths where a path is due, and nothing else.
 * Method: the scripts in the real shells (zsh and fish where they are installed), asked about every command of the tree.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVERY_COMMAND } from "../../../fixtures/cli/every-command.js";
import { ringline } from "../../../fixtures/cli/run-program.js";

const has = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-completion-"));
  for (const shell of ["bash", "zsh", "fish"]) {
    const { out, err, code } = await ringline("completion", shell);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    writeFileSync(join(folder, shell), out);
  }
  writeFileSync(join(folder, "my office.yaml"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a shell on this text in the folder; it says nothing on standard error. */
function shell(name: string, text: string, ...options: string[]): string {
  const { stdout, stderr, status } = spawnSync(name, [...options, "-c", text], {
    cwd: folder,
    encoding: "utf8",
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout;
}

/** What a shell offers for each of these command lines, whose last word is unfinished. */
type Ask = (lines: readonly (readonly string[])[]) => string[][];

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** The answers, one line a word, with an empty line behind each list. */
function lists(text: string): string[][] {
  return text
    .split("\n---\n")
    .slice(0, -1)
    .map((list) => list.split("\n").filter((word) => word !== ""));
}

const bash: Ask = (lines) =>
  lists(
    shell(
      "bash",
      [
        "source ./bash",
        ...lines.map(
          (words) =>
            `COMP_WORDS=(ringline ${words.map(quoted).join(" ")}); COMP_CWORD=${words.length}; _ringline; printf '%s\\n' "\${COMPREPLY[@]}"; echo ---`,
        ),
      ].join("\n"),
      ...["--noprofile", "--norc"],
    ),
  );

/** The functions of zsh's completion are replaced by some that print what they get. */
const zsh: Ask = (lines) =>
  lists(
    shell(
      "zsh",
      [
        "compdef() { : }",
        "_files() { print -l -- *(N) }",
        "compadd() { shift; print -l -- $@ }",
        // Descriptions stand behind the first colon.
        '_describe() { local name="$@[-1]"; print -l -- ${${(P)name}%%:*} }',
        "source ./zsh",
        ...lines.map(
          (words) =>
            `words=(ringline ${words.map(quoted).join(" ")}); CURRENT=${words.length + 1}; PREFIX=${quoted(words.at(-1) ?? "")}; _ringline; print -- ---`,
        ),
      ].join("\n"),
      "-f",
    ).replaceAll("---\n---", "---\n\n---"),
  );

const fish: Ask = (lines) =>
  lists(
    shell(
      "fish",
      [
        "source ./fish",
        ...lines.map((words) => {
          const text = ["ringline", ...words].join(" ").replaceAll("'", "\\'");
          return `complete -C '${text}' | string split -f1 \\t; echo ---`;
        }),
      ].join("\n"),
      "--no-config",
    ).replaceAll("---\n---", "---\n\n---"),
  );

describe.each([
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish],
] as const)("%s", (name, ask) => {
  const isThere = has(name);
  if (name === "bash") it("is there", () => expect(isThere).toBe(true));

  it.skipIf(!isThere)("completes the commands below every command", () => {
    const parents = EVERY_COMMAND.filter(([, { command }]) => command.commands.length > 0);
    const offered = ask(parents.map(([, { path }]) => [...path, ""]));
    const expected = parents.map(([, { command }]) => command.commands.map((child) => child.name()).sort());
    expect(offered.map((words) => [...words].sort())).toEqual(expected);
  });

  it.skipIf(!isThere)("completes the options of every command", () => {
    const offered = ask(EVERY_COMMAND.map(([, { path }]) => [...path, "--"]));
    for (const [index, [command, known]] of EVERY_COMMAND.entries()) {
      const options = [...known.command.options.map(({ long }) => long), "--help"].sort();
      expect([...(offered[index] ?? [])].sort(), command).toEqual(options);
    }
  });

  it.skipIf(!isThere)(
    "completes values: words of a choice, paths, and nothing where nothing is known",
    () => {
      const [words, paths, nothing, shells] = ask([
        ["run", "--removed-phones", ""],
        ["run", "--db", ""],
        ["run", "--drain", ""],
        ["completion", ""],
      ]);
      expect([...(words ?? [])].sort()).toEqual(["end", "keep"]);
      expect((paths ?? []).map((path) => path.replaceAll("\\", "").replaceAll("'", ""))).toContain(
        "my office.yaml",
      );
      expect(nothing).toEqual([]);
      expect([...(shells ?? [])].sort()).toEqual(["bash", "fish", "zsh"]);
    },
  );

  it.skipIf(!isThere)("completes paths as arguments, also behind options", () => {
    const [first, later] = ask([
      ["check", ""],
      ["apply", "--db", "x.db", ""],
    ]);
    for (const paths of [first, later])
      expect((paths ?? []).map((path) => path.replaceAll("\\", "").replaceAll("'", ""))).toContain(
        "my office.yaml",
      );
  });
});

it("bash narrows down what was typed, also behind =", () => {
  expect(
    bash([
      ["gr"],
      ["group", "mem"],
      ["run", "--stand"],
      ["run", "--removed-phones", "=", "k"],
      ["run", "--removed-phones", "="],
    ]),
  ).toEqual([["group"], ["member"], ["--standby"], ["keep"], ["keep", "end"]]);
});

it("a shell that is not known is refused with those that are", async () => {
  const { err, code } = await ringline("completion", "tcsh");
  expect(code).toBe(1);
  expect(err).toContain("bash, zsh, fish");
});
