/** Accounts and invitations as the API writes them. */
import { z } from "zod";
import { askerMay } from "../../../../policy/access/access.js";
import { ACCOUNT_STATES } from "../../../../policy/accounts/state.js";
import type { AccountSeen, InvitationSeen } from "../../../accounts/account-views.js";
import type { Actor } from "../actor.js";
import { isoTime } from "../time.js";
import { aboveProblem } from "./account-guard.js";

export const invitation = z.object({
  invited_at: z.string(),
  invited_by: z.string(),
  expires_at: z.string(),
  is_expired: z.boolean(),
  /**
   * `shown`: the link was shown to whoever invited. `waiting`: the mail has not left yet. `sent`: the mail server has taken
   * it. `failed`: no mail is sent any more; send it again, or show the link.
   */
  mail: z.enum(["shown", "waiting", "sent", "failed"]),
  /** The address that the mail went to. */
  sent_to: z.string().nullable(),
  /** Why the mail has not left. */
  why: z.string().nullable(),
});

export const account = z.object({
  username: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  state: z.enum(ACCOUNT_STATES),
  activated_at: z.string().nullable(),
  /** When the password was chosen. */
  password_at: z.string().nullable(),
  invitation: invitation.nullable(),
  /** What you may do with it now. */
  may: z.object({
    invite: z.boolean(),
    resend: z.boolean(),
    withdraw: z.boolean(),
    send_password_link: z.boolean(),
    remove: z.boolean(),
  }),
});

export function accountJson(seen: AccountSeen, actor: Actor): z.infer<typeof account> {
  const { user, state, activatedMs, passwordMs } = seen;
  const { username, name, email = null } = user;
  return {
    username,
    name,
    email,
    state,
    activated_at: activatedMs === null ? null : isoTime(activatedMs),
    password_at: passwordMs === null ? null : isoTime(passwordMs),
    invitation: seen.invitation === null ? null : invitationJson(seen.invitation),
    may: mayWith(seen, actor),
  };
}

export function invitationJson(seen: InvitationSeen): z.infer<typeof invitation> {
  return {
    invited_at: isoTime(seen.invitedMs),
    invited_by: seen.invitedBy,
    expires_at: isoTime(seen.expiresMs),
    is_expired: seen.isExpired,
    mail: seen.mail,
    sent_to: seen.sentTo,
    why: seen.why,
  };
}

/** What you may do about somebody's account, beside removing it. */
export const mayWithAccount = account.shape.may.omit({ remove: true });

/** The account of a user, as it stands in the user itself. */
export const accountOfUser = z.object({
  account: z.enum(ACCOUNT_STATES),
  /** By its username it is sent again, or withdrawn. */
  invitation: invitation.nullable(),
});

export function accountOfUserJson(
  seen: AccountSeen,
  actor: Actor,
): z.infer<typeof accountOfUser> & { readonly may: z.infer<typeof mayWithAccount> } {
  const { remove: _remove, ...may } = mayWith(seen, actor);
  return {
    account: seen.state,
    invitation: seen.invitation === null ? null : invitationJson(seen.invitation),
    may,
  };
}

function mayWith(
  { user, activatedMs, invitation: invited }: AccountSeen,
  actor: Actor,
): z.infer<typeof account>["may"] {
  const may = askerMay(actor, "users") && aboveProblem(actor, user) === undefined;
  const isUsable = may && user.suspended !== true;
  const isOther = user.username !== actor.user.username;
  return {
    invite: isUsable && activatedMs === null,
    resend: isUsable && invited !== null,
    withdraw: may && invited !== null,
    send_password_link: isUsable && activatedMs !== null,
    remove: may && isOther && (activatedMs !== null || invited !== null),
  };
}
