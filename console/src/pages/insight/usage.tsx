/** What the calls outside of a month come to, by plan, number and person. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useAddress } from "../../office/address.js";
import { type AnswerOf, client } from "../../office/client.js";
import { dayIn, dayText } from "../../office/days.js";
import { useReach } from "../../office/me.js";
import { useList, useRead } from "../../office/read.js";
import { duration, phone, useWhen } from "../../office/when.js";
import { buttonClass } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { Page, Section } from "../../parts/page.js";
import { Empty, Shown } from "../../parts/states.js";
import { Tabs } from "../../parts/tabs.js";
import { useSpeech } from "../../words/words.js";
import { moneyText } from "./money.js";
import "./insight.css";

type UsageAnswer = AnswerOf<"getUsage">;
type Sums = UsageAnswer["totals"][number];
/** How many months back can be chosen; calls are kept for some time alone. */
const MONTHS = 13;
const BY = ["plan", "number", "user", "call"] as const;
const TABS = ["plan", "number", "user"] as const;

export function Usage(): ReactNode {
  const { say, language } = useSpeech();
  const { timezone, zone } = useWhen();
  const reach = useReach();
  const address = useAddress();
  const thisMonth = dayIn(timezone, Date.now()).slice(0, 7);
  const asked = address.get("month") ?? "";
  const month = /^\d{4}-\d{2}$/.test(asked) ? asked : thisMonth;
  const usage = useRead("getUsage", { query: { month } });
  const by = TABS.find((each) => each === address.get("by")) ?? "plan";
  return (
    <Page
      title={say("usage.title")}
      lead={say("usage.lead", { zone })}
      actions={
        reach("listPlans") !== undefined && (
          <Link href="/plans" className={buttonClass({})}>
            {say("usage.plans")}
          </Link>
        )
      }
    >
      <div className="filters">
        <Choice
          label={say("usage.month")}
          value={month}
          options={months(thisMonth, month).map((id) => ({
            id,
            text: dayText(`${id}-01`, language, { month: "long", year: "numeric" }),
          }))}
          onChange={(id) => address.set({ month: id === thisMonth ? undefined : id })}
        />
      </div>
      <Shown of={usage} lines={10}>
        {({ value }) => (
          <>
            <Notes of={value} />
            <Totals of={value} />
            <Section title={say("usage.by")} actions={<Exports month={month} />}>
              <Tabs
                label={say("usage.by")}
                chosen={by}
                onChoose={(id) => address.set({ by: id === "plan" ? undefined : id }, { replace: true })}
                tabs={TABS.map((id) => ({
                  id,
                  text: say(`usage.by.${id}`),
                  content: () => <ByTable of={value} by={id} />,
                }))}
              />
            </Section>
          </>
        )}
      </Shown>
      {reach("listPlans") !== undefined && <NoPlans />}
    </Page>
  );
}

function months(latest: string, chosen: string): readonly string[] {
  const [year = 0, month = 1] = latest.split("-").map(Number);
  const all = Array.from({ length: MONTHS }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back)).toISOString().slice(0, 7),
  );
  return all.includes(chosen) ? all : [...all, chosen];
}

function Exports({ month }: { readonly month: string }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  if (reach("exportUsage") === undefined) return null;
  return BY.filter((by) => by !== "call" || reach("exportCalls") === "all").map((by) => (
    <a
      key={by}
      className={buttonClass({ size: "small" })}
      href={client.url("exportUsage", { query: { month, by } })}
      download
    >
      {say(`usage.export.${by}`)}
    </a>
  ));
}

/** What limits the figures. */
function Notes({ of }: { readonly of: UsageAnswer }): ReactNode {
  const { say, count } = useSpeech();
  const when = useWhen();
  const notes = [
    ...(of.running ? [say("usage.running")] : []),
    ...(of.in_progress > 0 ? [count("usage.in_progress", of.in_progress)] : []),
    ...(of.unseen_ends > 0 ? [count("usage.unseen_ends", of.unseen_ends)] : []),
    ...(of.kept_since_at === null ? [] : [say("usage.kept_since", { day: when.day(of.kept_since_at) })]),
  ];
  if (notes.length === 0) return null;
  return (
    <ul className="notice usage-notes">
      <li>{notes.join(" ")}</li>
    </ul>
  );
}

function Totals({ of: { totals } }: { readonly of: UsageAnswer }): ReactNode {
  const { say, language } = useSpeech();
  const number = new Intl.NumberFormat(language);
  return (
    <Section title={say("usage.total")}>
      {totals.length === 0 ? (
        <p className="muted">{say("usage.no_calls")}</p>
      ) : (
        totals.map((sums) => (
          <dl key={sums.currency ?? ""} className="stat-grid">
            {(
              [
                [
                  say("usage.cost"),
                  sums.cost === null || sums.currency === null
                    ? say("usage.no_price")
                    : moneyText(sums.cost, sums.currency, language),
                ],
                [say("reports.calls"), number.format(sums.calls)],
                [say("usage.time"), duration(sums.seconds)],
                [say("usage.included"), duration(sums.included_seconds)],
              ] as const
            ).map(([name, value]) => (
              <div key={name} className="stat">
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        ))
      )}
    </Section>
  );
}

interface UsageRow extends Sums {
  readonly id: string;
  readonly title: ReactNode;
  readonly more?: string;
  /** Minutes that its plan includes; null: none. */
  readonly includes?: number | null;
}

function ByTable({ of, by }: { readonly of: UsageAnswer; readonly by: (typeof TABS)[number] }): ReactNode {
  const { say, language } = useSpeech();
  const reach = useReach();
  const number = new Intl.NumberFormat(language);
  const rows = rowsOf(of, by, say, reach);
  if (rows.length === 0)
    return <p className="muted">{say(by === "plan" ? "usage.no_plan_calls" : "usage.no_calls")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer scrolls by keyboard
    <div className="table-scroll" role="group" tabIndex={0} aria-label={say(`usage.by.${by}`)}>
      <table className="data">
        <caption className="visually-hidden">{say(`usage.by.${by}`)}</caption>
        <thead>
          <tr>
            <th scope="col">{say(`kind.${by}`)}</th>
            <th scope="col">{say("reports.calls")}</th>
            <th scope="col">{say("usage.time")}</th>
            <th scope="col">{say("usage.included")}</th>
            <th scope="col">{say("usage.without_price")}</th>
            <th scope="col">{say("usage.cost")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {row.title}
                {row.more !== undefined && <div className="named-more">{row.more}</div>}
              </th>
              <td>{number.format(row.calls)}</td>
              <td>{duration(row.seconds)}</td>
              <td>
                {duration(row.included_seconds)}
                {row.includes != null && <Included seconds={row.included_seconds} of={row.includes * 60} />}
              </td>
              <td>{row.calls_without_price === 0 ? "–" : number.format(row.calls_without_price)}</td>
              <td>
                {row.cost === null || row.currency === null
                  ? "–"
                  : moneyText(row.cost, row.currency, language)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How much of what a plan includes is used up. */
function Included({ seconds, of }: { readonly seconds: number; readonly of: number }): ReactNode {
  const { say, language } = useSpeech();
  const share = Math.min(1, seconds / of);
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(share);
  return (
    <div className="included">
      <div className="shares" aria-hidden="true">
        <span className="share-answered" style={{ inlineSize: `${share * 100}%` }} />
      </div>
      <span className="named-more">{say("usage.included_of", { percent, total: duration(of) })}</span>
    </div>
  );
}

type Say = ReturnType<typeof useSpeech>["say"];
type Reach = ReturnType<typeof useReach>;

function rowsOf(of: UsageAnswer, by: (typeof TABS)[number], say: Say, reach: Reach): readonly UsageRow[] {
  if (by === "plan")
    return of.plans.map((row) => ({
      ...row,
      id: row.plan,
      title: <Link href={`/plans/${encodeURIComponent(row.plan)}`}>{row.name ?? row.plan}</Link>,
      includes: row.included_minutes,
    }));
  if (by === "number")
    return of.numbers.map((row) => {
      const text = row.number === null ? say("usage.no_number") : phone(row.number);
      const title = row.label ?? text;
      const isLink = row.number !== null && reach("getNumber") !== undefined;
      return {
        ...row,
        id: `${row.number} ${row.plan} ${row.currency}`,
        title: isLink ? (
          <Link href={`/numbers/${encodeURIComponent(row.number ?? "")}`}>{title}</Link>
        ) : (
          title
        ),
        more: [...(row.label === null ? [] : [text]), row.plan ?? say("usage.without_plan")].join(" · "),
      };
    });
  return of.users.map((row) => ({
    ...row,
    id: `${row.user} ${row.currency}`,
    title:
      row.user === null ? (
        say("usage.office_pays")
      ) : reach("getUser") === undefined ? (
        (row.name ?? row.user)
      ) : (
        <Link href={`/users/${encodeURIComponent(row.user)}`}>{row.name ?? row.user}</Link>
      ),
  }));
}

/** Without a plan no call has a price: says so, and where plans are made. */
function NoPlans(): ReactNode {
  const { say } = useSpeech();
  const plans = useList("listPlans");
  if (plans.data === undefined || plans.data.items.length > 0) return null;
  return (
    <Empty title={say("plans.none")} help={say("plans.none_help")}>
      <Link href="/plans?add" className={buttonClass({ look: "primary" })}>
        {say("plans.add")}
      </Link>
    </Empty>
  );
}
