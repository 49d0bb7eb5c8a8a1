/**
 * Goal: every command behaves in a shell. Nobody reading its output ends it quietly; a disk that is full and a file that
 * cannot be used are one sentence and an exit code, never a stack; colours stay away when they are not wanted; help fits
 * the terminal; a command that reads never makes a database. Method: the test walks the tree of commands, and runs each
 * on a terminal whose streams fail as a process's do.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EVERY_ACTION, EVERY_COMMAND, type Places, wordsFor } from "../../fixtures/cli/every-command.js";
import { ringline, ringlineIn } from "../../fixtures/cli/run-program.js";
import { systemClock } from "../clock.js";
import { runProgram } from "./program.js";
import { type ProcessParts, type Terminal, terminalOf } from "./shared/terminal.js";

const ACME = fileURLToPath(new URL("../../fixtures/offices/acme-dental.yaml", import.meta.url));

let template: string;
let folder: string;
let places: Places;

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), "ringline-manners-"));
  const { code } = await ringline("apply", ACME, "--db", join(template, "office.db"));
  expect(code).toBe(0);
});
afterAll(() => rmSync(template, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-manners-"));
  cpSync(template, folder, { recursive: true });
  places = { db: join(folder, "office.db"), office: ACME, folder };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A stream that fails at each write, as one of a process does (`write` in libuv). */
function failing(code: "EPIPE" | "ENOSPC"): Writable {
  const error = () => Object.assign(new Error(`write ${code}`), { code, syscall: "write", errno: -1 });
  return new Writable({ write: (_piece, _encoding, done) => done(error()) });
}

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: unknown;
}

/** Runs a command on a process of these parts, whose engine is told to stop as soon as it waits for that. */
async function run(
  args: readonly string[],
  { stdout, isTTY = false, more = {} }: { stdout?: Writable; isTTY?: boolean; more?: Partial<Terminal> } = {},
): Promise<Ended> {
  const shown = { out: "", err: "" };
  const collecting = (name: "out" | "err") =>
    new Writable({
      write: (piece, _encoding, done) => {
        shown[name] += String(piece);
        done();
      },
    });
  const parts: ProcessParts = {
    stdin: Object.assign(new PassThrough(), { isTTY: false }).end() as PassThrough,
    stdout: Object.assign(stdout ?? collecting("out"), { isTTY, columns: 60 }),
    stderr: Object.assign(collecting("err"), { isTTY }),
    env: { RINGLINE_SWITCH_PASSWORD: "x", RINGLINE_AUTHOR: "ann" },
    exit: () => undefined,
  };
  const terminal: Terminal = {
    ...terminalOf(parts, false),
    lookUp: async () => ["192.0.2.10"],
    stopSignal: async () => "SIGTERM",
    openLog: () => ({ write: () => undefined }),
    ...more,
  };
  await runProgram(args, terminal);
  // The error of a stream comes a tick behind the write.
  await new Promise<void>((resolve) => void systemClock.after(1, resolve));
  return { ...shown, code: parts.exitCode ?? 0 };
}

const STACK = /\n\s+at .*:\d+:\d+|node:internal/;

describe.each(EVERY_ACTION)("%s", (name, known) => {
  const args = () => [...known.path, ...wordsFor(name, known, places)];

  it("ends quietly, and does its work, when nobody reads its output", async () => {
    const before = await run(args());
    rmSync(folder, { recursive: true });
    cpSync(template, folder, { recursive: true });
    const { err, code } = await run(args(), { stdout: failing("EPIPE") });
    expect({ err, code }).toEqual({ err: before.err, code: before.code });
    expect(err).not.toMatch(/EPIPE/);
    expect(err).not.toMatch(STACK);
  });

  it("says in one sentence that the disk of its output is full", async () => {
    const before = await run(args());
    rmSync(folder, { recursive: true });
    cpSync(template, folder, { recursive: true });
    const { err, code } = await run(args(), { stdout: failing("ENOSPC") });
    expect(err).not.toMatch(STACK);
    if (before.out === "") return;
    expect(code).toBe(1);
    expect(err.split("error: the output cannot be written: the disk is full\n")).toHaveLength(2);
  });

  it("has no colours on a terminal that wants none", async () => {
    const { out, err } = await run(args(), { isTTY: true });
    // A bar is wiped away by ESC [ K, which is no colour.
    expect(`${out}${err}`).not.toMatch(/\u001b\[[0-9;]*m/);
  });

  it("says in one sentence that a file cannot be used", async () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    mkdirSync(join(folder, "a-folder"));
    const words = args();
    const paths = words.flatMap((word, index) => (word.startsWith("/") ? [index] : []));
    for (const index of paths)
      for (const unusable of [join(file, "below"), join(folder, "a-folder"), "/proc/none/file"]) {
        const { err } = await run(words.with(index, unusable));
        expect(err, words.with(index, unusable).join(" ")).not.toMatch(STACK);
      }
  });
});

describe("a mistyped --db", () => {
  const MAKES = ["ringline apply", "ringline restore"];
  const ON_DATABASE = EVERY_ACTION.filter(([, { command }]) =>
    command.options.some(({ long }) => long === "--db"),
  );

  it.each(ON_DATABASE.filter(([name]) => !MAKES.includes(name)))(
    "is not made into a database by %s",
    async (name, known) => {
      const mistyped = join(folder, "ofice.db");
      const before = readdirSync(folder);
      await run([...known.path, ...wordsFor(name, known, { ...places, db: mistyped })]);
      expect(existsSync(mistyped)).toBe(false);
      expect(readdirSync(folder).filter((file) => /ofice/.test(file))).toEqual([]);
      expect(before).toContain("office.db");
    },
  );
});

describe("the help of", () => {
  it.each(EVERY_COMMAND)("%s fits terminals", async (_name, { path }) => {
    for (const columns of [60, 80, 132]) {
      const { out, code } = await ringlineIn({ columns }, ...path, "--help");
      expect(code).toBe(0);
      const tooLong = out.split("\n").filter((line) => line.length > columns);
      expect(tooLong, `${columns} columns`).toEqual([]);
    }
  });
});
