/**
 * The calls of the board, in the order in which they came: a new one is added at the end, and one that has ended stays for a
 * moment, and as long as a pointer or the focus is on the list, so that nothing moves under a hand.
 */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { Address } from "../../office/address.js";
import {
  ENDED_SHOWN_MS,
  type EndedCall,
  type LiveCall,
  type LiveOffice,
  useTick,
} from "../../office/live.js";
import { duration, phone } from "../../office/when.js";
import { Empty } from "../../parts/states.js";
import { Tabs } from "../../parts/tabs.js";
import { isWord, useSpeech } from "../../words/words.js";
import { callerNamed, DirectionMark, type Named, NamedText } from "./call-words.js";
import type { People } from "./people-names.js";

const SHOWS = ["all", "waiting", "talking"] as const;
type Shows = (typeof SHOWS)[number];

/** A line of the board. */
interface Line {
  readonly call: LiveCall;
  /** Null: it goes on. */
  readonly ending: string | null;
}

export function LiveCalls({
  office,
  names,
  address,
}: {
  readonly office: LiveOffice;
  readonly names: People;
  readonly address: Address;
}): ReactNode {
  const { say } = useSpeech();
  const [isHeld, setHeld] = useState(false);
  const lines = useLines(office, isHeld);
  const shows = SHOWS.find((each) => each === address.get("show")) ?? "all";
  const goingOn = [...office.calls.values()];
  return (
    <section className="card stack" aria-label={say("live.calls")}>
      <header className="section-head">
        <h2>{say("live.calls")}</h2>
      </header>
      <Tabs
        label={say("live.which_calls")}
        chosen={shows}
        onChoose={(id) => address.set({ show: id === "all" ? undefined : id }, { replace: true })}
        tabs={SHOWS.map((id) => ({
          id,
          text: `${say(`live.show.${id}`)} ${goingOn.filter((call) => isOf(call, id)).length}`,
          content: () => (
            <Lines
              lines={lines.filter(({ call }) => isOf(call, id))}
              names={names}
              onHold={setHeld}
              empty={
                <Empty
                  title={say(id === "all" ? "live.quiet" : `live.none_${id}`)}
                  help={say("live.quiet_help")}
                />
              }
            />
          ),
        }))}
      />
    </section>
  );
}

function isOf({ state }: LiveCall, shows: Shows): boolean {
  if (shows === "all") return true;
  const isTalking = state === "talking" || state === "ending";
  return shows === "talking" ? isTalking : !isTalking;
}

/** What goes on and what has just ended, each at the place that it had. */
function useLines({ calls, ended }: LiveOffice, isHeld: boolean): readonly Line[] {
  const places = useRef(new Map<string, Line>());
  const next = new Map<string, Line>();
  for (const [id, line] of places.current) {
    const call = calls.get(id);
    const over = ended.get(id);
    if (call !== undefined) next.set(id, { call, ending: null });
    else if (over !== undefined) next.set(id, { call: over.call, ending: over.ending });
    else if (isHeld) next.set(id, { ...line, ending: line.ending ?? "" });
  }
  for (const [id, call] of calls) if (!next.has(id)) next.set(id, { call, ending: null });
  for (const [id, { call, ending }] of recent(ended)) if (!next.has(id)) next.set(id, { call, ending });
  useEffect(() => {
    places.current = next;
  });
  return [...next.values()];
}

function recent(ended: ReadonlyMap<string, EndedCall>): readonly (readonly [string, EndedCall])[] {
  const sinceMs = Date.now() - ENDED_SHOWN_MS;
  return [...ended].filter(([, { endedMs }]) => endedMs > sinceMs);
}

function Lines({
  lines,
  names,
  onHold,
  empty,
}: {
  readonly lines: readonly Line[];
  readonly names: People;
  onHold(isHeld: boolean): void;
  readonly empty: ReactNode;
}): ReactNode {
  const nowMs = useTick();
  if (lines.length === 0) return empty;
  return (
    <ul
      className="live-calls"
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
      onFocus={() => onHold(true)}
      onBlur={() => onHold(false)}
    >
      {lines.map(({ call, ending }) => (
        <CallLine key={call.id} call={call} ending={ending} names={names} nowMs={nowMs} />
      ))}
    </ul>
  );
}

function CallLine({
  call,
  ending,
  names,
  nowMs,
}: {
  readonly call: LiveCall;
  readonly ending: string | null;
  readonly names: People;
  readonly nowMs: number;
}): ReactNode {
  const { say } = useSpeech();
  const caller: Named =
    call.user === null ? callerNamed(say, call, {}) : { title: names.user(call.user), more: null };
  const called = calledOf(call, names);
  const look = ending === null ? call.state : "over";
  return (
    <li className={`live-call ${look}`} data-call={call.id} data-state={look}>
      <span className="caller">
        <DirectionMark direction={call.direction} />
        <Link href={`/calls/${call.id}`} className="row-link">
          <NamedText of={caller} />
        </Link>
      </span>
      <NamedText of={called} />
      <span className="live-what">
        <State call={call} ending={ending} />
        {call.emergency && <span className="badge bad">{say("call.emergency")}</span>}
        <span className="small muted">
          <Phones call={call} names={names} />
        </span>
      </span>
      <Length since={call.state_since_at ?? call.since_at} nowMs={nowMs} isOver={ending !== null} />
    </li>
  );
}

function calledOf({ called, label, about }: LiveCall, names: People): Named {
  if (label !== null) return { title: label, more: phone(called) };
  const [, colleague] = /^user:(.+)$/.exec(about.find((each) => each.startsWith("user:")) ?? "") ?? [];
  const isInside = /^\d{1,7}$/.test(called);
  return isInside && colleague !== undefined
    ? { title: names.user(colleague), more: called }
    : { title: phone(called), more: null };
}

const LOOKS: Readonly<Record<LiveCall["state"], string>> = {
  arriving: "",
  ringing: "warn",
  announcement: "",
  voicemail: "accent",
  mailbox: "accent",
  talking: "good",
  transferring: "warn",
  ending: "",
};

function State({ call, ending }: { readonly call: LiveCall; readonly ending: string | null }): ReactNode {
  const { say } = useSpeech();
  if (ending === null)
    return (
      <span className={`badge ${LOOKS[call.state]}`}>
        {call.state === "ringing" && <span className="pulse" aria-hidden="true" />}
        {say(`live.call.${call.state}`)}
      </span>
    );
  const word = `result.${ending}`;
  return <span className="badge">{isWord(word) ? say(word) : say("live.call.over")}</span>;
}

function Phones({ call, names }: { readonly call: LiveCall; readonly names: People }): ReactNode {
  const { say, language } = useSpeech();
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const person = (who: string) => (/^\+?\d+$/.test(who) ? phone(who) : names.user(who));
  if (call.talks !== null) return say("live.with", { who: person(call.talks.who) });
  const ringing = [...new Set(call.rings.map(({ who }) => person(who)))];
  return ringing.length === 0 ? null : say("live.rings_at", { who: list.format(ringing) });
}

/** How long it has been so; it stands still once the call is over. */
function Length({
  since,
  nowMs,
  isOver,
}: {
  readonly since: string;
  readonly nowMs: number;
  readonly isOver: boolean;
}): ReactNode {
  const still = useRef<number | null>(null);
  if (isOver) still.current ??= nowMs;
  else still.current = null;
  const seconds = Math.floor(((still.current ?? nowMs) - new Date(since).getTime()) / 1_000);
  // A screen reader asks for it; it is not told each second.
  return <span className="live-length">{duration(seconds)}</span>;
}

/** For who listens: how many calls there are, when that has changed, and not more often than this. */
const SPOKEN_EVERY_MS = 10_000;

export function Spoken({ office: { calls } }: { readonly office: LiveOffice }): ReactNode {
  const { say, count } = useSpeech();
  const all = [...calls.values()];
  const ringing = all.filter(({ state }) => state === "ringing").length;
  const text =
    all.length === 0
      ? say("live.quiet")
      : `${count("live.spoken_calls", all.length)} ${count("live.spoken_ringing", ringing)}`;
  const [spoken, setSpoken] = useState("");
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    const timer = setInterval(() => setSpoken(latest.current), SPOKEN_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="visually-hidden" role="status">
      {spoken}
    </p>
  );
}
