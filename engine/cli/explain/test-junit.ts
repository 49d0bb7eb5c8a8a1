/** Writes results of tests as JUnit XML, which every CI reads. */

export interface CaseResult {
  readonly file: string;
  readonly name: string;
  /** The failures, one line each; empty: passed. */
  readonly failures: readonly string[];
  readonly timeline: readonly string[];
}

/** The XML, with one suite for each file. */
export function junitXml(results: readonly CaseResult[]): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ringline" tests="${results.length}" failures="${failed}">`,
    ...files.map((file) =>
      suite(
        file,
        results.filter((result) => result.file === file),
      ),
    ),
    "</testsuites>",
    "",
  ].join("\n");
}

function suite(file: string, results: readonly CaseResult[]): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return [
    `  <testsuite name="${escaped(file)}" tests="${results.length}" failures="${failed}" errors="0" skipped="0">`,
    ...results.map(testCase),
    "  </testsuite>",
  ].join("\n");
}

function testCase({ file, name, failures, timeline }: CaseResult): string {
  const head = `    <testcase classname="${escaped(file)}" name="${escaped(name)}"`;
  if (failures.length === 0) return `${head}/>`;
  const body = [...failures, "", ...timeline].join("\n");
  return `${head}>\n      <failure message="${escaped(failures[0] ?? "")}">${escaped(body)}</failure>\n    </testcase>`;
}

/** XML 1.0 cannot represent control characters, so they are left out (section 2.2). */
function escaped(text: string): string {
  return [...text]
    .filter((character) => character >= " " || character === "\n" || character === "\t")
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
