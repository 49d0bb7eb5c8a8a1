/**
 * The first page of everybody: what came while one was away, whether one can be reached now, and what happens when one does not
 * answer.
 */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { client } from "../../office/client.js";
import { useMe, useReach } from "../../office/me.js";
import { useList, useRead } from "../../office/read.js";
import { phone, useWhen } from "../../office/when.js";
import { buttonClass } from "../../parts/button.js";
import { Page, Section } from "../../parts/page.js";
import { Player } from "../../parts/player.js";
import { Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { Attention } from "./attention.js";
import { CallBack } from "./call-back.js";
import { callerOf, type MessageShape, useBoxNames, useMessageStates } from "./message-words.js";
import { OwnCall } from "./own-call.js";
import { phoneAddress, phoneName, phoneState } from "./phone-words.js";
import "./home.css";

const FEW = 5;
const AGAIN_MS = 15_000;

export function Home(): ReactNode {
  const { say } = useSpeech();
  const { name, extension } = useMe();
  const { zone } = useWhen();
  return (
    <Page
      title={say("home.title", { name })}
      lead={
        extension === null
          ? say("app.zone", { zone })
          : say("home.lead", { extension, zone: say("app.zone", { zone }) })
      }
    >
      <Attention />
      <div className="home">
        <NewMessages />
        <div className="home-side">
          <MissedCalls />
          <MyPhones />
          <WhenIDoNotAnswer />
        </div>
      </div>
    </Page>
  );
}

function NewMessages(): ReactNode {
  const { say, count } = useSpeech();
  const boxes = useRead("listMailboxes", undefined, { everyMs: AGAIN_MS });
  const messages = useList("listMessages", { query: { state: "new", limit: FEW } }, { everyMs: AGAIN_MS });
  const fresh = (boxes.data?.value.items ?? [])
    .filter(({ member }) => member)
    .reduce((sum, box) => sum + box.new, 0);
  return (
    <Section
      title={say("home.messages")}
      {...(fresh > 0 ? { help: count("home.messages_new", fresh) } : {})}
      actions={<Link href="/messages">{say("home.all_messages")}</Link>}
    >
      <Shown of={messages}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{say("home.no_messages")}</p>
          ) : (
            <ul className="home-list">
              {items.slice(0, FEW).map((message) => (
                <NewMessage key={message.id} message={message} />
              ))}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}

function NewMessage({ message }: { readonly message: MessageShape }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const boxName = useBoxNames();
  const states = useMessageStates();
  const { id, box, urgent } = message;
  return (
    <li className="home-item">
      <div className="row between">
        <Link href={`/messages/${id}`} className="home-who">
          {callerOf(say, message)}
        </Link>
        <span className="muted small">{when.short(message.delivered_at)}</span>
      </div>
      <p className="muted small row">
        {box.startsWith("group:") && <span>{boxName(box)}</span>}
        {urgent && <span className="badge bad">{say("messages.urgent")}</span>}
      </p>
      <Player
        src={client.url("hearMessage", { params: { id } })}
        seconds={message.length_seconds}
        label={say("messages.sound", { caller: callerOf(say, message) })}
        onEnded={() => void states.heard(message)}
      />
    </li>
  );
}

function MissedCalls(): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const { username } = useMe();
  const reach = useReach();
  const isOpen = reach("listCalls") !== undefined;
  const calls = useList(
    "listCalls",
    { query: { scope: "own", result: "missed", direction: "in", limit: FEW } },
    { enabled: isOpen, everyMs: AGAIN_MS },
  );
  if (!isOpen) return null;
  const missed = (items: NonNullable<typeof calls.data>["items"]) =>
    items.filter(({ user }) => user !== username).slice(0, FEW);
  return (
    <Section
      title={say("home.missed")}
      actions={<Link href="/calls?scope=own">{say("home.all_calls")}</Link>}
    >
      <Shown of={calls}>
        {({ items }) =>
          missed(items).length === 0 ? (
            <p className="muted">{say("home.no_missed")}</p>
          ) : (
            <ul className="home-list">
              {missed(items).map((call) => (
                <li key={call.id} className="home-item home-call">
                  <span>
                    <Link href={`/calls/${call.id}`} className="home-who">
                      {callerOf(say, call)}
                    </Link>
                    <span className="muted small block">
                      {[
                        ...(call.name === "" || call.from === "" ? [] : [phone(call.from)]),
                        when.short(call.began_at),
                      ].join(" · ")}
                    </span>
                  </span>
                  {call.from !== "" && (
                    <CallBack number={call.from} name={callerOf(say, call)} size="small" />
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}

function MyPhones(): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  const when = useWhen();
  const devices = useRead("listDevices", { params: { username } }, { everyMs: AGAIN_MS });
  return (
    <Section title={say("phones.title")} actions={<Link href="/phones">{say("home.change_phones")}</Link>}>
      <Shown of={devices}>
        {({ value: { items } }) =>
          items.length === 0 ? (
            <div className="stack tight">
              <p>{say("phones.none_help")}</p>
              <div>
                <Link href="/welcome" className={buttonClass({ look: "primary" })}>
                  {say("phones.add")}
                </Link>
              </div>
            </div>
          ) : (
            <ul className="home-list">
              {items.map((device) => {
                const state = phoneState(say, device, when.short);
                return (
                  <li key={device.id} className="home-item home-call">
                    <span>
                      {phoneName(say, device.id)}
                      <span className="muted small block">{phoneAddress(device)}</span>
                    </span>
                    <span className={`badge ${state.look}`}>{state.text}</span>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Shown>
    </Section>
  );
}

function WhenIDoNotAnswer(): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  const user = useRead("getUser", { params: { username } });
  return (
    <Section title={say("no_answer.title")} actions={<Link href="/account">{say("home.change")}</Link>}>
      <Shown of={user}>
        {({ value: { call, may } }) => (
          <>
            <OwnCall call={call} />
            {!may.fields.includes("no_answer") && <p className="muted small">{say("no_answer.not_yours")}</p>}
          </>
        )}
      </Shown>
    </Section>
  );
}
