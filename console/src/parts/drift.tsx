/** What is live and the operator's files say otherwise: a mark in lists, and on a page what, by whom, and how to write it back. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { AnswerOf } from "../office/client.js";
import { useReach } from "../office/me.js";
import { useWhen } from "../office/when.js";
import { useSpeech } from "../words/words.js";

export type Drift = AnswerOf<"getUser">["drift"];

export function DriftMark({ drifts }: { readonly drifts: boolean }): ReactNode {
  const { say } = useSpeech();
  return drifts ? <span className="badge warn">{say("app.drifts")}</span> : null;
}

export function DriftNotice({ drift }: { readonly drift: Drift }): ReactNode {
  const { say, count } = useSpeech();
  const when = useWhen();
  const reach = useReach();
  if (drift === null) return null;
  return (
    <details className="notice warn drift">
      <summary>{count("drift.fields", Math.max(1, drift.fields.length))}</summary>
      <div className="stack tight">
        <p>{say("drift.help")}</p>
        <ul className="plain-list">
          {drift.fields.map(({ field, author, changed_at: at, message }) => (
            <li key={field}>
              <code>{field}</code>{" "}
              <span className="muted">
                {say("drift.by", { author, when: when.short(at) })}
                {message === "" ? "" : ` · ${message}`}
              </span>
            </li>
          ))}
        </ul>
        <p className="small">
          {reach("writeBack") === undefined ? (
            say("drift.ask")
          ) : (
            <Link href="/history?tab=drift">{say("drift.write_back")}</Link>
          )}
        </p>
      </div>
    </details>
  );
}
