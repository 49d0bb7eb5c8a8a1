/** The figures of a period, each beside that of as many days before. */
import type { ReactNode } from "react";
import type { AnswerOf } from "../../office/client.js";
import { duration } from "../../office/when.js";
import { useSpeech } from "../../words/words.js";

export type Figures = AnswerOf<"getStatistics">["total"];

interface Stat {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly before: string | null;
  /** Up is good, down is good, or neither. */
  readonly look: "better" | "worse" | "";
  /** More or less than before; empty: the same, or nothing to compare with. */
  readonly arrow: string;
}

export function Totals({
  now,
  before,
  direction,
}: {
  readonly now: Figures;
  readonly before: Figures | null;
  readonly direction: string;
}): ReactNode {
  const { say, language } = useSpeech();
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const stat = (
    id: string,
    name: string,
    of: (figures: Figures) => number | null,
    text: (value: number) => string,
    good: "up" | "down" | null,
  ): Stat => {
    const [value, earlier] = [of(now), before === null || before.calls === 0 ? null : of(before)];
    const isSame = value === null || earlier === null || value === earlier || good === null;
    const look = isSame ? "" : value > earlier === (good === "up") ? "better" : "worse";
    const arrow =
      value === null || earlier === null || value === earlier ? "" : value > earlier ? "↑ " : "↓ ";
    return {
      ...{ id, name, look, arrow },
      value: value === null ? "–" : text(value),
      before: earlier === null ? null : say("reports.before", { value: text(earlier) }),
    };
  };
  const whole = (value: number) => number.format(value);
  const share = (part: (figures: Figures) => number) => (figures: Figures) =>
    figures.offered === 0 ? null : part(figures) / figures.offered;
  const came = direction !== "out";
  const stats = [
    stat("calls", say("reports.calls"), ({ calls }) => calls, whole, null),
    stat(
      "answered",
      say("reports.answered"),
      share(({ answered }) => answered),
      (value) => percent.format(value),
      "up",
    ),
    ...(came
      ? [
          stat("missed", say("reports.missed"), ({ missed }) => missed, whole, "down"),
          stat("messages", say("reports.messages"), ({ messages }) => messages, whole, null),
          stat(
            "in_time",
            say("reports.in_time"),
            share((of) => of.answered_in_time),
            (value) => percent.format(value),
            "up",
          ),
        ]
      : []),
    stat("wait", say("reports.wait"), (of) => of.wait_median_seconds, duration, "down"),
    stat("wait95", say("reports.wait95"), (of) => of.wait_p95_seconds, duration, "down"),
    stat("talk", say("reports.talk"), (of) => of.talk_seconds, duration, null),
  ];
  return (
    <dl className="stat-grid">
      {stats.map(({ id, name, value, before: earlier, look, arrow }) => (
        <div key={id} className="stat">
          <dt>{name}</dt>
          <dd>
            {value}
            <div className={`small delta ${look}`}>
              <span aria-hidden="true">{arrow}</span>
              {earlier ?? <span className="muted">{say("reports.no_before")}</span>}
              {look !== "" && <span className="visually-hidden">, {say(`reports.${look}`)}</span>}
            </div>
          </dd>
        </div>
      ))}
    </dl>
  );
}
