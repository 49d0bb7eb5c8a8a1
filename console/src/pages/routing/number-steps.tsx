/** The steps of a number that has its own, for what the form of a number cannot say. */
import type { ReactNode } from "react";
import { useParams } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { type Seen, useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Page, Section } from "../../parts/page.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { FlowPicture } from "./flow-picture.js";
import type { StepFile } from "./steps.js";
import { StepsEditor } from "./steps-editor.js";
import { useStepsHistory } from "./steps-history.js";
import { TryIt } from "./try-it.js";
import "./routing.css";

export function NumberStepsPage(): ReactNode {
  const { number = "" } = useParams();
  return <OneNumber key={number} number={decodeURIComponent(number)} />;
}

function OneNumber({ number }: { readonly number: string }): ReactNode {
  const { say } = useSpeech();
  const of = useRead("getNumber", { params: { number } });
  return (
    <Page
      title={say("numbers.steps_of", { number: phone(number) })}
      lead={of.data?.value.label}
      back={{ href: `/numbers/${number}`, text: phone(number) }}
    >
      <Shown of={of}>{(seen) => <Steps number={number} seen={seen} />}</Shown>
    </Page>
  );
}

function Steps({
  number,
  seen: { value, revision },
}: {
  readonly number: string;
  readonly seen: Seen<AnswerOf<"getNumber">>;
}): ReactNode {
  const { say } = useSpeech();
  const change = useChange("changeNumber");
  const saved = { steps: (value.call.steps ?? []) as readonly StepFile[] };
  const draft = useDraft(`number:${number}/steps`, saved, revision);
  const { steps } = draft.value;
  const history = useStepsHistory(steps, (next) => {
    change.clear();
    draft.set({ steps: next });
  });
  const discard = () => {
    change.clear();
    history.forget();
    draft.discard();
  };
  const save = async () => {
    const done = await change.run({
      params: { number },
      body: { steps: [...steps] },
      ...matchOf(draft, change.problem),
    });
    if (!done.ok) return;
    history.forget();
    draft.discard();
  };
  const edits = draft.isChanged ? [{ set: `number:${number}`, steps }] : undefined;
  return (
    <>
      <Section title={say("flows.steps")} help={say("numbers.when_help")}>
        <Form label={say("flows.steps")} onSave={() => void save()}>
          <ChangeProblem problem={change.problem} fields={["/steps"]} onTakeTheirs={discard} />
          <StepsEditor
            steps={steps}
            history={history}
            faultAt={(index, field) =>
              change.faultAt(field === undefined ? `/steps/${index}` : `/steps/${index}/${field}`)
            }
            isDisabled={!value.may.change || value.flow !== undefined}
          />
          <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
        </Form>
      </Section>
      <Section title={say("try.title")} help={say(draft.isChanged ? "try.draft_help" : "try.number_help")}>
        <TryIt what={{ kind: "number", number, ...(edits === undefined ? {} : { edits }) }} />
      </Section>
      {value.assigned && (
        <Section
          title={say("picture.title")}
          help={say(draft.isChanged ? "picture.live_help" : "picture.help")}
        >
          <FlowPicture of={{ kind: "number", id: number }} />
        </Section>
      )}
    </>
  );
}
