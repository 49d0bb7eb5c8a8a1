/** The password of the person who has signed in. */
import { z } from "zod";
import { changePassword } from "../../../accounts/passwords.js";
import { auditOf } from "../audit-of.js";
import { databaseFailed } from "../failures.js";
import { problem } from "../problem.js";
import { ok, route } from "../route.js";
import { fromOf, needsHttps, slowed } from "../signing-in.js";
import { hashingBusy, passwordRefused, passwordText } from "./password-json.js";

export const ownPasswordRoutes = {
  changePassword: route({
    method: "PUT",
    path: "/me/password",
    tag: "Me",
    summary: "Change your password",
    description: "All your other sessions end.",
    access: { needs: "session" },
    body: z.strictObject({
      /** The one that you have signed in with until now. */
      current: passwordText,
      password: passwordText,
    }),
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { body, actor, services } = request;
      const plain = needsHttps(request);
      if (plain !== undefined) return plain;
      const { username } = actor.user;
      const session = actor.via.kind === "session" ? actor.via.sessionId : "";
      const done = await changePassword(
        services.deps,
        { username, session, from: fromOf(request) },
        { now: body.current, next: body.password },
      );
      switch (done.outcome) {
        case "database_failed":
          return databaseFailed(services, done);
        case "slowed":
          return slowed(done);
        case "hashing_busy":
          return hashingBusy();
        case "password_refused":
          return passwordRefused(done.faults, "/password");
        case "wrong_password": {
          const message = "this is not your password";
          return problem("checks_failed", {
            detail: message,
            errors: [{ field: "/current", code: "wrong_password", message }],
          });
        }
        case "password_chosen":
          await services.audit({
            ...auditOf(request),
            action: "password_set",
            subject: `user:${username}`,
            detail: { by: "owner" },
          });
          return ok(null);
      }
    },
  }),
};
