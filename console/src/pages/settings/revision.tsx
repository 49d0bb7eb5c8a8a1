/**
 * One revision: what it changed, whom numbers ring since, and the two ways back: only this change is taken back, or the whole
 * office becomes what it was. What would be lost is said before.
 */
import { type ReactNode, useState } from "react";
import { useParams } from "wouter";
import { useChange } from "../../office/change.js";
import { type AnswerOf, client } from "../../office/client.js";
import { useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { phone, useWhen } from "../../office/when.js";
import { Button, buttonClass } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { EntityChange, entityName } from "../../parts/entity-change.js";
import { Page, Section } from "../../parts/page.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { authorText } from "./author.js";
import "./settings.css";

type Way = "undoRevision" | "rollBack";
type Planned = AnswerOf<Way>;

export function Revision(): ReactNode {
  const { say } = useSpeech();
  const { revision = "" } = useParams<{ revision: string }>();
  const number = Number(revision);
  const about = useRead("getRevision", { params: { revision: number } });
  const difference = useRead("compareRevisions", { params: { revision: number } });
  const [way, setWay] = useState<Way | null>(null);
  return (
    <Page
      title={say("revision.title", { revision })}
      back={{ href: "/history", text: say("nav.history") }}
      lead={
        <Shown of={about} lines={1}>
          {({ value }) => <MadeBy of={value} />}
        </Shown>
      }
      actions={<Ways number={number} isLive={about.data?.value.is_live ?? true} onChoose={setWay} />}
    >
      <Shown of={difference}>
        {({ value }) => (
          <>
            <Section title={say("revision.changes")}>
              {value.changes.length === 0 && <p className="muted">{say("revision.no_changes")}</p>}
              {value.changes.map((change) => (
                <EntityChange key={`${change.kind}:${change.id}`} change={change} />
              ))}
              {value.more > 0 && <p className="muted">{say("revision.more", { count: value.more })}</p>}
            </Section>
            <Reach of={value.reach} />
          </>
        )}
      </Shown>
      {way !== null && <WayBack key={way} way={way} revision={number} onClose={() => setWay(null)} />}
    </Page>
  );
}

function MadeBy({ of }: { readonly of: AnswerOf<"getRevision"> }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  return (
    <>
      {say("revision.made_by", { author: authorText(say, of.author), at: when.full(of.applied_at) })}
      {of.message !== "" && <> {`“${of.message}”`}</>}
    </>
  );
}

function Ways({
  number,
  isLive,
  onChoose,
}: {
  readonly number: number;
  readonly isLive: boolean;
  onChoose(way: Way): void;
}): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  return (
    <>
      {reach("undoRevision") !== undefined && (
        <Button look="primary" onPress={() => onChoose("undoRevision")}>
          {say("revision.undo")}
        </Button>
      )}
      {reach("rollBack") !== undefined && !isLive && (
        <Button onPress={() => onChoose("rollBack")}>{say("revision.go_back")}</Button>
      )}
      {reach("exportRevision") !== undefined && (
        <a
          className={buttonClass({ look: "quiet" })}
          href={client.url("exportRevision", { params: { revision: number } })}
          download
        >
          {say("revision.file")}
        </a>
      )}
    </>
  );
}

/** Numbers that ring other phones since. */
function Reach({ of }: { readonly of: Planned["reach"] }): ReactNode {
  const { say } = useSpeech();
  if (of.length === 0) return null;
  const text = (stages: readonly (readonly string[])[]) =>
    stages.length === 0 ? say("app.none") : stages.map((stage) => stage.join(" + ")).join(" → ");
  return (
    <Section title={say("revision.reach")}>
      <ul className="plain-list">
        {of.map(({ number, when: at, from, to }) => (
          <li key={`${number}${at}`}>
            <b>{phone(number)}</b>: <del>{text(from)}</del> <ins>{text(to)}</ins>
            {at === "other_times" && <span className="muted"> {say("revision.other_times")}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Shows what would change, and does it when the person still wants it. */
function WayBack({
  way,
  revision,
  onClose,
}: {
  readonly way: Way;
  readonly revision: number;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const given = { params: { revision } };
  const plan = usePlan(way, revision);
  const change = useChange(way);
  const go = async () => {
    const done = await change.run(given);
    if (done.ok) onClose();
  };
  return (
    <Dialog title={say(`revision.${way}`, { revision })} isOpen onClose={onClose} size="wide">
      <ChangeProblem problem={change.problem} />
      <Shown of={plan}>
        {({ value }) => (
          <>
            {value.changes.length === 0 && <p>{say("revision.no_changes")}</p>}
            {value.changes.map((each) => (
              <EntityChange key={`${each.kind}:${each.id}`} change={each} />
            ))}
            <Losses of={value.plan?.removes ?? []} />
            <Reach of={value.reach} />
            <div className="row end">
              <Button onPress={onClose}>{say("app.cancel")}</Button>
              <Button
                look="primary"
                isPending={change.isBusy}
                isDisabled={value.changes.length === 0}
                onPress={() => void go()}
              >
                {say("revision.do")}
              </Button>
            </div>
          </>
        )}
      </Shown>
    </Dialog>
  );
}

function usePlan(way: Way, revision: number) {
  const given = { params: { revision }, query: { dry_run: true } };
  const undo = useRead("undoRevision", given, { enabled: way === "undoRevision" });
  const back = useRead("rollBack", given, { enabled: way === "rollBack" });
  return way === "undoRevision" ? undo : back;
}

function Losses({ of }: { readonly of: NonNullable<Planned["plan"]>["removes"] }): ReactNode {
  const { say } = useSpeech();
  if (of.length === 0) return null;
  return (
    <div className="notice warn">
      <ul className="plain-list">
        {of.map(({ kind, id, messages, greetings }) => (
          <li key={`${kind}:${id}`}>
            {say("revision.loses", { entity: entityName(say, kind, id), messages, greetings })}
          </li>
        ))}
      </ul>
    </div>
  );
}
