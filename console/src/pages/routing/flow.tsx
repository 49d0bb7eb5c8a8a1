/** One call flow: its steps, what it looks like as a whole, what a call would do, and what leads to it. */
import { type ReactNode, useState } from "react";
import { useLocation, useParams } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { type Seen, useRead } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { Confirm, Dialog } from "../../parts/dialog.js";
import { DriftNotice } from "../../parts/drift.js";
import { Field } from "../../parts/field.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Page, Section } from "../../parts/page.js";
import { Places } from "../../parts/places.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { FlowPicture } from "./flow-picture.js";
import type { StepFile } from "./steps.js";
import { StepsEditor } from "./steps-editor.js";
import { useStepsHistory } from "./steps-history.js";
import { TryIt } from "./try-it.js";
import "./routing.css";

type FlowShape = AnswerOf<"getFlow">;

export function FlowPage(): ReactNode {
  const { id = "" } = useParams();
  // A page of its own for each flow: a fast change from one to the other never saves onto the wrong one.
  return <OneFlow key={id} id={decodeURIComponent(id)} />;
}

function OneFlow({ id }: { readonly id: string }): ReactNode {
  const { say } = useSpeech();
  const of = useRead("getFlow", { params: { id } });
  const value = of.data?.value;
  return (
    <Page
      title={id}
      back={{ href: "/flows", text: say("nav.flows") }}
      actions={value !== undefined && <Actions value={value} />}
    >
      <Shown of={of}>{(seen) => <Parts seen={seen} />}</Shown>
    </Page>
  );
}

function Parts({ seen }: { readonly seen: Seen<FlowShape> }): ReactNode {
  const { say } = useSpeech();
  const { value, revision } = seen;
  const { id, led_from: from } = value;
  const draft = useDraft<{ steps: readonly StepFile[] }>(
    `flow:${id}/steps`,
    { steps: value.call.steps ?? [] },
    revision,
  );
  const edits = draft.isChanged ? [{ set: `flow:${id}`, steps: draft.value.steps }] : undefined;
  return (
    <>
      <DriftNotice drift={value.drift} />
      <FlowSteps value={value} draft={draft} />
      <Section title={say("flows.led_from")}>
        <Places of={from} none={say("flows.led_from_none")} />
      </Section>
      <Section title={say("try.title")} help={say(draft.isChanged ? "try.draft_help" : "try.flow_help")}>
        <TryIt what={{ kind: "flow", id, ...(edits === undefined ? {} : { edits }) }} />
      </Section>
      <Section
        title={say("picture.title")}
        help={say(draft.isChanged ? "picture.live_help" : "picture.help")}
      >
        <FlowPicture of={{ kind: "flow", id }} />
      </Section>
    </>
  );
}

function FlowSteps({
  value: { id, may, led_from: from },
  draft,
}: {
  readonly value: FlowShape;
  readonly draft: ReturnType<typeof useDraft<{ steps: readonly StepFile[] }>>;
}): ReactNode {
  const { say, count } = useSpeech();
  const change = useChange("changeFlow");
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
      params: { id },
      body: { steps: [...steps] },
      ...matchOf(draft, change.problem),
    });
    if (!done.ok) return;
    history.forget();
    draft.discard();
  };
  return (
    <Section
      title={say("flows.steps")}
      help={from.length > 1 ? count("flows.for_many", from.length) : say("numbers.when_help")}
    >
      <Form label={say("flows.steps")} onSave={() => void save()}>
        <ChangeProblem problem={change.problem} fields={["/steps"]} onTakeTheirs={discard} />
        <StepsEditor
          steps={steps}
          history={history}
          faultAt={(index, field) =>
            change.faultAt(field === undefined ? `/steps/${index}` : `/steps/${index}/${field}`)
          }
          isDisabled={!may.change}
        />
        <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
      </Form>
    </Section>
  );
}

function Actions({ value }: { readonly value: FlowShape }): ReactNode {
  const { say } = useSpeech();
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {value.may.change && <Button onPress={() => setOpen("rename")}>{say("flows.rename")}</Button>}
      {value.may.remove && (
        <Button look="danger" onPress={() => setOpen("remove")}>
          {say("app.remove")}
        </Button>
      )}
      <Dialog title={say("flows.rename")} isOpen={open === "rename"} onClose={close}>
        <Rename id={value.id} onClose={close} />
      </Dialog>
      <Remove value={value} isOpen={open === "remove"} onClose={close} />
    </>
  );
}

function Rename({ id, onClose }: { readonly id: string; onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [to, setTo] = useState(id);
  const rename = useChange("renameFlow");
  const save = async () => {
    const done = await rename.run({ params: { id }, body: { to: to.trim() } });
    if (!done.ok) return;
    onClose();
    go(`/flows/${to.trim()}`);
  };
  return (
    <Form label={say("flows.rename")} onSave={() => void save()}>
      <ChangeProblem problem={rename.problem} fields={["/to"]} />
      <Field
        label={say("flows.name")}
        help={say("flows.rename_help")}
        value={to}
        onChange={setTo}
        fault={rename.faultAt("/to")}
        autoFocus
      />
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button
          type="submit"
          look="primary"
          isPending={rename.isBusy}
          isDisabled={to.trim() === "" || to.trim() === id}
        >
          {say("flows.rename")}
        </Button>
      </div>
    </Form>
  );
}

function Remove({
  value: { id, led_from: from },
  isOpen,
  onClose,
}: {
  readonly value: FlowShape;
  readonly isOpen: boolean;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const remove = useChange("removeFlow");
  const confirm = async () => {
    const done = await remove.run({ params: { id } });
    if (done.ok) go("/flows");
  };
  const title = say("flows.remove_title", { flow: id });
  if (from.length > 0)
    return (
      <Dialog title={title} isOpen={isOpen} onClose={onClose}>
        <p>{say("flows.remove_used")}</p>
        <Places of={from} none="" />
        <div className="row end">
          <Button onPress={onClose}>{say("app.close")}</Button>
        </div>
      </Dialog>
    );
  return (
    <Confirm
      title={title}
      confirm={say("app.remove")}
      isOpen={isOpen}
      isBusy={remove.isBusy}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <ChangeProblem problem={remove.problem} />
      <p>{say("flows.remove_help")}</p>
    </Confirm>
  );
}
