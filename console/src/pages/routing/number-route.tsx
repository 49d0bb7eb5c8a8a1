/**
 * "When this phone number receives a call …": the form that people know, where it can say what the number does; a number
 * that does more shows its sentences and leads to its steps, and nothing of it is lost by the form.
 */
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { type Draft, useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { Button } from "../../parts/button.js";
import { Checkbox } from "../../parts/choice.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Section } from "../../parts/page.js";
import { isRouteWhole, type RouteDraft, RouteForm, routeBody, routeDraft } from "../../parts/route-form.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { Sentences } from "./sentences.js";

type NumberShape = AnswerOf<"getNumber">;

interface Props {
  readonly number: string;
  readonly value: NumberShape;
  readonly revision: number | null;
}

export function NumberRoute({ number, value, revision }: Props): ReactNode {
  const { say } = useSpeech();
  const { call, may } = value;
  const doesMore = call.route === null && call.steps !== null;
  const [isReplacing, setReplacing] = useState(false);
  const draft = useDraft<RouteDraft>(`number:${number}/route`, routeDraft(call.route), revision);
  const isForm = !doesMore || isReplacing || draft.isChanged;
  return (
    <Section title={say("numbers.when")} help={call.steps === null ? undefined : say("numbers.when_help")}>
      {call.steps === null && <Unassigned />}
      <MoreBefore value={value} />
      {isForm ? (
        <RouteEditor {...{ number, value, draft, doesMore }} onDone={() => setReplacing(false)} />
      ) : (
        <DoesMore value={value} number={number} onReplace={may.change ? () => setReplacing(true) : null} />
      )}
    </Section>
  );
}

function Unassigned(): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="notice warn">
      <div>
        <strong>{say("numbers.unassigned")}</strong>
        <p>{say("numbers.unassigned_help")}</p>
      </div>
    </div>
  );
}

/** Opening hours and announcements that come first stay as they are. */
function MoreBefore({ value: { call, flow } }: { readonly value: NumberShape }): ReactNode {
  const { say } = useSpeech();
  if (call.route?.has_more_before !== true) return null;
  const count = (call.steps ?? []).findIndex((step) => "ring" in step || "send" in step);
  return (
    <div className="notice">
      <div className="stack tight">
        <strong>{say("numbers.before")}</strong>
        <Sentences call={call} first={Math.max(count, 0)} />
        {flow !== undefined && <Link href={`/flows/${flow}`}>{say("numbers.edit_flow", { flow })}</Link>}
      </div>
    </div>
  );
}

function DoesMore({
  value,
  number,
  onReplace,
}: {
  readonly value: NumberShape;
  readonly number: string;
  readonly onReplace: (() => void) | null;
}): ReactNode {
  const { say } = useSpeech();
  const { call, flow } = value;
  return (
    <div className="stack">
      <p className="muted">{say("numbers.does_more")}</p>
      <Sentences call={call} />
      <div className="row">
        <Link
          href={flow === undefined ? `/numbers/${number}/steps` : `/flows/${flow}`}
          className="button primary"
        >
          {flow === undefined ? say("numbers.edit_steps") : say("numbers.edit_flow", { flow })}
        </Link>
        {onReplace !== null && <Button onPress={onReplace}>{say("numbers.replace")}</Button>}
      </div>
    </div>
  );
}

function RouteEditor({
  number,
  value,
  draft,
  doesMore,
  onDone,
}: {
  readonly number: string;
  readonly value: NumberShape;
  readonly draft: Draft<RouteDraft>;
  readonly doesMore: boolean;
  onDone(): void;
}): ReactNode {
  const { say } = useSpeech();
  const [isForAll, setForAll] = useState(false);
  const [saved, setSaved] = useState(false);
  const change = useChange("changeNumber");
  const { flow, flow_shared_with: shared, may } = value;
  const discard = () => {
    change.clear();
    draft.discard();
    onDone();
  };
  const save = async () => {
    if (!isRouteWhole(draft.value)) return;
    const done = await change.run({
      params: { number },
      body: {
        route: {
          ...routeBody(draft.value, routeDraft(value.call.route)),
          ...(doesMore ? { plain: true } : {}),
        },
        ...(isForAll ? { for_all: true } : {}),
      },
      ...matchOf(draft, change.problem),
    });
    if (!done.ok) return;
    draft.discard();
    onDone();
    setSaved(true);
  };
  return (
    <Form label={say("numbers.when")} onSave={() => void save()}>
      <ChangeProblem problem={change.problem} fields={["/route"]} onTakeTheirs={discard} />
      {doesMore && <p className="notice warn">{say("numbers.replaces")}</p>}
      <RouteForm
        value={draft.value}
        onChange={(changes) => {
          setSaved(false);
          draft.set(changes);
        }}
        fault={change.faultAt("/route")}
        isDisabled={!may.change}
      />
      {flow !== undefined && (
        <SharedFlow {...{ flow, shared, isForAll }} isChanged={draft.isChanged} onForAll={setForAll} />
      )}
      {!isRouteWhole(draft.value) && draft.isChanged && (
        <p className="muted small">{say("route.not_whole")}</p>
      )}
      {saved && !draft.isChanged && <p className="notice good">{say("numbers.test_it")}</p>}
      <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
    </Form>
  );
}

/** The number leads to a named flow: others may, too. */
function SharedFlow({
  flow,
  shared,
  isForAll,
  isChanged,
  onForAll,
}: {
  readonly flow: string;
  readonly shared: readonly string[];
  readonly isForAll: boolean;
  readonly isChanged: boolean;
  onForAll(isForAll: boolean): void;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="stack tight">
      <p className="muted small">
        {say("numbers.by_flow")} <Link href={`/flows/${flow}`}>{flow}</Link>.{" "}
        {shared.length > 0 && say("numbers.shared", { others: shared.join(", ") })}
      </p>
      {shared.length > 0 && isChanged && (
        <Checkbox isOn={isForAll} onChange={onForAll}>
          {say("numbers.for_all")}
        </Checkbox>
      )}
    </div>
  );
}
