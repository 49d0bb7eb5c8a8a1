/** Invitations: users are sent, or shown, the link with which they choose a password. */
import { z } from "zod";
import type { AccountSeen } from "../../../accounts/account-views.js";
import { seeAccounts } from "../../../accounts/account-views.js";
import { type InvitedPerson, invitePeople, withdrawInvitation } from "../../../accounts/invitations.js";
import { type InviteTable, readInviteTable } from "../../../accounts/invite-table.js";
import { linkAddress } from "../../../accounts/link-address.js";
import { orDatabaseFailed } from "../../../use-case.js";
import type { Actor } from "../actor.js";
import { auditOf } from "../audit-of.js";
import { databaseFailed, failureOf } from "../failures.js";
import { pageOf, pageQuery, readKey, writeKey } from "../paging.js";
import { isProblem, type Problem, problem } from "../problem.js";
import { ok, route } from "../route.js";
import type { Services } from "../services.js";
import { isoTime } from "../time.js";
import { aboveProblem, liveUser } from "./account-guard.js";
import { invitation, invitationJson } from "./account-json.js";

const USERS_MAX = 1_000;
const TABLE_BYTES_MAX = 4 * 1_048_576;
const TABLE_TYPES = [
  "text/csv",
  "text/plain",
  "text/tab-separated-values",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/octet-stream",
];

const username = z.object({ username: z.string() });

const person = z.object({
  username: z.string(),
  /**
   * `invited`: done. `is_invited`: the user has an invitation that works; send it again. `has_account`: the user has
   * chosen a password. `above`: the user may do what you may not.
   */
  outcome: z.enum([
    "invited",
    "is_invited",
    "has_account",
    "suspended",
    "unknown_user",
    "not_invited",
    "above",
  ]),
  /** A mail brings the link. */
  mail: z.boolean(),
  /** The link, where no mail brings it. It is not shown again. */
  link: z.string().nullable(),
  expires_at: z.string().nullable(),
});

const invitedUser = z.object({ username: z.string(), name: z.string(), email: z.string().nullable() });
const listed = invitedUser.extend(invitation.shape);

type Inviting = {
  readonly actor: Actor;
  readonly address: string;
  readonly origin: string;
  readonly services: Services;
};

export const invitationRoutes = {
  listInvitations: route({
    method: "GET",
    path: "/invitations",
    tag: "Invitations",
    summary: "List invitations that were not used yet",
    access: { needs: "permission", permission: "users" },
    query: z.object(pageQuery),
    answer: pageOf(listed),
    handle: async ({ query: { after, limit }, services }) => {
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const [from = ""] = readKey(after ?? "") ?? [];
      const seen = await orDatabaseFailed(async () => {
        const found = await services.deps.store.invitations.list(String(from), limit + 1);
        const users = found.flatMap((each) => live.table.user(each.username) ?? []);
        return seeAccounts(services.deps, users);
      });
      if ("outcome" in seen) return databaseFailed(services, seen);
      const items = seen.slice(0, limit).flatMap(listedJson);
      const last = items.at(-1)?.username;
      return ok({ items, next: seen.length > limit && last !== undefined ? writeKey([last, last]) : null });
    },
  }),
  invite: route({
    method: "POST",
    path: "/invitations",
    tag: "Invitations",
    summary: "Invite users to choose a password",
    description:
      "Each user gets a mail with a link that works once, for seven days. Without a mail server, without an address and with `mail: false` the answer has the link, to be handed over by you.",
    access: { needs: "permission", permission: "users" },
    body: z.strictObject({
      usernames: z.array(z.string().max(64)).min(1).max(USERS_MAX),
      mail: z.boolean().default(true),
    }),
    answer: z.object({ items: z.array(person) }),
    // No `isCreating`: answers to an Idempotency-Key are kept, and this one has links. Sent twice it invites once.
    handle: async (request) => {
      const items = await inviteAll(request, request.body.usernames, {
        mail: request.body.mail,
        again: false,
      });
      return isProblem(items) ? items : ok({ items });
    },
  }),
  inviteTable: route({
    method: "POST",
    path: "/invitations/table",
    tag: "Invitations",
    summary: "Invite the users of a table",
    description:
      "CSV or .xlsx with a column `Username` or `E-mail`; other columns are left out. With `dry_run` nobody is invited.",
    access: { needs: "permission", permission: "users" },
    query: z.object({ mail: z.stringbool().default(true), dry_run: z.stringbool().default(false) }),
    body: { rawTypes: TABLE_TYPES },
    bodyBytesMax: TABLE_BYTES_MAX,
    answer: z.object({
      /** With `dry_run`: whom the table names. */
      usernames: z.array(z.string()),
      items: z.array(person),
    }),
    handle: async (request) => {
      const { body, query, services } = request;
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const table = await readInviteTable(body.bytes, live.office.users);
      if (table.outcome !== "table_read") return tableProblem(table);
      if (query.dry_run) return ok({ usernames: [...table.usernames], items: [] });
      const items = await inviteAll(request, table.usernames, { mail: query.mail, again: false });
      return isProblem(items) ? items : ok({ usernames: [...table.usernames], items });
    },
  }),
  getInvitation: route({
    method: "GET",
    path: "/invitations/{username}",
    tag: "Invitations",
    summary: "Show a user's invitation",
    access: { needs: "permission", permission: "users" },
    params: username,
    answer: listed,
    handle: async ({ params, services }) => {
      const user = await liveUser(services, params.username);
      if (isProblem(user)) return user;
      const seen = await orDatabaseFailed(() => seeAccounts(services.deps, [user]));
      if ("outcome" in seen) return databaseFailed(services, seen);
      const [one] = seen.flatMap(listedJson);
      return one === undefined ? notInvited(user.username) : ok(one);
    },
  }),
  resendInvitation: route({
    method: "POST",
    path: "/invitations/{username}/resend",
    tag: "Invitations",
    summary: "Send an invitation again",
    description: "The link before ends. The new one works for seven days.",
    access: { needs: "permission", permission: "users" },
    params: username,
    body: z.strictObject({ mail: z.boolean().default(true) }),
    answer: person,
    handle: async (request) => {
      const user = await liveUser(request.services, request.params.username);
      if (isProblem(user)) return user;
      const above = aboveProblem(request.actor, user);
      if (above !== undefined) return above;
      const items = await inviteAll(request, [user.username], { mail: request.body.mail, again: true });
      if (isProblem(items)) return items;
      const [one] = items;
      if (one === undefined || one.outcome === "not_invited") return notInvited(user.username);
      if (one.outcome === "invited") return ok(one);
      return problem("conflict", {
        detail: `\`${user.username}\` ${NOT_INVITED[one.outcome] ?? one.outcome}`,
      });
    },
  }),
  withdrawInvitation: route({
    method: "DELETE",
    path: "/invitations/{username}",
    tag: "Invitations",
    summary: "Withdraw an invitation",
    description: "Its link ends.",
    access: { needs: "permission", permission: "users" },
    params: username,
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { params, actor, services } = request;
      const user = await liveUser(services, params.username);
      if (isProblem(user)) return user;
      const above = aboveProblem(actor, user);
      if (above !== undefined) return above;
      const done = await withdrawInvitation(services.deps, user.username);
      if (done.outcome === "database_failed") return databaseFailed(services, done);
      if (done.outcome === "not_invited") return notInvited(user.username);
      await services.audit({
        ...auditOf(request),
        action: "invitation_withdrawn",
        subject: `user:${user.username}`,
        detail: {},
      });
      return ok(null);
    },
  }),
};

const NOT_INVITED: Readonly<Partial<Record<z.infer<typeof person>["outcome"], string>>> = {
  has_account: "has an account",
  suspended: "is suspended",
  is_invited: "has an invitation that works",
  unknown_user: "is not in the office",
};

function notInvited(name: string): Problem {
  return problem("not_found", { detail: `\`${name}\` has no invitation` });
}

function listedJson({ user, invitation: invited }: AccountSeen): z.infer<typeof listed>[] {
  if (invited === null) return [];
  const { username: name, email = null } = user;
  return [{ username: name, name: user.name, email, ...invitationJson(invited) }];
}

function tableProblem(table: Exclude<InviteTable, { readonly outcome: "table_read" }>): Problem {
  return problem("checks_failed", {
    detail: table.faults[0]?.reason ?? "the table is not understood",
    errors: table.faults.map(({ row, reason }) => ({
      field: `/row/${row}`,
      code: "table",
      message: reason,
    })),
  });
}

/** Invites all to whom the actor may give a link, and says what has become of each. */
async function inviteAll(
  request: Inviting,
  usernames: readonly string[],
  { mail, again }: { readonly mail: boolean; readonly again: boolean },
): Promise<z.infer<typeof person>[] | Problem> {
  const { actor, services, origin } = request;
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const isAbove = (name: string) => {
    const user = live.table.user(name);
    return user !== undefined && aboveProblem(actor, user) !== undefined;
  };
  const above = new Set(usernames.filter(isAbove));
  const done = await invitePeople(services.deps, {
    usernames: usernames.filter((name) => !above.has(name)),
    by: actor.user.username,
    byMail: mail && services.sendsMail,
    again,
  });
  if (done.outcome === "database_failed") return databaseFailed(services, done);
  for (const each of done.people)
    if (each.outcome === "invited")
      await services.audit({
        ...auditOf(request),
        action: "invited",
        subject: `user:${each.username}`,
        detail: { by_mail: each.byMail, again },
      });
  return [
    ...done.people.map((each) => personJson(each, services.publicUrl ?? origin)),
    ...[...above].map((name) => ({
      username: name,
      outcome: "above" as const,
      mail: false,
      link: null,
      expires_at: null,
    })),
  ];
}

function personJson(
  { username: name, outcome, byMail, secret, expiresMs }: InvitedPerson,
  base: string,
): z.infer<typeof person> {
  return {
    username: name,
    outcome,
    mail: byMail,
    link: secret === null ? null : linkAddress(base, "invitation", secret),
    expires_at: expiresMs === null ? null : isoTime(expiresMs),
  };
}
