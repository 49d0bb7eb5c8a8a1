/**
 * Whose account somebody may have in hand: make a link with which its password is chosen, or take it away. Whoever can do
 * that can become the other, so nobody can to whom the other stands above; and a key of the API never becomes its maker.
 */
import { aboveBy } from "../../../../policy/access/rights.js";
import type { User } from "../../../../policy/office/office.js";
import type { Actor } from "../actor.js";
import { failureOf } from "../failures.js";
import { type Problem, problem } from "../problem.js";
import type { Services } from "../services.js";

/** Undefined: they may. */
export function aboveProblem(actor: Actor, user: User): Problem | undefined {
  if (actor.keyPowers !== null && actor.user.username === user.username)
    return problem("no_permission", { detail: "a key has no hand in the account of its maker" });
  const right = aboveBy(actor, user);
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
