/** What the tabs of the office share: a draft of some of its settings, saved as one revision. */
import type { ReactNode } from "react";
import { type Change, useChange } from "../../office/change.js";
import type { AnswerOf, Args } from "../../office/client.js";
import { type Draft, useDraft } from "../../office/draft.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Section } from "../../parts/page.js";
import { ChangeProblem } from "../../parts/states.js";

export type Settings = NonNullable<AnswerOf<"getOffice">["settings"]>;

type OfficeBody = Args<"changeOffice">[0]["body"];

export interface SeenSettings {
  readonly settings: Settings;
  readonly revision: number | null;
}

/** @param bodyOf the body of the change, of what differs; null takes a setting away */
export function OfficeForm<T extends object>({
  name,
  title,
  help,
  saved,
  revision,
  fields,
  bodyOf,
  children,
}: {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly saved: T;
  readonly revision: number | null;
  /** Pointers of what the form shows. */
  readonly fields: readonly string[];
  readonly bodyOf: (changes: Partial<T>, all: T) => object;
  readonly children: (draft: Draft<T>, change: Change<"changeOffice">) => ReactNode;
}): ReactNode {
  const draft = useDraft(`office/${name}`, saved, revision);
  const change = useChange("changeOffice");
  const save = async () => {
    const { problem } = change;
    const ifMatch = problem?.type === "changed_meanwhile" ? problem.revision : draft.revision;
    const done = await change.run({
      // What does not fit is said by the checks of the server, beside its field.
      body: bodyOf(draft.changes, draft.value) as OfficeBody,
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    if (done.ok) draft.discard();
  };
  const discard = () => {
    draft.discard();
    change.clear();
  };
  return (
    <Form label={title} onSave={() => void save()}>
      <ChangeProblem problem={change.problem} fields={fields} onTakeTheirs={discard} />
      <Section title={title} help={help}>
        {children(draft, change)}
      </Section>
      <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
    </Form>
  );
}
