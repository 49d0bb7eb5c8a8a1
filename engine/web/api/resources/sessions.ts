/** The browsers in which a person is signed in, and showing again that it is them. */
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { z } from "zod";
import { browserName } from "../../../../policy/accounts/browser-name.js";
import { askForPasskey } from "../../../accounts/passkeys.js";
import { endSession, endSessions, listSessions } from "../../../accounts/sessions.js";
import { type Confirmed, confirm } from "../../../accounts/sign-in.js";
import { orDatabaseFailed } from "../../../use-case.js";
import type { Actor } from "../actor.js";
import { auditOf } from "../audit-of.js";
import { withoutSession } from "../cookies.js";
import { databaseFailed } from "../failures.js";
import { isProblem, type Problem, problem } from "../problem.js";
import { type ApiRequest, type Ok, ok, route } from "../route.js";
import { fromOf, siteOf, slowed } from "../signing-in.js";
import { isoTime } from "../time.js";
import { passkeyOptions, passkeyResponse } from "./passkey-json.js";
import { hashingBusy, passwordText } from "./password-json.js";

const session = z.object({
  id: z.string(),
  /** The one by which you ask. */
  is_this: z.boolean(),
  /** In words, such as `Firefox on Windows`. */
  device: z.string(),
  user_agent: z.string(),
  /** Where it was used last. */
  address: z.string(),
  way: z.enum(["password", "password_totp", "password_recovery", "password_passkey", "passkey", "link"]),
  signed_in_at: z.string(),
  used_at: z.string(),
  /** Unless it is used before. */
  ends_at: z.string(),
});

export const sessionRoutes = {
  listSessions: route({
    method: "GET",
    path: "/me/sessions",
    tag: "Sign in",
    summary: "List where you are signed in",
    description: "The session that was used last comes first.",
    access: { needs: "session" },
    answer: z.object({ items: z.array(session) }),
    handle: async ({ actor, services }) => {
      const listed = await listSessions(services.deps, actor.user.username, await services.sessionLimits());
      if ("outcome" in listed) return databaseFailed(services, listed);
      const own = sessionOfActor(actor);
      return ok({
        items: listed.map(({ id, userAgent, address, way, madeMs, usedMs, endsMs }) => ({
          id,
          is_this: id === own,
          device: browserName(userAgent),
          user_agent: userAgent,
          address,
          way,
          signed_in_at: isoTime(madeMs),
          used_at: isoTime(usedMs),
          ends_at: isoTime(endsMs),
        })),
      });
    },
  }),
  endSession: route({
    method: "DELETE",
    path: "/me/sessions/{id}",
    tag: "Sign in",
    summary: "End one of your sessions",
    description:
      "Its requests and streams are refused from then on, and its browser counts as new at the next sign-in.",
    access: { needs: "session" },
    params: z.strictObject({ id: z.string().min(1).max(64) }),
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { params, actor, services, origin } = request;
      const { username } = actor.user;
      const ended = await endSession(services.deps, username, params.id);
      if (typeof ended === "object") return databaseFailed(services, ended);
      if (!ended) return problem("not_found", { detail: "you have no such session" });
      await services.audit({
        ...auditOf(request),
        action: "session_ended",
        subject: `user:${username}`,
        detail: { session: params.id },
      });
      const isThis = params.id === sessionOfActor(actor);
      return ok(null, isThis ? { cookies: [withoutSession(origin)] } : {});
    },
  }),
  endOtherSessions: route({
    method: "DELETE",
    path: "/me/sessions",
    tag: "Sign in",
    summary: "End all your sessions but this one",
    access: { needs: "session" },
    answer: z.object({ ended: z.number().int() }),
    handle: async (request) => {
      const { actor, services } = request;
      const { username } = actor.user;
      const ended = await endSessions(services.deps, username, sessionOfActor(actor));
      if (typeof ended === "object") return databaseFailed(services, ended);
      await services.audit({
        ...auditOf(request),
        action: "session_ended",
        subject: `user:${username}`,
        detail: { others: ended },
      });
      return ok({ ended });
    },
  }),
  confirm: route({
    method: "POST",
    path: "/me/confirmation",
    tag: "Sign in",
    summary: "Show again that it is you, with your password",
    description:
      "What gives or takes away ways to sign in asks for it when you signed in more than 15 minutes ago.",
    access: { needs: "session" },
    body: z.strictObject({ password: passwordText }),
    answer: z.null(),
    status: 204,
    handle: async (request) => confirmed(request, { password: request.body.password }),
  }),
  askForConfirmingPasskey: route({
    method: "POST",
    path: "/me/confirmation/passkey/options",
    tag: "Sign in",
    summary: "Ask for a passkey that shows that it is you",
    access: { needs: "session" },
    answer: passkeyOptions,
    handle: async (request) => {
      const { actor, services, address } = request;
      const site = await siteOf(request);
      if (isProblem(site)) return site;
      const asked = { purpose: "confirm", username: actor.user.username } as const;
      const options = await orDatabaseFailed(async () => ({
        options: { ...(await askForPasskey(services.deps, asked, site, address)) },
      }));
      return "outcome" in options ? databaseFailed(services, options) : ok(options);
    },
  }),
  confirmByPasskey: route({
    method: "POST",
    path: "/me/confirmation/passkey",
    tag: "Sign in",
    summary: "Show again that it is you, with a passkey",
    access: { needs: "session" },
    body: z.strictObject({ response: passkeyResponse }),
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const site = await siteOf(request);
      if (isProblem(site)) return site;
      return confirmed(request, { response: request.body.response as AuthenticationResponseJSON, site });
    },
  }),
};

/** Routes that need a session have one. */
function sessionOfActor({ via }: Actor): string {
  return via.kind === "session" ? via.sessionId : "";
}

async function confirmed(
  request: ApiRequest<unknown, unknown, unknown, Actor>,
  shown: Parameters<typeof confirm>[2],
): Promise<Ok<null> | Problem> {
  const { actor, services } = request;
  const { username } = actor.user;
  const who = { sessionId: sessionOfActor(actor), username, from: fromOf(request) };
  const done: Confirmed = await confirm(services.deps, who, shown);
  switch (done.outcome) {
    case "confirmed":
      return ok(null);
    case "wrong":
      await services.audit({
        ...auditOf(request),
        action: "sign_in_failed",
        subject: `user:${username}`,
        detail: { because: "wrong", at: "confirmation" },
      });
      return problem("wrong_credentials", { detail: "this is not your password or passkey" });
    case "slowed":
      return slowed(done);
    case "hashing_busy":
      return hashingBusy();
    case "database_failed":
      return databaseFailed(services, done);
  }
}
