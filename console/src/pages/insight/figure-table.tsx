/** Figures of calls, a line for each day, group, number or person. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { duration } from "../../office/when.js";
import { useSpeech } from "../../words/words.js";
import type { Figures } from "./report-totals.js";

export interface FigureRow {
  readonly id: string;
  readonly title: string;
  readonly more?: string;
  readonly href?: string;
  readonly of: Figures;
}

export function FigureTable({
  caption,
  head,
  rows,
  withShares = false,
}: {
  readonly caption: string;
  readonly head: string;
  readonly rows: readonly FigureRow[];
  /** A bar of what became of the calls, as long as there were many. */
  readonly withShares?: boolean;
}): ReactNode {
  const { say, language } = useSpeech();
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const most = Math.max(1, ...rows.map(({ of }) => of.calls));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer scrolls by keyboard
    <div className="table-scroll" role="group" tabIndex={0} aria-label={caption}>
      <table className="data">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {withShares && (
              <th scope="col" className="bar-cell">
                <span className="visually-hidden">{say("reports.shares")}</span>
              </th>
            )}
            <th scope="col">{say("reports.calls")}</th>
            <th scope="col">{say("reports.answered")}</th>
            <th scope="col">{say("reports.missed")}</th>
            <th scope="col">{say("reports.messages")}</th>
            <th scope="col">{say("reports.wait")}</th>
            <th scope="col">{say("reports.talk")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, title, more, href, of }) => (
            <tr key={id}>
              <th scope="row">
                {href === undefined ? title : <Link href={href}>{title}</Link>}
                {more !== undefined && <div className="named-more">{more}</div>}
              </th>
              {withShares && (
                <td className="bar-cell" aria-hidden="true">
                  <Shares of={of} most={most} />
                </td>
              )}
              <td>{number.format(of.calls)}</td>
              <td>{of.offered === 0 ? "–" : percent.format(of.answered / of.offered)}</td>
              <td>{number.format(of.missed)}</td>
              <td>{number.format(of.messages)}</td>
              <td>{of.wait_median_seconds === null ? "–" : duration(of.wait_median_seconds)}</td>
              <td>{duration(of.talk_seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Shares({ of, most }: { readonly of: Figures; readonly most: number }): ReactNode {
  const { answered, messages, missed, calls } = of;
  const other = Math.max(0, calls - answered - messages - missed);
  const parts = { answered, messages, missed, refused: other };
  return (
    <div className="shares" style={{ inlineSize: `${(calls / most) * 100}%` }}>
      {Object.entries(parts).map(([id, value]) => (
        <span key={id} className={`share-${id}`} style={{ flexGrow: value }} />
      ))}
    </div>
  );
}
