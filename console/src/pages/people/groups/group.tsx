/** One group, in tabs: its members, what happens to its calls, its shared mailbox, and its settings. */

import { type ReactNode, useState } from "react";
import { useLocation, useParams } from "wouter";
import { useReach } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";
import { Button } from "../../../parts/button.js";
import { DriftNotice } from "../../../parts/drift.js";
import { Greetings } from "../../../parts/greetings.js";
import { Page, Section } from "../../../parts/page.js";
import { Shown } from "../../../parts/states.js";
import { Tabs } from "../../../parts/tabs.js";
import { useSpeech } from "../../../words/words.js";
import { LedFrom } from "../led-from.js";
import { MailboxMails, MailboxRules } from "../mailbox.js";
import { NoAnswer } from "../no-answer.js";
import { useGroupName } from "./group-name.js";
import { GroupSettings } from "./group-settings.js";
import type { OfGroup } from "./group-shown.js";
import { Members } from "./members.js";
import { RemoveGroup } from "./remove-group.js";
import "../people.css";

const TABS = { members: Members, calls: Calls, mailbox: SharedMailbox, settings: GroupSettings } as const;
type TabName = keyof typeof TABS;

function isTab(name: string | undefined): name is TabName {
  return name !== undefined && Object.hasOwn(TABS, name);
}

export function Group(): ReactNode {
  const { id = "", tab } = useParams<{ readonly id: string; readonly tab?: string }>();
  const group = useRead("getGroup", { params: { id } });
  const isOld = group.data !== undefined && group.data.value.id !== id;
  return (
    <Shown of={isOld ? { ...group, data: undefined } : group} lines={8}>
      {({ value, revision }) => (
        <GroupPage key={value.id} group={value} revision={revision} tab={isTab(tab) ? tab : "members"} />
      )}
    </Shown>
  );
}

function GroupPage({ group, revision, tab }: OfGroup & { readonly tab: TabName }): ReactNode {
  const { say, count } = useSpeech();
  const reach = useReach();
  const groupName = useGroupName();
  const [, go] = useLocation();
  const [isRemoving, setRemoving] = useState(false);
  const { id, extension } = group;
  const name = groupName({ id, name: group.name ?? id, built_in: group.built_in });
  return (
    <Page
      title={name}
      lead={[
        count("groups.count", group.member_count),
        ...(extension === undefined ? [] : [say("user.extension_is", { extension })]),
        say(`strategy.${group.strategy ?? "simultaneous"}`),
      ].join(" · ")}
      back={{ href: "/groups", text: say("app.back_to", { page: say("groups.title") }) }}
      actions={
        group.may.remove &&
        reach("removeGroup") !== undefined && (
          <Button look="danger" onPress={() => setRemoving(true)}>
            {say("group.remove")}
          </Button>
        )
      }
    >
      <DriftNotice drift={group.drift} />
      <Tabs
        label={say("user.tabs", { name })}
        chosen={tab}
        onChoose={(next) => go(`/groups/${encodeURIComponent(id)}${next === "members" ? "" : `/${next}`}`)}
        tabs={(Object.keys(TABS) as TabName[]).map((each) => {
          const Content = TABS[each];
          return {
            id: each,
            text: say(`group.tab.${each}`),
            content: () => <Content group={group} revision={revision} />,
          };
        })}
      />
      {isRemoving && <RemoveGroup group={group} onClose={() => setRemoving(false)} />}
    </Page>
  );
}

function Calls({ group, revision }: OfGroup): ReactNode {
  const { say } = useSpeech();
  const { id } = group;
  return (
    <>
      <NoAnswer
        of={{
          target: `group:${id}`,
          key: `group:${id}`,
          call: group.call,
          isUsual: group.no_answer === undefined,
        }}
        revision={revision}
        operation="changeGroup"
        given={(steps) => ({ params: { id }, body: { no_answer: steps } })}
        mayChange={group.may.change}
        title={say("group.no_answer")}
      />
      <Section title={say("group.led_from")} help={say("group.led_from_help")}>
        <LedFrom of={group.led_from} none={say("group.led_from_none")} />
      </Section>
    </>
  );
}

function SharedMailbox({ group, revision }: OfGroup): ReactNode {
  const { say } = useSpeech();
  const { id, mailbox, may } = group;
  const of = { key: `group:${id}`, mailbox };
  const given = (voicemail: Readonly<Record<string, unknown>>) => ({ params: { id }, body: { voicemail } });
  return (
    <>
      <Section title={say("group.greetings")} help={say("group.mailbox_help")}>
        <Greetings box={`group:${id}`} />
      </Section>
      <MailboxMails
        {...{ of, revision, given }}
        operation="changeGroup"
        mayChange={may.change}
        help={say("group.mails_help")}
      />
      <MailboxRules {...{ of, revision, given }} operation="changeGroup" mayChange={may.change} />
    </>
  );
}
