/** All named call flows, with what each does and what leads there. */

import { type ReactNode, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useChange } from "../../office/change.js";
import { useDraft } from "../../office/draft.js";
import { freshKey } from "../../office/key.js";
import { useReach } from "../../office/me.js";
import { type ItemOf, useList } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { idOf } from "../../parts/create-target.js";
import { Dialog } from "../../parts/dialog.js";
import { DriftMark } from "../../parts/drift.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { type Column, List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { PlaceLink } from "../../parts/places.js";
import { isRouteWhole, RouteForm, routeDraft, routeSteps } from "../../parts/route-form.js";
import { ChangeProblem, Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { CallWords } from "./sentences.js";
import "./routing.css";

type Listed = ItemOf<"listFlows">;

export function Flows(): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const [query, setQuery] = useSearchParams();
  const [isAdding, setAdding] = useState(false);
  const q = query.get("q") ?? "";
  const of = useList("listFlows", { query: q === "" ? {} : { q } });
  const add = reach("addFlow") === "all" && (
    <Button look="primary" onPress={() => setAdding(true)}>
      {say("flows.add")}
    </Button>
  );
  return (
    <Page title={say("nav.flows")} lead={say("flows.lead")} width="full" actions={add}>
      <div className="filters">
        <Field
          label={say("app.search")}
          value={q}
          onChange={(text) => setQuery(text === "" ? {} : { q: text }, { replace: true })}
          type="search"
        />
      </div>
      <List
        label={say("nav.flows")}
        of={of}
        columns={columns(say)}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/flows/${id}`}
        empty={
          q === "" ? (
            <Empty title={say("flows.none")} help={say("flows.none_help")} />
          ) : (
            <Empty title={say("flows.not_found")} help={say("numbers.not_found_help")} />
          )
        }
      />
      <Dialog title={say("flows.add")} isOpen={isAdding} onClose={() => setAdding(false)} size="wide">
        <AddFlow onClose={() => setAdding(false)} />
      </Dialog>
    </Page>
  );
}

function columns(say: ReturnType<typeof useSpeech>["say"]): readonly Column<Listed>[] {
  return [
    {
      id: "id",
      head: say("flows.name"),
      width: "14rem",
      cell: ({ id, drifts }) => (
        <>
          {id} {drifts && <DriftMark />}
        </>
      ),
    },
    { id: "does", head: say("flows.does"), width: "2fr", cell: ({ call }) => <CallWords call={call} /> },
    {
      id: "from",
      head: say("flows.led_from"),
      width: "1fr",
      isMinor: true,
      cell: ({ led_from: [first, ...more] }) =>
        first === undefined ? (
          <span className="badge">{say("flows.unused")}</span>
        ) : (
          <>
            <PlaceLink of={first} />
            {more.length > 0 && (
              <span className="muted small"> {say("flows.and_more", { more: more.length })}</span>
            )}
          </>
        ),
    },
  ];
}

function AddFlow({ onClose }: { onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [key] = useState(freshKey);
  const draft = useDraft("flow:new", { name: "", ...routeDraft(null) });
  const add = useChange("addFlow");
  const { name, ...route } = draft.value;
  const id = idOf(name, "-");
  const save = async () => {
    const steps = isRouteWhole(route) ? routeSteps(route) : [{ hangup: "no_answer" as const }];
    const done = await add.run({ body: { id, steps: [...steps] }, idempotencyKey: key });
    if (!done.ok) return;
    draft.discard();
    onClose();
    go(`/flows/${id}`);
  };
  return (
    <Form label={say("flows.add")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={["/id", "/steps"]} />
      <Field
        label={say("flows.name")}
        help={id === "" || id === name ? say("flows.name_help") : say("flows.name_as", { id })}
        value={name}
        onChange={(text) => draft.set({ name: text })}
        fault={add.faultAt("/id")}
        autoFocus
      />
      <h3>{say("flows.begins")}</h3>
      <RouteForm value={route} onChange={(changes) => draft.set(changes)} fault={add.faultAt("/steps")} />
      <p className="muted small">{say("flows.more_later")}</p>
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={add.isBusy} isDisabled={id === ""}>
          {say("app.add")}
        </Button>
      </div>
    </Form>
  );
}
