/** Where the office's phones may call, and how much at once: what limits the damage of a stolen phone. */
import type { ReactNode } from "react";
import { Field } from "../../parts/field.js";
import { ListField } from "../../parts/list-field.js";
import { useSpeech } from "../../words/words.js";
import { OfficeForm, type SeenSettings, type Settings } from "./office-form.js";

type Limits = Pick<NonNullable<Settings["outside_calls"]>, "calls_at_once" | "minutes_a_day">;
type Draft = ReturnType<typeof draftOf>;

export function OutsideCalls({ of: { settings, revision } }: { readonly of: SeenSettings }): ReactNode {
  const { say } = useSpeech();
  return (
    <OfficeForm
      name="outside"
      title={say("office.outside")}
      help={say("office.outside_help")}
      saved={draftOf(settings)}
      revision={revision}
      fields={[
        ...["countries", "prefixes", "short_numbers", "calls_at_once", "minutes_a_day", "each_user"].map(
          (each) => `/outside_calls/${each}`,
        ),
      ]}
      bodyOf={(changes) => ({ outside_calls: bodyOf(changes) })}
    >
      {(draft, change) => (
        <>
          <ListField
            label={say("office.countries")}
            help={say("office.countries_help")}
            placeholder="US, CA"
            value={draft.value.countries}
            onChange={(value) => draft.set({ countries: value.map((each) => each.toUpperCase()) })}
            fault={change.faultAt("/outside_calls/countries")}
          />
          <ListField
            label={say("office.prefixes")}
            help={say("office.prefixes_help")}
            placeholder="+4420"
            value={draft.value.prefixes}
            onChange={(value) => draft.set({ prefixes: [...value] })}
            fault={change.faultAt("/outside_calls/prefixes")}
          />
          <ListField
            label={say("office.short_numbers")}
            help={say("office.short_numbers_help")}
            value={draft.value.shortNumbers}
            onChange={(value) => draft.set({ shortNumbers: [...value] })}
            fault={change.faultAt("/outside_calls/short_numbers")}
          />
          <div className="two">
            <Limit
              label={say("office.calls_at_once")}
              value={draft.value.calls}
              onChange={(value) => draft.set({ calls: value })}
              fault={change.faultAt("/outside_calls/calls_at_once")}
            />
            <Limit
              label={say("office.minutes_a_day")}
              value={draft.value.minutes}
              onChange={(value) => draft.set({ minutes: value })}
              fault={change.faultAt("/outside_calls/minutes_a_day")}
            />
            <Limit
              label={say("office.user_calls_at_once")}
              value={draft.value.userCalls}
              onChange={(value) => draft.set({ userCalls: value })}
              fault={change.faultAt("/outside_calls/each_user/calls_at_once")}
            />
            <Limit
              label={say("office.user_minutes_a_day")}
              value={draft.value.userMinutes}
              onChange={(value) => draft.set({ userMinutes: value })}
              fault={change.faultAt("/outside_calls/each_user/minutes_a_day")}
            />
          </div>
        </>
      )}
    </OfficeForm>
  );
}

/** Empty: as Ringline has it by itself; "none": no limit. */
function Limit({
  label,
  ...rest
}: {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
  readonly fault: string | undefined;
}): ReactNode {
  const { say } = useSpeech();
  return <Field label={label} help={say("office.limit_help")} inputMode="numeric" {...rest} />;
}

function draftOf({ outside_calls: outside = {} }: Settings) {
  const text = (limit: Limits["calls_at_once"]) => (limit === undefined ? "" : String(limit));
  return {
    countries: outside.countries ?? [],
    prefixes: outside.prefixes ?? [],
    shortNumbers: (outside.short_numbers ?? []).map(String),
    calls: text(outside.calls_at_once),
    minutes: text(outside.minutes_a_day),
    userCalls: text(outside.each_user?.calls_at_once),
    userMinutes: text(outside.each_user?.minutes_a_day),
  };
}

function bodyOf(changes: Partial<Draft>): object {
  const list = (value: readonly string[]) => (value.length === 0 ? null : value);
  const each = {
    ...limitBody("calls_at_once", changes.userCalls),
    ...limitBody("minutes_a_day", changes.userMinutes),
  };
  return {
    ...(changes.countries === undefined ? {} : { countries: list(changes.countries) }),
    ...(changes.prefixes === undefined ? {} : { prefixes: list(changes.prefixes) }),
    ...(changes.shortNumbers === undefined ? {} : { short_numbers: list(changes.shortNumbers) }),
    ...limitBody("calls_at_once", changes.calls),
    ...limitBody("minutes_a_day", changes.minutes),
    ...(Object.keys(each).length === 0 ? {} : { each_user: each }),
  };
}

/** What is no number goes as it was typed, so that the server's check says what is wrong with it. */
export function limitBody(name: string, text: string | undefined): object {
  if (text === undefined) return {};
  const typed = text.trim();
  return { [name]: typed === "" ? null : /^\d+$/.test(typed) ? Number(typed) : typed };
}
