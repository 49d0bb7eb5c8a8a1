/** The same figures for each group, number and person. */
import type { ReactNode } from "react";
import type { Address } from "../../office/address.js";
import { client } from "../../office/client.js";
import { useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { buttonClass } from "../../parts/button.js";
import { Section } from "../../parts/page.js";
import { Shown } from "../../parts/states.js";
import { Tabs } from "../../parts/tabs.js";
import { useSpeech } from "../../words/words.js";
import { FigureTable } from "./figure-table.js";
import type { ReportQuery } from "./report-query.js";

const NAMES = ["group", "number", "user", "flow", "schedule"] as const;
type By = (typeof NAMES)[number];

export function ByName({
  query,
  address,
}: {
  readonly query: ReportQuery;
  readonly address: Address;
}): ReactNode {
  const { say } = useSpeech();
  // Calls to outside are told apart by who has placed them.
  const names = query.of === "out" ? (["user"] as const) : NAMES;
  const by = names.find((each) => each === address.get("by")) ?? names[0];
  return (
    <Section
      title={say("reports.where")}
      help={say(query.of === "out" ? "reports.where_out_help" : "reports.where_help")}
      actions={
        <a
          className={buttonClass({ size: "small" })}
          href={client.url("exportStatistics", { query: { ...query.days, ...query.whose, by } })}
          download
        >
          {say("insight.export")}
        </a>
      }
    >
      <Tabs
        label={say("reports.where")}
        chosen={by}
        onChoose={(id) => address.set({ by: id === names[0] ? undefined : id }, { replace: true })}
        tabs={names.map((id) => ({
          id,
          text: say(`reports.by.${id}`),
          content: () => (id === by ? <Table query={query} by={by} /> : null),
        }))}
      />
    </Section>
  );
}

function Table({
  query: { days, whose, of },
  by,
}: {
  readonly query: ReportQuery;
  readonly by: By;
}): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const stats = useRead("getStatistics", { query: { ...days, ...whose, by } });
  const direction = of === "out" ? "&direction=out" : "";
  const href = (name: string) => {
    if (reach("listCalls") === undefined || (by !== "group" && by !== "user" && by !== "number")) return {};
    const filter = by === "number" ? "called" : by;
    return {
      href: `/calls?${filter}=${encodeURIComponent(name)}&from=${days.from_day}&until=${days.until_day}${direction}`,
    };
  };
  return (
    <Shown of={stats} lines={5}>
      {({ value: { rows } }) =>
        rows.length === 0 ? (
          <p className="muted">{say("reports.none")}</p>
        ) : (
          <FigureTable
            withShares
            caption={say(`reports.by.${by}`)}
            head={say(`reports.by.${by}`)}
            rows={rows.map((row) => ({
              id: row.name,
              title: row.label ?? phone(row.name),
              ...(by === "number" && row.label !== undefined ? { more: phone(row.name) } : {}),
              ...href(row.name),
              of: row,
            }))}
          />
        )
      }
    </Shown>
  );
}
