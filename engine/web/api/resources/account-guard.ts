/** Whose account somebody may have in hand, and the words of the refusal. */
import { rightAbove } from "../../../../policy/accounts/above.js";
import type { User } from "../../../../policy/office/office.js";
import type { Actor } from "../actor.js";
import { failureOf } from "../failures.js";
import { type Problem, problem } from "../problem.js";
import type { Services } from "../services.js";

/** Undefined: they may. */
export function aboveProblem(actor: Actor, user: User): Problem | undefined {
  const right = rightAbove(actor, user);
  if (right === undefined) return undefined;
  const has = right === "system_admin" ? "is a System Admin" : `has the permission \`${right}\``;
  return problem("no_permission", {
    permission: right,
    detail: `\`${user.username}\` ${has}; only somebody who has it, too, may do this`,
  });
}

/** A user of the live office; a problem: there is none of the name, or no office. */
export async function liveUser(services: Services, username: string): Promise<User | Problem> {
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  return live.table.user(username) ?? problem("not_found", { detail: `there is no user \`${username}\`` });
}

export function isProblem(value: object): value is Problem {
  return "kind" in value && value.kind === "problem";
}
