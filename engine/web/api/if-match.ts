/** Reads `If-Match` (RFC 9110, section 13.1.1): the revision that a change is made for. */
import { type Problem, problem } from "./problem.js";

/** A weak tag never matches, and is refused in words instead. */
const REVISION_TAG = /^"rev-(\d{1,15})"$/;

/** `*` matches whatever is live. */
export function expectedRevision(header: string | undefined): number | undefined | Problem {
  if (header === undefined || header.trim() === "*") return undefined;
  const [, revision] = REVISION_TAG.exec(header.trim()) ?? [];
  if (revision !== undefined) return Number(revision);
  const fault = {
    field: "header/if-match",
    code: "wrong_value",
    message: "this names no revision",
    expected: 'one revision, such as "rev-41", as in ETag',
  };
  return problem("wrong_request", { errors: [fault] });
}
