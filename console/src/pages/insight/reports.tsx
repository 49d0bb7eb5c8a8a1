/** Reports: how many calls came, what became of them and when, compared with as many days before; each chart with its table. */
import { type ReactNode, useMemo } from "react";
import { useAddress } from "../../office/address.js";
import { client } from "../../office/client.js";
import { dayText } from "../../office/days.js";
import { useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { buttonClass } from "../../parts/button.js";
import { Page, Section } from "../../parts/page.js";
import { Empty, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { Busiest } from "./report-busiest.js";
import { ReportFilters } from "./report-filters.js";
import { ByName } from "./report-names.js";
import { type ReportQuery, reportQuery } from "./report-query.js";
import { Totals } from "./report-totals.js";
import { PER, type Per, WhenCalls } from "./report-when.js";
import "./insight.css";

export function Reports(): ReactNode {
  const { say, language } = useSpeech();
  const { timezone, zone } = useWhen();
  const address = useAddress();
  const reach = useReach();
  const openedMs = useMemo(() => Date.now(), []);
  const query = reportQuery(address, timezone, openedMs);
  const per = PER.find((each) => each === address.get("per")) ?? "day";
  const { from_day: from, until_day: until } = query.days;
  const full = { day: "numeric", month: "long", year: "numeric" } as const;
  return (
    <Page
      title={say("reports.title")}
      lead={say("reports.lead", {
        from: dayText(from, language, full),
        until: dayText(until, language, full),
        zone,
      })}
      width="full"
      actions={
        reach("exportStatistics") !== undefined && (
          <a
            className={buttonClass({})}
            href={client.url("exportStatistics", { query: { ...query.days, ...query.whose, by: per } })}
            download
          >
            {say("insight.export")}
          </a>
        )
      }
    >
      <ReportFilters address={address} query={query} />
      <Report
        query={query}
        per={per}
        onPer={(next) => address.set({ per: next === "day" ? undefined : next })}
      />
    </Page>
  );
}

function Report({
  query,
  per,
  onPer,
}: {
  readonly query: ReportQuery;
  readonly per: Per;
  onPer(per: Per): void;
}): ReactNode {
  const { say } = useSpeech();
  const address = useAddress();
  const { days, before, whose } = query;
  const now = useRead("getStatistics", { query: { ...days, ...whose, by: per } });
  const earlier = useRead("getStatistics", { query: { ...before, ...whose, by: per } });
  const isOfOne = whose.user !== undefined || whose.group !== undefined || whose.number !== undefined;
  return (
    <Shown of={now} lines={10}>
      {({ value }) => (
        <>
          <Section
            title={say("reports.totals")}
            help={say("reports.totals_help", { seconds: value.within_seconds })}
          >
            <Totals now={value.total} before={earlier.data?.value.total ?? null} direction={query.of} />
          </Section>
          {value.total.calls === 0 ? (
            <Empty title={say("reports.none")} help={say("reports.none_help")} />
          ) : (
            <>
              <WhenCalls now={value.rows} before={earlier.data?.value.rows ?? null} per={per} onPer={onPer} />
              <Busiest query={query} />
            </>
          )}
          {!isOfOne && query.of !== "inside" && <ByName query={query} address={address} />}
        </>
      )}
    </Shown>
  );
}
