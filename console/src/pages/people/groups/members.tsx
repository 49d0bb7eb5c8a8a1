/** The members of a group in the order in which they ring, with the switches for its calls and its messages. */

import { type ReactNode, useState } from "react";
import { useChange } from "../../../office/change.js";
import { useReach } from "../../../office/me.js";
import { useList } from "../../../office/read.js";
import { Actions } from "../../../parts/actions.js";
import { Button } from "../../../parts/button.js";
import { Switch } from "../../../parts/choice.js";
import { type Column, List } from "../../../parts/list.js";
import { ChangeProblem, Empty } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import { ListSearch } from "../search-field.js";
import { AddMember } from "./add-member.js";
import type { GroupShown, Member, OfGroup } from "./group-shown.js";
import { MemberForm } from "./member-form.js";
import { hasDelay, hasOrder } from "./strategy.js";

type Changing = ReturnType<typeof useChange<"changeMember">>;

export function Members({ group }: OfGroup): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const { id } = group;
  const [q, setQ] = useState("");
  const [isAdding, setAdding] = useState(false);
  const [edited, setEdited] = useState<Member | null>(null);
  const members = useList("listMembers", {
    params: { id },
    query: { limit: 200, ...(q === "" ? {} : { q }) },
  });
  const change = useChange("changeMember");
  const remove = useChange("removeMember");
  const mayAdd = reach("addMember") !== undefined && id !== "all-users";
  const columns = useColumns(group, change);
  const toolsOf = useTools(group, change, remove, setEdited);
  return (
    <div className="stack">
      <div className="members-head">
        <p className="muted">{say(`strategy.${group.strategy ?? "simultaneous"}_help`)}</p>
        {mayAdd && <Button onPress={() => setAdding(true)}>{say("members.add")}</Button>}
      </div>
      {id === "all-users" && <p className="muted">{say("members.everybody")}</p>}
      {group.member_count > 8 && (
        <ListSearch
          label={say("members.search")}
          placeholder={say("members.search")}
          value={q}
          onChange={setQ}
        />
      )}
      <ChangeProblem problem={change.problem ?? remove.problem} />
      <List
        label={say("groups.members")}
        of={members}
        columns={columns}
        keyOf={({ user }) => user}
        hrefOf={({ user }) => (reach("getUser") === "all" ? `/users/${encodeURIComponent(user)}` : undefined)}
        toolsWidth="2.75rem"
        tools={(member) => (
          <Actions label={say("users.actions", { name: member.name })} actions={toolsOf(member)} />
        )}
        empty={
          <Empty title={say("members.none")} help={say("members.none_help")}>
            {mayAdd && <Button onPress={() => setAdding(true)}>{say("members.add")}</Button>}
          </Empty>
        }
      />
      {isAdding && <AddMember group={group} onClose={() => setAdding(false)} />}
      {edited !== null && <MemberForm group={group} member={edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

function useColumns(group: GroupShown, change: Changing): readonly Column<Member>[] {
  const { say } = useSpeech();
  const { id, strategy = "simultaneous" } = group;
  const set = (user: string, body: { readonly calls?: boolean; readonly voicemail?: boolean }) =>
    void change.run({ params: { id, username: user }, body });
  const switches = (["calls", "voicemail"] as const).map(
    (what): Column<Member> => ({
      id: what,
      head: say(`members.${what}`),
      width: "7rem",
      cell: (member) => (
        <Switch
          isOn={member[what]}
          isDisabled={!member.may.change}
          label={say(`members.${what}_named`, { name: member.name })}
          onChange={(isOn) => set(member.user, { [what]: isOn })}
        >
          <span className="only-narrow small">{say(`members.${what}`)}</span>
        </Switch>
      ),
    }),
  );
  return [
    {
      id: "name",
      head: say("users.name"),
      width: "2fr",
      cell: ({ name, user, suspended, extension }) => (
        <span className="person">
          <span>
            {name} {suspended && <span className="badge bad">{say("accounts.state.suspended")}</span>}
          </span>
          <span className="person-more">
            {user}
            {extension === null ? "" : ` · ${extension}`}
          </span>
        </span>
      ),
    },
    ...(hasOrder(strategy)
      ? [
          {
            id: "place",
            head: say("members.place"),
            width: "4rem",
            isMinor: true,
            cell: ({ place }: Member) => place,
          },
        ]
      : []),
    ...switches,
    {
      id: "times",
      head: say("members.times"),
      width: "1.2fr",
      isMinor: true,
      cell: ({ delay, ring }) => (
        <span className="muted small">
          {[
            ...(hasDelay(strategy) && delay > 0 ? [say("devices.delay_is", { seconds: delay })] : []),
            ...(ring === null ? [] : [say("devices.ring_is", { seconds: ring })]),
          ].join(" · ") || say("members.as_group")}
        </span>
      ),
    },
  ];
}

function useTools(
  group: GroupShown,
  change: Changing,
  remove: ReturnType<typeof useChange<"removeMember">>,
  edit: (member: Member) => void,
) {
  const { say } = useSpeech();
  const { id, strategy = "simultaneous", member_count: members, may } = group;
  return (member: Member) => {
    const { user, place, name } = member;
    const params = { id, username: user };
    const moves = may.change && hasOrder(strategy);
    const move = (by: number) => void change.run({ params, body: { place: place + by } });
    return [
      ...(may.change ? [{ id: "edit", text: say("members.edit"), run: () => edit(member) }] : []),
      ...(moves && place > 1 ? [{ id: "up", text: say("members.up"), run: () => move(-1) }] : []),
      ...(moves && place < members ? [{ id: "down", text: say("members.down"), run: () => move(1) }] : []),
      ...(member.may.remove
        ? [
            {
              id: "remove",
              text: say("members.remove"),
              isDanger: true,
              run: () => void remove.run({ params }, { told: say("members.removed", { name }) }),
            },
          ]
        : []),
    ];
  };
}
