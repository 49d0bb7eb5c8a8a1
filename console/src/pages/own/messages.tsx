/**
 * Messages of one's own mailbox and of one's groups: the list beside the message that is open; on a narrow screen one or the
 * other. Which mailbox, which messages and which one are in the address.
 */
import { type ReactNode, useEffect } from "react";
import { useLocation, useParams, useSearchParams } from "wouter";
import { useList, useRead } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Choice } from "../../parts/choice.js";
import { Page } from "../../parts/page.js";
import { Empty, Loading, ReadProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { MessageList } from "./message-list.js";
import { OpenMessage } from "./open-message.js";
import "./messages.css";

const STATES = ["kept", "new", "saved", "deleted"] as const;
type Shows = (typeof STATES)[number];
/** New messages come by themselves where the board of live calls is not open to the person. */
const AGAIN_MS = 15_000;

export function Messages(): ReactNode {
  const { say } = useSpeech();
  const { zone } = useWhen();
  const { id } = useParams<{ id?: string }>();
  const [search] = useSearchParams();
  const [, go] = useLocation();
  const [box, shows] = [search.get("box") ?? "", showsOf(search.get("state"))];
  const list = useList(
    "listMessages",
    { query: { state: shows, ...(box === "" ? {} : { box }) } },
    { everyMs: AGAIN_MS },
  );
  const asked = search.toString();
  const hrefOf = (which: string) =>
    `/messages/${encodeURIComponent(which)}${asked === "" ? "" : `?${asked}`}`;
  const listHref = `/messages${asked === "" ? "" : `?${asked}`}`;
  const items = list.data?.items ?? [];
  const afterThis = () => {
    const at = items.findIndex((each) => each.id === id);
    const next = items[at + 1] ?? items[at - 1];
    go(next === undefined || isNarrow() ? listHref : hrefOf(next.id), { replace: true });
  };
  return (
    <Page title={say("nav.messages")} lead={say("app.zone", { zone })} width="full">
      <div className={`messages ${id === undefined ? "" : "is-open"}`}>
        <section className="messages-side" aria-label={say("messages.list")}>
          <Filters box={box} shows={shows} />
          {list.data === undefined ? (
            list.error === null ? (
              <Loading lines={6} />
            ) : (
              <ReadProblem error={list.error} again={() => void list.refetch()} />
            )
          ) : items.length === 0 ? (
            <Empty title={say(`messages.empty.${shows}`)} help={say(`messages.empty_help.${shows}`)} />
          ) : (
            <MessageList of={list} items={items} chosen={id} hrefOf={hrefOf} />
          )}
        </section>
        <section className="messages-open" aria-label={say("messages.open")}>
          {id === undefined ? (
            <NothingOpen hasSome={items.length > 0} />
          ) : (
            <OneMessage key={id} id={id} backHref={listHref} onGone={afterThis} />
          )}
        </section>
      </div>
    </Page>
  );
}

function NothingOpen({ hasSome }: { readonly hasSome: boolean }): ReactNode {
  const { say } = useSpeech();
  if (!hasSome) return null;
  return <p className="muted messages-hint">{say("messages.choose")}</p>;
}

function OneMessage({
  id,
  backHref,
  onGone,
}: {
  readonly id: string;
  readonly backHref: string;
  onGone(): void;
}): ReactNode {
  const message = useRead("getMessage", { params: { id } });
  useEffect(() => {
    // Where the list is away, one is at the message's beginning.
    if (isNarrow()) window.scrollTo(0, 0);
  }, []);
  return (
    <Shown of={message}>
      {({ value }) => <OpenMessage message={value} backHref={backHref} onGone={onGone} />}
    </Shown>
  );
}

function isNarrow(): boolean {
  return matchMedia("(width < 60rem)").matches;
}

function Filters({ box, shows }: { readonly box: string; readonly shows: Shows }): ReactNode {
  const { say } = useSpeech();
  const [, setSearch] = useSearchParams();
  const boxes = useRead("listMailboxes", undefined, { everyMs: AGAIN_MS });
  const set = (name: string, value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value === "") next.delete(name);
      else next.set(name, value);
      return next;
    });
  const all = boxes.data?.value.items ?? [];
  const boxOptions = [
    { id: "all", text: say("messages.all_boxes") },
    ...all.map(({ box: name, name: title, new: fresh }) => ({
      id: name,
      text: fresh === 0 ? title : say("messages.box_new", { name: title, count: fresh }),
    })),
  ];
  const little = all.find(({ room }) => room !== "enough");
  return (
    <div className="stack tight">
      <div className="messages-filters">
        {all.length > 1 && (
          <Choice
            label={say("messages.box")}
            options={boxOptions}
            value={box === "" ? "all" : box}
            onChange={(next) => set("box", next === "all" ? "" : next)}
          />
        )}
        <Choice
          label={say("messages.show")}
          options={STATES.map((each) => ({ id: each, text: say(`messages.show.${each}`) }))}
          value={shows}
          onChange={(next) => set("state", next === "kept" ? "" : next)}
        />
      </div>
      {little !== undefined && (
        <p className="notice warn small">
          {say(little.room === "none" ? "messages.full" : "messages.nearly_full", { name: little.name })}
        </p>
      )}
    </div>
  );
}

function showsOf(text: string | null): Shows {
  return STATES.find((each) => each === text) ?? "kept";
}
