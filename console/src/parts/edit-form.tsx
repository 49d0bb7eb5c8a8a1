/** The form of an {@link Editing}: what was refused above, the fields, and the bar that saves or discards. */
import type { ReactNode } from "react";
import type { Editing } from "../office/editing.js";
import { Form, SaveBar } from "./form.js";
import { ChangeProblem } from "./states.js";

export function EditForm<T extends object>({
  label,
  of,
  fields = [],
  isWhole = true,
  children,
}: {
  readonly label: string;
  readonly of: Editing<T>;
  /** Pointers of the fields that show their own faults. */
  readonly fields?: readonly string[];
  /** False: something is still missing, so that it is not saved. */
  readonly isWhole?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Form label={label} onSave={() => of.isChanged && isWhole && void of.save()}>
      <ChangeProblem problem={of.problem} fields={fields} onTakeTheirs={of.discard} />
      {children}
      <SaveBar isChanged={of.isChanged} isBusy={of.isBusy} onDiscard={of.discard} />
    </Form>
  );
}
