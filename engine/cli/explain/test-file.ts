/**
 * Reads files of operators' routing tests, `*.test.yaml` beside the office: calls, and what is expected of each. As in
 * office files, unknown keys are errors and no value is coerced.
 */

import { z } from "zod";
import { given } from "../../../policy/office/optional.js";
import * as field from "../../../policy/office-file/fields.js";
import { type Path, show } from "../../../policy/office-file/problem.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { parseYamlFile } from "../../office/files/large-yaml.js";
import type { OfficeProblem } from "../../office/files/read.js";
import type { OfficeText } from "../../office/files/texts.js";
import type { YamlSource } from "../../office/files/yaml-source.js";

const dialledExpected = 'a phone number in quotes, such as "+12125550100", or an extension';
const dialled = z
  .union([extension(dialledExpected), field.numberText], { error: dialledExpected })
  .describe(dialledExpected);
const callerExpected =
  "who calls: a number in quotes, withheld, or a user, an extension or a SIP phone of the office";
const caller = z
  .union([extension(callerExpected), z.string().min(1).max(128)], { error: callerExpected })
  .describe(callerExpected);
const timeExpected = 'a time in the office\'s zone in quotes, such as "2026-03-02T09:00"';
const phonesExpected =
  "phones: users (alice.wong), devices (alice.wong/cell), SIP names, or numbers in quotes";
const phones = z.array(text(phonesExpected, 128), { error: "a list of phones" }).describe(phonesExpected);
const answerExpected = "who picks up and when: USER@SECONDS, or USER@SECONDS:DIGIT to press a key 3 s later";
const giveUpExpected = "whole seconds from 1 to 3600";
const giveUpError = { error: giveUpExpected };
const expectExpected = "what is expected, such as at 20 rings group:sales";

export const testSchema = z.strictObject({
  name: text("what the test shows, in one line", 200),
  call: dialled,
  from: caller.optional(),
  at: text(timeExpected, 40).optional(),
  registered: phones.optional(),
  busy: phones.optional(),
  dnd: phones.optional(),
  answer: z.array(text(answerExpected, 200), { error: "a list" }).describe(answerExpected).optional(),
  give_up: z.int(giveUpError).min(1, giveUpError).max(3_600, giveUpError).describe(giveUpExpected).optional(),
  expect: z
    .array(text(expectExpected, 200), { error: "a list of expectations" })
    .min(1, { error: "at least one expectation" })
    .describe(expectExpected),
});
export type TestCase = z.infer<typeof testSchema>;

export const testFileSchema = z.strictObject({
  tests: z.array(testSchema, { error: "a list of tests" }).min(1, { error: "at least one test" }),
});

/** An extension without quotes, which YAML reads as a number. */
function extension(error: string): z.ZodInt {
  return z.int({ error }).min(100, { error }).max(9_999, { error });
}

function text(expected: string, longest: number): z.ZodString {
  return z
    .string({ error: expected })
    .min(1, { error: expected })
    .max(longest, { error: expected })
    .describe(expected);
}

/** A file of tests; without tests when its shape is wrong. */
export interface TestFile {
  readonly name: string;
  readonly tests: readonly TestCase[];
  readonly problems: readonly OfficeProblem[];
  /** A problem at a place of this file. */
  problemAt(path: Path, message: string, more?: Partial<OfficeProblem>): OfficeProblem;
}

/** Reads one file's text. Never throws, whatever the text contains. */
export function readTestFile({ name, text: source, failure }: OfficeText): TestFile {
  const yaml = parseYamlFile(source);
  const problemAt: TestFile["problemAt"] = (path, message, more) => ({
    severity: "error",
    code: "wrong_value",
    message,
    file: name,
    ...yaml.position(path, "value"),
    ...more,
  });
  const done = (tests: readonly TestCase[], problems: readonly OfficeProblem[]): TestFile => ({
    name,
    tests,
    problems,
    problemAt,
  });
  if (failure !== undefined) return done([], [problemAt([], failure.reason, { code: failure.code })]);
  const broken = yaml.problems.map(({ position, others: _others, ...problem }) =>
    problemAt([], problem.message, { ...problem, ...position }),
  );
  if (broken.length > 0) return done([], broken);
  const parsed = testFileSchema.safeParse(yaml.content);
  if (parsed.success) return done(parsed.data.tests, []);
  return done(
    [],
    parsed.error.issues.flatMap((issue) => issueProblems(issue, yaml, problemAt)),
  );
}

function issueProblems(
  issue: z.core.$ZodIssue,
  yaml: YamlSource,
  problemAt: TestFile["problemAt"],
): OfficeProblem[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(path.length === 0 ? testFileSchema.shape : testSchema.shape);
    return issue.keys.map((key) => {
      const meant = suggest(key, known);
      return problemAt([...path, key], `unknown key \`${key}\``, {
        code: "unknown_key",
        ...yaml.position([...path, key], "key"),
        expected: `any of ${known.join(", ")}`,
        ...given({ suggestion: meant }),
      });
    });
  }
  const found = path.reduce<unknown>(
    (value, part) => (value as Record<string | number, unknown> | undefined)?.[part],
    yaml.content,
  );
  const key = path.at(-1);
  if (found === undefined && typeof key === "string")
    return [
      problemAt(path, `a test has no \`${key}\``, { code: "missing_key", ...expectedOf(issue.message) }),
    ];
  return [
    problemAt(path, `this cannot be used${typeof key === "string" ? ` as \`${key}\`` : ""}`, {
      found: show(found),
      ...expectedOf(issue.message),
    }),
  ];
}

/** Where the schema gives no phrase of ours, zod's own words would say nothing to an operator. */
function expectedOf(message: string): { readonly expected?: string } {
  return message.startsWith("Invalid input") ? {} : { expected: message };
}
