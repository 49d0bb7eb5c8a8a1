/** What a plan includes and costs. */

import type { ReactNode } from "react";
import { useChange } from "../../office/change.js";
import { useDraft } from "../../office/draft.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Section } from "../../parts/page.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import type { PlanAnswer } from "./plan-shown.js";

interface Price {
  readonly kind: "prefix" | "short_number";
  readonly number: string;
  readonly per_minute: string;
}

/** As it is typed. */
interface Typed {
  readonly name: string;
  readonly currency: string;
  readonly included_minutes: string;
  readonly included_prefixes: string;
  readonly per_minute: string;
  readonly prices: readonly Price[];
}

function typedOf(plan: PlanAnswer): Typed {
  return {
    name: plan.name ?? "",
    currency: plan.currency,
    included_minutes: plan.included_minutes === undefined ? "" : String(plan.included_minutes),
    included_prefixes: (plan.included_prefixes ?? []).join(", "),
    per_minute: plan.per_minute === undefined ? "" : String(plan.per_minute),
    prices: (plan.prices ?? []).map((price) => ({
      kind: price.short_number === undefined ? "prefix" : "short_number",
      number: String(price.short_number ?? price.prefix ?? ""),
      per_minute: String(price.per_minute),
    })),
  };
}

type Body = Parameters<ReturnType<typeof useChange<"changePlan">>["run"]>[0]["body"];

/** What is empty is taken away. What is no number is sent as it is, so that the server says what it wants. */
function bodyOf(changes: Partial<Typed>): Body {
  const textOrNull = (text: string) => (text.trim() === "" ? null : text.trim());
  const minutes = (text: string) => (/^\s*\d+\s*$/.test(text) ? Number(text) : textOrNull(text));
  const body = {
    ...(changes.name === undefined ? {} : { name: textOrNull(changes.name) }),
    ...(changes.currency === undefined ? {} : { currency: changes.currency.trim() }),
    ...(changes.included_minutes === undefined
      ? {}
      : { included_minutes: minutes(changes.included_minutes) }),
    ...(changes.included_prefixes === undefined
      ? {}
      : { included_prefixes: listOrNull(changes.included_prefixes) }),
    ...(changes.per_minute === undefined ? {} : { per_minute: textOrNull(changes.per_minute) }),
    ...(changes.prices === undefined
      ? {}
      : {
          prices:
            changes.prices.length === 0
              ? null
              : changes.prices.map(({ kind, number, per_minute: price }) => ({
                  [kind]: number.trim(),
                  per_minute: price.trim(),
                })),
        }),
  };
  return body as Body;
}

function listOrNull(text: string): string[] | null {
  const all = text.split(/[\s,;]+/).filter((each) => each !== "");
  return all.length === 0 ? null : all;
}

const FIELDS = ["/name", "/currency", "/included_minutes", "/included_prefixes", "/per_minute", "/prices"];

export function PlanForm({
  plan,
  revision,
}: {
  readonly plan: PlanAnswer;
  readonly revision: number | null;
}): ReactNode {
  const { say } = useSpeech();
  const draft = useDraft<Typed>(`plan:${plan.id}`, typedOf(plan), revision);
  const change = useChange("changePlan");
  const { value, set } = draft;
  const isFixed = !plan.may.change;
  const save = async () => {
    const meanwhile = change.problem?.type === "changed_meanwhile" ? change.problem.revision : undefined;
    const ifMatch = meanwhile ?? draft.revision;
    const done = await change.run({
      params: { id: plan.id },
      body: bodyOf(draft.changes),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    if (done.ok) draft.discard();
  };
  const discard = () => {
    draft.discard();
    change.clear();
  };
  const field = (name: Exclude<keyof Typed, "prices">, help?: string) => (
    <Field
      label={say(`plans.${name}`)}
      {...(help === undefined ? {} : { help })}
      value={value[name]}
      onChange={(text) => set({ [name]: text })}
      isReadOnly={isFixed}
      fault={change.faultAt(`/${name}`)}
    />
  );
  return (
    <Form label={value.name || plan.id} onSave={() => void save()}>
      <ChangeProblem problem={change.problem} fields={FIELDS} onTakeTheirs={discard} />
      <Section title={say("plans.includes")}>
        <div className="two">
          {field("name")}
          {field("currency", say("plans.currency_help"))}
          {field("included_minutes", say("plans.included_minutes_help"))}
          {field("included_prefixes", say("plans.included_prefixes_help"))}
        </div>
      </Section>
      <Section title={say("plans.prices")} help={say("plans.prices_help")}>
        <Prices
          prices={value.prices}
          isFixed={isFixed}
          onChange={(prices) => set({ prices })}
          faultAt={(pointer) => change.faultAt(pointer)}
        />
        {field("per_minute", say("plans.per_minute_help"))}
      </Section>
      <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
    </Form>
  );
}

function Prices({
  prices,
  isFixed,
  onChange,
  faultAt,
}: {
  readonly prices: readonly Price[];
  readonly isFixed: boolean;
  onChange(prices: readonly Price[]): void;
  faultAt(pointer: string): string | undefined;
}): ReactNode {
  const { say } = useSpeech();
  const put = (nth: number, changes: Partial<Price>) =>
    onChange(prices.map((price, at) => (at === nth ? { ...price, ...changes } : price)));
  return (
    <div className="stack">
      {prices.map((price, nth) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a price is told apart by its place alone
          key={nth}
          className="price-row"
          role="group"
          aria-label={say("plans.price_of", { number: price.number })}
        >
          <Choice
            label={say("plans.price_kind")}
            value={price.kind}
            isDisabled={isFixed}
            options={(["prefix", "short_number"] as const).map((id) => ({
              id,
              text: say(`plans.price_kind.${id}`),
            }))}
            onChange={(id) => put(nth, { kind: id === "prefix" ? "prefix" : "short_number" })}
          />
          <Field
            label={say("plans.price_number")}
            value={price.number}
            isReadOnly={isFixed}
            onChange={(number) => put(nth, { number })}
            fault={faultAt(`/prices/${nth}/${price.kind}`)}
          />
          <Field
            label={say("plans.price")}
            value={price.per_minute}
            inputMode="decimal"
            isReadOnly={isFixed}
            onChange={(per_minute) => put(nth, { per_minute })}
            fault={faultAt(`/prices/${nth}/per_minute`)}
          />
          {!isFixed && (
            <Button
              look="quiet"
              aria-label={say("plans.remove_price", { number: price.number })}
              onPress={() => onChange(prices.filter((_, at) => at !== nth))}
            >
              {say("app.remove")}
            </Button>
          )}
        </div>
      ))}
      {!isFixed && (
        <div className="row">
          <Button
            size="small"
            onPress={() => onChange([...prices, { kind: "prefix", number: "+", per_minute: "" }])}
          >
            {say("plans.add_price")}
          </Button>
        </div>
      )}
    </div>
  );
}
