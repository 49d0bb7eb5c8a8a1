/** The period of a report, and whose calls it counts. */
import { type ReactNode, useState } from "react";
import type { Address } from "../../office/address.js";
import { useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Choice, Search } from "../../parts/choice.js";
import { useSpeech } from "../../words/words.js";
import { OWN, PeriodChoice } from "./period-choice.js";
import { PersonChoice } from "./person-choice.js";
import { REPORT_PERIODS, type ReportQuery } from "./report-query.js";

const OF = ["in", "out", "inside", "group", "user", "number"] as const;

export function ReportFilters({
  address,
  query,
}: {
  readonly address: Address;
  readonly query: ReportQuery;
}): ReactNode {
  const { say } = useSpeech();
  const { days, of } = query;
  const [isOwn, setOwn] = useState(false);
  const [kind = of] = of.split(":");
  const [chosen, setChosen] = useState(kind);
  const value = of.includes(":") ? kind : chosen === "in" || of !== "in" ? of : chosen;
  return (
    <search className="filters" aria-label={say("calls.filters")}>
      <PeriodChoice
        options={REPORT_PERIODS.map((id) => ({ id, text: say(`reports.period.${id}`) }))}
        value={isOwn ? OWN : query.period}
        from={address.get("from") ?? days.from_day}
        until={address.get("until") ?? days.until_day}
        onPeriod={(id) => {
          setOwn(id === OWN);
          address.set(
            id === OWN
              ? { period: undefined, from: days.from_day, until: days.until_day }
              : { period: id === "month" ? undefined : id, from: undefined, until: undefined },
          );
        }}
        onDays={(changed) =>
          address.set({ from: days.from_day, until: days.until_day, ...changed }, { replace: true })
        }
      />
      <Choice
        label={say("reports.of")}
        value={value}
        options={OF.map((id) => ({ id, text: say(`reports.of.${id}`) }))}
        onChange={(id) => {
          setChosen(id);
          if (id === "in" || id === "out" || id === "inside")
            address.set({ of: id === "in" ? undefined : id });
          else address.set({ of: undefined });
        }}
      />
      {(value === "group" || value === "user") && (
        <PersonChoice
          key={value}
          label={say(`kind.${value}`)}
          kinds={[value]}
          value={of.startsWith(`${value}:`) ? of : null}
          onChange={(target) => address.set({ of: target ?? undefined })}
        />
      )}
      {value === "number" && <NumberChoice address={address} of={of} />}
    </search>
  );
}

function NumberChoice({ address, of }: { readonly address: Address; readonly of: string }): ReactNode {
  const { say } = useSpeech();
  const mayList = useReach()("listNumbers") !== undefined;
  const [text, setText] = useState("");
  const value = of.startsWith("number:") ? of.slice("number:".length) : null;
  const numbers = useRead("listNumbers", { query: { q: text, limit: 30 } }, { enabled: mayList });
  const found = (numbers.data?.value.items ?? []).map(({ number, label }) => ({
    id: number,
    text: phone(number),
    ...(label === null || label === undefined ? {} : { more: label }),
  }));
  const isKnown = value === null || found.some(({ id }) => id === value);
  return (
    <Search
      label={say("kind.number")}
      options={isKnown ? found : [{ id: value, text: phone(value) }, ...found]}
      value={value}
      onChange={(number) => address.set({ of: number === null ? undefined : `number:${number}` })}
      onSearch={(typed) => setText(value !== null && typed === phone(value) ? "" : typed)}
    />
  );
}
