/** One call: its story in words and as a drawing, whose phones rang, why others did not, and why it ended. */
import { type ReactNode, useEffect, useState } from "react";
import { Link, useParams } from "wouter";
import type { AnswerOf } from "../../office/client.js";
import { useMe, useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { duration, phone, useWhen, type When } from "../../office/when.js";
import { buttonClass } from "../../parts/button.js";
import { Facts, Page, Section } from "../../parts/page.js";
import { Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { CallBack } from "../own/call-back.js";
import { CallDrawing } from "./call-drawing.js";
import { aboutText, ResultBadge } from "./call-words.js";
import { usePeople } from "./people-names.js";
import "./insight.css";

type ToldCall = AnswerOf<"getCall">;
/** A call that goes on is read again so often. */
const GOES_ON_MS = 2_000;

export function Call(): ReactNode {
  const { say } = useSpeech();
  const { id = "" } = useParams<{ id: string }>();
  const [goesOn, setGoesOn] = useState(false);
  const call = useRead(
    "getCall",
    { params: { id } },
    // A call of the live board is in the records within a second.
    { isAwaited: true, ...(goesOn ? { everyMs: GOES_ON_MS } : {}) },
  );
  const isLive = call.data?.value.ended_at === null;
  useEffect(() => setGoesOn(isLive), [isLive]);
  const back = { href: "/calls", text: say("app.back_to", { page: say("calls.title") }) };
  if (call.data === undefined)
    return (
      <Page title={say("call.title")} back={back}>
        <Shown of={call} lines={8}>
          {() => null}
        </Shown>
      </Page>
    );
  return <Told of={call.data.value} back={back} />;
}

function Told({
  of: call,
  back,
}: {
  readonly of: ToldCall;
  readonly back: { readonly href: string; readonly text: string };
}): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const { story } = call;
  const isOver = call.ended_at !== null;
  return (
    <Page
      title={story.headline}
      back={back}
      lead={
        <>
          {when.full(call.began_at)} · <ResultBadge result={call.result} />
        </>
      }
      actions={
        <>
          <TryIt of={call} />
          <Back of={call} />
        </>
      }
    >
      {story.ending !== "" && <p className="call-ending">{story.ending}</p>}
      <Section title={say("call.drawing")}>
        <CallDrawing id={call.id} headline={story.headline} everyMs={isOver ? false : GOES_ON_MS} />
      </Section>
      <div className="call-columns">
        <Section title={say("call.story")} help={say("app.zone", { zone: when.zone })}>
          <ol className="story">
            {story.lines.map(({ at, text, tone }, nth) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added, at the end
              <li key={nth} className={tone}>
                <time dateTime={at} title={when.full(at)}>
                  {when.clock(at)}
                </time>
                <span>{text}</span>
              </li>
            ))}
          </ol>
        </Section>
        <Phones of={call} when={when} />
      </div>
      <MoreOf of={call} />
    </Page>
  );
}

/** Calls the other side again; a number for help is dialled on the phone itself. */
function Back({ of: call }: { readonly of: ToldCall }): ReactNode {
  const { username } = useMe();
  const isMine = call.user === username;
  const other = call.direction === "in" ? call.from : isMine ? call.called : "";
  return other === "" || call.emergency || call.ended_at === null ? null : <CallBack number={other} />;
}

/** Who would ring if the same number called at the same time now: answers why a phone did not. */
function TryIt({ of: call }: { readonly of: ToldCall }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  if (reach("explainNumber") === undefined || call.direction === "out" || !call.called.startsWith("+"))
    return null;
  const asked = new URLSearchParams({ number: call.called, at: call.began_at });
  if (call.from !== "") asked.set("from", call.from);
  return (
    <Link href={`/try?${asked}`} className={buttonClass({})}>
      {say("call.try")}
    </Link>
  );
}

function Phones({ of: { story }, when }: { readonly of: ToldCall; readonly when: When }): ReactNode {
  const { say } = useSpeech();
  return (
    <Section
      title={say("call.phones")}
      {...(story.phones.length === 0 ? {} : { help: say("call.phones_help") })}
    >
      {story.phones.length === 0 ? (
        <p className="muted">{say("call.no_phones")}</p>
      ) : (
        <ul className="rang">
          {story.phones.map(({ who, device, phone: name, from_at: from, until_at: until, text }) => (
            <li key={`${who}/${device}/${from}`} className={from === null ? "silent" : ""}>
              <b>{name}</b>
              <span>{text}.</span>
              {from !== null && (
                <span className="muted small">
                  <time dateTime={from}>{when.clock(from)}</time>
                  {until !== null && (
                    <>
                      {" – "}
                      <time dateTime={until}>{when.clock(until)}</time>
                    </>
                  )}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function MoreOf({ of: call }: { readonly of: ToldCall }): ReactNode {
  const { say } = useSpeech();
  const people = usePeople();
  const reach = useReach();
  const facts: (readonly [string, ReactNode])[] = [
    [say("calls.direction"), say(`direction.${call.direction}`)],
    [say("calls.called"), phone(call.called)],
  ];
  if (call.from !== "" && call.user === null)
    facts.push([
      say("calls.from"),
      <Link key="from" href={`/calls?number=${encodeURIComponent(call.from)}`}>
        {say("call.all_with", { number: phone(call.from) })}
      </Link>,
    ]);
  if (call.wait_seconds !== null) facts.push([say("calls.wait"), duration(call.wait_seconds)]);
  if (call.talk_seconds !== null) facts.push([say("calls.talk"), duration(call.talk_seconds)]);
  if (call.cause !== null) facts.push([say("call.cause"), <code key="cause">{call.cause}</code>]);
  if (!call.end_seen) facts.push([say("call.end"), say("call.end_unseen")]);
  if (call.carrier !== null) facts.push([say("kind.carrier"), call.carrier]);
  if (call.part_of !== null)
    facts.push([
      say("call.part_of"),
      <Link key="part" href={`/calls/${call.part_of}`}>
        {say("call.other")}
      </Link>,
    ]);
  facts.push([
    say("call.revision"),
    reach("getRevision") === undefined ? (
      String(call.revision)
    ) : (
      <Link key="revision" href={`/history/${call.revision}`}>
        {call.revision}
      </Link>
    ),
  ]);
  facts.push([say("call.id"), <code key="id">{call.id}</code>]);
  if (call.sip_call_id !== null) facts.push([say("call.sip_id"), <code key="sip">{call.sip_call_id}</code>]);
  return (
    <Section title={say("call.more")}>
      <Facts of={facts} />
      {call.about.length > 0 && (
        <p className="row">
          {call.about.map((target) => (
            <Link key={target} href={`/calls?about=${encodeURIComponent(target)}`} className="badge">
              {aboutText(say, target, { [target]: people.target(target) })}
            </Link>
          ))}
        </p>
      )}
    </Section>
  );
}
