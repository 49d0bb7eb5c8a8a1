/** What others see when a user calls, and how far and how much the user may call outside. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import { useEditing } from "../../../office/editing.js";
import { useReach } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";
import { Switch } from "../../../parts/choice.js";
import { EditForm } from "../../../parts/edit-form.js";
import { Field } from "../../../parts/field.js";
import { ListField } from "../../../parts/list-field.js";
import { Section } from "../../../parts/page.js";
import { useSpeech } from "../../../words/words.js";
import { SwitchText } from "../switch-text.js";
import { OfficeNumber } from "./office-number.js";
import type { OfUser } from "./user-shown.js";

export function CallerId(of: OfUser): ReactNode {
  return (
    <>
      <ShownNumber {...of} />
      <OutsideCalls {...of} />
    </>
  );
}

interface ShownFields {
  readonly outbound_number: string | null;
  readonly hide_number: boolean;
}

function ShownNumber({ user, revision }: OfUser): ReactNode {
  const { say } = useSpeech();
  const { username, may, outbound_number: number = null, hide_number: hides = false } = user;
  const editing = useEditing<ShownFields, "changeUser">({
    key: `user:${username}/caller-id`,
    saved: { outbound_number: number, hide_number: hides },
    revision,
    operation: "changeUser",
    given: ({ outbound_number: wanted, hide_number: isHidden }) => ({
      params: { username },
      body: {
        ...(wanted === undefined ? {} : { outbound_number: wanted }),
        ...(isHidden === undefined ? {} : { hide_number: isHidden ? true : null }),
      },
    }),
  });
  return (
    <EditForm label={say("user.tab.caller_id")} of={editing} fields={["/outbound_number", "/hide_number"]}>
      <Section title={say("shown_number.title")}>
        <OfficeNumber
          label={say("users.outbound_number")}
          help={say("users.outbound_number_help")}
          value={editing.value.outbound_number ?? ""}
          onChange={(next) => editing.set({ outbound_number: next === "" ? null : next })}
          fault={editing.faultAt("/outbound_number")}
          isDisabled={!may.fields.includes("outbound_number")}
        />
        <PlanOf number={number} />
        <Switch
          isOn={editing.value.hide_number}
          onChange={(isOn) => editing.set({ hide_number: isOn })}
          isDisabled={!may.fields.includes("hide_number")}
        >
          <SwitchText title={say("shown_number.hide")} help={say("shown_number.hide_help")} />
        </Switch>
      </Section>
    </EditForm>
  );
}

/** Calls outside count to the plan of the number that is shown. */
function PlanOf({ number }: { readonly number: string | null }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const isAsked = number !== null && reach("getNumber") !== undefined;
  const shown = useRead("getNumber", { params: { number: number ?? "" } }, { enabled: isAsked });
  if (!isAsked || shown.data === undefined || shown.data.value.plan === undefined) return null;
  const { plan } = shown.data.value;
  return (
    <p className="muted small">
      {say("shown_number.plan")}{" "}
      {reach("listPlans") === undefined ? (
        plan
      ) : (
        <Link href={`/plans/${encodeURIComponent(plan)}`}>{plan}</Link>
      )}
    </p>
  );
}

interface OutsideFields {
  readonly countries: readonly string[];
  readonly prefixes: readonly string[];
  readonly short_numbers: readonly string[];
  readonly calls_at_once: string;
  readonly minutes_a_day: string;
}

const LISTS = ["countries", "prefixes", "short_numbers"] as const;
const LIMITS = ["calls_at_once", "minutes_a_day"] as const;

function OutsideCalls({ user, revision }: OfUser): ReactNode {
  const { say } = useSpeech();
  const { username, may, outside_calls: outside = {} } = user;
  const mayChange = may.fields.includes("outside_calls");
  const editing = useEditing<OutsideFields, "changeUser">({
    key: `user:${username}/outside-calls`,
    saved: {
      countries: outside.countries ?? [],
      prefixes: outside.prefixes ?? [],
      short_numbers: (outside.short_numbers ?? []).map(String),
      calls_at_once: String(outside.calls_at_once ?? ""),
      minutes_a_day: String(outside.minutes_a_day ?? ""),
    },
    revision,
    operation: "changeUser",
    given: (changes) => ({ params: { username }, body: { outside_calls: outsideBody(changes) as object } }),
  });
  return (
    <EditForm label={say("outside.title")} of={editing} fields={["/outside_calls"]}>
      <Section title={say("outside.title")} help={say("outside.help")}>
        <div className="two">
          {LIMITS.map((name) => (
            <Field
              key={name}
              label={say(`outside.${name}`)}
              help={say("outside.limit_help")}
              value={editing.value[name]}
              onChange={(text) => editing.set({ [name]: text } as Partial<OutsideFields>)}
              fault={editing.faultAt(`/outside_calls/${name}`)}
              isDisabled={!mayChange}
            />
          ))}
        </div>
        {LISTS.map((name) => (
          <ListField
            key={name}
            label={say(`outside.${name}`)}
            help={say(`outside.${name}_help`)}
            value={editing.value[name]}
            onChange={(list) => editing.set({ [name]: list } as Partial<OutsideFields>)}
            fault={editing.faultAt(`/outside_calls/${name}`)}
            isDisabled={!mayChange}
          />
        ))}
      </Section>
    </EditForm>
  );
}

/** What is empty holds as for everybody in the office. */
function outsideBody(changes: Partial<OutsideFields>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [name, written(value as string | readonly string[])]),
  );
}

function written(value: string | readonly string[]): unknown {
  if (typeof value !== "string") return value.length === 0 ? null : value;
  const text = value.trim();
  if (text === "") return null;
  return /^\d+$/.test(text) ? Number(text) : text;
}
