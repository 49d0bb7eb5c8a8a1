/** How a user signs in: their invitation, a new password, their sessions, their second factor. */

import { type ReactNode, useState } from "react";
import { useChange } from "../../../office/change.js";
import type { AnswerOf, OperationId } from "../../../office/client.js";
import { useMe, useReach } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";
import { useWhen } from "../../../office/when.js";
import { Button } from "../../../parts/button.js";
import { Confirm } from "../../../parts/dialog.js";
import { Facts, Section } from "../../../parts/page.js";
import { ChangeProblem, Shown } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import { LinkShown, type MadeLink, useAccountActions } from "./account-actions.js";
import { type Account, AccountBadge } from "./account-state.js";
import { AccountSentence } from "./account-under-address.js";
import type { OfUser, UserShown } from "./user-shown.js";

export function AccountTab({ user }: OfUser): ReactNode {
  const { username } = user;
  const account = useRead("getAccount", { params: { username } });
  return (
    <Shown of={account}>
      {({ value }) => (
        <>
          <State user={user} account={value} />
          <Help user={user} account={value} />
        </>
      )}
    </Shown>
  );
}

interface OfAccount {
  readonly user: UserShown;
  readonly account: Account;
}

function State({ user, account }: OfAccount): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const { actionsFor, asked } = useAccountActions();
  const { username, name, email = null } = user;
  const actions = actionsFor({ username, name, email }, account);
  const facts: (readonly [string, ReactNode])[] = [
    [say("accounts.state"), <AccountBadge key="state" state={account.state} />],
    [say("users.email"), email ?? say("accounts.no_email")],
    ...(account.activated_at === null
      ? []
      : [[say("accounts.activated"), when.full(account.activated_at)] as const]),
    ...(account.password_at === null
      ? []
      : [[say("accounts.password"), when.full(account.password_at)] as const]),
    ...(account.invitation === null
      ? []
      : [[say("accounts.until"), when.full(account.invitation.expires_at)] as const]),
  ];
  return (
    <Section title={say("accounts.title")} help={<AccountSentence account={account} />}>
      <Facts of={facts} />
      {actions.length > 0 && (
        <div className="row">
          {actions.map(({ id, text, run, isDanger }) => (
            <Button key={id} look={isDanger === true ? "danger" : "plain"} onPress={run}>
              {text}
            </Button>
          ))}
        </div>
      )}
      {asked}
    </Section>
  );
}

type Helping = "password_link" | "sessions" | "factors" | "remove_account";
const OPERATIONS: Readonly<Record<Helping, OperationId>> = {
  password_link: "sendPasswordLink",
  sessions: "endUserSessions",
  factors: "removeUserSecondFactors",
  remove_account: "removeAccount",
};

/** For who cannot sign in any more, and for browsers in wrong hands. */
function Help({ user, account }: OfAccount): ReactNode {
  const { say } = useSpeech();
  const me = useMe();
  const reach = useReach();
  const [asks, setAsks] = useState<Helping | null>(null);
  const [made, setMade] = useState<MadeLink | null>(null);
  const isOther = me.username !== user.username;
  const hasAccount = account.activated_at !== null && user.may.change;
  const can: Readonly<Record<Helping, boolean>> = {
    password_link: account.may.send_password_link,
    sessions: hasAccount && isOther,
    factors: hasAccount && isOther,
    remove_account: account.may.remove && account.activated_at !== null,
  };
  const offered = (Object.keys(can) as Helping[]).filter(
    (each) => can[each] && reach(OPERATIONS[each]) !== undefined,
  );
  if (offered.length === 0) return null;
  return (
    <Section title={say("accounts.help")}>
      <ul className="lines">
        {offered.map((each) => (
          <li key={each}>
            <span>
              <b>{say(`accounts.${each}`)}</b>
              <span className="line muted small">{say(`accounts.${each}_help`)}</span>
            </span>
            <Button
              look={each === "remove_account" ? "danger" : "plain"}
              size="small"
              onPress={() => setAsks(each)}
            >
              {say(`accounts.${each}_do`)}
            </Button>
          </li>
        ))}
      </ul>
      {asks !== null && <Ask of={asks} user={user} onClose={() => setAsks(null)} onLink={setMade} />}
      <LinkShown of={made} onClose={() => setMade(null)} />
    </Section>
  );
}

function Ask({
  of,
  user,
  onClose,
  onLink,
}: {
  readonly of: Helping;
  readonly user: UserShown;
  onClose(): void;
  onLink(made: MadeLink): void;
}): ReactNode {
  const { say } = useSpeech();
  const { username, name } = user;
  const link = useChange("sendPasswordLink");
  const sessions = useChange("endUserSessions");
  const factors = useChange("removeUserSecondFactors");
  const account = useChange("removeAccount");
  const given = { params: { username } };
  const told = { told: say(`accounts.${of}_done`, { name, email: user.email ?? "" }) };
  const shown = (made: AnswerOf<"sendPasswordLink">) => {
    if (made.link !== null) onLink({ name, link: made.link, expiresAt: made.expires_at, kind: "reset" });
  };
  const runs = {
    password_link: async () => {
      const mail = user.email !== undefined;
      const done = await link.run({ ...given, body: { mail } }, { told: null });
      if (done.ok) shown(done.value);
      return done.ok;
    },
    sessions: async () => (await sessions.run(given, told)).ok,
    factors: async () => (await factors.run(given, told)).ok,
    remove_account: async () => (await account.run(given, told)).ok,
  };
  const changes = [link, sessions, factors, account];
  return (
    <Confirm
      title={say(`accounts.${of}_title`, { name })}
      isOpen
      onClose={onClose}
      confirm={say(`accounts.${of}_do`)}
      isBusy={changes.some(({ isBusy }) => isBusy)}
      onConfirm={() => void runs[of]().then((isDone) => isDone && onClose())}
    >
      <ChangeProblem problem={changes.find(({ problem }) => problem !== null)?.problem ?? null} />
      <p>{say(`accounts.${of}_help`)}</p>
    </Confirm>
  );
}
