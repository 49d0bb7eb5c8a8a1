/** One carrier: how it fares now, and its settings. */
import { type ReactNode, useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useDraft } from "../../office/draft.js";
import { useRead } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { Confirm } from "../../parts/dialog.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Facts, Page, Section } from "../../parts/page.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import type { Word } from "../../words/en.js";
import { useSpeech } from "../../words/words.js";
import {
  CARRIER_ACCOUNT,
  CARRIER_CALLS,
  CARRIER_FIELDS,
  CARRIER_FURTHER,
  CARRIER_NUMBERS,
  CARRIER_WHERE,
} from "./carrier-fields.js";
import { CarrierState } from "./carrier-state.js";
import { SettingField, type SettingOf, type Settings } from "./setting-field.js";
import "./settings.css";

type CarrierAnswer = AnswerOf<"getCarrier">;
const STATE_MS = 5_000;

export function Carrier(): ReactNode {
  const { say } = useSpeech();
  const { id = "" } = useParams<{ id: string }>();
  const carrier = useRead("getCarrier", { params: { id } }, { everyMs: STATE_MS });
  const [isRemoving, setRemoving] = useState(false);
  return (
    <Page
      title={id}
      back={{ href: "/carriers", text: say("app.back_to", { page: say("carriers.title") }) }}
      actions={
        carrier.data?.value.may.remove === true && (
          <Button look="danger" onPress={() => setRemoving(true)}>
            {say("carriers.remove")}
          </Button>
        )
      }
    >
      <Shown of={carrier} lines={10}>
        {({ value, revision }) => (
          <>
            <State of={value} />
            <CarrierForm key={value.id} of={value} revision={revision} />
            <Remove id={value.id} isOpen={isRemoving} onClose={() => setRemoving(false)} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function State({ of: { id, state, place } }: { readonly of: CarrierAnswer }): ReactNode {
  const { say } = useSpeech();
  const calls: (readonly [string, ReactNode])[] =
    state === null
      ? []
      : [
          [say("carriers.calls"), say("live.carrier_calls", { in: state.calls_in, out: state.calls_out })],
          [say("carriers.failures"), String(state.failures)],
        ];
  return (
    <Section
      title={say("carriers.now")}
      actions={<Link href={`/calls?carrier=${encodeURIComponent(id)}`}>{say("carriers.its_calls")}</Link>}
    >
      <Facts
        of={[
          [say("carriers.state"), <CarrierState key="state" of={state} />],
          [say("carriers.place"), String(place)],
          ...calls,
        ]}
      />
      {state === null && <p className="muted small">{say("carriers.no_state")}</p>}
    </Section>
  );
}

const PARTS: readonly (readonly [title: Word, help: Word, fields: readonly SettingOf[]])[] = [
  ["carriers.where", "carriers.where_help", CARRIER_WHERE],
  ["carriers.account", "carriers.account_help", CARRIER_ACCOUNT],
  ["carriers.which_calls", "carriers.which_calls_help", CARRIER_CALLS],
  ["carriers.numbers", "carriers.numbers_help", CARRIER_NUMBERS],
  ["carriers.further", "carriers.further_help", CARRIER_FURTHER],
];

function CarrierForm({
  of,
  revision,
}: {
  readonly of: CarrierAnswer;
  readonly revision: number | null;
}): ReactNode {
  const { say } = useSpeech();
  const settings = of as unknown as Settings;
  const saved: Settings = Object.fromEntries(CARRIER_FIELDS.map(({ id }) => [id, settings[id] ?? null]));
  const draft = useDraft<Settings>(`carrier:${of.id}`, saved, revision);
  const change = useChange("changeCarrier");
  const discard = () => {
    draft.discard();
    change.clear();
  };
  const save = async () => {
    const meanwhile = change.problem?.type === "changed_meanwhile" ? change.problem.revision : undefined;
    const ifMatch = meanwhile ?? draft.revision;
    const done = await change.run({
      params: { id: of.id },
      body: draft.changes as Parameters<typeof change.run>[0]["body"],
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    if (done.ok) draft.discard();
  };
  return (
    <Form label={of.id} onSave={() => void save()}>
      <ChangeProblem
        problem={change.problem}
        fields={CARRIER_FIELDS.map(({ id }) => `/${id}`)}
        onTakeTheirs={discard}
      />
      {PARTS.map(([title, help, fields]) => (
        <Section key={title} title={say(title)} help={say(help)}>
          <div className="two">
            {fields.map((field) => (
              <SettingField
                key={field.id}
                of={field}
                value={draft.value[field.id] ?? null}
                isFixed={!of.may.change}
                fault={change.faultAt(`/${field.id}`)}
                onChange={(value) => draft.set({ [field.id]: value })}
              />
            ))}
          </div>
        </Section>
      ))}
      <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
    </Form>
  );
}

function Remove({
  id,
  isOpen,
  onClose,
}: {
  readonly id: string;
  readonly isOpen: boolean;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const remove = useChange("removeCarrier");
  return (
    <Confirm
      title={say("carriers.remove_title", { carrier: id })}
      confirm={say("carriers.remove")}
      isOpen={isOpen}
      onClose={onClose}
      isBusy={remove.isBusy}
      onConfirm={() =>
        void remove.run({ params: { id } }).then((done) => {
          if (done.ok) go("/carriers");
        })
      }
    >
      <ChangeProblem problem={remove.problem} />
      <p>{say("carriers.remove_help")}</p>
    </Confirm>
  );
}
