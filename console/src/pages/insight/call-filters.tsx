/** What calls are looked for by. The few that people mostly want stand open; the others open, and are open when in use. */
import { type ReactNode, useEffect, useState } from "react";
import type { Address } from "../../office/address.js";
import { useMe, useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Choice, type Option, Search } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { useSpeech } from "../../words/words.js";
import { aboutText } from "./call-words.js";
import { DIRECTIONS, FILTERS, PERIODS, RESULTS, SCOPES } from "./calls-filter.js";
import { OWN, PeriodChoice } from "./period-choice.js";
import { PersonChoice } from "./person-choice.js";

/** Chosen where nothing is filtered. */
const ANY = "any";
const FURTHER = ["direction", "called", "carrier", "scope", "emergency", "about"] as const;
/** A typed number is looked for when nobody has typed for so long. */
const TYPED_MS = 300;

export function CallFilters({ address }: { readonly address: Address }): ReactNode {
  const { say, count } = useSpeech();
  const used = FILTERS.filter((name) => address.get(name) !== undefined);
  const further = FURTHER.filter((name) => used.includes(name));
  const [isOpen, setOpen] = useState(further.length > 0 && !matchMedia("(width < 44rem)").matches);
  return (
    <search className={`filter-bar ${isOpen ? "open" : ""}`} aria-label={say("calls.filters")}>
      <div className="filters">
        <NumberField address={address} />
        <Period address={address} />
        <One
          name="result"
          label={say("calls.result")}
          any={say("calls.any_result")}
          address={address}
          options={RESULTS.map((id) => ({ id, text: say(`result.${id}`) }))}
        />
        <Who address={address} />
      </div>
      {isOpen && <Further address={address} />}
      <div className="row">
        <Button look="quiet" size="small" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {isOpen ? say("calls.fewer_filters") : say("calls.more_filters")}
        </Button>
        {used.length > 0 && (
          <Button
            look="quiet"
            size="small"
            onPress={() => address.set(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
          >
            {count(
              "calls.clear_filters",
              used.filter((name) => name !== "until" || !used.includes("from")).length,
            )}
          </Button>
        )}
      </div>
    </search>
  );
}

function NumberField({ address }: { readonly address: Address }): ReactNode {
  const { say } = useSpeech();
  const kept = address.get("number") ?? "";
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  useEffect(() => {
    if (text.trim() === kept) return;
    const timer = setTimeout(() => address.set({ number: text.trim() }, { replace: true }), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text, kept, address]);
  return (
    <Field
      label={say("calls.number")}
      type="search"
      inputMode="tel"
      placeholder={say("calls.number_example")}
      value={text}
      onChange={setText}
      maxLength={100}
    />
  );
}

function Period({ address }: { readonly address: Address }): ReactNode {
  const { say } = useSpeech();
  const { get, set } = address;
  const [isOwn, setOwn] = useState(false);
  const hasDays = get("from") !== undefined || get("until") !== undefined;
  return (
    <PeriodChoice
      options={[
        { id: ANY, text: say("insight.period.any") },
        ...PERIODS.map((id) => ({ id, text: say(`insight.period.${id}`) })),
      ]}
      value={hasDays || isOwn ? OWN : (get("period") ?? ANY)}
      from={get("from")}
      until={get("until")}
      onPeriod={(id) => {
        setOwn(id === OWN);
        set({ period: id === ANY || id === OWN ? undefined : id, from: undefined, until: undefined });
      }}
      onDays={(days) => set({ ...days, period: undefined }, { replace: true })}
    />
  );
}

function Who({ address }: { readonly address: Address }): ReactNode {
  const { say } = useSpeech();
  const { get, set } = address;
  const [user, group] = [get("user"), get("group")];
  const value = user !== undefined ? `user:${user}` : group !== undefined ? `group:${group}` : null;
  return (
    <PersonChoice
      label={say("calls.who")}
      value={value}
      onChange={(target) => {
        const [, kind, id] = /^(user|group):(.*)$/.exec(target ?? "") ?? [];
        set({ user: kind === "user" ? id : undefined, group: kind === "group" ? id : undefined });
      }}
    />
  );
}

function One({
  name,
  label,
  any,
  options,
  address: { get, set },
}: {
  readonly name: (typeof FILTERS)[number];
  readonly label: string;
  readonly any: string;
  readonly options: readonly Option[];
  readonly address: Address;
}): ReactNode {
  const value = get(name);
  return (
    <Choice
      label={label}
      options={[{ id: ANY, text: any }, ...options]}
      value={options.some(({ id }) => id === value) ? (value ?? ANY) : ANY}
      onChange={(id) => set({ [name]: id === ANY ? undefined : id })}
    />
  );
}

function Further({ address }: { readonly address: Address }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const about = address.get("about");
  return (
    <div className="filters">
      <One
        name="direction"
        label={say("calls.direction")}
        any={say("calls.any_direction")}
        address={address}
        options={DIRECTIONS.map((id) => ({ id, text: say(`direction.${id}`) }))}
      />
      <CalledNumber address={address} />
      {reach("listCarriers") !== undefined && <Carrier address={address} />}
      <Scope address={address} />
      <One
        name="emergency"
        label={say("calls.emergency")}
        any={say("calls.any_emergency")}
        address={address}
        options={[
          { id: "true", text: say("calls.emergency.true") },
          { id: "false", text: say("calls.emergency.false") },
        ]}
      />
      {about !== undefined && (
        <span className="chip">
          {aboutText(say, about)}
          <Button
            look="quiet"
            size="small"
            aria-label={say("calls.without", { what: aboutText(say, about) })}
            onPress={() => address.set({ about: undefined })}
          >
            ×
          </Button>
        </span>
      )}
    </div>
  );
}

function CalledNumber({ address }: { readonly address: Address }): ReactNode {
  const { say } = useSpeech();
  const mayList = useReach()("listNumbers") !== undefined;
  const [text, setText] = useState("");
  const value = address.get("called") ?? null;
  const numbers = useRead("listNumbers", { query: { q: text, limit: 30 } }, { enabled: mayList });
  if (!mayList)
    return (
      <Field
        label={say("calls.called_number")}
        defaultValue={value ?? ""}
        onBlur={(event) => address.set({ called: event.currentTarget.value.trim() })}
        inputMode="tel"
      />
    );
  const found = (numbers.data?.value.items ?? []).map(({ number, label }) => ({
    id: number,
    text: phone(number),
    ...(label === null || label === undefined ? {} : { more: label }),
  }));
  const isKnown = value === null || found.some(({ id }) => id === value);
  return (
    <Search
      label={say("calls.called_number")}
      options={isKnown ? found : [{ id: value, text: phone(value) }, ...found]}
      value={value}
      onChange={(number) => address.set({ called: number ?? undefined })}
      onSearch={(typed) => setText(value !== null && typed === phone(value) ? "" : typed)}
      placeholder={say("calls.any_number")}
    />
  );
}

function Carrier({ address }: { readonly address: Address }): ReactNode {
  const { say } = useSpeech();
  const carriers = useRead("listCarriers", { query: { limit: 500 } });
  const options = (carriers.data?.value.items ?? []).map(({ id }) => ({ id, text: id }));
  return (
    <One
      name="carrier"
      label={say("kind.carrier")}
      any={say("calls.any_carrier")}
      address={address}
      options={options}
    />
  );
}

/** As far as the reader may look, or less far. */
function Scope({ address }: { readonly address: Address }): ReactNode {
  const { say } = useSpeech();
  const { operations } = useMe();
  const most = SCOPES.indexOf(operations["listCalls"] ?? "own");
  if (most < 1) return null;
  const widest = SCOPES[most] ?? "own";
  return (
    <One
      name="scope"
      label={say("calls.scope")}
      any={say(`calls.scope.${widest}`)}
      address={address}
      options={SCOPES.slice(0, most).map((id) => ({ id, text: say(`calls.scope.${id}`) }))}
    />
  );
}
