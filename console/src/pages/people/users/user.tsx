/** One user, in tabs: everything that the office knows of them, and what may be changed. */

import { type ReactNode, useState } from "react";
import { useLocation, useParams } from "wouter";
import { useReach } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";
import { Button } from "../../../parts/button.js";
import { DriftNotice } from "../../../parts/drift.js";
import { Page } from "../../../parts/page.js";
import { Shown } from "../../../parts/states.js";
import { Tabs } from "../../../parts/tabs.js";
import { useSpeech } from "../../../words/words.js";
import { AccountTab } from "./account.js";
import { CallHandling } from "./call-handling.js";
import { CallerId } from "./caller-id.js";
import { Devices } from "./devices.js";
import { Notifications } from "./notifications.js";
import { Permissions } from "./permissions.js";
import { Profile } from "./profile.js";
import { RemoveUser } from "./remove-user.js";
import { Suspend } from "./suspend.js";
import { UserGroups } from "./user-groups.js";
import type { OfUser, UserShown } from "./user-shown.js";
import { VoicemailGreetings } from "./voicemail-greetings.js";
import "../people.css";

const TABS = {
  profile: Profile,
  devices: Devices,
  calls: CallHandling,
  groups: UserGroups,
  greetings: VoicemailGreetings,
  notifications: Notifications,
  caller_id: CallerId,
  permissions: Permissions,
  account: AccountTab,
} as const;
type TabName = keyof typeof TABS;

function isTab(name: string | undefined): name is TabName {
  return name !== undefined && Object.hasOwn(TABS, name);
}

export function User(): ReactNode {
  const { username = "", tab } = useParams<{ readonly username: string; readonly tab?: string }>();
  const user = useRead("getUser", { params: { username } });
  // Another user's page shows nothing of the one before.
  const isOld = user.data !== undefined && user.data.value.username !== username;
  return (
    <Shown of={isOld ? { ...user, data: undefined } : user} lines={8}>
      {({ value, revision }) => (
        <UserPage key={value.username} user={value} revision={revision} tab={isTab(tab) ? tab : "profile"} />
      )}
    </Shown>
  );
}

function UserPage({ user, revision, tab }: OfUser & { readonly tab: TabName }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const [, go] = useLocation();
  const tabs = (Object.keys(TABS) as TabName[]).filter(
    (name) => name !== "permissions" || reach("listUserPermissions") !== undefined,
  );
  return (
    <Page
      title={user.name}
      lead={<Lead user={user} />}
      back={{ href: "/users", text: say("app.back_to", { page: say("users.title") }) }}
      actions={<PageActions user={user} />}
    >
      {user.suspended === true && (
        <div className="notice bad">
          <p>{say("user.is_suspended")}</p>
        </div>
      )}
      <DriftNotice drift={user.drift} />
      <Tabs
        label={say("user.tabs", { name: user.name })}
        chosen={tab}
        onChoose={(id) =>
          go(`/users/${encodeURIComponent(user.username)}${id === "profile" ? "" : `/${id}`}`)
        }
        tabs={tabs.map((id) => {
          const Content = TABS[id];
          return {
            id,
            text: say(`user.tab.${id}`),
            content: () => <Content user={user} revision={revision} />,
          };
        })}
      />
    </Page>
  );
}

function Lead({ user }: { readonly user: UserShown }): ReactNode {
  const { say } = useSpeech();
  const parts = [
    user.username,
    ...(user.extension === undefined ? [] : [say("user.extension_is", { extension: user.extension })]),
    ...(user.admin.system ? [say("users.system_admin")] : []),
    ...(user.admin.billing ? [say("users.billing_admin")] : []),
  ];
  return parts.join(" · ");
}

function PageActions({ user }: { readonly user: UserShown }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const [asks, setAsks] = useState<"suspend" | "remove" | null>(null);
  const close = () => setAsks(null);
  return (
    <>
      {user.may.fields.includes("suspended") && (
        <Button onPress={() => setAsks("suspend")}>
          {say(user.suspended === true ? "user.reactivate" : "user.suspend")}
        </Button>
      )}
      {user.may.remove && reach("removeUser") !== undefined && (
        <Button look="danger" onPress={() => setAsks("remove")}>
          {say("user.remove")}
        </Button>
      )}
      {asks === "suspend" && <Suspend user={user} onClose={close} />}
      {asks === "remove" && <RemoveUser user={user} onClose={close} />}
    </>
  );
}
