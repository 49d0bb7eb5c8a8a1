/** Adds up the calls outside of a month: by plan, by number and by user. */
import type { Micros } from "./money.js";
import type { Plan } from "./plan.js";
import { type Counted, countedTo, type OutsideCall, type OwnNumbers, type Rated, Rater } from "./rate.js";

export interface Sums {
  readonly calls: number;
  readonly seconds: number;
  /** Of them, those that plans include. */
  readonly includedSeconds: number;
  /** Calls for which no price stands, because of their number or for want of a plan. */
  readonly callsWithoutPrice: number;
  readonly cost: Micros;
}

/** A call with what it comes to. */
export interface RatedCall extends OutsideCall, Rated {
  readonly number: string | null;
  /** Null: the number has no plan. */
  readonly plan: Plan | null;
}

export interface PlanUsage extends Sums {
  readonly plan: Plan;
}

export interface NumberUsage extends Sums {
  /** Null: the calls showed no number of the office. */
  readonly number: string | null;
  readonly plan: Plan | null;
}

export interface UserUsage extends Sums {
  /** Null: the office pays. */
  readonly user: string | null;
  /** Null: calls without a plan. */
  readonly currency: string | null;
}

/** What the calls of one currency come to; null: of those without a plan. */
export interface CurrencyUsage extends Sums {
  readonly currency: string | null;
}

export interface MonthUsage {
  readonly plans: readonly PlanUsage[];
  readonly numbers: readonly NumberUsage[];
  readonly users: readonly UserUsage[];
  readonly totals: readonly CurrencyUsage[];
  /** Calls that go on: they are not counted yet. */
  readonly inProgress: number;
  /** Calls whose end was found later, so that they may have been shorter. */
  readonly unseenEnds: number;
}

const NOTHING: Sums = { calls: 0, seconds: 0, includedSeconds: 0, callsWithoutPrice: 0, cost: 0n };

/** Takes the calls of one month, in the order in which they were answered. */
export class Summary {
  readonly #office: OwnNumbers;
  readonly #plans: ReadonlyMap<string, Plan>;
  readonly #rater = new Rater();
  readonly #byPlan = new Map<string, PlanUsage>();
  readonly #byNumber = new Map<string, NumberUsage>();
  readonly #byUser = new Map<string, UserUsage>();
  readonly #byCurrency = new Map<string, CurrencyUsage>();
  #inProgress = 0;
  #unseenEnds = 0;

  constructor(office: OwnNumbers, plans: readonly Plan[]) {
    this.#office = office;
    this.#plans = new Map(plans.map((plan) => [plan.id, plan]));
    // A plan that nobody has used is there, with nothing.
    for (const plan of plans) this.#byPlan.set(plan.id, { plan, ...NOTHING });
  }

  /** @returns undefined: the call goes on, and is not counted */
  add(call: OutsideCall): RatedCall | undefined {
    const { endedMs } = call;
    if (endedMs === null) {
      this.#inProgress += 1;
      return undefined;
    }
    if (!call.isEndSeen) this.#unseenEnds += 1;
    const counted: Counted = countedTo(call, this.#office);
    const plan = counted.plan === undefined ? undefined : this.#plans.get(counted.plan);
    const rated = this.#rater.rate({ ...call, endedMs }, plan);
    const known = { ...call, ...rated, number: counted.number, plan: plan ?? null };
    this.#count(known);
    return known;
  }

  finish(): MonthUsage {
    return {
      plans: sorted(this.#byPlan),
      numbers: sorted(this.#byNumber),
      users: sorted(this.#byUser),
      totals: sorted(this.#byCurrency),
      inProgress: this.#inProgress,
      unseenEnds: this.#unseenEnds,
    };
  }

  #count(call: RatedCall): void {
    const { plan, number, user } = call;
    const currency = plan?.currency ?? null;
    if (plan !== null) count(this.#byPlan, [plan.id], { plan }, call);
    count(this.#byNumber, [number], { number, plan }, call);
    count(this.#byUser, [user, currency], { user, currency }, call);
    count(this.#byCurrency, [currency], { currency }, call);
  }
}

function count<Head extends object>(
  rows: Map<string, Head & Sums>,
  key: readonly (string | null)[],
  head: Head,
  { seconds, includedSeconds, cost }: Rated,
): void {
  // What has no name comes last.
  const name = key.map((part) => part ?? LAST).join(" ");
  const before: Sums = rows.get(name) ?? NOTHING;
  rows.set(name, {
    ...head,
    calls: before.calls + 1,
    seconds: before.seconds + seconds,
    includedSeconds: before.includedSeconds + includedSeconds,
    callsWithoutPrice: before.callsWithoutPrice + (cost === null ? 1 : 0),
    cost: before.cost + (cost ?? 0n),
  });
}

/** Sorts behind every name. */
const LAST = "~";

function sorted<Row>(rows: ReadonlyMap<string, Row>): Row[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
