/** Every call is one line: found by who, when and what became of it, as far as the reader may see; exported as it is seen. */
import { type ReactNode, useMemo } from "react";
import { type Address, useAddress } from "../../office/address.js";
import { client } from "../../office/client.js";
import { useReach } from "../../office/me.js";
import { useList } from "../../office/read.js";
import { duration, useWhen } from "../../office/when.js";
import { Button, buttonClass } from "../../parts/button.js";
import { type Column, List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { CallFilters } from "./call-filters.js";
import {
  becameOf,
  calledNamed,
  callerNamed,
  DirectionMark,
  type ListedCall,
  NamedText,
  type Names,
  ResultBadge,
} from "./call-words.js";
import { type CallsQuery, callsQuery, FILTERS } from "./calls-filter.js";
import "./insight.css";

const PAGE = 100;

export function Calls(): ReactNode {
  const { say } = useSpeech();
  const { zone, timezone } = useWhen();
  const address = useAddress();
  // The period is that of when the page was opened: what is listed does not change under the reader.
  const openedMs = useMemo(() => Date.now(), []);
  const query = callsQuery(address, timezone, openedMs);
  const reach = useReach();
  return (
    <Page
      title={say("calls.title")}
      lead={say("app.zone", { zone })}
      width="full"
      actions={
        reach("exportCalls") !== undefined && (
          <a className={buttonClass({})} href={client.url("exportCalls", { query })} download>
            {say("insight.export")}
          </a>
        )
      }
    >
      <CallFilters address={address} />
      <CallsList query={query} address={address} />
    </Page>
  );
}

function CallsList({ query, address }: { readonly query: CallsQuery; readonly address: Address }): ReactNode {
  const { say } = useSpeech();
  const calls = useList("listCalls", { query: { ...query, limit: PAGE } });
  const columns = useColumns(calls.data?.names ?? NO_NAMES);
  const isFiltered = FILTERS.some((name) => address.get(name) !== undefined);
  const clear = () => address.set(Object.fromEntries(FILTERS.map((name) => [name, undefined])));
  return (
    <List
      label={say("calls.title")}
      of={calls}
      columns={columns}
      keyOf={({ id }) => id}
      hrefOf={({ id }) => `/calls/${id}`}
      empty={
        isFiltered ? (
          <Empty title={say("calls.none_found")} help={say("calls.none_found_help")}>
            <Button onPress={clear}>{say("calls.clear")}</Button>
          </Empty>
        ) : (
          <Empty title={say("calls.none")} help={say("calls.none_help")} />
        )
      }
    />
  );
}

const NO_NAMES: Names = {};

function useColumns(names: Names): readonly Column<ListedCall>[] {
  const { say } = useSpeech();
  const when = useWhen();
  return [
    {
      id: "from",
      head: say("calls.from"),
      width: "2.2fr",
      cell: (call) => (
        <span className="caller">
          <DirectionMark direction={call.direction} />
          <NamedText of={callerNamed(say, call, names)} />
        </span>
      ),
    },
    {
      id: "called",
      head: say("calls.called"),
      width: "2fr",
      cell: (call) => <NamedText of={calledNamed(call, names)} />,
    },
    {
      id: "result",
      head: say("calls.result"),
      width: "2.2fr",
      cell: (call) => (
        <span className="outcome">
          <ResultBadge result={call.result} />
          {call.emergency && <span className="badge bad">{say("call.emergency")}</span>}
          <span className="muted small">{becameOf(call, names)}</span>
        </span>
      ),
    },
    {
      id: "wait",
      head: say("calls.wait"),
      width: "6.5rem",
      isNumber: true,
      isMinor: true,
      cell: ({ wait_seconds: seconds }) => (seconds === null ? "" : duration(seconds)),
    },
    {
      id: "talk",
      head: say("calls.talk"),
      width: "6.5rem",
      isNumber: true,
      isMinor: true,
      cell: ({ talk_seconds: seconds }) => (seconds === null ? "" : duration(seconds)),
    },
    {
      id: "when",
      head: say("calls.began"),
      width: "10rem",
      isNumber: true,
      cell: ({ began_at }) => (
        <time dateTime={began_at} title={when.full(began_at)}>
          {when.short(began_at)}
        </time>
      ),
    },
  ];
}
