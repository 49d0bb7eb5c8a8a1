/**
 * What the API answers when it does not do what was asked: a problem by RFC 9457, with the words that `ringline check` and
 * the commands use, and each faulty field by itself.
 */
import { z } from "zod";

/** One faulty field: `field` is a JSON pointer (RFC 6901) into the body, or `query/…`, `path/…`, `header/…`. */
export const fieldFault = z.object({
  field: z.string(),
  /** A word for programs, such as `unknown_user`. */
  code: z.string(),
  message: z.string(),
  /** Where the office would be wrong, in words, if that is not the field that was sent. */
  where: z.string().optional(),
  found: z.string().optional(),
  expected: z.string().optional(),
  suggestion: z.string().optional(),
});

export const problemBody = z.object({
  /** A word for programs; also the end of the problem's page in the docs. */
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  errors: z.array(fieldFault).optional(),
  /** With 412: the live revision, and what was changed since the expected one. */
  revision: z.number().int().optional(),
  changed: z.array(z.unknown()).optional(),
  /** With 409 of an undo: the entries that were changed again, and the newest revision that changed each. */
  since: z
    .array(
      z.object({
        kind: z.string(),
        id: z.string(),
        revision: z.number().int(),
        author: z.string(),
        at: z.string(),
        message: z.string(),
      }),
    )
    .optional(),
  /** With 403: what is missing. */
  permission: z.string().optional(),
  /** With 429 and 503: seconds until it may be tried again. */
  retry_after: z.number().int().optional(),
});
export type ProblemBody = z.infer<typeof problemBody>;
export type FieldFault = z.infer<typeof fieldFault>;

/** Each kind of problem with its status (RFC 9110, section 15) and title. Parts of the API add theirs here. */
export const PROBLEMS = {
  wrong_request: [400, "The request is not understood"],
  signed_out: [401, "Sign in first"],
  wrong_credentials: [401, "The sign-in is not right"],
  confirm_first: [403, "Show first that it is you"],
  needs_https: [403, "Signing in needs HTTPS"],
  suspended: [403, "This user is suspended"],
  no_permission: [403, "This needs a permission"],
  other_origin: [403, "This request comes from another site"],
  wrong_method: [405, "This path does not know the method"],
  not_found: [404, "There is no such thing"],
  in_use: [409, "It is in use"],
  exists: [409, "It exists already"],
  conflict: [409, "This does not fit with what there is"],
  key_reused: [409, "The idempotency key was used for another request"],
  gone: [410, "It does not work any more"],
  changed_meanwhile: [412, "Somebody else has changed this meanwhile"],
  too_large: [413, "The request is too large"],
  wrong_kind: [415, "This kind of content is not read here"],
  wrong_range: [416, "The sound does not have this part"],
  checks_failed: [422, "The check found errors"],
  needs_match: [428, "Say which revision this changes"],
  too_many: [429, "Too many requests"],
  our_mistake: [500, "Something went wrong here"],
  not_available: [501, "This does not exist yet"],
  busy: [503, "The database is busy"],
  overloaded: [503, "The server is busy"],
  disk_full: [507, "The server's disk is full"],
  no_office: [503, "There is no office yet"],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string]>>;
export type ProblemType = keyof typeof PROBLEMS;

export type ProblemMore = Partial<Omit<ProblemBody, "type" | "title" | "status">>;

/** A problem as a result of a handler. */
export interface Problem {
  readonly kind: "problem";
  readonly body: ProblemBody;
}

export function problem(type: ProblemType, more: ProblemMore = {}): Problem {
  const [status, title] = PROBLEMS[type];
  return { kind: "problem", body: { type, title, status, ...more } };
}

/** Whether something came out as a problem. */
export function isProblem(value: object): value is Problem {
  return "kind" in value && value.kind === "problem";
}
