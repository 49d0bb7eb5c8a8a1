/** Who of the office can sign in on the web, and how far the others have come. */
import { type AccountState, accountState } from "../../policy/accounts/state.js";
import type { User } from "../../policy/office/office.js";
import { INVITATION, type Invitation } from "../../storage/accounts/invitations.js";
import type { Deps } from "../use-case.js";

/** An invitation that was not used. Times are milliseconds since the epoch. */
export interface InvitationSeen {
  readonly invitedMs: number;
  readonly invitedBy: string;
  readonly expiresMs: number;
  readonly isExpired: boolean;
  /**
   * - `shown`: no mail was sent, the link was shown to whoever invited.
   * - `waiting`: the mail has not left yet; `why` says what stopped the last attempt.
   * - `sent`: the mail server has taken it.
   * - `failed`: no mail is sent any more; `why` says the reason.
   */
  readonly mail: "shown" | "waiting" | "sent" | "failed";
  readonly sentTo: string | null;
  readonly why: string | null;
}

export interface AccountSeen {
  readonly user: User;
  readonly state: AccountState;
  /** Null: the user has not chosen a password. */
  readonly activatedMs: number | null;
  readonly passwordMs: number | null;
  readonly invitation: InvitationSeen | null;
}

/** In the order of the users. */
export async function seeAccounts(
  { store, clock }: Pick<Deps, "store" | "clock">,
  users: readonly User[],
): Promise<AccountSeen[]> {
  const usernames = users.map(({ username }) => username);
  const accounts = await store.accounts.accountsOf(usernames);
  const invitations = await store.invitations.invitationsOf(usernames);
  const waiting =
    invitations.size === 0
      ? new Map<string, string | null>()
      : await store.accountMails.waiting(INVITATION, [...invitations.keys()]);
  const nowMs = clock.nowMs();
  return users.map((user) => {
    const account = accounts.get(user.username);
    const invitation = invitations.get(user.username);
    return {
      user,
      state: accountState({
        suspended: user.suspended === true,
        hasAccount: account !== undefined,
        isInvited: invitation !== undefined,
      }),
      activatedMs: account?.activatedMs ?? null,
      passwordMs: account?.passwordMs ?? null,
      invitation:
        invitation === undefined ? null : seeInvitation(invitation, waiting.get(user.username), nowMs),
    };
  });
}

/** @param stopped why the last attempt of the mail that waits failed; undefined: no mail waits */
function seeInvitation(
  { invitedMs, invitedBy, expiresMs, byMail, sentTo, failed }: Invitation,
  stopped: string | null | undefined,
  nowMs: number,
): InvitationSeen {
  const mail = !byMail ? "shown" : failed !== null ? "failed" : sentTo !== null ? "sent" : "waiting";
  return {
    invitedMs,
    invitedBy,
    expiresMs,
    isExpired: expiresMs <= nowMs,
    mail,
    sentTo,
    why: failed ?? stopped ?? null,
  };
}

/** Users looked up at once while a list is filtered by state. */
const CHUNK = 1_000;

/**
 * A page of the users with a state.
 * @param users behind the page before, in order
 * @param limit how many at most
 */
export async function accountsWithState(
  deps: Pick<Deps, "store" | "clock">,
  users: readonly User[],
  { state, limit }: { readonly state: AccountState | undefined; readonly limit: number },
): Promise<AccountSeen[]> {
  if (state === undefined) return seeAccounts(deps, users.slice(0, limit));
  const found: AccountSeen[] = [];
  for (let at = 0; at < users.length && found.length < limit; at += CHUNK) {
    const seen = await seeAccounts(deps, users.slice(at, at + CHUNK));
    found.push(...seen.filter((each) => each.state === state));
  }
  return found.slice(0, limit);
}
