/** The carriers, in the order in which calls outside try them, each with whether it can be used now. */

import { type ReactNode, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useChange } from "../../office/change.js";
import { freshKey } from "../../office/key.js";
import { useReach } from "../../office/me.js";
import { type ItemOf, useList } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { ChangeProblem, Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { CARRIER_ACCOUNT, CARRIER_WHERE } from "./carrier-fields.js";
import { CarrierState } from "./carrier-state.js";
import { SettingField, type Settings } from "./setting-field.js";
import "./settings.css";

type Carrier = ItemOf<"listCarriers">;
/** How each fares is asked for again so often. */
const STATE_MS = 5_000;

export function Carriers(): ReactNode {
  const { say } = useSpeech();
  const [params, setParams] = useSearchParams();
  const mayAdd = useReach()("addCarrier") !== undefined;
  const carriers = useList("listCarriers", {}, { everyMs: STATE_MS });
  const change = useChange("changeCarrier");
  const open = (isOpen: boolean) => setParams(isOpen ? { add: "" } : {}, { replace: true });
  const isEmpty = carriers.data?.items.length === 0;
  const add = mayAdd && (
    <Button look="primary" onPress={() => open(true)}>
      {say("carriers.add")}
    </Button>
  );
  const last = carriers.data?.items.length ?? 0;
  const move = (carrier: Carrier, place: number) =>
    void change.run({ params: { id: carrier.id }, body: { place } });
  return (
    <Page title={say("carriers.title")} lead={say("carriers.lead")} actions={!isEmpty && add}>
      <ChangeProblem problem={change.problem} />
      <List
        label={say("carriers.title")}
        of={carriers}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/carriers/${encodeURIComponent(id)}`}
        columns={[
          { id: "id", head: say("kind.carrier"), cell: ({ id, place }) => `${place}. ${id}` },
          { id: "state", head: say("carriers.state"), cell: ({ state }) => <CarrierState of={state} /> },
          {
            id: "for",
            head: say("carriers.prefixes"),
            isMinor: true,
            cell: ({ prefixes }) =>
              prefixes === undefined ? say("carriers.every_number") : prefixes.join(", "),
          },
          {
            id: "calls",
            head: say("carriers.calls"),
            isMinor: true,
            width: "1.3fr",
            cell: ({ state }) =>
              state === null ? "" : say("live.carrier_calls", { in: state.calls_in, out: state.calls_out }),
          },
        ]}
        tools={(carrier) =>
          carrier.may.change && (
            <>
              <Button
                look="quiet"
                size="small"
                aria-label={say("carriers.earlier", { carrier: carrier.id })}
                isDisabled={carrier.place === 1 || change.isBusy}
                onPress={() => move(carrier, carrier.place - 1)}
              >
                ↑
              </Button>
              <Button
                look="quiet"
                size="small"
                aria-label={say("carriers.later", { carrier: carrier.id })}
                isDisabled={carrier.place >= last || change.isBusy}
                onPress={() => move(carrier, carrier.place + 1)}
              >
                ↓
              </Button>
            </>
          )
        }
        empty={
          <Empty title={say("carriers.none")} help={say("carriers.none_help")}>
            {add}
          </Empty>
        }
      />
      <Dialog title={say("carriers.add")} isOpen={mayAdd && params.has("add")} onClose={() => open(false)}>
        {params.has("add") && <AddCarrier onClose={() => open(false)} />}
      </Dialog>
    </Page>
  );
}

/** What every carrier needs; the rest is set on its own page. */
const FIRST = [
  ...CARRIER_WHERE.filter(({ id }) => id === "proxy" || id === "transport"),
  ...CARRIER_ACCOUNT.slice(0, 2),
];

function AddCarrier({ onClose }: { onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const add = useChange("addCarrier");
  const [id, setId] = useState("");
  const [settings, setSettings] = useState<Settings>({});
  const [idempotencyKey] = useState(freshKey);
  const save = async () => {
    const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
    const body = { id: id.trim(), ...given } as Parameters<typeof add.run>[0]["body"];
    const done = await add.run({ body, idempotencyKey });
    if (done.ok) go(`/carriers/${encodeURIComponent(id.trim())}`);
  };
  return (
    <Form label={say("carriers.add")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={["/id", ...FIRST.map((field) => `/${field.id}`)]} />
      <Field
        label={say("carriers.id")}
        help={say("carriers.id_help")}
        value={id}
        onChange={setId}
        fault={add.faultAt("/id")}
        autoFocus
      />
      {FIRST.map((field) => (
        <SettingField
          key={field.id}
          of={field}
          value={settings[field.id] ?? null}
          isFixed={false}
          fault={add.faultAt(`/${field.id}`)}
          onChange={(value) => setSettings({ ...settings, [field.id]: value })}
        />
      ))}
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={add.isBusy}>
          {say("carriers.add")}
        </Button>
      </div>
    </Form>
  );
}
