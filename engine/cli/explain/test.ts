/**
 * `ringline test`: runs operators' own routing tests, each a call that the live engine carries on the simulated switch.
 */
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import { type OfficeProblem, readOffice } from "../../office/files/read.js";
import { renderProblems } from "../../office/files/render.js";
import { showProblems } from "../office/office-problems.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { withProgress } from "../shared/progress.js";
import type { Terminal } from "../shared/terminal.js";
import { FORMS } from "./test-expect.js";
import { readTestFile, type TestCase, type TestFile } from "./test-file.js";
import { type CaseResult, junitXml } from "./test-junit.js";
import { type Case, readCase, runCase } from "./test-run.js";

const HELP = `
Tests stand in files of their own, NAME.test.yaml, beside the office. A folder stands for its office and every test
file in it; an office file NAME.yaml for itself and NAME.test.yaml.

  tests:
    - name: sales takes over when Alice does not
      call: "(212) 555-0100"
      dnd: [alice.wong]
      answer: ["bob.stone@25"]
      expect:
        - at 20 rings group:sales
        - answered by bob.stone

A test says: name, call, from, at, registered, busy, dnd, answer, give_up (as in \`ringline explain\`), and expects:
${FORMS.map(({ written, meaning }) => `  ${written}\n      ${meaning}`).join("\n")}

Exit codes: 0 all passed, 1 a test failed, or there are errors, or there is no test.

Examples:
  ringline test office/
  ringline test office.yaml --junit results.xml`;

interface TestOptions {
  readonly junit?: string;
  readonly json?: boolean;
}

export const registerTest: RegisterCommand = (program, terminal) => {
  program
    .command("test")
    .summary("run the office's own routing tests")
    .description("Plays the calls of an office's test files and compares them with what is expected.")
    .argument("<path...>", "the office's files, folders of them, and test files")
    .option("--junit <file>", "write the results as JUnit XML")
    .option("--json", "print one JSON object: { ok, tests: [{ file, name, failures, timeline }] }")
    .addHelpText("after", HELP)
    .action((paths: string[], options: TestOptions) => test(paths, options, terminal));
};

async function test(paths: readonly string[], options: TestOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const { officePaths, testPaths } = await sortOut(paths);
  const files = await Promise.all(testPaths.map(readFrom));
  if (files.length === 0) {
    failed(terminal, "there is no test file (NAME.test.yaml) here", json);
    return;
  }
  const reading = await readOffice(officePaths);
  const { office } = reading;
  if (office === undefined) {
    if (json) terminal.out(`${JSON.stringify({ ok: false, problems: reading.problems })}\n`);
    else showProblems(terminal, reading);
    terminal.exit(EXIT_FAILED);
    return;
  }
  const read = files.map((file) => readCases(file, office, terminal.clock.nowMs()));
  const problems = read.flatMap((each) =>
    [...each.problems].sort((a, b) => a.line - b.line || a.column - b.column),
  );
  if (problems.length > 0) {
    if (json) terminal.out(`${JSON.stringify({ ok: false, problems })}\n`);
    else terminal.err(renderProblems(problems, terminal.paint));
    terminal.exit(EXIT_FAILED);
    return;
  }
  const results = await runAll(
    read.flatMap(({ cases }) => cases),
    terminal,
  );
  const ok = results.every(({ failures }) => failures.length === 0);
  if (options.junit !== undefined) {
    try {
      await writeFile(options.junit, junitXml(results));
    } catch (error) {
      failed(terminal, `${options.junit} could not be written: ${(error as Error).message}`, json);
      return;
    }
  }
  if (json) terminal.out(`${JSON.stringify({ ok, tests: results })}\n`);
  else report(results, terminal);
  terminal.exit(ok ? EXIT_OK : EXIT_FAILED);
}

const isTestFile = (path: string): boolean => /\.test\.ya?ml$/.test(path);

/**
 * Sorts the paths into office files and test files; adds what lies beside them: an office's tests, or a test's office.
 */
async function sortOut(
  paths: readonly string[],
): Promise<{ readonly officePaths: readonly string[]; readonly testPaths: readonly string[] }> {
  const given = paths.filter((path) => !isTestFile(path));
  const tests = new Set(paths.filter(isTestFile));
  for (const path of given) for (const found of await testsBeside(path)) tests.add(found);
  const officePaths = given.length > 0 ? given : [...new Set([...tests].map(officeBeside))];
  return { officePaths, testPaths: [...tests].sort() };
}

async function testsBeside(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const beside = path.replace(/(\.ya?ml)$/, ".test$1");
    return existsSync(beside) ? [beside] : [];
  }
  const names = await readdir(path, { recursive: true });
  return names.filter(isTestFile).map((name) => join(path, name));
}

/** `office.yaml` for `office.test.yaml`; if that does not exist, the whole folder. */
function officeBeside(test: string): string {
  const office = test.replace(/\.test(\.ya?ml)$/, "$1");
  return existsSync(office) ? office : dirname(test);
}

async function readFrom(path: string): Promise<TestFile> {
  try {
    return readTestFile({ name: path, text: await readFile(path, "utf8") });
  } catch {
    const failure = { code: "file_unreadable", reason: "it cannot be read" } as const;
    return readTestFile({ name: path, text: "", failure });
  }
}

/** A test that can be run, with its file. */
interface FileCase extends Case {
  readonly file: string;
}

interface Cases {
  readonly cases: readonly FileCase[];
  readonly problems: readonly OfficeProblem[];
}

function readCases(file: TestFile, office: Office, nowMs: number): Cases {
  const problems: OfficeProblem[] = [...file.problems];
  const cases = file.tests.flatMap((each, index) => {
    const read = readCase(each, { office, revision: 0, memory: [] }, nowMs, ["tests", index]);
    if (read.ok) return [{ file: file.name, ...read.value }];
    for (const { path, message } of read.faults)
      problems.push(
        file.problemAt(path, message, { code: "dangling", ...given({ found: sentenceAt(each, path) }) }),
      );
    return [];
  });
  return { cases, problems };
}

/** An expectation is shown with its problem, since it is a sentence. */
function sentenceAt({ expect }: TestCase, path: readonly (string | number)[]): string | undefined {
  return path.includes("expect") ? expect[Number(path.at(-1))] : undefined;
}

async function runAll(cases: readonly FileCase[], terminal: Terminal): Promise<CaseResult[]> {
  return withProgress(terminal, "testing", async (report) => {
    const results: CaseResult[] = [];
    for (const each of cases) {
      results.push({ file: each.file, ...(await runCase(each)) });
      report(results.length, cases.length);
    }
    return results;
  });
}

function report(results: readonly CaseResult[], terminal: Terminal): void {
  const { paint } = terminal;
  for (const { file, name, failures, timeline: lines } of results) {
    if (failures.length === 0) {
      terminal.out(`passed  ${name}\n`);
      continue;
    }
    terminal.out(`${paint.error("FAILED")}  ${name} (${file})\n`);
    for (const failure of failures) terminal.out(`        ${failure}\n`);
    for (const line of lines) terminal.out(`${paint.faint(`        ${line}`)}\n`);
  }
  const wrong = results.filter(({ failures }) => failures.length > 0).length;
  terminal.out(
    `${results.length - wrong} passed${wrong === 0 ? "" : `, ${paint.error(`${wrong} failed`)}`}\n`,
  );
}
