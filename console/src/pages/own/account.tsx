/** One's own settings, in tabs whose place is in the address. */
import type { ReactNode } from "react";
import { useLocation, useParams } from "wouter";
import { useMe } from "../../office/me.js";
import { Page } from "../../parts/page.js";
import { type TabOf, Tabs } from "../../parts/tabs.js";
import { useSpeech } from "../../words/words.js";
import { NoAnswer } from "./no-answer.js";
import { OwnPermissions } from "./own-permissions.js";
import { Profile } from "./profile.js";
import { SignInSettings } from "./sign-in-settings.js";
import { VoicemailSettings } from "./voicemail-settings.js";
import "./account.css";

export function Account(): ReactNode {
  const { say } = useSpeech();
  const { tab } = useParams<{ tab?: string }>();
  const [, go] = useLocation();
  const { name, username } = useMe();
  const tabs: readonly TabOf[] = [
    { id: "no-answer", text: say("account.tab.no_answer"), content: () => <NoAnswer /> },
    { id: "voicemail", text: say("account.tab.voicemail"), content: () => <VoicemailSettings /> },
    { id: "profile", text: say("account.tab.profile"), content: () => <Profile /> },
    { id: "sign-in", text: say("account.tab.sign_in"), content: () => <SignInSettings /> },
    { id: "permissions", text: say("account.tab.permissions"), content: () => <OwnPermissions /> },
  ];
  const chosen = tabs.find(({ id }) => id === tab)?.id ?? "no-answer";
  return (
    <Page title={say("account.title")} lead={say("account.lead", { name, username })}>
      <Tabs
        label={say("account.title")}
        tabs={tabs}
        chosen={chosen}
        onChoose={(id) => go(id === "no-answer" ? "/account" : `/account/${id}`)}
      />
    </Page>
  );
}
