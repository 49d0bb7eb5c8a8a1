/** The programs that are told what happens in the office, and how each fares. */

import { type ReactNode, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useChange } from "../../office/change.js";
import { freshKey } from "../../office/key.js";
import { useReach } from "../../office/me.js";
import { useList, useRead } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { ChangeProblem, Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { SettingField } from "./setting-field.js";
import { WEBHOOK_SECRET } from "./webhook-form.js";
import { StandingBadge } from "./webhook-standing.js";
import "./settings.css";

const STATE_MS = 5_000;

export function Webhooks(): ReactNode {
  const { say, count } = useSpeech();
  const when = useWhen();
  const [params, setParams] = useSearchParams();
  const mayAdd = useReach()("addWebhook") !== undefined;
  const webhooks = useList("listWebhooks");
  const states = useRead("listDeliveryStates", {}, { everyMs: STATE_MS });
  const stateOf = (id: string) => states.data?.value.items.find((each) => each.id === id);
  const open = (isOpen: boolean) => setParams(isOpen ? { add: "" } : {}, { replace: true });
  const isEmpty = webhooks.data?.items.length === 0;
  const add = mayAdd && (
    <Button look="primary" onPress={() => open(true)}>
      {say("webhooks.add")}
    </Button>
  );
  return (
    <Page
      title={say("webhooks.title")}
      lead={`${say("webhooks.lead")} ${say("app.zone", { zone: when.zone })}.`}
      actions={!isEmpty && add}
    >
      <List
        label={say("webhooks.title")}
        of={webhooks}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/webhooks/${encodeURIComponent(id)}`}
        columns={[
          { id: "id", head: say("webhooks.id"), cell: ({ id }) => id },
          { id: "url", head: say("webhooks.url"), width: "2fr", isMinor: true, cell: ({ url }) => url },
          { id: "state", head: say("webhooks.state"), cell: ({ id }) => <StandingBadge of={stateOf(id)} /> },
          {
            id: "waiting",
            head: say("webhooks.waiting"),
            cell: ({ id }) => count("webhooks.n_waiting", stateOf(id)?.waiting ?? 0),
          },
          {
            id: "last",
            head: say("webhooks.last"),
            isMinor: true,
            isNumber: true,
            cell: ({ id }) => {
              const at = stateOf(id)?.last_delivery_at;
              return at == null ? say("webhooks.never") : when.short(at);
            },
          },
        ]}
        empty={
          <Empty title={say("webhooks.none")} help={say("webhooks.none_help")}>
            {add}
          </Empty>
        }
      />
      <Dialog title={say("webhooks.add")} isOpen={mayAdd && params.has("add")} onClose={() => open(false)}>
        {params.has("add") && <AddWebhook onClose={() => open(false)} />}
      </Dialog>
    </Page>
  );
}

type Body = Parameters<ReturnType<typeof useChange<"addWebhook">>["run"]>[0]["body"];

function AddWebhook({ onClose }: { onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const add = useChange("addWebhook");
  const [id, setId] = useState("");
  const [url, setUrl] = useState("https://");
  const [secret, setSecret] = useState<unknown>({ env: "" });
  const [idempotencyKey] = useState(freshKey);
  const save = async () => {
    const body = { id: id.trim(), url: url.trim(), secret } as Body;
    const done = await add.run({ body, idempotencyKey });
    if (done.ok) go(`/webhooks/${encodeURIComponent(id.trim())}`);
  };
  return (
    <Form label={say("webhooks.add")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={["/id", "/url", "/secret"]} />
      <Field
        label={say("webhooks.id")}
        help={say("webhooks.id_help")}
        value={id}
        onChange={setId}
        fault={add.faultAt("/id")}
        autoFocus
      />
      <Field
        label={say("webhooks.url")}
        type="url"
        help={say("webhooks.url_help")}
        value={url}
        onChange={setUrl}
        fault={add.faultAt("/url")}
      />
      <SettingField
        of={WEBHOOK_SECRET}
        value={secret}
        isFixed={false}
        fault={add.faultAt("/secret")}
        onChange={setSecret}
      />
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={add.isBusy}>
          {say("webhooks.add")}
        </Button>
      </div>
    </Form>
  );
}
