/** One plan: what it includes, its prices, and the numbers that are on it. */

import { type ReactNode, useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { useChange } from "../../office/change.js";
import { useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Search } from "../../parts/choice.js";
import { Confirm } from "../../parts/dialog.js";
import { Page, Section } from "../../parts/page.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { PlanForm } from "./plan-form.js";
import type { PlanAnswer } from "./plan-shown.js";
import "./insight.css";

export function Plan(): ReactNode {
  const { say } = useSpeech();
  const { id = "" } = useParams<{ id: string }>();
  const plan = useRead("getPlan", { params: { id } });
  const [isRemoving, setRemoving] = useState(false);
  const value = plan.data?.value;
  return (
    <Page
      title={value?.name ?? id}
      back={{ href: "/plans", text: say("app.back_to", { page: say("plans.title") }) }}
      actions={
        value?.may.remove === true && (
          <Button look="danger" onPress={() => setRemoving(true)}>
            {say("plans.remove")}
          </Button>
        )
      }
    >
      {value?.drift != null && (
        <p>
          <Link href="/office/files" className="badge warn">
            {say("app.drifts")}
          </Link>
        </p>
      )}
      <Shown of={plan} lines={8}>
        {({ value: shown, revision }) => (
          <>
            <PlanForm key={shown.id} plan={shown} revision={revision} />
            <Numbers of={shown} />
            <Remove of={shown} isOpen={isRemoving} onClose={() => setRemoving(false)} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function Numbers({ of: plan }: { readonly of: PlanAnswer }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const change = useChange("setPlanNumbers");
  const mayChange = plan.may.change && reach("setPlanNumbers") !== undefined;
  const set = (body: { add?: string[]; remove?: string[] }) =>
    void change.run({ params: { id: plan.id }, body });
  return (
    <Section title={say("plans.numbers")} help={say("plans.numbers_help")}>
      <ChangeProblem problem={change.problem} />
      {plan.numbers.length === 0 ? (
        <p className="muted">{say("plans.no_numbers")}</p>
      ) : (
        <ul className="number-list">
          {plan.numbers.map((number) => (
            <li key={number}>
              {reach("getNumber") === undefined ? (
                phone(number)
              ) : (
                <Link href={`/numbers/${encodeURIComponent(number)}`}>{phone(number)}</Link>
              )}
              {mayChange && (
                <Button
                  look="quiet"
                  size="small"
                  aria-label={say("plans.take_off", { number: phone(number) })}
                  isDisabled={change.isBusy}
                  onPress={() => set({ remove: [number] })}
                >
                  {say("app.remove")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayChange && reach("listNumbers") !== undefined && (
        <AddNumber plan={plan} onAdd={(number) => set({ add: [number] })} />
      )}
    </Section>
  );
}

function AddNumber({ plan, onAdd }: { readonly plan: PlanAnswer; onAdd(number: string): void }): ReactNode {
  const { say } = useSpeech();
  const [text, setText] = useState("");
  const [nth, setNth] = useState(0);
  const numbers = useRead("listNumbers", { query: { q: text, limit: 50 } });
  const options = (numbers.data?.value.items ?? [])
    .filter(({ number }) => !plan.numbers.includes(number))
    .map(({ number, label }) => ({
      id: number,
      text: phone(number),
      ...(label === null || label === undefined ? {} : { more: label }),
    }));
  return (
    <Search
      // Empty again after each.
      key={nth}
      label={say("plans.put_on")}
      options={options}
      value={null}
      onSearch={setText}
      onChange={(number) => {
        if (number === null) return;
        onAdd(number);
        setNth(nth + 1);
        setText("");
      }}
    />
  );
}

function Remove({
  of: plan,
  isOpen,
  onClose,
}: {
  readonly of: PlanAnswer;
  readonly isOpen: boolean;
  onClose(): void;
}): ReactNode {
  const { say, count } = useSpeech();
  const [, go] = useLocation();
  const remove = useChange("removePlan");
  const isUsed = plan.numbers.length > 0;
  return (
    <Confirm
      title={say("plans.remove_title", { name: plan.name ?? plan.id })}
      confirm={say("plans.remove")}
      isOpen={isOpen}
      onClose={onClose}
      isBusy={remove.isBusy}
      onConfirm={() =>
        void remove.run({ params: { id: plan.id } }).then((done) => {
          if (done.ok) go("/plans");
        })
      }
    >
      <ChangeProblem problem={remove.problem} />
      <p>{isUsed ? count("plans.remove_used", plan.numbers.length) : say("plans.remove_help")}</p>
    </Confirm>
  );
}
