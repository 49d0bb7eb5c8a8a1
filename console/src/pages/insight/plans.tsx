/** The plans of the office, and adding one. */

import { type ReactNode, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useChange } from "../../office/change.js";
import { freshKey } from "../../office/key.js";
import { useReach } from "../../office/me.js";
import { useList } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { ChangeProblem, Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import "./insight.css";

export function Plans(): ReactNode {
  const { say, count } = useSpeech();
  const [params, setParams] = useSearchParams();
  const mayAdd = useReach()("addPlan") !== undefined;
  const plans = useList("listPlans");
  const isAdding = mayAdd && params.has("add");
  const open = (isOpen: boolean) => setParams(isOpen ? { add: "" } : {}, { replace: true });
  const add = (
    <Button look="primary" onPress={() => open(true)}>
      {say("plans.add")}
    </Button>
  );
  const isEmpty = plans.data?.items.length === 0;
  return (
    <Page
      title={say("plans.title")}
      lead={say("plans.lead")}
      back={{ href: "/usage", text: say("app.back_to", { page: say("usage.title") }) }}
      actions={mayAdd && !isEmpty && add}
    >
      <List
        label={say("plans.title")}
        of={plans}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/plans/${encodeURIComponent(id)}`}
        columns={[
          { id: "name", head: say("plans.name"), width: "2fr", cell: ({ id, name }) => name ?? id },
          { id: "currency", head: say("plans.currency"), cell: ({ currency }) => currency },
          {
            id: "numbers",
            head: say("plans.numbers"),
            isNumber: true,
            cell: ({ number_count: many }) => count("plans.n_numbers", many),
          },
        ]}
        empty={
          <Empty title={say("plans.none")} help={say("plans.none_help")}>
            {mayAdd && add}
          </Empty>
        }
      />
      <Dialog title={say("plans.add")} isOpen={isAdding} onClose={() => open(false)}>
        {isAdding && <AddPlan onClose={() => open(false)} />}
      </Dialog>
    </Page>
  );
}

function AddPlan({ onClose }: { onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const add = useChange("addPlan");
  const [name, setName] = useState("");
  const [id, setId] = useState<string | null>(null);
  const [currency, setCurrency] = useState("USD");
  const [idempotencyKey] = useState(freshKey);
  const plan = id ?? idOf(name);
  const save = async () => {
    const body = {
      id: plan,
      currency: currency.trim(),
      ...(name.trim() === "" ? {} : { name: name.trim() }),
    };
    const done = await add.run({ body, idempotencyKey });
    if (done.ok) go(`/plans/${encodeURIComponent(plan)}`);
  };
  return (
    <Form label={say("plans.add")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={["/id", "/name", "/currency"]} />
      <Field
        label={say("plans.name")}
        value={name}
        onChange={setName}
        fault={add.faultAt("/name")}
        autoFocus
      />
      <Field
        label={say("plans.id")}
        help={say("plans.id_help")}
        value={plan}
        onChange={setId}
        fault={add.faultAt("/id")}
      />
      <Field
        label={say("plans.currency")}
        help={say("plans.currency_help")}
        value={currency}
        onChange={(text) => setCurrency(text.toUpperCase())}
        maxLength={3}
        fault={add.faultAt("/currency")}
      />
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={add.isBusy}>
          {say("plans.add")}
        </Button>
      </div>
    </Form>
  );
}

/** An id made of a name, as the office's other ids look. */
function idOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
}
