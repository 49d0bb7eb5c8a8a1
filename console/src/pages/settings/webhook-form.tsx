/** Where a webhook's events go, which they are, and where its secret is kept. */
import type { ReactNode } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useDraft } from "../../office/draft.js";
import { Button } from "../../parts/button.js";
import { Checkbox } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Section } from "../../parts/page.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { SettingField, type SettingOf } from "./setting-field.js";

export type WebhookAnswer = AnswerOf<"getWebhook">;

export const WEBHOOK_EVENTS = [
  "call.started",
  "call.ringing",
  "call.answered",
  "message.left",
  "call.missed",
  "call.ended",
  "emergency.call",
  "fraud.alarm",
] as const satisfies NonNullable<WebhookAnswer["events"]>;

export const WEBHOOK_SECRET: SettingOf = {
  id: "secret",
  label: "webhooks.secret",
  help: "webhooks.secret_help",
  kind: "secret",
};
/** While it is replaced the one before holds, too. */
const OLD_SECRET: SettingOf = { id: "old", label: "webhooks.old_secret", kind: "secret" };

interface Typed {
  readonly url: string;
  /** Null: all, also those that later versions add. */
  readonly events: readonly string[] | null;
  /** The newest first. */
  readonly secret: readonly unknown[];
  readonly allow_private: boolean;
}

type Body = Parameters<ReturnType<typeof useChange<"changeWebhook">>["run"]>[0]["body"];

export function WebhookForm({
  of,
  revision,
}: {
  readonly of: WebhookAnswer;
  readonly revision: number | null;
}): ReactNode {
  const { say } = useSpeech();
  const saved: Typed = {
    url: of.url,
    events: of.events ?? null,
    secret: Array.isArray(of.secret) ? of.secret : [of.secret],
    allow_private: of.allow_private ?? false,
  };
  const draft = useDraft<Typed>(`webhook:${of.id}`, saved, revision);
  const change = useChange("changeWebhook");
  const { value, set } = draft;
  const isFixed = !of.may.change;
  const discard = () => {
    draft.discard();
    change.clear();
  };
  const save = async () => {
    const { secret, ...rest } = draft.changes;
    const meanwhile = change.problem?.type === "changed_meanwhile" ? change.problem.revision : undefined;
    const ifMatch = meanwhile ?? draft.revision;
    const body = {
      ...rest,
      ...(secret === undefined ? {} : { secret: secret.length === 1 ? secret[0] : secret }),
    };
    const done = await change.run({
      params: { id: of.id },
      body: body as Body,
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    if (done.ok) draft.discard();
  };
  return (
    <Form label={of.id} onSave={() => void save()}>
      <ChangeProblem
        problem={change.problem}
        fields={["/url", "/events", "/secret", "/allow_private"]}
        onTakeTheirs={discard}
      />
      <Section title={say("webhooks.where")}>
        <Field
          label={say("webhooks.url")}
          type="url"
          help={say("webhooks.url_help")}
          value={value.url}
          onChange={(url) => set({ url })}
          isReadOnly={isFixed}
          fault={change.faultAt("/url")}
        />
        <Secrets
          secrets={value.secret}
          isFixed={isFixed}
          fault={change.faultAt("/secret")}
          onChange={(secret) => set({ secret })}
        />
        <Checkbox
          isOn={value.allow_private}
          isDisabled={isFixed}
          onChange={(isOn) => set({ allow_private: isOn })}
        >
          <span>
            {say("webhooks.allow_private")}
            <span className="help block muted small">{say("webhooks.allow_private_help")}</span>
          </span>
        </Checkbox>
      </Section>
      <Events
        events={value.events}
        isFixed={isFixed}
        fault={change.faultAt("/events")}
        onChange={(events) => set({ events })}
      />
      <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
    </Form>
  );
}

function Secrets({
  secrets,
  isFixed,
  fault,
  onChange,
}: {
  readonly secrets: readonly unknown[];
  readonly isFixed: boolean;
  readonly fault: string | undefined;
  onChange(secrets: readonly unknown[]): void;
}): ReactNode {
  const { say } = useSpeech();
  const [first, old] = secrets;
  return (
    <>
      <SettingField
        of={WEBHOOK_SECRET}
        value={first}
        isFixed={isFixed}
        fault={fault}
        onChange={(next) => onChange([next, ...secrets.slice(1)])}
      />
      {old !== undefined && (
        <SettingField
          of={OLD_SECRET}
          value={old}
          isFixed={isFixed}
          fault={undefined}
          onChange={(next) => onChange([first, next])}
        />
      )}
      {!isFixed && (
        <div className="row">
          {old === undefined ? (
            <Button size="small" onPress={() => onChange([{ env: "" }, first])}>
              {say("webhooks.replace_secret")}
            </Button>
          ) : (
            <Button size="small" onPress={() => onChange([first])}>
              {say("webhooks.end_old_secret")}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Events({
  events,
  isFixed,
  fault,
  onChange,
}: {
  readonly events: readonly string[] | null;
  readonly isFixed: boolean;
  readonly fault: string | undefined;
  onChange(events: readonly string[] | null): void;
}): ReactNode {
  const { say } = useSpeech();
  const chosen = events ?? WEBHOOK_EVENTS;
  return (
    <Section title={say("webhooks.events")} help={say("webhooks.events_help")}>
      <Checkbox
        isOn={events === null}
        isDisabled={isFixed}
        onChange={(isAll) => onChange(isAll ? null : [...WEBHOOK_EVENTS])}
      >
        {say("webhooks.all_events")}
      </Checkbox>
      <div className="stack tight" role="group" aria-label={say("webhooks.events")}>
        {WEBHOOK_EVENTS.map((event) => (
          <Checkbox
            key={event}
            isOn={chosen.includes(event)}
            isDisabled={isFixed || events === null}
            onChange={(isOn) =>
              onChange(WEBHOOK_EVENTS.filter((each) => (each === event ? isOn : chosen.includes(each))))
            }
          >
            <span>
              <code>{event}</code> <span className="muted">{say(`webhooks.event.${event}`)}</span>
            </span>
          </Checkbox>
        ))}
      </div>
      {fault !== undefined && (
        <p className="small" role="alert">
          {fault}
        </p>
      )}
    </Section>
  );
}
