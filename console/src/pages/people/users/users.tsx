/** The list of users: found by any part of what one knows of them, with their account and what can be done about it. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useReach } from "../../../office/me.js";
import { type ItemOf, useList, useRead } from "../../../office/read.js";
import { Actions } from "../../../parts/actions.js";
import { buttonClass } from "../../../parts/button.js";
import { Choice } from "../../../parts/choice.js";
import { DriftMark } from "../../../parts/drift.js";
import { type Column, List } from "../../../parts/list.js";
import { Page } from "../../../parts/page.js";
import { Empty } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import { type Filters, useFilters } from "../address.js";
import { ListSearch } from "../search-field.js";
import { useAccountActions } from "./account-actions.js";
import { AccountBadge } from "./account-state.js";
import "../people.css";

type Listed = ItemOf<"listUsers">;
/** So many that a quick scroll does not reach the end of what is there. */
const PAGE = 200;

export function Users(): ReactNode {
  const { say, count } = useSpeech();
  const reach = useReach();
  const filters = useFilters();
  const users = useList("listUsers", { query: queryOf(filters) });
  const total = users.data?.total;
  return (
    <Page
      title={say("users.title")}
      width="full"
      lead={total === undefined ? say("users.lead") : count("users.count", total)}
      actions={
        <>
          {reach("importUsers") !== undefined && (
            <Link href="/users/import" className={buttonClass({})}>
              {say("users.import")}
            </Link>
          )}
          {reach("addUser") !== undefined && (
            <Link href="/users/new" className={buttonClass({ look: "primary" })}>
              {say("users.add")}
            </Link>
          )}
        </>
      }
    >
      <FilterRow filters={filters} />
      <UserList of={users} filters={filters} />
    </Page>
  );
}

function queryOf(filters: Filters) {
  const q = filters.of("q").trim();
  const show = filters.of("show");
  const sort = filters.of("sort");
  return {
    limit: PAGE,
    ...(q === "" ? {} : { q }),
    ...(filters.of("group") === "" ? {} : { group: filters.of("group") }),
    ...(sort === "username" ? { sort: "username" as const } : {}),
    ...(sort === "extension" ? { sort: "extension" as const } : {}),
    ...(isState(show) ? { account: show } : {}),
    ...(show === "system" ? { admin: "system" as const } : {}),
    ...(show === "billing" ? { admin: "billing" as const } : {}),
  };
}

const STATES = ["none", "invited", "active", "suspended"] as const;

function isState(text: string): text is (typeof STATES)[number] {
  return (STATES as readonly string[]).includes(text);
}

function FilterRow({ filters }: { readonly filters: Filters }): ReactNode {
  const { say } = useSpeech();
  const groups = useRead("listGroups", { query: { limit: 500 } });
  const groupOptions = (groups.data?.value.items ?? [])
    .filter(({ built_in: isBuiltIn }) => !isBuiltIn)
    .map(({ id, name }) => ({ id, text: name }));
  const shows = ["all", ...STATES, "system", "billing"] as const;
  const sorts = ["name", "username", "extension"] as const;
  return (
    <search className="filters">
      <ListSearch
        label={say("users.search")}
        placeholder={say("users.search_hint")}
        value={filters.of("q")}
        onChange={(text) => filters.put("q", text)}
      />
      <Choice
        label={say("users.group")}
        options={[{ id: "all", text: say("users.group.all") }, ...groupOptions]}
        value={filters.of("group") || "all"}
        onChange={(id) => filters.put("group", id === "all" ? "" : id)}
      />
      <Choice
        label={say("users.show")}
        options={shows.map((id) => ({ id, text: say(`users.show.${id}`) }))}
        value={filters.of("show") || "all"}
        onChange={(id) => filters.put("show", id === "all" ? "" : id)}
      />
      <Choice
        label={say("users.sort")}
        options={sorts.map((id) => ({ id, text: say(`users.sort.${id}`) }))}
        value={filters.of("sort") || "name"}
        onChange={(id) => filters.put("sort", id === "name" ? "" : id)}
      />
    </search>
  );
}

function UserList({
  of,
  filters,
}: {
  readonly of: ReturnType<typeof useList<"listUsers">>;
  readonly filters: Filters;
}): ReactNode {
  const { say } = useSpeech();
  const { actionsFor, asked } = useAccountActions();
  return (
    <>
      <List
        label={say("users.title")}
        of={of}
        columns={useColumns()}
        keyOf={({ username }) => username}
        hrefOf={({ username }) => `/users/${encodeURIComponent(username)}`}
        toolsWidth="2.75rem"
        tools={(user) => (
          <Actions label={say("users.actions", { name: user.name })} actions={actionsFor(user, user)} />
        )}
        empty={<NobodyFound filters={filters} />}
      />
      {asked}
    </>
  );
}

function NobodyFound({ filters }: { readonly filters: Filters }): ReactNode {
  const { say } = useSpeech();
  if (!filters.isAny)
    return (
      <Empty title={say("users.none")} help={say("users.none_help")}>
        <Link href="/users/new" className={buttonClass({ look: "primary" })}>
          {say("users.add")}
        </Link>
      </Empty>
    );
  return (
    <Empty title={say("users.not_found")} help={say("users.not_found_help")}>
      <button type="button" className={buttonClass({})} onClick={filters.clear}>
        {say("users.clear_filters")}
      </button>
    </Empty>
  );
}

function useColumns(): readonly Column<Listed>[] {
  const { say } = useSpeech();
  return [
    {
      id: "name",
      head: say("users.name"),
      width: "2.2fr",
      cell: (user) => (
        <span className="person">
          <span>{user.name}</span>
          <span className="person-more">
            {user.username}
            {user.email === null ? "" : ` · ${user.email}`}
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
      id: "devices",
      head: say("users.devices"),
      isMinor: true,
      cell: ({ devices, phones }) => (
        <span className="person">
          <span className="cut">{devices.length === 0 ? "–" : devices.join(", ")}</span>
          {phones.reachable !== null && phones.count > 0 && (
            <span className="person-more">
              {say("users.reachable", { reachable: phones.reachable, count: phones.count })}
            </span>
          )}
        </span>
      ),
    },
    {
      id: "groups",
      head: say("users.groups"),
      width: "1.3fr",
      isMinor: true,
      cell: ({ groups, admin }) => (
        <span className="cut">
          {[
            ...(admin.system ? [say("users.system_admin")] : []),
            ...(admin.billing ? [say("users.billing_admin")] : []),
            ...groups.filter((id) => id !== "system-admins" && id !== "billing-admins"),
          ].join(", ") || "–"}
        </span>
      ),
    },
    {
      id: "account",
      head: say("users.account"),
      width: "1.1fr",
      cell: (user) => (
        <span className="row tight">
          <AccountBadge state={user.account} />
          <DriftMark drifts={user.drifts} />
        </span>
      ),
    },
  ];
}
