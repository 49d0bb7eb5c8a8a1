/** What the office is: its name, country and zone, and the number that others see. */
import type { ReactNode } from "react";
import { phone } from "../../office/when.js";
import { Choices, Search, Switch } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { useSpeech } from "../../words/words.js";
import { OfficeForm, type SeenSettings } from "./office-form.js";

const CODE = /^[A-Z]{2}$/;

export function General({ of: { settings, revision } }: { readonly of: SeenSettings }): ReactNode {
  const { say } = useSpeech();
  const {
    name,
    country,
    timezone,
    outside_caller_id: shown = "caller",
    phones_need_account: needs = false,
  } = settings;
  return (
    <OfficeForm
      name="general"
      title={say("office.general")}
      help={say("office.general_help")}
      saved={{ name, country, timezone, shown, needs }}
      revision={revision}
      fields={["/name", "/country", "/timezone", "/outside_caller_id", "/phones_need_account"]}
      bodyOf={({ shown: id, needs: flag, ...rest }) => ({
        ...rest,
        ...(id === undefined ? {} : { outside_caller_id: id }),
        ...(flag === undefined ? {} : { phones_need_account: flag }),
      })}
    >
      {(draft, change) => (
        <>
          <Field
            label={say("office.name")}
            value={draft.value.name}
            onChange={(value) => draft.set({ name: value })}
            fault={change.faultAt("/name")}
          />
          <div className="two">
            <Countries
              value={draft.value.country}
              onChange={(value) => draft.set({ country: value })}
              fault={change.faultAt("/country")}
            />
            <Zones
              value={draft.value.timezone}
              onChange={(value) => draft.set({ timezone: value })}
              fault={change.faultAt("/timezone")}
            />
          </div>
          <CallerId
            value={draft.value.shown}
            onChange={(value) => draft.set({ shown: value })}
            fault={change.faultAt("/outside_caller_id")}
          />
          <Switch isOn={draft.value.needs} onChange={(value) => draft.set({ needs: value })}>
            {say("office.phones_need_account")}
          </Switch>
        </>
      )}
    </OfficeForm>
  );
}

interface Chosen {
  readonly value: string;
  onChange(value: string): void;
  readonly fault: string | undefined;
}

function Countries({ value, onChange, fault }: Chosen): ReactNode {
  const { say, language } = useSpeech();
  const names = new Intl.DisplayNames(language, { type: "region" });
  const codes = countryCodes();
  return (
    <Search
      label={say("office.country")}
      help={say("office.country_help")}
      fault={fault}
      value={value}
      onChange={(id) => id !== null && onChange(id)}
      options={[...new Set([...codes, value])].map((code) => ({
        id: code,
        text: names.of(code) ?? code,
        more: code,
      }))}
    />
  );
}

/** All two-letter regions that the browser has a name for. */
function countryCodes(): readonly string[] {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => CODE.test(code) && code !== "ZZ" && names.of(code) !== undefined);
}

function Zones({ value, onChange, fault }: Chosen): ReactNode {
  const { say } = useSpeech();
  const zones = [...new Set([...Intl.supportedValuesOf("timeZone"), value])];
  return (
    <Search
      label={say("office.timezone")}
      help={say("office.timezone_help")}
      fault={fault}
      value={value}
      onChange={(id) => id !== null && onChange(id)}
      options={zones.map((zone) => ({ id: zone, text: zone.replaceAll("_", " ") }))}
    />
  );
}

/** Whose number an outside phone sees when a call from outside is passed on to it. */
function CallerId({ value, onChange, fault }: Chosen): ReactNode {
  const { say } = useSpeech();
  const isNumber = value !== "caller" && value !== "called";
  return (
    <>
      <Choices
        label={say("office.caller_id")}
        value={isNumber ? "number" : value}
        onChange={(id) => onChange(id === "number" ? "" : id)}
        fault={isNumber ? undefined : fault}
        options={[
          { id: "caller", text: say("office.caller_id_caller"), more: say("office.caller_id_caller_help") },
          { id: "called", text: say("office.caller_id_called") },
          { id: "number", text: say("office.caller_id_number") },
        ]}
      />
      {isNumber && (
        <Field
          label={say("office.caller_id_which")}
          inputMode="tel"
          value={value}
          onChange={onChange}
          fault={fault}
          help={value === "" ? "" : phone(value)}
        />
      )}
    </>
  );
}
