/** What a plan is: what the calls outside cost that show one of its numbers. */
import type { SectionEntity } from "../office/office.js";

/** The key of the section in an office file. */
export const PLANS = "plans";

/** What a minute costs to some numbers. */
export interface PlanPrice {
  /** The beginning of numbers in E.164; without a plus sign: one short number as it is dialled. */
  readonly number: string;
  /** In units of the currency, as `money.ts` writes it. */
  readonly perMinute: string;
}

export interface Plan extends SectionEntity {
  readonly name?: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Whole minutes a month that cost nothing, shared by the numbers of the plan; left out: none. */
  readonly includedMinutes?: number;
  /** The beginnings of the numbers to which calls use them; left out: all calls outside do. */
  readonly includedPrefixes?: readonly string[];
  /** What a minute costs to numbers for which no other price stands; left out: they have none. */
  readonly perMinute?: string;
  /** In the order of the file. */
  readonly prices: readonly PlanPrice[];
}
