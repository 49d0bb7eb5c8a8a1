/**
 * What calls outside cost. A call counts from its answer to its end, by the second: a second that has begun counts whole.
 * It belongs to the month in which it was answered, also where it ends in the next. The calls of a plan use its included
 * minutes in the order in which they were answered; what a call has beyond them costs the price of its number. That cost
 * is rounded half up once, to a millionth of the currency's unit.
 */
import type { E164, NumberEntry } from "../office/office.js";
import { type Micros, microsOf } from "./money.js";
import type { Plan } from "./plan.js";

/** One call to the public network that was answered: a leg of a call, from its answer to its end. */
export interface OutsideCall {
  /** The id of the call. */
  readonly call: string;
  readonly answeredMs: number;
  /** Null: it goes on. */
  readonly endedMs: number | null;
  /** False: the end was found later, so that the call may have ended earlier. */
  readonly isEndSeen: boolean;
  /** The number that was called: in E.164, or a short number as it is dialled. */
  readonly to: string;
  /** The number that the far end was shown, or to which a hidden one counts; null: a number that is not the office's. */
  readonly shown: string | null;
  /** The number of the office by which the call came in; null: it did not come from outside. */
  readonly called: string | null;
  /** The username of who pays; null: the office. */
  readonly user: string | null;
}

/** What numbers the office has, as far as it matters here; a routing table is one. */
export interface OwnNumbers {
  number(number: E164): NumberEntry | undefined;
  readonly anyNumber: NumberEntry | undefined;
}

/** The number of the office to which a call counts, and its plan. */
export interface Counted {
  /** Null: the call showed no number of the office, and did not come by one either. */
  readonly number: string | null;
  readonly plan: string | undefined;
}

/**
 * A call counts to the number that it showed. A caller who is sent on may be shown with their own number; then the call
 * counts to the number that they called.
 */
export function countedTo({ shown, called }: OutsideCall, office: OwnNumbers): Counted {
  for (const number of [shown, called]) {
    const entry = number === null ? undefined : office.number(number);
    if (number !== null && entry !== undefined) return { number, plan: entry.plan };
  }
  // An office that takes any number that its carrier sends has this one, too.
  if (called !== null && office.anyNumber !== undefined)
    return { number: called, plan: office.anyNumber.plan };
  return { number: null, plan: undefined };
}

/** What a call comes to. */
export interface Rated {
  readonly seconds: number;
  /** Of them, those that the plan includes. */
  readonly includedSeconds: number;
  /** The price of a minute; null: the plan has none for the number, or there is no plan. */
  readonly perMinute: string | null;
  /** Null: something of the call has no price. */
  readonly cost: Micros | null;
}

/** Rates the calls of one month, which must come in the order in which they were answered. */
export class Rater {
  readonly #used = new Map<string, number>();
  readonly #prices = new Map<string, PlanPrices>();

  /** @param plan undefined: the call counts to no plan, and has no price */
  rate(call: OutsideCall & { readonly endedMs: number }, plan: Plan | undefined): Rated {
    const seconds = secondsOf(call);
    if (plan === undefined) return { seconds, includedSeconds: 0, perMinute: null, cost: null };
    const prices = this.#prices.get(plan.id) ?? new PlanPrices(plan);
    this.#prices.set(plan.id, prices);
    const includedSeconds = prices.isIncluded(call.to) ? this.#include(plan, seconds) : 0;
    const perMinute = prices.of(call.to);
    const rest = seconds - includedSeconds;
    if (rest === 0) return { seconds, includedSeconds, perMinute, cost: 0n };
    return { seconds, includedSeconds, perMinute, cost: perMinute === null ? null : costOf(rest, perMinute) };
  }

  /** Seconds of the included minutes that calls have used so far. */
  used(plan: string): number {
    return this.#used.get(plan) ?? 0;
  }

  #include({ id, includedMinutes = 0 }: Plan, seconds: number): number {
    const used = this.used(id);
    const included = Math.min(seconds, Math.max(0, includedMinutes * 60 - used));
    this.#used.set(id, used + included);
    return included;
  }
}

/** The prices of one plan, found by the beginning of a number however many there are. */
export class PlanPrices {
  readonly #plan: Plan;
  readonly #prices: ReadonlyMap<string, string>;
  readonly #included: ReadonlySet<string> | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#prices = new Map(plan.prices.map(({ number, perMinute }) => [number, perMinute]));
    this.#included = plan.includedPrefixes === undefined ? undefined : new Set(plan.includedPrefixes);
  }

  /** The price of a minute to a number: that of the longest prefix, or of the short number; null: there is none. */
  of(to: string): string | null {
    const known = to.startsWith("+") ? beginningsOf(to).find((beginning) => this.#prices.has(beginning)) : to;
    return (known === undefined ? undefined : this.#prices.get(known)) ?? this.#plan.perMinute ?? null;
  }

  isIncluded(to: string): boolean {
    const included = this.#included;
    if (this.#plan.includedMinutes === undefined) return false;
    return included === undefined || beginningsOf(to).some((beginning) => included.has(beginning));
  }
}

/** The beginnings of a number, the longest first. */
function beginningsOf(number: string): string[] {
  return Array.from(number, (_, index) => number.slice(0, number.length - index));
}

/** A second that has begun counts. A clock that was set back makes no negative times. */
export function secondsOf({ answeredMs, endedMs }: { answeredMs: number; endedMs: number }): number {
  return Math.max(0, Math.ceil((endedMs - answeredMs) / 1_000));
}

const MINUTE_SECONDS = 60n;

function costOf(seconds: number, perMinute: string): Micros {
  return (BigInt(seconds) * microsOf(perMinute) + MINUTE_SECONDS / 2n) / MINUTE_SECONDS;
}
