/** Helps somebody else who cannot sign in, or whose browsers are in wrong hands: ends sessions, and takes second factors away. */
import { z } from "zod";
import type { User } from "../../../../policy/office/office.js";
import { removeSecondFactors } from "../../../accounts/second-factors.js";
import { endSessions } from "../../../accounts/sessions.js";
import type { Actor } from "../actor.js";
import { auditOf } from "../audit-of.js";
import { databaseFailed } from "../failures.js";
import { isProblem, type Problem, problem } from "../problem.js";
import { type ApiRequest, ok, route } from "../route.js";
import { aboveProblem, liveUser } from "./account-guard.js";

const params = z.strictObject({ username: z.string().min(1).max(64) });
const access = { needs: "permission", permission: "users" } as const;

export const accountSignInRoutes = {
  endUserSessions: route({
    method: "DELETE",
    path: "/accounts/{username}/sessions",
    tag: "Accounts",
    summary: "End all sessions of a user",
    description: "They can sign in again; their browsers count as new.",
    access,
    params,
    answer: z.object({ ended: z.number().int() }),
    handle: async (request) => {
      const user = await helped(request);
      if (isProblem(user)) return user;
      const { services } = request;
      const ended = await endSessions(services.deps, user.username, null);
      if (typeof ended === "object") return databaseFailed(services, ended);
      await services.audit({
        ...auditOf(request),
        action: "session_ended",
        subject: `user:${user.username}`,
        detail: { sessions: ended },
      });
      return ok({ ended });
    },
  }),
  removeUserSecondFactors: route({
    method: "DELETE",
    path: "/accounts/{username}/second-factors",
    tag: "Accounts",
    summary: "Take away all that a user is asked for besides the password",
    description:
      "For who has lost the app, the passkeys and the recovery codes. Passkeys are removed, too. Until they add something again, the password alone is enough.",
    access,
    params,
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const user = await helped(request);
      if (isProblem(user)) return user;
      const { services } = request;
      const isRemoved = await removeSecondFactors(services.deps, user.username);
      if (typeof isRemoved === "object") return databaseFailed(services, isRemoved);
      if (!isRemoved)
        return problem("not_found", { detail: `\`${user.username}\` is asked for the password only` });
      await services.audit({
        ...auditOf(request),
        action: "second_factor_removed",
        subject: `user:${user.username}`,
        detail: { kind: "all" },
      });
      return ok(null);
    },
  }),
};

/** The user whom the request is about, if who asks may have a hand in their account. */
async function helped({
  params: { username },
  actor,
  services,
}: Pick<
  ApiRequest<z.infer<typeof params>, unknown, unknown, Actor>,
  "params" | "actor" | "services"
>): Promise<User | Problem> {
  if (username === actor.user.username)
    return problem("conflict", { detail: "this is for others; your own are under /me" });
  const user = await liveUser(services, username);
  return isProblem(user) ? user : (aboveProblem(actor, user) ?? user);
}
