/** A page without the menu, for people who are not signed in: one thing to do, and the language beside it. */
import { type ReactNode, useEffect } from "react";
import { LANGUAGES, type Language, useSpeech } from "../../words/words.js";
import "./access.css";

export function Alone({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const { say } = useSpeech();
  useEffect(() => {
    document.title = `${title} · ${say("app.name")}`;
  }, [title, say]);
  return (
    <div className="access">
      <main className="alone">
        <p className="access-brand">
          <img src="/icon.svg" alt="" width="28" height="28" /> {say("app.name")}
        </p>
        <div className="card stack">
          <header className="stack tight">
            <h1>{title}</h1>
            {lead !== undefined && <p className="muted">{lead}</p>}
          </header>
          {children}
        </div>
        <Languages />
      </main>
    </div>
  );
}

function Languages(): ReactNode {
  const { say, language, choose } = useSpeech();
  return (
    <nav className="languages" aria-label={say("app.language")}>
      {(Object.entries(LANGUAGES) as [Language, string][]).map(([id, text]) => (
        <button key={id} type="button" lang={id} aria-pressed={language === id} onClick={() => choose(id)}>
          {text}
        </button>
      ))}
    </nav>
  );
}
