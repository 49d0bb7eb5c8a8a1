/**
 * Choosing a password by a link: the first one, and a new one when it is forgotten. The link's secret is sent in a body, never
 * in an address, since addresses are logged.
 */
import { z } from "zod";
import type { LinkKind } from "../../../../storage/accounts/links.js";
import { activate, type ByLink, chooseNewPassword } from "../../../accounts/activation.js";
import { LINK_REFUSALS, type LinkRefused, readLink } from "../../../accounts/links.js";
import { askForPassword } from "../../../accounts/passwords.js";
import { beginSession } from "../../../accounts/sessions.js";
import { databaseFailed } from "../failures.js";
import { type Problem, problem } from "../problem.js";
import { ok, route } from "../route.js";
import type { Services } from "../services.js";
import { endEarlier, fromOf, needsHttps, sessionCookies } from "../signing-in.js";
import { isoTime } from "../time.js";
import { hashingBusy, passwordRefused, passwordText } from "./password-json.js";

const link = z.string().min(1).max(200);
const byLink = z.strictObject({ link, password: passwordText });

const usable = z.object({
  username: z.string(),
  name: z.string(),
  office: z.string(),
  expires_at: z.string(),
});

const chosen = z.object({ username: z.string() });

export const activationRoutes = {
  readInvitationLink: route({
    method: "POST",
    path: "/activation/read",
    tag: "Activation",
    summary: "Say whom an invitation's link is for",
    description: "The link is not used by it.",
    access: { needs: "nothing" },
    body: z.strictObject({ link }),
    answer: usable,
    handle: ({ body, services }) => read(services, body.link, "invitation"),
  }),
  activate: route({
    method: "POST",
    path: "/activation",
    tag: "Activation",
    summary: "Choose the first password",
    description:
      "The link is used by it, and you are signed in. A password that is refused leaves the link as it is.",
    access: { needs: "nothing" },
    body: byLink,
    /** `ends_at`: of the session; null: sign in. */
    answer: chosen.extend({ ends_at: z.string().nullable() }),
    handle: async (request) => {
      const { body, services, address } = request;
      const plain = needsHttps(request);
      if (plain !== undefined) return plain;
      const done = await activate(services.deps, body.link, body.password);
      if (done.outcome !== "password_chosen") return refusal(services, done);
      const { username } = done;
      await services.audit({
        actor: username,
        key: null,
        address,
        action: "account_activated",
        subject: `user:${username}`,
        detail: {},
      });
      const { deps } = services;
      const limits = await services.sessionLimits();
      // Nobody has had time to add a second factor.
      const made = await beginSession(deps, { username, way: "link", from: fromOf(request), limits });
      if (made.outcome !== "signed_in") return ok({ username, ends_at: null });
      await endEarlier(request);
      return ok({ username, ends_at: isoTime(made.endsMs) }, { cookies: sessionCookies(made, request) });
    },
  }),
  askForPassword: route({
    method: "POST",
    path: "/forgotten-password",
    tag: "Activation",
    summary: "Ask for a new password",
    description:
      "Whoever has an account with this username or e-mail address gets a mail with a link. The answer is the same if there is none.",
    access: { needs: "nothing" },
    body: z.strictObject({
      username: z.string().trim().min(1).max(320).describe("the username, or the e-mail address"),
    }),
    answer: z.object({}),
    status: 202,
    handle: async ({ body, services, address }) => {
      if (!services.sendsMail)
        return problem("not_available", {
          detail: "this office sends no mails; ask an administrator for a link",
        });
      const asked = await askForPassword(services.deps, body.username, address);
      return asked.outcome === "database_failed" ? databaseFailed(services, asked) : ok({});
    },
  }),
  readPasswordLink: route({
    method: "POST",
    path: "/forgotten-password/read",
    tag: "Activation",
    summary: "Say whom a link for a new password is for",
    description: "The link is not used by it.",
    access: { needs: "nothing" },
    body: z.strictObject({ link }),
    answer: usable,
    handle: ({ body, services }) => read(services, body.link, "password"),
  }),
  chooseNewPassword: route({
    method: "POST",
    path: "/forgotten-password/new",
    tag: "Activation",
    summary: "Choose a new password by a link",
    description: "All sessions end, so sign in then. A second factor stays as it is.",
    access: { needs: "nothing" },
    body: byLink,
    answer: chosen,
    handle: async (request) => {
      const { body, services, address } = request;
      const plain = needsHttps(request);
      if (plain !== undefined) return plain;
      const done = await chooseNewPassword(services.deps, body.link, body.password);
      if (done.outcome !== "password_chosen") return refusal(services, done);
      const { username } = done;
      await services.audit({
        actor: username,
        key: null,
        address,
        action: "password_set",
        subject: `user:${username}`,
        detail: { by: "link" },
      });
      return ok({ username });
    },
  }),
};

async function read(services: Services, secret: string, kind: LinkKind) {
  const found = await readLink(services.deps, secret, kind);
  if (found.outcome === "database_failed") return databaseFailed(services, found);
  if (found.outcome === "link_refused") return linkRefused(found);
  const { user, office, link: usableLink } = found;
  return ok({
    username: user.username,
    name: user.name,
    office: office.name,
    expires_at: isoTime(usableLink.expiresMs),
  });
}

function refusal(
  services: Services,
  done: Exclude<ByLink, { readonly outcome: "password_chosen" }>,
): Problem {
  switch (done.outcome) {
    case "database_failed":
      return databaseFailed(services, done);
    case "hashing_busy":
      return hashingBusy();
    case "password_refused":
      return passwordRefused(done.faults, "/password");
    case "link_refused":
      return linkRefused(done);
  }
}

function linkRefused({ why }: LinkRefused): Problem {
  const type = why === "unknown" ? "not_found" : why === "suspended" ? "suspended" : "gone";
  const message = LINK_REFUSALS[why];
  return problem(type, { detail: message, errors: [{ field: "/link", code: why, message }] });
}
