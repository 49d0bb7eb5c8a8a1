/** The frame of each page: its heading, what can be done there, and the title of the window. */
import { type ReactNode, useEffect } from "react";
import { Link } from "wouter";
import { useSpeech } from "../words/words.js";

export function Page({
  title,
  lead,
  back,
  actions,
  children,
  width = "usual",
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  /** The list that this belongs to. */
  readonly back?: { readonly href: string; readonly text: string };
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** `narrow`: forms; `full`: tables and boards. */
  readonly width?: "narrow" | "usual" | "full";
}): ReactNode {
  const { say } = useSpeech();
  useEffect(() => {
    document.title = `${title} · ${say("app.name")}`;
  }, [title, say]);
  return (
    <div className={`page ${width}`}>
      <header className="page-head">
        <div>
          {back !== undefined && (
            <Link href={back.href} className="back">
              <span aria-hidden="true" className="arrow" /> {back.text}
            </Link>
          )}
          <h1 tabIndex={-1} id="page-title">
            {title}
          </h1>
          {lead !== undefined && <div className="muted">{lead}</div>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  help,
  actions,
  children,
}: {
  readonly title: string;
  readonly help?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="card stack" aria-label={title}>
      <header className="section-head">
        <div>
          <h2>{title}</h2>
          {help !== undefined && <p className="muted small">{help}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** Names and values, one below the other. */
export function Facts({
  of,
}: {
  readonly of: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  return (
    <dl className="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
