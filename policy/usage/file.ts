/**
 * Plans as an office file writes them:
 *
 *     plans:
 *       - id: business
 *         currency: USD
 *         included_minutes: 1000
 *         included_prefixes: ["+1"]
 *         prices: [ { prefix: "+1", per_minute: "0.012" }, { prefix: "+44", per_minute: "0.02" } ]
 *         per_minute: "0.25"
 *     numbers:
 *       - { number: "+12125550100", plan: business, flow: main }
 */
import { z } from "zod";
import { given, mapped } from "../office/optional.js";
import { displayName, id, numberPrefix, shortNumber } from "../office-file/fields.js";
import { PRICE_PATTERN, plainPrice } from "./money.js";
import type { Plan, PlanPrice } from "./plan.js";

const MINUTES_MAX = 10_000_000;
/** More than there are calling codes and areas with prices of their own. */
const PRICES_MAX = 2_000;

const currencyExpected = "a currency's three letters (ISO 4217), such as USD";
const currency = z
  .string({ error: currencyExpected })
  .regex(/^[A-Z]{3}$/, { error: currencyExpected })
  .describe(currencyExpected);

const priceExpected = 'a price in quotes, such as "0.012", with at most six digits behind the point';
const price = z
  .union(
    [
      z.string({ error: priceExpected }).regex(PRICE_PATTERN, { error: priceExpected }),
      // YAML reads a price without quotes as a number; its shortest form is what was written.
      z
        .number({ error: priceExpected })
        .refine((value) => PRICE_PATTERN.test(String(value)), { error: priceExpected }),
    ],
    { error: priceExpected },
  )
  .describe(priceExpected);

const minutesExpected = `whole minutes from 1 to ${MINUTES_MAX}`;
const minutes = z
  .int({ error: minutesExpected })
  .min(1, { error: minutesExpected })
  .max(MINUTES_MAX, { error: minutesExpected })
  .describe(minutesExpected);

function listOf<T extends z.ZodType>(item: T, what: string) {
  const error = `a list of ${what}, at most ${PRICES_MAX} of them`;
  return z.array(item, { error }).max(PRICES_MAX, { error }).describe(error);
}

/** Either a prefix or a short number. */
export const planPriceSchema = z.strictObject({
  prefix: numberPrefix.optional(),
  short_number: shortNumber.optional(),
  per_minute: price,
});
export type PlanPriceFile = z.infer<typeof planPriceSchema>;

export const planSchema = z.strictObject({
  id,
  name: displayName.optional(),
  currency,
  included_minutes: minutes.optional(),
  included_prefixes: listOf(numberPrefix, 'beginnings of numbers, such as ["+1", "+44"]').optional(),
  per_minute: price.optional(),
  prices: listOf(planPriceSchema, 'prices, such as { prefix: "+44", per_minute: "0.02" }').optional(),
});
export type PlanFile = z.infer<typeof planSchema>;

export function planOfFile(file: PlanFile): Plan {
  return {
    id: file.id,
    ...given({ name: file.name }),
    currency: file.currency,
    ...given({
      includedMinutes: file.included_minutes,
      includedPrefixes: file.included_prefixes,
      perMinute: mapped(file.per_minute, priceText),
    }),
    prices: (file.prices ?? []).map((each) => ({
      number: numberOf(each) ?? "",
      perMinute: priceText(each.per_minute),
    })),
  };
}

/** What a price is for, as {@link PlanPrice.number}; undefined: it says nothing, or two things. */
export function numberOf({ prefix, short_number: short }: Partial<PlanPriceFile>): string | undefined {
  return prefix === undefined ? mapped(short, String) : short === undefined ? prefix : undefined;
}

function priceText(written: string | number): string {
  return plainPrice(String(written));
}

/** The plan as a file writes it. */
export function planFile(plan: Plan): PlanFile {
  return {
    id: plan.id,
    ...given({ name: plan.name }),
    currency: plan.currency,
    ...given({
      included_minutes: plan.includedMinutes,
      included_prefixes: mapped(plan.includedPrefixes, (prefixes) => [...prefixes]),
      per_minute: plan.perMinute,
    }),
    ...(plan.prices.length === 0 ? {} : { prices: plan.prices.map(priceFile) }),
  };
}

function priceFile({ number, perMinute }: PlanPrice): PlanPriceFile {
  const key = number.startsWith("+") ? "prefix" : "short_number";
  return { [key]: number, per_minute: perMinute };
}
