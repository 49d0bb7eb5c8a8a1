/** Who of the office can sign in on the web, and how far the others have come. */
import { type AccountState, accountState } from "../../policy/accounts/state.js";
import type { Office, User } from "../../policy/office/office.js";
import { INVITATION, type Invitation } from "../../storage/accounts/invitations.js";
import type { Live } from "../office/views/live.js";
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

/** Tells of any user what state the account is in: for a list that is filtered by it. */
export async function stateOfEach({
  store,
}: Pick<Deps, "store">): Promise<(user: Pick<User, "username" | "suspended">) => AccountState> {
  const [accounts, invitations] = [await store.accounts.everybody(), await store.invitations.everybody()];
  return ({ username, suspended }) =>
    accountState({
      suspended: suspended === true,
      hasAccount: accounts.has(username),
      isInvited: invitations.has(username),
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

const ordered = new WeakMap<Office, readonly User[]>();

/** The users of an office behind a username, in order. They are put in order once a revision: a list asks many times. */
function usersBehind(office: Office, after: string): readonly User[] {
  const known = ordered.get(office);
  const users = known ?? office.users.toSorted((a, b) => (a.username < b.username ? -1 : 1));
  if (known === undefined) ordered.set(office, users);
  let [low, high] = [0, users.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((users[middle]?.username ?? "") <= after) low = middle + 1;
    else high = middle;
  }
  return users.slice(low);
}

/** Users looked up at once while a list is filtered by state. */
const CHUNK = 1_000;

export interface AccountsWanted {
  /** Left out: any. */
  readonly state?: AccountState | undefined;
  /** Only users behind this username. */
  readonly after: string;
  readonly limit: number;
}

/** The users with a state, in the order of their names. */
export async function accountsWithState(
  deps: Pick<Deps, "store" | "clock">,
  live: Pick<Live, "office" | "table">,
  { state, after, limit }: AccountsWanted,
): Promise<AccountSeen[]> {
  const found: AccountSeen[] = [];
  let from = after;
  for (;;) {
    // Whatever the state, most that is looked at has it: a list must not go through ten thousand users for one.
    const users = await candidates(deps, live, { state, after: from, limit: Math.min(CHUNK, limit) });
    const last = users.at(-1);
    if (last === undefined) return found;
    const seen = await seeAccounts(deps, users);
    found.push(...seen.filter((each) => state === undefined || each.state === state));
    if (found.length >= limit) return found.slice(0, limit);
    from = last.username;
  }
}

/** Users who may have a state, in the order of their names; none: there are no more. */
async function candidates(
  { store }: Pick<Deps, "store">,
  { office, table }: Pick<Live, "office" | "table">,
  { state, after, limit }: AccountsWanted,
): Promise<readonly User[]> {
  const usersCalled = (names: readonly string[]) => names.flatMap((name) => table.user(name) ?? []);
  switch (state) {
    case "active":
      return usersCalled(await store.accounts.usernames(after, limit));
    case "invited":
      return usersCalled((await store.invitations.list(after, limit)).map(({ username }) => username));
    case "suspended":
      return usersBehind(office, after)
        .filter(({ suspended }) => suspended === true)
        .slice(0, limit);
    case "none":
      return usersBehind(office, after).slice(0, CHUNK);
    case undefined:
      return usersBehind(office, after).slice(0, limit);
  }
}
