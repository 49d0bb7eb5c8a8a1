/** One's own voicemail: greetings, the PIN for listening from any phone, and mails. */
import type { ReactNode } from "react";
import { useMe } from "../../office/me.js";
import { Greetings } from "../../parts/greetings.js";
import { Section } from "../../parts/page.js";
import { useSpeech } from "../../words/words.js";
import { MailsIWant } from "./mails.js";
import { Pin } from "./pin.js";

export function VoicemailSettings(): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  return (
    <>
      <Section title={say("account.greetings")} help={say("account.greetings_help")}>
        <Greetings box={`user:${username}`} />
      </Section>
      <Section title={say("mails.title")} help={say("mails.lead")}>
        <MailsIWant />
      </Section>
      <Section title={say("pin.title")} help={say("pin.lead")}>
        <Pin />
      </Section>
    </>
  );
}
