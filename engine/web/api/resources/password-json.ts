/** Passwords in requests, and what the API says of those that are refused. */
import { z } from "zod";
import {
  PASSWORD_CHARACTERS_MAX,
  PASSWORD_FAULTS,
  type PasswordFault,
} from "../../../../policy/accounts/password.js";
import { type Problem, problem } from "../problem.js";

/** Longer ones are refused by the rules, in words; this bounds what is hashed or normalised at all. */
export const passwordText = z.string().max(8 * PASSWORD_CHARACTERS_MAX);

/** @param field the JSON pointer of the password */
export function passwordRefused(faults: readonly PasswordFault[], field: string): Problem {
  const errors = faults.map((code) => ({ field, code, message: PASSWORD_FAULTS[code] }));
  return problem("checks_failed", { detail: errors[0]?.message ?? "", errors });
}

const BUSY_RETRY_SECONDS = 2;

/** Too many passwords are compared at the moment. */
export function hashingBusy(): Problem {
  return problem("too_many", { retry_after: BUSY_RETRY_SECONDS });
}
