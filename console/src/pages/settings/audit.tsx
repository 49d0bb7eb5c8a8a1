/** Who did what, from where: changes, sign-ins, invitations, messages heard, exports. */
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { client } from "../../office/client.js";
import { pathOf } from "../../office/paths.js";
import { type ItemOf, useList } from "../../office/read.js";
import { phone, useWhen } from "../../office/when.js";
import { buttonClass } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { entityName } from "../../parts/entity-change.js";
import { Field } from "../../parts/field.js";
import { List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { Empty } from "../../parts/states.js";
import { isWord, type Speech, useSpeech } from "../../words/words.js";
import { AUDIT_ACTIONS, type AuditAction } from "./audit-actions.js";
import "./settings.css";

type Entry = ItemOf<"listAudit">;
const FILTERS = ["actor", "subject", "action", "from", "until"] as const;
const ANY = "any";

export function Audit(): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const [params, setParams] = useSearchParams();
  const filters = Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = params.get(name);
      return value === null || value === "" ? [] : [[name, value]];
    }),
  ) as { actor?: string; subject?: string; action?: AuditAction; from?: string; until?: string };
  const filter = (name: (typeof FILTERS)[number], value: string) =>
    setParams(
      (now) => {
        if (value === "" || value === ANY) now.delete(name);
        else now.set(name, value);
        return now;
      },
      { replace: true },
    );
  const list = useList("listAudit", { query: filters });
  return (
    <Page
      title={say("nav.audit")}
      lead={`${say("audit.lead")} ${say("app.zone", { zone: when.zone })}.`}
      width="full"
      actions={
        <a className={buttonClass({})} href={client.url("exportAudit", { query: filters })} download>
          {say("audit.export")}
        </a>
      }
    >
      <div className="row filters">
        <Field
          label={say("audit.actor")}
          placeholder="alice.wong"
          value={filters.actor ?? ""}
          onChange={(value) => filter("actor", value)}
        />
        <Field
          label={say("audit.subject")}
          placeholder="user:bob.stone"
          value={filters.subject ?? ""}
          onChange={(value) => filter("subject", value)}
        />
        <Choice
          label={say("audit.action")}
          value={filters.action ?? ANY}
          onChange={(value) => filter("action", value)}
          options={[
            { id: ANY, text: say("audit.any") },
            ...AUDIT_ACTIONS.map((action) => ({ id: action, text: say(`audit.${action}`) })),
          ]}
        />
        <Field
          label={say("audit.from")}
          type="date"
          value={filters.from ?? ""}
          onChange={(value) => filter("from", value)}
        />
        <Field
          label={say("audit.until")}
          type="date"
          value={filters.until ?? ""}
          onChange={(value) => filter("until", value)}
        />
      </div>
      <Entries list={list} />
    </Page>
  );
}

function Entries({ list }: { readonly list: ReturnType<typeof useList<"listAudit">> }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  return (
    <List
      label={say("nav.audit")}
      of={list}
      keyOf={({ id }) => String(id)}
      empty={<Empty title={say("audit.empty")} help={say("audit.empty_help")} />}
      columns={[
        {
          id: "at",
          head: say("audit.at"),
          width: "1.2fr",
          cell: ({ at }) => (
            <time dateTime={at} title={when.full(at)}>
              {when.short(at)}
            </time>
          ),
        },
        { id: "who", head: say("audit.actor"), width: "1.4fr", cell: (entry) => whoText(say, entry) },
        { id: "what", head: say("audit.action"), width: "1.6fr", cell: (entry) => whatText(say, entry) },
        {
          id: "subject",
          head: say("audit.subject"),
          width: "1.6fr",
          cell: ({ subject }) => <Subject of={subject} />,
        },
        {
          id: "detail",
          head: say("audit.detail"),
          width: "2fr",
          isMinor: true,
          cell: ({ detail }) => <Detail of={detail} />,
        },
        {
          id: "address",
          head: say("audit.address"),
          width: "1.2fr",
          isMinor: true,
          cell: ({ address }) => address ?? say("audit.command"),
        },
      ]}
    />
  );
}

function Subject({ of }: { readonly of: string | null }): ReactNode {
  const { say } = useSpeech();
  if (of === null) return "–";
  const [kind = "", id = ""] = of.split(/:(.*)/s);
  const name = entityName(say, kind, kind === "number" ? phone(id) : id);
  const path = pathOf(kind, id);
  return path === undefined ? name : <Link href={path}>{name}</Link>;
}

function whoText(say: Speech["say"], { actor, key, detail }: Entry): string {
  const by = actor ?? (typeof detail["by"] === "string" ? detail["by"] : say("history.nobody"));
  return key === null ? by : say("audit.by_key", { actor: by, key });
}

function whatText(say: Speech["say"], { action, what }: Entry): string {
  const word = `audit.${action}`;
  return isWord(word) ? say(word) : what;
}

/** Shortly, and all of it when somebody opens it. */
function Detail({ of }: { readonly of: Entry["detail"] }): ReactNode {
  const shown = Object.entries(of).filter(([name]) => name !== "by");
  if (shown.length === 0) return null;
  const { message, revision } = of;
  const short =
    typeof message === "string" && message !== "" ? message : textOf(shown.map(([, value]) => value));
  return (
    <details className="audit-detail">
      <summary>{short}</summary>
      <dl>
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt className="muted small">{name}</dt>
            <dd>
              {name === "revision" && typeof revision === "number" ? (
                <Link href={`/history/${revision}`}>{revision}</Link>
              ) : (
                textOf([value])
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function textOf(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ");
}
