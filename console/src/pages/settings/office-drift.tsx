/** What was changed here and the operator's files do not say; the operator writes it back with a command. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useList } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { entityName } from "../../parts/entity-change.js";
import { List } from "../../parts/list.js";
import { Section } from "../../parts/page.js";
import { Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { authorText } from "./author.js";

export function Drift(): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const list = useList("listDrift");
  return (
    <Section title={say("office.drift")} help={say("office.drift_help")}>
      <p>
        <code>ringline writeback</code> <span className="muted">{say("office.drift_command")}</span>
      </p>
      <List
        label={say("office.drift")}
        of={list}
        keyOf={({ kind, id }) => `${kind}:${id}`}
        empty={<Empty title={say("office.drift_none")} help={say("office.drift_none_help")} />}
        columns={[
          {
            id: "what",
            head: say("audit.subject"),
            width: "1.5fr",
            cell: ({ kind, id }) => entityName(say, kind, id),
          },
          {
            id: "fields",
            head: say("office.drift_fields"),
            width: "2fr",
            cell: ({ drift }) => drift.fields.map(({ field }) => field).join(", "),
          },
          { id: "author", head: say("history.author"), cell: ({ drift }) => authorText(say, drift.author) },
          { id: "at", head: say("history.at"), cell: ({ drift }) => when.short(drift.changed_at) },
        ]}
        tools={({ drift }) =>
          drift.revision !== null && (
            <Link href={`/history/${drift.revision}`}>{say("history.revision")}</Link>
          )
        }
      />
    </Section>
  );
}
