/** A phone number that the office got: where its calls go is said at once, so that no caller is turned away meanwhile. */

import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { useChange } from "../../office/change.js";
import { useDraft } from "../../office/draft.js";
import { freshKey } from "../../office/key.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { isRouteWhole, RouteForm, routeBody, routeDraft } from "../../parts/route-form.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

export function AddNumber({ onClose }: { onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [key] = useState(freshKey);
  const draft = useDraft("number:new", { number: "", label: "", ...routeDraft(null) });
  const add = useChange("addNumber");
  const { number, label, ...route } = draft.value;
  const save = async () => {
    const done = await add.run({
      body: {
        number: number.trim(),
        ...(label.trim() === "" ? {} : { label: label.trim() }),
        ...(isRouteWhole(route) ? { route: routeBody(route) } : {}),
      },
      idempotencyKey: key,
    });
    if (!done.ok) return;
    draft.discard();
    onClose();
    const [made] = done.value.changes.filter(({ kind }) => kind === "number");
    if (made !== undefined) go(`/numbers/${made.id}`);
  };
  return (
    <Form label={say("numbers.add")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={["/number", "/label", "/route"]} />
      <div className="two">
        <Field
          label={say("kind.number")}
          help={say("numbers.number_help")}
          value={number}
          onChange={(text) => draft.set({ number: text })}
          inputMode="tel"
          fault={add.faultAt("/number")}
          autoFocus
        />
        <Field
          label={say("numbers.label")}
          help={say("numbers.label_help")}
          value={label}
          onChange={(text) => draft.set({ label: text })}
          fault={add.faultAt("/label")}
        />
      </div>
      <h3>{say("numbers.when")}</h3>
      <RouteForm value={route} onChange={(changes) => draft.set(changes)} fault={add.faultAt("/route")} />
      {!isRouteWhole(route) && <p className="muted small">{say("numbers.add_unassigned")}</p>}
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={add.isBusy} isDisabled={number.trim() === ""}>
          {say("app.add")}
        </Button>
      </div>
    </Form>
  );
}
