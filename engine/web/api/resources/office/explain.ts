/**
 * "Who would ring if so-and-so called at that time": a call is played on the office, without ringing a phone, and told
 * second by second. And routing tests: calls, and what is expected of them.
 */
import { z } from "zod";
import { readEdits } from "../../../../../policy/change/edits/schema.js";
import type { Edit } from "../../../../../policy/change/edits/types.js";
import { given } from "../../../../../policy/office/optional.js";
import type { Answered, Asked, PlayedAnswer } from "../../../../cli/explain/asked.js";
import { readTestFile, type TestCase, testSchema } from "../../../../cli/explain/test-file.js";
import { askFeed } from "../../../../feed/ask.js";
import { pointer } from "../../changes.js";
import { type Problem, problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import type { Services } from "../../services.js";
import { isoTime } from "../../time.js";

const TAG = "Try it";
const FLOWS = { needs: "permission", permission: "call_flows" } as const;
const NUMBERS = { needs: "permission", permission: "numbers" } as const;

const phones = z.array(z.string().min(1).max(128)).max(1_000);

/** How the call is made, and what phones do. */
const circumstances = {
  from: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      "who calls: a number outside, `withheld`, or a user, an extension or a SIP phone of the office",
    ),
  at: z
    .string()
    .max(40)
    .optional()
    .describe(
      "when, in the office's zone (2026-03-02T09:00) or with a zone (2026-03-02T14:00Z); left out: now",
    ),
  registered: phones.optional().describe("only these phones are signed in; left out: all are"),
  registered_now: z.boolean().optional().describe("only the phones are signed in that are so now"),
  busy: phones.optional().describe("these are busy"),
  dnd: phones.optional().describe("these are set to do not disturb"),
  answer: z
    .array(z.string().max(200))
    .max(100)
    .optional()
    .describe("who picks up: USER@SECONDS, or USER@SECONDS:DIGIT to press a key 3 s later"),
  give_up: z
    .number()
    .int()
    .min(1)
    .max(3_600)
    .optional()
    .describe("the caller hangs up after so many seconds"),
  revision: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("the office of this revision; left out: the live one"),
  edits: z.array(z.unknown()).max(200).optional().describe("as if these edits were made; see POST /changes"),
};

const played = z.object({
  called: z.string(),
  from: z.string(),
  at: z.string(),
  timezone: z.string(),
  revision: z.number().int(),
  timeline: z.array(z.object({ at_seconds: z.number(), text: z.string() })),
  steps: z.array(
    z.object({
      kind: z.string(),
      what: z.string(),
      from_seconds: z.number(),
      /** Null: it was not over when the call was watched no longer. */
      to_seconds: z.number().nullable(),
      timeout_seconds: z.number().nullable(),
    }),
  ),
  /** Each phone that rings, from when to when. */
  rings: z.array(
    z.object({
      /** A username; a number for a phone that is no user's. */
      who: z.string(),
      name: z.string(),
      device: z.string(),
      phone: z.string(),
      target: z.string(),
      from_seconds: z.number(),
      to_seconds: z.number().nullable(),
      end: z.string(),
      end_text: z.string(),
    }),
  ),
  /** Each phone or user that does not ring, and why. */
  not_rung: z.array(
    z.object({
      who: z.string(),
      name: z.string(),
      device: z.string().nullable(),
      target: z.string(),
      at_seconds: z.number(),
      reason: z.string(),
      reason_text: z.string(),
    }),
  ),
  carriers: z.array(z.object({ number: z.string(), order: z.string() })),
  ending: z.object({
    word: z.string(),
    at_seconds: z.number(),
    by: z.string().nullable(),
    device: z.string().nullable(),
    text: z.string(),
  }),
  /** Answers that were asked for when no such phone rang. */
  unused_answers: z.array(z.object({ name: z.string(), second: z.number() })),
});

const TESTS_MAX = 50;
const BODY_BYTES_MAX = 256 * 1024;

export const explainRoutes = {
  explain: route({
    method: "POST",
    path: "/explain",
    tag: TAG,
    summary: "Say what would happen to a call, second by second",
    description: "From inside also an extension can be dialled. No phone rings.",
    access: FLOWS,
    body: z.strictObject({
      number: z.string().min(1).max(128).describe("the number as it is dialled"),
      ...circumstances,
    }),
    bodyBytesMax: BODY_BYTES_MAX,
    answer: played,
    handle: ({ services, body: { number, ...more } }) =>
      play(services, more, (written) => ({ kind: "call", written: { number, ...written } })),
  }),

  explainNumber: route({
    method: "POST",
    path: "/numbers/{number}/explain",
    tag: TAG,
    summary: "Say what would happen to a call to a number",
    access: NUMBERS,
    params: z.object({ number: z.string() }),
    body: z.strictObject(circumstances),
    bodyBytesMax: BODY_BYTES_MAX,
    answer: played,
    handle: ({ services, body, params: { number } }) =>
      play(services, body, (written) => ({ kind: "call", written: { number, ...written } })),
  }),

  explainFlow: route({
    method: "POST",
    path: "/flows/{id}/explain",
    tag: TAG,
    summary: "Say what would happen to a call that comes to a flow",
    access: FLOWS,
    params: z.object({ id: z.string() }),
    body: z.strictObject(circumstances),
    bodyBytesMax: BODY_BYTES_MAX,
    answer: played,
    handle: ({ services, body, params: { id } }) =>
      play(services, body, (written) => ({ kind: "flow", flow: id, written })),
  }),

  runTests: route({
    method: "POST",
    path: "/tests",
    tag: TAG,
    summary: "Run routing tests on the office",
    description:
      "The tests are those of `ringline test`: a call, and sentences that are expected of it. They are sent as such, or as a file of tests.",
    access: FLOWS,
    body: z.strictObject({
      tests: z.array(testSchema).min(1).max(TESTS_MAX).optional(),
      file: z
        .strictObject({ name: z.string().min(1).max(300), text: z.string() })
        .optional()
        .describe("instead of `tests`: a file of them, such as acme.test.yaml"),
      revision: circumstances.revision,
      edits: circumstances.edits,
    }),
    bodyBytesMax: BODY_BYTES_MAX,
    answer: z.object({
      ok: z.boolean(),
      tests: z.array(
        z.object({
          name: z.string(),
          passed: z.boolean(),
          failures: z.array(z.string()),
          timeline: z.array(z.string()),
        }),
      ),
    }),
    handle: async ({ services, body: { tests: sent, file, revision, edits } }) => {
      const read = editsOf(edits);
      if ("kind" in read) return read;
      const tests = testsOf(sent, file);
      if ("kind" in tests) return tests;
      const ended = await services.play({
        ...given({ revision }),
        edits: read,
        what: { kind: "tests", tests },
      });
      if (ended?.outcome !== "tested") return playProblem(ended, sent === undefined ? "/file" : "/tests");
      return ok({
        ok: ended.tests.every(({ failures }) => failures.length === 0),
        tests: ended.tests.map(({ name, failures, timeline }) => ({
          name,
          passed: failures.length === 0,
          failures: [...failures],
          timeline: [...timeline],
        })),
      });
    },
  }),
};

function testsOf(
  sent: readonly TestCase[] | undefined,
  file: { readonly name: string; readonly text: string } | undefined,
): readonly TestCase[] | Problem {
  if ((sent === undefined) === (file === undefined))
    return problem("wrong_request", { detail: "either `tests` or `file` is sent" });
  if (file === undefined) return sent ?? [];
  const { tests, problems } = readTestFile(file);
  if (problems.length > 0 || tests.length > TESTS_MAX) return fileProblem(file.name, problems);
  return tests;
}

function fileProblem(name: string, problems: ReturnType<typeof readTestFile>["problems"]): Problem {
  if (problems.length === 0)
    return problem("checks_failed", { detail: `at most ${TESTS_MAX} tests at once` });
  return problem("checks_failed", {
    detail: "the file of tests has errors",
    errors: problems.map(({ line, column, code, message, expected, suggestion }) => ({
      field: "/file",
      code,
      message,
      where: `${name}, line ${line}, column ${column}`,
      ...given({ expected, suggestion }),
    })),
  });
}

type Circumstances = z.infer<z.ZodObject<typeof circumstances>>;
type FlowWritten = Extract<Asked["what"], { readonly kind: "flow" }>["written"];

async function play(
  services: Services,
  body: Circumstances,
  whatOf: (written: FlowWritten) => Asked["what"],
) {
  const { revision, edits, registered_now: isNow, give_up: giveUp, ...written } = body;
  const read = editsOf(edits);
  if ("kind" in read) return read;
  const now = isNow === true ? await registeredNow(services) : undefined;
  if (now !== undefined && "kind" in now) return now;
  const what = whatOf(given({ ...written, registered: now ?? written.registered, giveUp }));
  const ended = await services.play({ ...given({ revision }), edits: read, what });
  return ended?.outcome === "played" ? ok(playedJson(ended.played)) : playProblem(ended, "");
}

/** SIP names of phones that the running engine knows as signed in. */
async function registeredNow({ deps }: Services): Promise<readonly string[] | Problem> {
  const said = await askFeed(deps.store.path, ["phones"]);
  if (said?.phones === undefined)
    return problem("conflict", { detail: "no engine runs, so that nobody knows which phones are signed in" });
  return said.phones.flatMap(({ sip, user, contacts }) =>
    user === null || contacts.length === 0 ? [] : [sip],
  );
}

function editsOf(edits: readonly unknown[] | undefined): readonly Edit[] | Problem {
  if (edits === undefined || edits.length === 0) return [];
  const read = readEdits(edits);
  if (read.problems.length === 0) return read.edits;
  return problem("checks_failed", {
    detail: "the edits cannot be read",
    errors: read.problems.map(({ code, message, at, found, expected, suggestion }) => ({
      field: `/edits${pointer(at.path)}`,
      code,
      message,
      ...given({ found, expected, suggestion }),
    })),
  });
}

/** Keys of a call as the body has them. */
const KEYS: Readonly<Record<string, string>> = { giveUp: "give_up" };

function playProblem(ended: Answered | undefined, at: string): Problem {
  switch (ended?.outcome) {
    case "not_found":
      return problem("not_found", { detail: ended.reason });
    case "refused":
      return problem("checks_failed", {
        detail: ended.reason,
        errors: ended.faults.map(({ edit, where, code, message, found, expected, suggestion }) => ({
          field: `/edits/${edit}`,
          code,
          message,
          where,
          ...given({ found, expected, suggestion }),
        })),
      });
    case "not_understood":
      return problem("checks_failed", {
        detail: "the call cannot be played",
        errors: ended.faults.map(({ path, message }) => ({
          field: at + pointer(path.map((key) => KEYS[key] ?? key)),
          code: "dangling",
          message,
        })),
      });
    case "no_office":
      return problem("no_office");
    default:
      return problem("busy", { detail: "too many calls are being played; ask again", retry_after: 5 });
  }
}

function playedJson(answer: PlayedAnswer): z.infer<typeof played> {
  const { atMs, notRung, ending, unusedAnswers, ...same } = answer;
  return {
    called: same.called,
    from: same.from,
    at: isoTime(atMs),
    timezone: same.timezone,
    revision: same.revision,
    timeline: same.timeline.map(({ at, text }) => ({ at_seconds: at, text })),
    steps: same.steps.map(({ from, to, timeout, ...step }) => ({
      ...step,
      from_seconds: from,
      to_seconds: to,
      timeout_seconds: timeout,
    })),
    rings: same.rings.map(({ from, to, endText, ...ring }) => ({
      ...ring,
      from_seconds: from,
      to_seconds: to,
      end_text: endText,
    })),
    not_rung: notRung.map(({ at, reasonText, ...silent }) => ({
      ...silent,
      at_seconds: at,
      reason_text: reasonText,
    })),
    carriers: same.carriers.map((each) => ({ ...each })),
    ending: { ...ending, at_seconds: ending.at },
    unused_answers: unusedAnswers.map((each) => ({ ...each })),
  };
}
