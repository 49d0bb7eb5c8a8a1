/** Statistics of calls: how many came, what became of them, and how long callers waited. */
import type { Office } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import { dateOf, dayOf, weekdayOf } from "../../policy/office/zone.js";
import {
  addCounts,
  type CallCounts,
  type WaitFigures,
  type Waits,
  waitFigures,
} from "../../policy/record/statistics.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { SumKind, SumRow, WaitRow } from "../../storage/records/filter.js";
import { type DatabaseFailed, type Deps, NO_OFFICE, type NoOffice, orDatabaseFailed } from "../use-case.js";
import { nearestName } from "./slips.js";

/** By what calls are told apart. */
export const STATS_BY = ["number", "user", "group", "schedule", "flow", "hour", "day", "weekday"] as const;
export type StatsBy = (typeof STATS_BY)[number];

/** From `0`, Monday. */
export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

/** From where to where calls went. */
export const DIRECTIONS = ["in", "out", "inside"] as const;

/** From outside and within the office: what comes to a user or a number comes from both. */
export const CAME = "came";

export interface StatsWish {
  /** Left out: only the total. */
  readonly by?: StatsBy | undefined;
  /** Days of the office's zone, both included: `2026-11-01`. */
  readonly fromDay: string;
  readonly untilDay: string;
  /** An answer within so many seconds is in time. */
  readonly withinS: number;
  /** Only calls that came to it. One of them at most. */
  readonly number?: string | undefined;
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  /** Left out: calls from outside. Calls to a number, user or group are of all directions but `out`. */
  readonly direction?: (typeof DIRECTIONS)[number] | undefined;
}

export interface StatsRow extends CallCounts, WaitFigures {
  /** The name of the kind; an hour `0` to `23`; a day; a weekday from `0`, Monday. */
  readonly name: string;
  /** What people call it. */
  readonly label?: string;
}

export interface Stats {
  readonly outcome: "stats";
  readonly timezone: string;
  readonly fromDay: string;
  readonly untilDay: string;
  readonly withinS: number;
  readonly by: StatsBy | null;
  /** Whose calls: `all` and a direction, or {@link CAME}; or `number`, `user`, `group` and which one. */
  readonly of: { readonly kind: SumKind; readonly name: string };
  readonly rows: readonly StatsRow[];
  /** Of the calls that the rows tell apart, each once. */
  readonly total: Omit<StatsRow, "name">;
}

/** There is no such thing, or what was asked does not go together. */
export interface StatsRefused {
  readonly outcome: "not_found" | "wrong";
  readonly reason: string;
}

export type StatsShown = Stats | NoOffice | StatsRefused | DatabaseFailed;

/** Which days are meant, in words of the office's own clock. */
export type StatsDays = (timezone: string) => Pick<StatsWish, "fromDay" | "untilDay"> | string;

export function showStats(
  { store }: Pick<Deps, "store">,
  wish: Omit<StatsWish, "fromDay" | "untilDay">,
  daysOf: StatsDays,
): Promise<StatsShown> {
  return orDatabaseFailed<StatsShown>(async () => {
    const office = await store.loadOffice();
    return office === undefined ? NO_OFFICE : statsOf({ store }, office, wish, daysOf);
  });
}

/** The same of an office that is known. */
export async function statsOf(
  { store }: Pick<Deps, "store">,
  office: Office,
  wish: Omit<StatsWish, "fromDay" | "untilDay">,
  daysOf: StatsDays,
): Promise<Stats | StatsRefused> {
  const days = daysOf(office.timezone);
  if (typeof days === "string") return { outcome: "wrong", reason: days };
  const of = whose(wish, office);
  if ("reason" in of) return of;
  const wrong = cannotTellApart(wish, of);
  if (wrong !== undefined) return { outcome: "wrong", reason: wrong };
  const statistics = new Statistics(store.records, { ...wish, ...days }, of);
  const { rows, total } = await statistics.read(office);
  const slip = total.calls === 0 ? slipIn(of, office) : undefined;
  if (slip !== undefined) return { outcome: "not_found", reason: slip };
  return {
    outcome: "stats",
    timezone: office.timezone,
    ...days,
    withinS: wish.withinS,
    by: wish.by ?? null,
    of,
    rows,
    total,
  };
}

/** What comes to a name is summed up for calls from outside and within the office together. */
function cannotTellApart(
  { by, direction }: Pick<StatsWish, "by" | "direction">,
  { kind }: Stats["of"],
): string | undefined {
  if (by === undefined || isTime(by)) return undefined;
  if (kind !== "all")
    return kind === by ? undefined : `calls to a ${kind} are told apart by hour, day or weekday only`;
  if (direction === "out")
    return by === "user" ? undefined : "calls to outside are told apart by user, hour, day or weekday only";
  return direction === undefined
    ? undefined
    : `calls to a ${by} are those from outside and within the office together: leave out --direction`;
}

type Whose = Stats["of"] | { readonly outcome: "wrong"; readonly reason: string };

function whose(
  { by, number, user, group, direction }: Pick<StatsWish, "by" | "number" | "user" | "group" | "direction">,
  office: Office,
): Whose {
  const given = [number, user, group, direction].filter((each) => each !== undefined);
  if (given.length > 1)
    return { outcome: "wrong", reason: "give one of a number, a user, a group and a direction" };
  if (number !== undefined)
    return { kind: "number", name: RoutingTable.of(office, 0).ownNumber(number)?.number ?? number };
  if (user !== undefined) return { kind: "user", name: user };
  if (group !== undefined) return { kind: "group", name: group };
  return { kind: "all", name: direction ?? (by === undefined || isTime(by) ? "in" : CAME) };
}

/** How many calls came in each hour of each weekday. */
export interface WeekStats extends Pick<Stats, "timezone" | "fromDay" | "untilDay" | "of"> {
  readonly outcome: "week";
  /** Only hours in which calls came; `weekday` from 0, Monday. */
  readonly hours: readonly (CallCounts & { readonly weekday: number; readonly hour: number })[];
  /** How often each weekday is in the period, from Monday. */
  readonly weekdays: readonly number[];
}

/** The busiest hours of the week, for whoever plans who is there when. */
export async function weekOf(
  { store }: Pick<Deps, "store">,
  office: Office,
  wish: Pick<StatsWish, "number" | "user" | "group" | "direction">,
  daysOf: StatsDays,
): Promise<WeekStats | StatsRefused> {
  const days = daysOf(office.timezone);
  if (typeof days === "string") return { outcome: "wrong", reason: days };
  const of = whose(wish, office);
  if ("reason" in of) return of;
  const sums = await store.records.sums({ kind: of.kind, names: [of.name], ...days, by: ["day", "hour"] });
  if (sums.length === 0) {
    const slip = slipIn(of, office);
    if (slip !== undefined) return { outcome: "not_found", reason: slip };
  }
  const hours = [...groupedBy(sums, ({ day, hour }) => `${weekdayOf(dayOf(day ?? "") ?? 0)} ${hour}`)].map(
    ([name, rows]) => {
      const [weekday = 0, hour = 0] = name.split(" ").map(Number);
      return { weekday, hour, ...addCounts(rows) };
    },
  );
  const [first = 0, last = 0] = [dayOf(days.fromDay), dayOf(days.untilDay)];
  const weekdays = WEEKDAYS.map((_, weekday) => {
    const untilNext = (weekday - weekdayOf(first) + 7) % 7;
    return Math.max(0, Math.floor((last - first - untilNext) / 7) + 1);
  });
  hours.sort((a, b) => a.weekday - b.weekday || a.hour - b.hour);
  return { outcome: "week", timezone: office.timezone, ...days, of, hours, weekdays };
}

/** Whoever is gone has had calls: only a name without calls that resembles one of the office is taken for a slip. */
function slipIn({ kind, name }: Stats["of"], office: Office): string | undefined {
  if (kind === "number" && /^\+[0-9]+$/.test(name)) return undefined;
  const meant = nearestName(kind, name, office);
  return meant === undefined ? undefined : `there is no ${kind} \`${name}\`; did you mean ${meant}?`;
}

function isTime(by: StatsBy): by is "hour" | "day" | "weekday" {
  return by === "hour" || by === "day" || by === "weekday";
}

/** What calls are told apart by in the tables: a weekday is made of days. */
type Grouped = "name" | "day" | "hour";

class Statistics {
  readonly #source: Deps["store"]["records"];
  readonly #wish: StatsWish;
  readonly #of: Stats["of"];

  constructor(source: Deps["store"]["records"], wish: StatsWish, of: Stats["of"]) {
    this.#source = source;
    this.#wish = wish;
    this.#of = of;
  }

  async read(office: Office): Promise<Pick<Stats, "rows" | "total">> {
    const { by } = this.#wish;
    const { kind, name } = this.#of;
    const whole = { kind, names: kind === "all" && name === CAME ? ["in", "inside"] : [name] };
    const [sums, waits] = await this.#grouped(whole, []);
    const { name: _name, ...total } = this.#row("", sums, waits);
    if (by === undefined) return { rows: [], total };
    if (isTime(by))
      return { rows: this.#told(await this.#grouped(whole, [by === "hour" ? "hour" : "day"])), total };
    const part = kind !== "all" ? whole : { kind: name === "out" ? ("caller" as const) : by };
    const rows = this.#told(await this.#grouped(part, ["name"]));
    return { rows: byCalls(rows.map((row) => labelled(row, by, office))), total };
  }

  async #grouped(
    of: { readonly kind: SumKind; readonly names?: readonly string[] },
    by: readonly Grouped[],
  ): Promise<readonly [SumRow[], WaitRow[]]> {
    const { fromDay, untilDay } = this.#wish;
    const query = { ...of, fromDay, untilDay, by };
    return [await this.#source.sums(query), await this.#source.waits(query)];
  }

  /** The rows, each with its waits; of time, also those without calls. */
  #told([sums, waits]: readonly [readonly SumRow[], readonly WaitRow[]]): StatsRow[] {
    const keyOf = (row: SumRow | WaitRow): string => this.#keyOf(row);
    const sumsBy = groupedBy(sums, keyOf);
    const waitsBy = groupedBy(waits, keyOf);
    const names = this.#times() ?? [...sumsBy.keys()];
    return names.map((name) => this.#row(name, sumsBy.get(name) ?? [], waitsBy.get(name) ?? []));
  }

  #keyOf({ name, day, hour }: SumRow | WaitRow): string {
    if (this.#wish.by === "hour") return String(hour);
    if (this.#wish.by === "day") return day ?? "";
    if (this.#wish.by === "weekday") return String(weekdayOf(dayOf(day ?? "") ?? 0));
    return name ?? "";
  }

  /** Every hour, day or weekday of the period; undefined: calls are not told apart by time. */
  #times(): readonly string[] | undefined {
    const { by, fromDay, untilDay } = this.#wish;
    if (by === "hour") return Array.from({ length: 24 }, (_, hour) => String(hour));
    if (by === "weekday") return Array.from({ length: 7 }, (_, weekday) => String(weekday));
    if (by !== "day") return undefined;
    const [first = 0, last = 0] = [dayOf(fromDay), dayOf(untilDay)];
    return Array.from({ length: last - first + 1 }, (_, index) => dateOf(first + index));
  }

  #row(name: string, sums: readonly SumRow[], waits: readonly Waits[]): StatsRow {
    return { name, ...addCounts(sums), ...waitFigures(waits, this.#wish.withinS) };
  }
}

function groupedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

function labelled(row: StatsRow, by: StatsBy, office: Office): StatsRow {
  const { name } = row;
  const label =
    by === "user"
      ? office.users.find(({ username }) => username === name)?.name
      : by === "group"
        ? office.groups.find(({ id }) => id === name)?.name
        : by === "number"
          ? office.numbers.find(({ number }) => number === name)?.label
          : undefined;
  return { ...row, ...given({ label }) };
}

function byCalls(rows: readonly StatsRow[]): StatsRow[] {
  return [...rows].sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1));
}
