/** A period of days: one of those that people mostly want, or any two days. */
import type { ReactNode } from "react";
import { isDay } from "../../office/days.js";
import { Choice, type Option } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { useSpeech } from "../../words/words.js";

/** The two days that are shown while a period of one's own is chosen. */
export const OWN = "own";

export function PeriodChoice({
  options,
  value,
  from,
  until,
  onPeriod,
  onDays,
}: {
  readonly options: readonly Option[];
  readonly value: string;
  readonly from: string | undefined;
  readonly until: string | undefined;
  onPeriod(id: string): void;
  onDays(days: { readonly from?: string | undefined; readonly until?: string | undefined }): void;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <>
      <Choice
        label={say("insight.period")}
        options={[...options, { id: OWN, text: say("insight.period.own") }]}
        value={value}
        onChange={onPeriod}
      />
      {value === OWN && (
        <>
          <Field
            label={say("insight.from")}
            type="date"
            value={from?.slice(0, 10) ?? ""}
            onChange={(day) => (day === "" || isDay(day)) && onDays({ from: day })}
          />
          <Field
            label={say("insight.until")}
            type="date"
            value={until?.slice(0, 10) ?? ""}
            onChange={(day) => (day === "" || isDay(day)) && onDays({ until: day })}
          />
        </>
      )}
    </>
  );
}
