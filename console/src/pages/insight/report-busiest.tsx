/** The busiest hours of the week, as a table whose cells are the darker the more calls come. */
import { type ReactNode, useState } from "react";
import { useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { Choice } from "../../parts/choice.js";
import { Section } from "../../parts/page.js";
import { Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import type { ReportQuery } from "./report-query.js";
import { hourText, WEEKDAYS, weekdayText } from "./week-words.js";

const COUNTS = ["calls", "missed"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** Darker than this, the text on it is light. */
const STRONG = 0.62;

export function Busiest({ query: { days, whose } }: { readonly query: ReportQuery }): ReactNode {
  const { say, language } = useSpeech();
  const mayRead = useReach()("getBusyHours") !== undefined;
  const week = useRead("getBusyHours", { query: { ...days, ...whose } }, { enabled: mayRead });
  const [counts, setCounts] = useState<(typeof COUNTS)[number]>("calls");
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  if (!mayRead) return null;
  return (
    <Section
      title={say("reports.busiest")}
      help={say("reports.busiest_help")}
      actions={
        <Choice
          label={say("reports.count")}
          value={counts}
          options={COUNTS.map((id) => ({ id, text: say(`reports.${id}`) }))}
          onChange={(id) => setCounts(id === "missed" ? "missed" : "calls")}
        />
      }
    >
      <Shown of={week} lines={7}>
        {({ value: { hours, weekdays } }) => {
          const found = new Map(hours.map((each) => [`${each.weekday} ${each.hour}`, each]));
          const daysOf = new Map(weekdays.map(({ weekday, days: many }) => [weekday, many]));
          const average = (weekday: (typeof WEEKDAYS)[number], hour: number) =>
            (found.get(`${weekday} ${hour}`)?.[counts] ?? 0) / Math.max(1, daysOf.get(weekday) ?? 1);
          const most = Math.max(0.001, ...WEEKDAYS.flatMap((day) => HOURS.map((hour) => average(day, hour))));
          return (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer scrolls by keyboard
            <div className="table-scroll" role="group" tabIndex={0} aria-label={say("reports.busiest")}>
              <table className="heat">
                <caption className="visually-hidden">{say("reports.busiest_help")}</caption>
                <thead>
                  <tr>
                    <td />
                    {HOURS.map((hour) => (
                      <th key={hour} scope="col">
                        <span aria-hidden="true">{hour}</span>
                        <span className="visually-hidden">{hourText(hour, language)}</span>
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {WEEKDAYS.map((weekday) => (
                    <tr key={weekday}>
                      <th scope="row">{weekdayText(weekday, language, "long")}</th>
                      {HOURS.map((hour) => {
                        const value = average(weekday, hour);
                        const heat = value / most;
                        return (
                          <td
                            key={hour}
                            className={heat > STRONG ? "strong" : ""}
                            style={{ ["--heat" as string]: heat.toFixed(3) }}
                          >
                            {value === 0 ? "" : number.format(value)}
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Shown>
    </Section>
  );
}
