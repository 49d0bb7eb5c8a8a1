/** What happens when a user or a group is called and does not answer: in words, and as the form that people know. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import type { Args, OperationId } from "../../office/client.js";
import { useEditing } from "../../office/editing.js";
import { Button } from "../../parts/button.js";
import { EditForm } from "../../parts/edit-form.js";
import { Section } from "../../parts/page.js";
import {
  type CallShape,
  isRouteWhole,
  PressOne,
  type RouteDraft,
  RouteForm,
  routeDraft,
  routeSteps,
} from "../../parts/route-form.js";
import { useSpeech } from "../../words/words.js";

interface OfCall {
  /** `user:NAME` or `group:ID`. */
  readonly target: string;
  /** Names it among what is edited. */
  readonly key: string;
  readonly call: CallShape;
  /** The office's usual rule; the file says nothing. */
  readonly isUsual: boolean;
}

export function NoAnswer<Id extends OperationId>({
  of,
  revision,
  operation,
  given,
  mayChange,
  title,
}: {
  readonly of: OfCall;
  readonly revision: number | null;
  readonly operation: Id;
  /** The request that makes the steps the rule; null: the office's usual one. */
  readonly given: (steps: CallShape["steps"]) => Args<Id>[0];
  readonly mayChange: boolean;
  readonly title: string;
}): ReactNode {
  const { say } = useSpeech();
  const { call, target } = of;
  const [isSimple, setSimple] = useState(false);
  // A rule that rings somebody else first, or does more than the form shows, is changed by nothing that the form says.
  const isPlain = call.route !== null && call.route.to === target && !call.route.has_more_before;
  const editing = useEditing<RouteDraft, Id>({
    key: `${of.key}/no-answer`,
    saved: routeDraft(isPlain ? call.route : null, target),
    revision,
    operation,
    given: (_changes, value) => given(routeSteps(value)),
  });
  const hasForm = isPlain || isSimple || editing.isChanged;
  return (
    <EditForm label={title} of={editing} fields={["/no_answer"]} isWhole={isRouteWhole(editing.value)}>
      <Section title={title} help={say("people.no_answer_help")}>
        <ol className="sentences" aria-label={say("people.what_happens")}>
          {call.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
        {!hasForm && (
          <div className="stack tight">
            <p className="muted">{say("people.does_more")}</p>
            {mayChange && (
              <div className="row">
                <Button onPress={() => setSimple(true)}>{say("people.make_simple")}</Button>
              </div>
            )}
          </div>
        )}
        {hasForm && (
          <>
            <RouteForm
              isFixed
              value={editing.value}
              onChange={editing.set}
              fault={editing.faultAt("/no_answer")}
              isDisabled={!mayChange}
            />
            <PressOne
              value={editing.value.press_1}
              onChange={(press_1) => editing.set({ press_1 })}
              isDisabled={!mayChange}
            />
          </>
        )}
        {mayChange && !of.isUsual && !editing.isChanged && <Usual {...{ operation, given }} />}
      </Section>
    </EditForm>
  );
}

/** Back to what everybody has who says nothing. */
function Usual<Id extends OperationId>({
  operation,
  given,
}: {
  readonly operation: Id;
  readonly given: (steps: CallShape["steps"]) => Args<Id>[0];
}): ReactNode {
  const { say } = useSpeech();
  const change = useChange(operation);
  return (
    <div className="row">
      <Button
        look="quiet"
        size="small"
        isPending={change.isBusy}
        onPress={() => void change.run(given(null))}
      >
        {say("people.back_to_usual")}
      </Button>
    </div>
  );
}
