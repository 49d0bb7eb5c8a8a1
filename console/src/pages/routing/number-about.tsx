/** What a number is called, what phones show before the caller's name, who may call it, and on which plan it is. */
import type { ReactNode } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { useReach } from "../../office/me.js";
import { useList } from "../../office/read.js";
import { Choice } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Facts, Section } from "../../parts/page.js";
import { ChangeProblem } from "../../parts/states.js";
import { TargetName } from "../../parts/target.js";
import { useSpeech } from "../../words/words.js";

type NumberShape = AnswerOf<"getNumber">;

const FIELDS = ["/label", "/caller_id_prefix", "/anonymous_callers", "/plan"];

export function NumberAbout({
  number,
  value,
  revision,
}: {
  readonly number: string;
  readonly value: NumberShape;
  readonly revision: number | null;
}): ReactNode {
  const { say } = useSpeech();
  const saved = {
    label: value.label ?? "",
    caller_id_prefix: value.caller_id_prefix ?? "",
    anonymous_callers: value.anonymous_callers ?? "accept",
    plan: value.plan ?? "",
  };
  const draft = useDraft(`number:${number}/about`, saved, revision);
  const change = useChange("changeNumber");
  const discard = () => {
    change.clear();
    draft.discard();
  };
  const save = async () => {
    const body = Object.fromEntries(
      Object.entries(draft.changes).map(([name, text]) => [name, text === "" ? null : text]),
    );
    const done = await change.run({ params: { number }, body, ...matchOf(draft, change.problem) });
    if (done.ok) draft.discard();
  };
  const isFixed = !value.may.change;
  return (
    <Section title={say("numbers.about")}>
      <Form label={say("numbers.about")} onSave={() => void save()}>
        <ChangeProblem problem={change.problem} fields={FIELDS} onTakeTheirs={discard} />
        <div className="pairs">
          <Field
            label={say("numbers.label")}
            help={say("numbers.label_help")}
            value={draft.value.label}
            onChange={(label) => draft.set({ label })}
            fault={change.faultAt("/label")}
            isDisabled={isFixed}
          />
          <Field
            label={say("numbers.prefix")}
            help={say("numbers.prefix_help")}
            value={draft.value.caller_id_prefix}
            onChange={(prefix) => draft.set({ caller_id_prefix: prefix })}
            fault={change.faultAt("/caller_id_prefix")}
            isDisabled={isFixed}
          />
          <Choice
            label={say("numbers.anonymous")}
            options={[
              { id: "accept", text: say("numbers.anonymous_accept") },
              { id: "refuse", text: say("numbers.anonymous_refuse") },
            ]}
            value={draft.value.anonymous_callers}
            onChange={(id) => draft.set({ anonymous_callers: id as "accept" })}
            fault={change.faultAt("/anonymous_callers")}
            isDisabled={isFixed}
          />
          <PlanChoice
            value={draft.value.plan}
            onChange={(plan) => draft.set({ plan })}
            fault={change.faultAt("/plan")}
            isDisabled={isFixed}
          />
        </div>
        <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
      </Form>
      <Facts of={facts(value, say)} />
    </Section>
  );
}

function facts(value: NumberShape, say: ReturnType<typeof useSpeech>["say"]): [string, ReactNode][] {
  const all: [string, ReactNode][] = [];
  if (value.shown_for.length > 0)
    all.push([
      say("numbers.shown_for"),
      <span key="shown" className="row tight-row">
        {value.shown_for.map((username) => (
          <span key={username}>
            <TargetName of={`user:${username}`} />
          </span>
        ))}
      </span>,
    ]);
  return all;
}

function PlanChoice({
  value,
  onChange,
  fault,
  isDisabled,
}: {
  readonly value: string;
  onChange(plan: string): void;
  readonly fault: string | undefined;
  readonly isDisabled: boolean;
}): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const canRead = reach("listPlans") === "all";
  const plans = useList("listPlans", { query: { limit: 500 } }, { enabled: canRead });
  if (!canRead && value === "") return null;
  const known = plans.data?.items ?? [];
  const options = known.map(({ id, name }) => ({ id, text: name ?? id }));
  if (value !== "" && !known.some(({ id }) => id === value)) options.unshift({ id: value, text: value });
  return (
    <Choice
      label={say("numbers.plan")}
      help={say("numbers.plan_help")}
      options={[
        { id: "none", text: say("numbers.no_plan") },
        ...options.map(({ id, text }) => ({ id: `plan:${id}`, text })),
      ]}
      value={value === "" ? "none" : `plan:${value}`}
      onChange={(id) => onChange(id === "none" ? "" : id.slice("plan:".length))}
      fault={fault}
      isDisabled={isDisabled}
    />
  );
}
