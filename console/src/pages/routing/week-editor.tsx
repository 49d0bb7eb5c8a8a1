/**
 * The week of a schedule: a line for each day with its hours as native time fields, which work by keyboard and on a phone, and
 * a picture of the day beside them.
 */
import { type ReactNode, useState } from "react";
import { Button } from "../../parts/button.js";
import { Checkbox } from "../../parts/choice.js";
import { Dialog } from "../../parts/dialog.js";
import { useSpeech } from "../../words/words.js";
import { barsOf, DAYS, type Day, isOverMidnight, type Range, type Week } from "./week.js";

interface Props {
  readonly week: Week;
  onChange(week: Week): void;
  readonly isDisabled: boolean;
}

const TICKS = [0, 6, 12, 18, 24] as const;

export function WeekEditor({ week, onChange, isDisabled }: Props): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="week" role="group" aria-label={say("schedules.week")}>
      <div className="week-scale" aria-hidden="true">
        {TICKS.map((hour) => (
          <span key={hour} style={{ insetInlineStart: `${(hour / 24) * 100}%` }}>
            {hour}
          </span>
        ))}
      </div>
      {DAYS.map((day) => (
        <DayRow key={day} {...{ day, week, onChange, isDisabled }} />
      ))}
    </div>
  );
}

/** Where a day has no hours yet, and after those it has. */
function nextRange(ranges: readonly Range[]): Range {
  const last = ranges.at(-1);
  return last === undefined || last.to >= "22:00" || isOverMidnight(last)
    ? { from: "09:00", to: "17:00" }
    : { from: last.to, to: "23:00" };
}

function DayRow({ day, week, onChange, isDisabled }: Props & { readonly day: Day }): ReactNode {
  const { say } = useSpeech();
  const ranges = week[day];
  const name = say(`day.${day}`);
  const set = (next: readonly Range[]) => onChange({ ...week, [day]: next });
  return (
    <div className="week-day" role="group" aria-label={name}>
      <span className="week-name">{name}</span>
      <span className="week-bar" aria-hidden="true">
        {barsOf(week, day).map(({ from, to }) => (
          <span
            key={`${from}-${to}`}
            style={{
              insetInlineStart: `${(from / 1440) * 100}%`,
              inlineSize: `${((to - from) / 1440) * 100}%`,
            }}
          />
        ))}
      </span>
      <div className="week-ranges">
        {ranges.length === 0 && <span className="muted">{say("schedules.closed_all_day")}</span>}
        {ranges.map((range, index) => (
          <RangeFields
            // biome-ignore lint/suspicious/noArrayIndexKey: hours have no name but their place
            key={index}
            {...{ range, name, isDisabled }}
            onChange={(next) => set(ranges.map((each, at) => (at === index ? next : each)))}
            onRemove={() => set(ranges.filter((_each, at) => at !== index))}
          />
        ))}
        {!isDisabled && (
          <span className="row tight-row">
            <Button
              size="small"
              look="quiet"
              aria-label={say("schedules.add_hours_on", { day: name })}
              onPress={() => set([...ranges, nextRange(ranges)])}
            >
              {say("schedules.add_hours")}
            </Button>
            <CopyTo day={day} week={week} onChange={onChange} />
          </span>
        )}
      </div>
    </div>
  );
}

function RangeFields({
  range,
  name,
  isDisabled,
  onChange,
  onRemove,
}: {
  readonly range: Range;
  readonly name: string;
  readonly isDisabled: boolean;
  onChange(range: Range): void;
  onRemove(): void;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <span className="week-range">
      <input
        type="time"
        className="input"
        aria-label={say("schedules.from", { day: name })}
        value={range.from}
        disabled={isDisabled}
        required
        onChange={(event) => onChange({ ...range, from: event.currentTarget.value })}
      />
      <span aria-hidden="true">–</span>
      <input
        type="time"
        className="input"
        aria-label={say("schedules.to", { day: name })}
        value={range.to === "24:00" ? "00:00" : range.to}
        disabled={isDisabled}
        required
        onChange={(event) => onChange({ ...range, to: event.currentTarget.value })}
      />
      {!isDisabled && (
        <Button
          size="small"
          look="quiet"
          aria-label={say("schedules.remove_hours", { day: name, from: range.from, to: range.to })}
          onPress={onRemove}
        >
          ×
        </Button>
      )}
      {isOverMidnight(range) && <span className="muted small">{say("schedules.next_day")}</span>}
    </span>
  );
}

function CopyTo({ day, week, onChange }: Omit<Props, "isDisabled"> & { readonly day: Day }): ReactNode {
  const { say } = useSpeech();
  const [chosen, setChosen] = useState<readonly Day[] | null>(null);
  const name = say(`day.${day}`);
  const copy = () => {
    const copied = Object.fromEntries((chosen ?? []).map((each) => [each, week[day]]));
    onChange({ ...week, ...copied });
    setChosen(null);
  };
  return (
    <>
      <Button
        size="small"
        look="quiet"
        aria-label={say("schedules.copy_named", { day: name })}
        onPress={() => setChosen(DAYS.slice(0, 5).filter((each) => each !== day))}
      >
        {say("schedules.copy")}
      </Button>
      <Dialog
        title={say("schedules.copy_from", { day: name })}
        isOpen={chosen !== null}
        onClose={() => setChosen(null)}
      >
        <div className="stack tight">
          {DAYS.filter((each) => each !== day).map((each) => (
            <Checkbox
              key={each}
              isOn={chosen?.includes(each) ?? false}
              onChange={(isOn) =>
                setChosen((now) =>
                  isOn ? [...(now ?? []), each] : (now ?? []).filter((old) => old !== each),
                )
              }
            >
              {say(`day.${each}`)}
            </Checkbox>
          ))}
        </div>
        <div className="row end">
          <Button onPress={() => setChosen(null)}>{say("app.cancel")}</Button>
          <Button look="primary" onPress={copy}>
            {say("schedules.copy")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
