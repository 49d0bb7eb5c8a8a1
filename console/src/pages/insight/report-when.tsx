/** When calls came: by day, by hour of the day or by weekday, as bars and as a table. */
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import type { AnswerOf } from "../../office/client.js";
import { dayText } from "../../office/days.js";
import { Choices } from "../../parts/choice.js";
import { Section } from "../../parts/page.js";
import { Loading } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import type { Series } from "./bar-chart.js";
import { FigureTable } from "./figure-table.js";
import { hourText, weekdayText } from "./week-words.js";

const BarChart = lazy(async () => ({ default: (await import("./bar-chart.js")).BarChart }));

export const PER = ["day", "hour", "weekday"] as const;
export type Per = (typeof PER)[number];
type Row = AnswerOf<"getStatistics">["rows"][number];

export function WhenCalls({
  now,
  before,
  per,
  onPer,
}: {
  readonly now: readonly Row[];
  readonly before: readonly Row[] | null;
  readonly per: Per;
  onPer(per: Per): void;
}): ReactNode {
  const { say, count, language } = useSpeech();
  const chart = useMemo(() => {
    const labels = now.map(({ name }) => nameText(name, per, language, "long"));
    const series = (id: string, name: string, token: string, of: (row: Row) => number): Series => ({
      ...{ id, name, token },
      values: now.map(of),
    });
    return {
      labels,
      ticks: now.map(({ name }) => nameText(name, per, language, "short")),
      stacked: [
        series("answered", say("result.answered"), "--chart-answered", ({ answered }) => answered),
        series("messages", say("result.message"), "--chart-messages", ({ messages }) => messages),
        series("missed", say("result.missed"), "--chart-missed", ({ missed }) => missed),
        series("refused", say("reports.other"), "--chart-refused", otherOf),
      ],
      line:
        before === null || before.every(({ calls }) => calls === 0)
          ? null
          : {
              ...{ id: "before", name: say("reports.line_before"), token: "--chart-before" },
              values: before.map(({ calls }) => calls),
            },
    };
  }, [now, before, per, language, say]);
  return (
    <Section
      title={say("reports.when")}
      actions={
        <div className="inline-choices">
          <Choices
            label={say("reports.per")}
            value={per}
            onChange={(id) => onPer(PER.find((each) => each === id) ?? "day")}
            options={PER.map((id) => ({ id, text: say(`reports.per.${id}`) }))}
          />
        </div>
      }
    >
      <Suspense fallback={<Loading lines={6} />}>
        <BarChart
          label={say("reports.chart", { what: say(`reports.per.${per}`) })}
          {...chart}
          hint={say("reports.point")}
          describe={(place) => {
            const row = now[place];
            if (row === undefined) return "";
            const { calls, answered, messages, missed } = row;
            return say("reports.place", {
              when: chart.labels[place] ?? "",
              calls: count("reports.n_calls", calls),
              ...{ answered, messages, missed },
            });
          }}
        />
      </Suspense>
      <details className="as-table">
        <summary>{say("reports.as_table")}</summary>
        <FigureTable
          caption={say("reports.chart", { what: say(`reports.per.${per}`) })}
          head={say(`reports.per.${per}`)}
          rows={now.map((row, place) => ({ id: row.name, title: chart.labels[place] ?? row.name, of: row }))}
        />
      </details>
    </Section>
  );
}

/** Refused, or ended in another way that is none of the others. */
function otherOf({ calls, answered, messages, missed }: Row): number {
  return Math.max(0, calls - answered - messages - missed);
}

function nameText(name: string, per: Per, language: string, length: "long" | "short"): string {
  if (per === "hour") return hourText(Number(name), language);
  if (per === "weekday") return weekdayText(name, language, length);
  return length === "short"
    ? dayText(name, language)
    : dayText(name, language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}
