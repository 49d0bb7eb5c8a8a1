/** Under the e-mail address: whether the user has followed the invitation, and "Resend Invitation" where they have not. */

import type { ReactNode } from "react";
import { useReach } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";
import { useWhen } from "../../../office/when.js";
import { Button } from "../../../parts/button.js";
import { useSpeech } from "../../../words/words.js";
import { useAccountActions } from "./account-actions.js";
import { type Account, AccountBadge } from "./account-state.js";
import type { UserShown } from "./user-shown.js";

export function AccountUnderAddress({ user }: { readonly user: UserShown }): ReactNode {
  const reach = useReach();
  const { username, name, email = null } = user;
  const account = useRead(
    "getAccount",
    { params: { username } },
    { enabled: reach("getAccount") !== undefined },
  );
  const { actionsFor, asked } = useAccountActions();
  if (account.data === undefined) return null;
  return (
    <div className="row tight">
      <AccountBadge state={account.data.value.state} />
      <span className="muted small">
        <AccountSentence account={account.data.value} />
      </span>
      {actionsFor({ username, name, email }, account.data.value).map(({ id, text, run, isDanger }) => (
        <Button key={id} size="small" look={isDanger === true ? "quiet" : "plain"} onPress={run}>
          {text}
        </Button>
      ))}
      {asked}
    </div>
  );
}

/** What has become of the invitation, in a sentence. */
export function AccountSentence({ account }: { readonly account: Account }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const { state, invitation, activated_at: at } = account;
  if (invitation !== null) {
    const values = {
      when: when.short(invitation.invited_at),
      by: invitation.invited_by,
      email: invitation.sent_to ?? "",
      why: invitation.why ?? "",
      until: when.short(invitation.expires_at),
    };
    return say(invitation.is_expired ? "accounts.expired" : `accounts.mail.${invitation.mail}`, values);
  }
  if (state === "active" && at !== null) return say("accounts.since", { when: when.day(at) });
  return say(state === "suspended" ? "accounts.suspended_help" : "accounts.none_help");
}
