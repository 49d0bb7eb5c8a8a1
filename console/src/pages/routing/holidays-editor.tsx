/** Days on which a schedule is closed all day, whatever its week says. */
import type { ReactNode } from "react";
import { Button } from "../../parts/button.js";
import { useSpeech } from "../../words/words.js";

export interface HolidayFields {
  readonly from: string;
  readonly to: string;
  readonly name: string;
}

export type HolidayFile =
  | string
  | { readonly from: string; readonly to?: string | undefined; readonly name?: string | undefined };

export function holidayFields(written: HolidayFile): HolidayFields {
  if (typeof written === "string") return { from: written, to: written, name: "" };
  return { from: written.from, to: written.to ?? written.from, name: written.name ?? "" };
}

export function holidayFile({ from, to, name }: HolidayFields): HolidayFile {
  if (name.trim() === "" && (to === from || to === "")) return from;
  return {
    from,
    ...(to === from || to === "" ? {} : { to }),
    ...(name.trim() === "" ? {} : { name: name.trim() }),
  };
}

export function HolidaysEditor({
  holidays,
  onChange,
  faultAt,
  isDisabled,
}: {
  readonly holidays: readonly HolidayFields[];
  onChange(holidays: readonly HolidayFields[]): void;
  faultAt(index: number): string | undefined;
  readonly isDisabled: boolean;
}): ReactNode {
  const { say } = useSpeech();
  const set = (at: number, changes: Partial<HolidayFields>) =>
    onChange(holidays.map((each, index) => (index === at ? { ...each, ...changes } : each)));
  return (
    <div className="stack tight">
      {holidays.length === 0 && <p className="muted">{say("schedules.no_holidays")}</p>}
      <ul className="holidays">
        {holidays.map((holiday, index) => (
          <Holiday
            // biome-ignore lint/suspicious/noArrayIndexKey: a holiday has no name but its place
            key={index}
            {...{ holiday, isDisabled }}
            fault={faultAt(index)}
            onChange={(changes) => set(index, changes)}
            onRemove={() => onChange(holidays.filter((_each, at) => at !== index))}
          />
        ))}
      </ul>
      {!isDisabled && (
        <div className="row">
          <Button size="small" onPress={() => onChange([...holidays, { from: "", to: "", name: "" }])}>
            {say("schedules.add_holiday")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Holiday({
  holiday,
  fault,
  isDisabled,
  onChange,
  onRemove,
}: {
  readonly holiday: HolidayFields;
  readonly fault: string | undefined;
  readonly isDisabled: boolean;
  onChange(changes: Partial<HolidayFields>): void;
  onRemove(): void;
}): ReactNode {
  const { say } = useSpeech();
  const { from, to, name } = holiday;
  return (
    <li className="holiday">
      <label className="field">
        <span className="label">{say("schedules.holiday_from")}</span>
        <input
          type="date"
          className="input"
          value={from}
          disabled={isDisabled}
          onChange={(event) => {
            const next = event.currentTarget.value;
            onChange({ from: next, ...(to === "" || to === from || to < next ? { to: next } : {}) });
          }}
        />
      </label>
      <label className="field">
        <span className="label">{say("schedules.holiday_to")}</span>
        <input
          type="date"
          className="input"
          value={to}
          min={from}
          disabled={isDisabled}
          onChange={(event) => onChange({ to: event.currentTarget.value })}
        />
      </label>
      <label className="field grow">
        <span className="label">{say("schedules.holiday_name")}</span>
        <input
          type="text"
          className="input"
          value={name}
          disabled={isDisabled}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      </label>
      {!isDisabled && (
        <Button
          size="small"
          look="quiet"
          aria-label={say("schedules.remove_holiday", { name: name || from })}
          onPress={onRemove}
        >
          ×
        </Button>
      )}
      {fault !== undefined && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </li>
  );
}
