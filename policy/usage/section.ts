/** The section `plans` of an office file. */
import { given, mapped } from "../office/optional.js";
import { rightItems } from "../office-file/fields.js";
import { type Place, type Problem, show, under } from "../office-file/problem.js";
import type { Arbitrary, FastCheck } from "../steps/generator.js";
import type { PartReader } from "../steps/reader.js";
import type { SectionDefinition } from "../steps/section.js";
import {
  numberOf,
  type PlanFile,
  type PlanPriceFile,
  planFile,
  planOfFile,
  planPriceSchema,
  planSchema,
} from "./file.js";
import { currencies, exactAmount, isCurrency } from "./money.js";
import { PLANS, type Plan } from "./plan.js";

export const plans: SectionDefinition<Plan, typeof planSchema> = {
  key: PLANS,
  noun: "plan",
  schema: planSchema,
  namedBy: "a number that has it as its `plan`",
  read,
  checkRest: (raw, reader) => {
    checkCurrency(planSchema.shape.currency.safeParse(raw["currency"]).data, reader);
    checkPrices(rightItems(raw["prices"], planPriceSchema) ?? [], reader);
  },
  write: planFile,
  generator,
};

function read(file: PlanFile, reader: PartReader): Plan | undefined {
  const isGood = [
    checkCurrency(file.currency, reader),
    checkPrices([...(file.prices ?? []).entries()], reader),
    checkIncluded(file, reader),
  ].every(Boolean);
  return isGood ? planOfFile(file) : undefined;
}

function checkCurrency(currency: string | undefined, reader: PartReader): boolean {
  if (currency === undefined || isCurrency(currency)) return true;
  const meant = reader.suggest(currency, currencies());
  return refuse(reader, {
    message: `there is no currency \`${currency}\``,
    at: under(reader.at, "currency", "value"),
    found: show(currency),
    expected: "a currency's three letters (ISO 4217), such as USD",
    ...given({ suggestion: meant }),
  });
}

/** Of two prices for the same numbers it cannot be known which was meant. */
function checkPrices(
  prices: readonly (readonly [index: number, price: PlanPriceFile])[],
  reader: PartReader,
): boolean {
  const list = under(reader.at, "prices", "value");
  const first = new Map<string, Place>();
  let isGood = true;
  for (const [index, price] of prices) {
    const at = under(list, index, "value");
    const number = numberOf(price);
    const earlier = mapped(number, (known) => first.get(known));
    if (number === undefined)
      isGood = refuse(reader, {
        message: "a price is for the numbers of one prefix, or for one short number",
        at,
        found:
          price.prefix === undefined ? "neither prefix nor short_number" : "both prefix and short_number",
        expected: 'either prefix: "+44" or short_number: 411',
      });
    else if (earlier === undefined) first.set(number, at);
    else
      isGood = refuse(reader, {
        code: "duplicate",
        message: `there are two prices for \`${number}\``,
        at,
        others: [{ at: earlier, note: "the first price" }],
      });
  }
  return isGood;
}

function checkIncluded(file: PlanFile, reader: PartReader): boolean {
  if (file.included_prefixes === undefined || file.included_minutes !== undefined) return true;
  return refuse(reader, {
    message: "`included_prefixes` says which calls use minutes that the plan does not have",
    at: under(reader.at, "included_prefixes", "value"),
    expected: "included_minutes: 1000",
  });
}

/** @returns false */
function refuse(
  reader: PartReader,
  problem: Omit<Problem, "severity" | "code"> & { readonly code?: Problem["code"] },
): boolean {
  reader.report({ severity: "error", code: "wrong_value", ...problem });
  return false;
}

/** Prices with and without a fraction, and currencies with other decimals than two. */
function generator(fc: FastCheck, id: string): Arbitrary<Plan> {
  const price = fc.bigInt({ min: 0n, max: 5_000_000n }).map(exactAmount);
  const prefix = fc.constantFrom("+1", "+1212", "+44", "+447", "+49");
  const short = fc.constantFrom("411", "118500", "0800");
  const included = fc.oneof(
    fc.constant({}),
    fc.record(
      {
        includedMinutes: fc.integer({ min: 1, max: 10_000 }),
        includedPrefixes: fc.uniqueArray(prefix, { maxLength: 3 }),
      },
      { requiredKeys: ["includedMinutes"] },
    ),
  );
  const plain = fc.record(
    {
      id: fc.constant(id),
      name: fc.constantFrom("Business 1000", "Flat: all of it"),
      currency: fc.constantFrom("USD", "EUR", "JPY", "KWD"),
      perMinute: price,
      prices: fc.uniqueArray(fc.record({ number: fc.oneof(prefix, short), perMinute: price }), {
        selector: (each) => each.number,
        maxLength: 4,
      }),
    },
    { requiredKeys: ["id", "currency", "prices"] },
  );
  return fc.tuple(plain, included).map(([plan, more]) => ({ ...plan, ...more }));
}
