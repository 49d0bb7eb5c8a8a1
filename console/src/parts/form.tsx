/** A form that saves: Enter saves, the bar with Save and Discard is there only while something is changed. */
import type { FormEvent, ReactNode } from "react";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";

export function Form({
  children,
  onSave,
  label,
}: {
  readonly children: ReactNode;
  onSave(): void;
  readonly label: string;
}): ReactNode {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave();
  };
  return (
    <form className="stack" onSubmit={submit} noValidate aria-label={label}>
      {children}
    </form>
  );
}

/** At the end of a form that edits what there is. */
export function SaveBar({
  isChanged,
  isBusy,
  onDiscard,
  save,
}: {
  readonly isChanged: boolean;
  readonly isBusy: boolean;
  onDiscard(): void;
  /** Left out: "Save". */
  readonly save?: string;
}): ReactNode {
  const { say } = useSpeech();
  if (!isChanged && !isBusy) return null;
  return (
    <div className="save-bar" role="group" aria-label={say("app.unsaved")}>
      <span className="muted small">{say("app.unsaved")}</span>
      <span className="row">
        <Button onPress={onDiscard} isDisabled={isBusy}>
          {say("app.discard")}
        </Button>
        <Button type="submit" look="primary" isPending={isBusy}>
          {save ?? say("app.save")}
        </Button>
      </span>
    </div>
  );
}
