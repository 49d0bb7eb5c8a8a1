/** The groups of a user, with the switches for the group's calls and messages; joining and leaving. */

import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../../office/change.js";
import { useMe, useReach } from "../../../office/me.js";
import { Button } from "../../../parts/button.js";
import { Switch } from "../../../parts/choice.js";
import { Section } from "../../../parts/page.js";
import { ChangeProblem } from "../../../parts/states.js";
import { TargetSearch } from "../../../parts/target.js";
import { useSpeech } from "../../../words/words.js";
import type { OfUser, UserShown } from "./user-shown.js";

type Membership = UserShown["groups"][number];
/** Being one of them gives rights, so they are joined and left by the switches of the permissions. */
const ADMINS: readonly string[] = ["system-admins", "billing-admins"];

export function UserGroups({ user }: OfUser): ReactNode {
  const { say } = useSpeech();
  const change = useChange("changeMember");
  const leave = useChange("removeMember");
  const join = useChange("addMember");
  const problem = change.problem ?? leave.problem ?? join.problem;
  return (
    <Section title={say("user.tab.groups")} help={say("user_groups.help")}>
      <ChangeProblem problem={problem} />
      {user.groups.length === 0 ? (
        <p className="muted">{say("user_groups.none", { name: user.name })}</p>
      ) : (
        <ul className="lines">
          {user.groups.map((group) => (
            <GroupLine key={group.id} {...{ user, group, change, leave }} />
          ))}
        </ul>
      )}
      <Join user={user} change={join} />
    </Section>
  );
}

function GroupLine({
  user,
  group,
  change,
  leave,
}: {
  readonly user: UserShown;
  readonly group: Membership;
  readonly change: ReturnType<typeof useChange<"changeMember">>;
  readonly leave: ReturnType<typeof useChange<"removeMember">>;
}): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const { username } = useMe();
  const { id, name, calls, voicemail } = group;
  const params = { id, username: user.username };
  const mayChange = reach("changeMember") === "all" || username === user.username;
  const mayLeave = reach("removeMember") === "all" && !ADMINS.includes(id);
  const set = (body: { readonly calls?: boolean; readonly voicemail?: boolean }) =>
    void change.run({ params, body });
  return (
    <li>
      <div>
        <b>
          <Link href={`/groups/${encodeURIComponent(id)}`}>{name}</Link>
        </b>
        <div className="row">
          <Switch isOn={calls} isDisabled={!mayChange} onChange={(isOn) => set({ calls: isOn })}>
            {say("members.calls")}
          </Switch>
          <Switch isOn={voicemail} isDisabled={!mayChange} onChange={(isOn) => set({ voicemail: isOn })}>
            {say("members.voicemail")}
          </Switch>
        </div>
      </div>
      {mayLeave && (
        <Button
          size="small"
          aria-label={say("user_groups.leave_named", { group: name })}
          onPress={() =>
            void leave.run({ params }, { told: say("user_groups.left", { name: user.name, group: name }) })
          }
        >
          {say("user_groups.leave")}
        </Button>
      )}
      {ADMINS.includes(id) && (
        <Link className="small" href={`/users/${encodeURIComponent(user.username)}/permissions`}>
          {say("user.tab.permissions")}
        </Link>
      )}
    </li>
  );
}

function Join({
  user,
  change,
}: {
  readonly user: UserShown;
  readonly change: ReturnType<typeof useChange<"addMember">>;
}): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const [target, setTarget] = useState<string | null>(null);
  if (reach("addMember") === undefined) return null;
  const id = target?.replace(/^group:/, "") ?? "";
  const isIn = user.groups.some((group) => group.id === id);
  const join = async () => {
    const done = await change.run(
      { params: { id }, body: { user: user.username } },
      { told: say("user_groups.joined", { name: user.name, group: id }) },
    );
    if (done.ok) setTarget(null);
  };
  return (
    <div className="with-button">
      <TargetSearch
        label={say("user_groups.join")}
        kinds={["group"]}
        value={target}
        onChange={setTarget}
        fault={isIn ? say("user_groups.is_in", { name: user.name }) : undefined}
        isCreating={false}
      />
      <Button isDisabled={id === "" || isIn} isPending={change.isBusy} onPress={() => void join()}>
        {say("user_groups.join_do")}
      </Button>
    </div>
  );
}
