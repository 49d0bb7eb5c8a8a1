/**
 * A call that was played, as a picture in seconds: each phone that rings as a bar on one scale, step by step, and how it ends.
 * Each bar says the same in a sentence for those who do not see it.
 */
import type { ReactNode } from "react";
import { phone, useWhen } from "../../office/when.js";
import { TargetName, useTargetName } from "../../parts/target.js";
import { isWord, type Speech, useSpeech } from "../../words/words.js";
import type { Played } from "./played.js";

type Step = Played["steps"][number];
type Ring = Played["rings"][number];

/** Bars are placed on it by their share of the whole. */
interface Scale {
  readonly end: number;
  readonly ticks: readonly number[];
}

export function Timeline({
  of,
  children,
}: {
  readonly of: Played;
  /** What can be done with it. */
  readonly children?: ReactNode;
}): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const scale = scaleOf(of);
  return (
    <div className="timeline stack">
      <p className="small muted">
        {say("try.played", {
          from: phone(of.from),
          called: calledText(of.called),
          at: when.weekdayAndTime(of.at),
          day: when.day(of.at),
        })}
      </p>
      <div className="timeline-picture">
        <div className="timeline-scale" aria-hidden="true">
          {scale.ticks.map((second) => (
            <span key={second} style={{ insetInlineStart: share(second, scale) }}>
              {say("try.second", { second })}
            </span>
          ))}
        </div>
        <ol className="timeline-steps">
          {of.steps.map((step, index) => (
            <StepPart
              // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one answer, which never move
              key={index}
              step={step}
              rings={ringsOf(of, step, of.steps[index + 1])}
              scale={scale}
              story={of}
            />
          ))}
        </ol>
      </div>
      <Ending of={of} />
      <NotRung of={of} />
      <details>
        <summary>{say("try.in_words")}</summary>
        <ol className="story">
          {of.timeline.map(({ at_seconds: at, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one answer, which never move
            <li key={index}>
              <span className="muted">{say("try.second", { second: Math.round(at) })}</span>{" "}
              <span>{text}</span>
            </li>
          ))}
        </ol>
      </details>
      {children}
    </div>
  );
}

/** A call that begins at a flow has dialled no number. */
function calledText(called: string): string {
  return called.startsWith("flow:") ? called.slice("flow:".length) : phone(called);
}

/** Ends of calls are seldom round; the scale is. */
function scaleOf({ steps, rings, ending }: Played): Scale {
  const last = Math.max(
    1,
    ending.at_seconds,
    ...steps.map(({ from_seconds: from, to_seconds: to }) => to ?? from),
    ...rings.map(({ from_seconds: from, to_seconds: to }) => to ?? from),
  );
  const step = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600].find((each) => last / each <= 6) ?? 1200;
  const end = Math.ceil(last / step) * step;
  return { end, ticks: Array.from({ length: Math.round(end / step) + 1 }, (_each, index) => index * step) };
}

function share(second: number, { end }: Scale): string {
  return `${Math.min(100, (second / end) * 100)}%`;
}

/** The phones that a step rings. */
function ringsOf({ rings }: Played, step: Step, next: Step | undefined): readonly Ring[] {
  const end = step.to_seconds ?? next?.from_seconds ?? Number.POSITIVE_INFINITY;
  return rings.filter(
    ({ target, from_seconds: from }) => target === step.what && from >= step.from_seconds && from <= end,
  );
}

function StepPart({
  step,
  rings,
  scale,
  story,
}: {
  readonly step: Step;
  readonly rings: readonly Ring[];
  readonly scale: Scale;
  readonly story: Played;
}): ReactNode {
  const { say } = useSpeech();
  const name = useTargetName(step.what);
  const end = step.to_seconds ?? story.ending.at_seconds;
  return (
    <li className="timeline-step">
      <div className="timeline-row head">
        <span className="timeline-label">{stepTitle(say, step, name === "" ? step.what : name, story)}</span>
        <span className="timeline-track" aria-hidden="true">
          <span
            className={`band ${step.kind}`}
            style={{
              insetInlineStart: share(step.from_seconds, scale),
              inlineSize: share(end - step.from_seconds, scale),
            }}
          />
        </span>
      </div>
      {rings.length > 0 && (
        <ul>
          {rings.map((ring) => (
            <RingRow
              key={`${ring.who}${ring.phone}${ring.from_seconds}`}
              ring={ring}
              scale={scale}
              end={end}
            />
          ))}
        </ul>
      )}
      {step.kind === "ring" && rings.length === 0 && (
        <p className="timeline-none">{say("try.nothing_rings")}</p>
      )}
    </li>
  );
}

function RingRow({
  ring,
  scale,
  end,
}: {
  readonly ring: Ring;
  readonly scale: Scale;
  readonly end: number;
}): ReactNode {
  const { say } = useSpeech();
  const to = ring.to_seconds ?? end;
  const ended = endWord(say, ring);
  const values = {
    name: ring.name,
    device: deviceText(ring),
    from: Math.round(ring.from_seconds),
    to: Math.round(to),
    end: ended,
  };
  return (
    <li className="timeline-row">
      <span className="visually-hidden">{say("try.ring_sentence", values)}</span>
      <span className="timeline-label" aria-hidden="true">
        {ring.name} <span className="muted small">{deviceText(ring)}</span>
      </span>
      <span className="timeline-track" aria-hidden="true">
        <span
          className={`ring ${ring.end === "answered" ? "answered" : ""}`}
          style={{
            insetInlineStart: share(ring.from_seconds, scale),
            inlineSize: share(to - ring.from_seconds, scale),
          }}
        >
          <span className="ring-end">{ended}</span>
        </span>
      </span>
    </li>
  );
}

/** A phone that is nobody's has its number for a name. */
function deviceText({ device, who, phone: at }: Ring): string {
  return who === at ? "" : device;
}

function endWord(say: Speech["say"], { end, end_text: text }: Ring): string {
  const word = `try.end.${end}`;
  return isWord(word) ? say(word) : text;
}

function stepTitle(say: Speech["say"], step: Step, name: string, story: Played): string {
  const values = { name };
  if (step.kind === "schedule") {
    const said = story.timeline.find(({ text }) => text.startsWith(`schedule ${step.what}: `));
    const isOpen = said?.text.startsWith(`schedule ${step.what}: open`) ?? true;
    return say(isOpen ? "try.step.schedule_open" : "try.step.schedule_closed", values);
  }
  const word = `try.step.${step.kind}`;
  return isWord(word) ? say(word, values) : `${step.kind} ${name}`;
}

function Ending({ of: { ending, rings } }: { readonly of: Played }): ReactNode {
  const { say } = useSpeech();
  const second = Math.round(ending.at_seconds);
  const by = rings.find(({ who, device }) => who === ending.by && device === ending.device);
  const word = `try.ending.${ending.word}`;
  const text = isWord(word) ? say(word, { second, name: by?.name ?? ending.by ?? "" }) : ending.text;
  const look = ending.word === "answered" ? "good" : ending.word === "message" ? "" : "warn";
  return (
    <p className={`notice ${look}`} role="status">
      <strong>{text}</strong>
    </p>
  );
}

function NotRung({ of: { not_rung: all } }: { readonly of: Played }): ReactNode {
  const { say } = useSpeech();
  if (all.length === 0) return null;
  return (
    <div className="stack tight">
      <h3>{say("try.not_rung")}</h3>
      <ul className="plain-list">
        {all.map((each) => (
          <li key={`${each.who}${each.device ?? ""}${each.at_seconds}${each.target}`}>
            {each.name}
            {each.device !== null && <span className="muted"> {each.device}</span>}: {reasonText(say, each)}{" "}
            <span className="muted small">
              (<TargetName of={each.target} />)
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function reasonText(say: Speech["say"], { reason, reason_text: text }: Played["not_rung"][number]): string {
  const word = `try.reason.${reason}`;
  return isWord(word) ? say(word) : text;
}
