/**
 * The list of messages: who called, when, into which mailbox, and what is new. The arrows go from one to the next, Delete
 * deletes the one that has the focus.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import type { ItemOf, useList } from "../../office/read.js";
import { duration, phone, useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { useSpeech } from "../../words/words.js";
import { callerOf, useBoxNames, useMessageStates } from "./message-words.js";

type Message = ItemOf<"listMessages">;

export function MessageList({
  of,
  items,
  chosen,
  hrefOf,
}: {
  readonly of: Pick<
    ReturnType<typeof useList<"listMessages">>,
    "hasNextPage" | "fetchNextPage" | "isFetchingNextPage"
  >;
  readonly items: readonly Message[];
  readonly chosen: string | undefined;
  readonly hrefOf: (id: string) => string;
}): ReactNode {
  const { say } = useSpeech();
  const states = useMessageStates();
  const place = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const link = event.target;
    if (!(link instanceof HTMLElement) || !link.matches(".message-link")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      neighbour(place.current, link, event.key === "ArrowDown" ? 1 : -1)?.focus();
    }
    const message = items.find(({ id }) => id === link.dataset["id"]);
    if (event.key !== "Delete" || message === undefined || !message.may.change) return;
    event.preventDefault();
    const next = neighbour(place.current, link, 1) ?? neighbour(place.current, link, -1);
    void states.remove(message).then(() => next?.focus());
  };
  return (
    <>
      <ul className="message-list" ref={place} onKeyDown={onKeyDown} aria-label={say("nav.messages")}>
        {items.map((message) => (
          <Line key={message.id} {...{ message, hrefOf }} isChosen={message.id === chosen} />
        ))}
      </ul>
      {of.hasNextPage && <More onSeen={() => void of.fetchNextPage()} isBusy={of.isFetchingNextPage} />}
    </>
  );
}

function neighbour(place: HTMLElement | null, link: HTMLElement, by: 1 | -1): HTMLElement | undefined {
  const links = [...(place?.querySelectorAll<HTMLElement>(".message-link") ?? [])];
  return links[links.indexOf(link) + by];
}

function Line({
  message,
  hrefOf,
  isChosen,
}: {
  readonly message: Message;
  readonly hrefOf: (id: string) => string;
  readonly isChosen: boolean;
}): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const boxName = useBoxNames();
  const { id, state, from, name, box, urgent, claimed_by: claimedBy } = message;
  const isNew = state === "new";
  const about = [
    ...(name === "" || from === "" ? [] : [phone(from)]),
    ...(box.startsWith("group:") ? [boxName(box)] : []),
    duration(message.length_seconds),
  ];
  return (
    <li className={`message-line ${isNew ? "new" : ""}`}>
      <Link
        href={hrefOf(id)}
        className="message-link"
        data-id={id}
        aria-current={isChosen ? "true" : undefined}
      >
        <span className="message-dot" aria-hidden="true" />
        <span className="message-who">{callerOf(say, message)}</span>
        <span className="message-when">{when.short(message.delivered_at)}</span>
        <span className="message-about">
          {isNew && <span className="visually-hidden">{say("messages.state.new")}. </span>}
          {about.join(" · ")}
          {urgent && <span className="badge bad">{say("messages.urgent")}</span>}
          {state === "saved" && <span className="badge">{say("messages.state.saved")}</span>}
          {claimedBy !== null && <span className="badge accent">{say("messages.claimed_short")}</span>}
        </span>
      </Link>
    </li>
  );
}

/** Reads on when its end comes into sight; a button for who does not scroll. */
function More({ onSeen, isBusy }: { onSeen(): void; readonly isBusy: boolean }): ReactNode {
  const { say } = useSpeech();
  const place = useRef<HTMLDivElement>(null);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && seen.current(),
      { rootMargin: "400px" },
    );
    if (place.current !== null) watcher.observe(place.current);
    return () => watcher.disconnect();
  }, []);
  return (
    <div ref={place} className="message-more">
      <Button look="quiet" size="small" isPending={isBusy} onPress={onSeen}>
        {say("app.more")}
      </Button>
    </div>
  );
}
