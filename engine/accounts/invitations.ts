/**
 * Invites users to choose a password. An invitation is a link that works once, for seven days; it goes by mail, or is shown
 * to whoever invites. Sent again, the link before ends.
 */
import type { Invite, InviteOutcome } from "../../storage/accounts/invitations.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { usersOf } from "./people.js";
import { freshSecret, secretHash } from "./secrets.js";

export const INVITATION_MS = 7 * 86_400_000;

export interface InviteRequest {
  readonly usernames: readonly string[];
  readonly by: string;
  /** Whether mails can be sent. Users without an address get a link that is shown all the same. */
  readonly byMail: boolean;
  /** In place of an invitation that there is, and only then; left out: only users who have none that works. */
  readonly again?: boolean;
}

/** What has become of one user's invitation. */
export interface InvitedPerson {
  readonly username: string;
  /** `suspended`: suspended users are not invited. */
  readonly outcome: InviteOutcome | "suspended";
  readonly byMail: boolean;
  /** The link's secret, where it is shown. It is kept nowhere. */
  readonly secret: string | null;
  /** Null: there is no new invitation. */
  readonly expiresMs: number | null;
}

export interface PeopleInvited {
  readonly outcome: "people_invited";
  readonly people: readonly InvitedPerson[];
}

/** Each transaction holds the lock that calls are written with, so it is short. */
const AT_ONCE = 50;

/** Each user once, in the order of the request. */
export function invitePeople(deps: Deps, request: InviteRequest): Promise<PeopleInvited | DatabaseFailed> {
  return orDatabaseFailed<PeopleInvited>(async () => {
    const usernames = [...new Set(request.usernames)];
    const people: InvitedPerson[] = [];
    for (let at = 0; at < usernames.length; at += AT_ONCE)
      people.push(...(await inviteSome(deps, usernames.slice(at, at + AT_ONCE), request)));
    return { outcome: "people_invited", people };
  });
}

async function inviteSome(
  deps: Deps,
  usernames: readonly string[],
  { by, byMail, again = false }: InviteRequest,
): Promise<InvitedPerson[]> {
  const users = await usersOf(deps, usernames);
  const nowMs = deps.clock.nowMs();
  const expiresMs = nowMs + INVITATION_MS;
  const wanted = usernames.map((username) => {
    const user = users.get(username);
    const mailed = byMail && user?.email !== undefined;
    const secret = mailed ? null : freshSecret(deps.ids);
    return { username, suspended: user?.suspended === true, mailed, secret };
  });
  const invites = wanted.flatMap(({ username, suspended, secret }): Invite[] =>
    suspended
      ? []
      : [{ username, by, nowMs, expiresMs, linkHash: secret === null ? null : secretHash(secret), again }],
  );
  const outcomes = await deps.store.invitations.invite(invites);
  const outcomeOf = new Map(invites.map(({ username }, index) => [username, outcomes[index]]));
  return wanted.map(({ username, mailed, secret }) => {
    const outcome = outcomeOf.get(username) ?? "suspended";
    return outcome === "invited"
      ? { username, outcome, byMail: mailed, secret, expiresMs }
      : { username, outcome, byMail: false, secret: null, expiresMs: null };
  });
}

export interface InvitationWithdrawn {
  readonly outcome: "withdrawn" | "not_invited";
}

export function withdrawInvitation(
  { store, clock }: Pick<Deps, "store" | "clock">,
  username: string,
): Promise<InvitationWithdrawn | DatabaseFailed> {
  return orDatabaseFailed<InvitationWithdrawn>(async () => ({
    outcome: (await store.invitations.withdraw(username, clock.nowMs())) ? "withdrawn" : "not_invited",
  }));
}
