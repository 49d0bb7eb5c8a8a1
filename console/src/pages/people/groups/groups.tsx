/** The list of groups: the three that every office has first, then the office's own. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useReach } from "../../../office/me.js";
import { type ItemOf, useList } from "../../../office/read.js";
import { buttonClass } from "../../../parts/button.js";
import { DriftMark } from "../../../parts/drift.js";
import { type Column, List } from "../../../parts/list.js";
import { Page } from "../../../parts/page.js";
import { Empty } from "../../../parts/states.js";
import { isWord, useSpeech } from "../../../words/words.js";
import { useFilters } from "../address.js";
import { ListSearch } from "../search-field.js";
import { useGroupName } from "./group-name.js";
import "../people.css";

type Listed = ItemOf<"listGroups">;

export function Groups(): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const filters = useFilters();
  const q = filters.of("q").trim();
  const groups = useList("listGroups", { query: { limit: 200, ...(q === "" ? {} : { q }) } });
  return (
    <Page
      title={say("groups.title")}
      lead={say("groups.lead")}
      actions={
        reach("addGroup") !== undefined && (
          <Link href="/groups/new" className={buttonClass({ look: "primary" })}>
            {say("groups.add")}
          </Link>
        )
      }
    >
      <search className="filters">
        <ListSearch
          label={say("groups.search")}
          placeholder={say("groups.search_hint")}
          value={filters.of("q")}
          onChange={(text) => filters.put("q", text)}
        />
      </search>
      <List
        label={say("groups.title")}
        of={groups}
        columns={useColumns()}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/groups/${encodeURIComponent(id)}`}
        empty={<Empty title={say("groups.none")} help={say("groups.none_help")} />}
      />
    </Page>
  );
}

function useColumns(): readonly Column<Listed>[] {
  const { say } = useSpeech();
  const groupName = useGroupName();
  return [
    {
      id: "name",
      head: say("groups.name"),
      width: "2fr",
      cell: (group) => (
        <span className="person">
          <span>{groupName(group)}</span>
          <span className="person-more">
            {group.built_in ? say(`groups.what.${group.id as "all-users"}`) : group.id}
          </span>
        </span>
      ),
    },
    {
      id: "extension",
      head: say("users.extension"),
      width: "5.5rem",
      cell: ({ extension }) => extension ?? "–",
    },
    {
      id: "members",
      head: say("groups.members"),
      width: "6rem",
      isNumber: true,
      cell: ({ member_count: members }) => members,
    },
    {
      id: "strategy",
      head: say("groups.strategy"),
      width: "1.4fr",
      isMinor: true,
      cell: ({ strategy }) => {
        const word = `strategy.${strategy}`;
        return isWord(word) ? say(word) : strategy;
      },
    },
    {
      id: "marks",
      head: say("groups.kind"),
      cell: ({ built_in: isBuiltIn, is_mine: isMine, drifts }) => (
        <span className="row tight">
          {isBuiltIn && <span className="badge">{say("groups.built_in")}</span>}
          {isMine && <span className="badge accent">{say("groups.mine")}</span>}
          <DriftMark drifts={drifts} />
        </span>
      ),
    },
  ];
}
