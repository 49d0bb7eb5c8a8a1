/** What changed in the office, who changed it and why; each line leads to the difference and the way back. */
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { type ItemOf, useList } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Field } from "../../parts/field.js";
import { List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { Empty } from "../../parts/states.js";
import { isWord, type Speech, useSpeech } from "../../words/words.js";
import { authorText } from "./author.js";
import "./settings.css";

type Revision = ItemOf<"listRevisions">;

export function History(): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const [params, setParams] = useSearchParams();
  const author = params.get("author") ?? "";
  const of = params.get("of") ?? "";
  const list = useList("listRevisions", {
    query: { ...(author === "" ? {} : { author }), ...(of === "" ? {} : { of }) },
  });
  const filter = (name: string, value: string) =>
    setParams(
      (now) => {
        if (value === "") now.delete(name);
        else now.set(name, value);
        return now;
      },
      { replace: true },
    );
  return (
    <Page
      title={say("nav.history")}
      lead={`${say("history.lead")} ${say("app.zone", { zone: when.zone })}.`}
      width="full"
    >
      <div className="row filters">
        <Field
          label={say("history.of")}
          placeholder="user:bob.stone"
          value={of}
          onChange={(value) => filter("of", value)}
        />
        <Field label={say("history.author")} value={author} onChange={(value) => filter("author", value)} />
      </div>
      <List
        label={say("nav.history")}
        of={list}
        keyOf={({ revision }) => String(revision)}
        hrefOf={({ revision }) => `/history/${revision}`}
        empty={<Empty title={say("history.empty")} help={say("history.empty_help")} />}
        columns={[
          {
            id: "message",
            head: say("history.message"),
            width: "3fr",
            cell: (each) => each.message || say("history.no_message"),
          },
          {
            id: "author",
            head: say("history.author"),
            width: "1.5fr",
            cell: (each) => authorText(say, each.author),
          },
          {
            id: "what",
            head: say("history.what"),
            width: "2fr",
            isMinor: true,
            cell: (each) => summaryText(say, each),
          },
          {
            id: "at",
            head: say("history.at"),
            width: "1.5fr",
            cell: ({ applied_at: at }) => (
              <time dateTime={at} title={when.full(at)}>
                {when.short(at)}
              </time>
            ),
          },
          {
            id: "revision",
            head: say("history.revision"),
            width: "8rem",
            isNumber: true,
            cell: ({ revision, is_live: isLive }) => (
              <>
                {revision} {isLive && <span className="badge good">{say("history.live")}</span>}
              </>
            ),
          },
        ]}
      />
    </Page>
  );
}

/** "2 users changed, 1 number added". */
function summaryText(say: Speech["say"], { summary }: Pick<Revision, "summary">): string {
  return Object.entries(summary)
    .flatMap(([kind, counts]) =>
      (["added", "changed", "removed"] as const).flatMap((change) => {
        const count = counts[change];
        if (count === 0) return [];
        const word = `history.${change}`;
        return isWord(word) ? [say(word, { count, kind: kindText(say, kind) })] : [];
      }),
    )
    .join(", ");
}

function kindText(say: Speech["say"], kind: string): string {
  const word = `kinds.${kind}`;
  return isWord(word) ? say(word) : kind;
}
