/** Whether a user can sign in on the web. */

/**
 * - `none`: was not invited, so cannot sign in.
 * - `invited`: has not chosen a password yet; also when the invitation's time is over.
 * - `active`: has chosen a password.
 * - `suspended`: the office says so; whatever account there is cannot be used.
 */
export const ACCOUNT_STATES = ["none", "invited", "active", "suspended"] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

export function accountState(about: {
  readonly suspended: boolean;
  readonly hasAccount: boolean;
  readonly isInvited: boolean;
}): AccountState {
  if (about.suspended) return "suspended";
  if (about.hasAccount) return "active";
  return about.isInvited ? "invited" : "none";
}
