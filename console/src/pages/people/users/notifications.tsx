/** Who is told of which messages: the mails about a user's own mailbox, and where messages of their groups come to them. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import { Section } from "../../../parts/page.js";
import { useSpeech } from "../../../words/words.js";
import { MailboxMails } from "../mailbox.js";
import type { OfUser } from "./user-shown.js";

export function Notifications({ user, revision }: OfUser): ReactNode {
  const { say } = useSpeech();
  const { username, email, may, groups } = user;
  const told = groups.filter(({ voicemail }) => voicemail);
  return (
    <>
      <MailboxMails
        of={{ key: `user:${username}`, mailbox: user.mailbox }}
        revision={revision}
        operation="changeUser"
        given={(voicemail) => ({ params: { username }, body: { voicemail } })}
        mayChange={may.fields.includes("voicemail")}
        help={email === undefined ? say("notify.no_email") : say("notify.to", { email })}
      />
      <Section title={say("notify.groups")} help={say("notify.groups_help")}>
        {told.length === 0 ? (
          <p className="muted">{say("notify.groups_none")}</p>
        ) : (
          <ul className="plain-list">
            {told.map(({ id, name }) => (
              <li key={id}>
                <Link href={`/groups/${encodeURIComponent(id)}`}>{name}</Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}
