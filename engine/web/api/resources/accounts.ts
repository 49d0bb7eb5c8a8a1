/** Accounts: who can sign in, who was invited, and help for those who cannot sign in any more. */
import { z } from "zod";
import { ACCOUNT_STATES } from "../../../../policy/accounts/state.js";
import type { User } from "../../../../policy/office/office.js";
import { accountsWithState, seeAccounts } from "../../../accounts/account-views.js";
import { linkAddress } from "../../../accounts/link-address.js";
import { SHOWN_LINK } from "../../../accounts/mail-sender.js";
import { mailPasswordLink, makePasswordLink } from "../../../accounts/passwords.js";
import { orDatabaseFailed } from "../../../use-case.js";
import type { Actor } from "../actor.js";
import { auditOf } from "../audit-of.js";
import { databaseFailed, failureOf } from "../failures.js";
import { mapPage, pageOf, pageQuery, readKey, writeKey } from "../paging.js";
import { isProblem, problem } from "../problem.js";
import { ok, route } from "../route.js";
import type { Services } from "../services.js";
import { isoTime } from "../time.js";
import { aboveProblem, liveUser } from "./account-guard.js";
import { account, accountJson } from "./account-json.js";

const username = z.object({ username: z.string() });

const mailed = z.strictObject({
  /** `false`: the link is shown to you, and no mail is sent. */
  mail: z.boolean().default(true),
});

export const accountRoutes = {
  listAccounts: route({
    method: "GET",
    path: "/accounts",
    tag: "Accounts",
    summary: "List who can sign in, and who cannot yet",
    access: { needs: "permission", permission: "users" },
    query: z.object({ ...pageQuery, state: z.enum(ACCOUNT_STATES).optional() }),
    answer: pageOf(account),
    handle: async ({ query, actor, services }) => {
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const [after = ""] = readKey(query.after ?? "") ?? [];
      const { state, limit } = query;
      const seen = await orDatabaseFailed(() =>
        accountsWithState(services.deps, live, { state, after: String(after), limit: limit + 1 }),
      );
      if ("outcome" in seen) return databaseFailed(services, seen);
      const items = seen.slice(0, limit);
      const last = items.at(-1)?.user.username;
      const next = seen.length > limit && last !== undefined ? writeKey([last, last]) : null;
      return ok(mapPage({ items, next }, (each) => accountJson(each, actor)));
    },
  }),
  getAccount: route({
    method: "GET",
    path: "/accounts/{username}",
    tag: "Accounts",
    summary: "Show whether a user can sign in",
    access: { needs: "permission", permission: "users", others: "own" },
    params: username,
    answer: account,
    handle: async ({ params, actor, reach, services }) => {
      if (reach !== "all" && params.username !== actor.user.username)
        return problem("no_permission", { permission: "users" });
      const user = await liveUser(services, params.username);
      if (isProblem(user)) return user;
      const seen = await orDatabaseFailed(() => seeAccounts(services.deps, [user]));
      if ("outcome" in seen) return databaseFailed(services, seen);
      const [one] = seen;
      return one === undefined ? problem("not_found") : ok(accountJson(one, actor));
    },
  }),
  removeAccount: route({
    method: "DELETE",
    path: "/accounts/{username}",
    tag: "Accounts",
    summary: "Take a user's account away",
    description:
      "Password, sessions, second factors and keys of the API end at once, an invitation too. The user, their phones and messages stay, and they can be invited again.",
    access: { needs: "permission", permission: "users" },
    params: username,
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { params, actor, services } = request;
      if (params.username === actor.user.username)
        return problem("conflict", { detail: "nobody takes their own account away" });
      const user = await liveUser(services, params.username);
      if (isProblem(user)) return user;
      const above = aboveProblem(actor, user);
      if (above !== undefined) return above;
      const removed = await orDatabaseFailed(() => services.deps.store.accounts.remove(user.username));
      if (typeof removed === "object") return databaseFailed(services, removed);
      if (!removed) return problem("not_found", { detail: `\`${user.username}\` has no account` });
      await services.audit({
        ...auditOf(request),
        action: "account_removed",
        subject: `user:${user.username}`,
        detail: {},
      });
      return ok(null);
    },
  }),
  sendPasswordLink: route({
    method: "POST",
    path: "/accounts/{username}/password-link",
    tag: "Accounts",
    summary: "Send a user the link for a new password",
    description:
      "For who cannot sign in and gets no mail from asking themselves. Until the link is used, the password stays as it is. Without a mail the link is shown.",
    access: { needs: "permission", permission: "users" },
    params: username,
    body: mailed,
    answer: z.object({
      /** Null: it goes by mail. */
      link: z.string().nullable(),
      expires_at: z.string().nullable(),
    }),
    handle: async (request) => {
      const { params, body, actor, services, origin } = request;
      const user = await liveUser(services, params.username);
      if (isProblem(user)) return user;
      const above = aboveProblem(actor, user);
      if (above !== undefined) return above;
      if (user.suspended === true)
        return problem("conflict", { detail: `\`${user.username}\` is suspended` });
      const byMail = body.mail && services.sendsMail && user.email !== undefined;
      const made = byMail
        ? await mailPasswordLink(services.deps, user.username, request.address)
        : await makePasswordLink(services.deps, user.username);
      if (made.outcome === "database_failed") return databaseFailed(services, made);
      if (made.outcome === "no_account")
        return problem("not_found", { detail: `\`${user.username}\` has no account` });
      await services.audit({
        ...auditOf(request),
        action: "password_forgotten",
        subject: `user:${user.username}`,
        detail: { by_mail: byMail },
      });
      if (made.outcome !== "password_link_made") return ok({ link: null, expires_at: null });
      await tellOfLink(services, user, actor);
      return ok({
        link: linkAddress(services.publicUrl ?? origin, "password", made.secret),
        expires_at: isoTime(made.expiresMs),
      });
    },
  }),
};

/** Whoever is shown the link can become the user, who is told of it where that is possible. */
async function tellOfLink(services: Services, { username, email }: User, { user: by }: Actor): Promise<void> {
  const { sendsMail, deps } = services;
  if (!sendsMail || email === undefined || by.username === username) return;
  const atMs = deps.clock.nowMs();
  const detail = { atMs, by: `${by.name} (${by.username})` };
  const told = await orDatabaseFailed(async () => {
    await deps.store.accountMails.add({ kind: SHOWN_LINK, username, detail }, atMs);
  });
  if (told !== undefined) databaseFailed(services, told);
}
