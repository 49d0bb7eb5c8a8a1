/**
 * Short numbers of a country, such as directory enquiries: no public numbers (E.164 has no place for them), so they go to
 * the carrier as they were dialled, like emergency numbers, but only for those who may call outside.
 */
import { PREMIUM_SHORT_NUMBER_PATTERNS } from "./premium-short-number-patterns.js";
import { SHORT_NUMBER_PATTERNS } from "./short-number-patterns.js";

interface Plan {
  readonly all: RegExp;
  readonly texted: RegExp;
  readonly ofOneCarrier: RegExp;
  readonly free: RegExp;
}

/** A number of one carrier is called by people only if it is this short: 311, 611. */
const CARRIERS_OWN_DIGITS_MAX = 3;

const PATTERNS = new Map(SHORT_NUMBER_PATTERNS.map(([country, ...patterns]) => [country, patterns] as const));
const PLANS = new Map<string, Plan>();

/** The short number that was dialled, which people call; undefined: it is none of this country. */
export function shortNumber(dialled: string, country: string): string | undefined {
  const plan = planOf(country);
  if (plan === undefined || !plan.all.test(dialled)) return undefined;
  if (plan.free.test(dialled)) return dialled;
  if (plan.texted.test(dialled)) return undefined;
  const isOwn = plan.ofOneCarrier.test(dialled) && dialled.length > CARRIERS_OWN_DIGITS_MAX;
  return isOwn ? undefined : dialled;
}

const PREMIUM = new Map(
  PREMIUM_SHORT_NUMBER_PATTERNS.map(([country, pattern]) => [country, whole(pattern)] as const),
);

/** Whether a short number of this country costs more than a call, as far as is known: directory enquiries, votes. */
export function isPremiumShortNumber(number: string, country: string): boolean {
  return PREMIUM.get(country)?.test(number) === true;
}

function planOf(country: string): Plan | undefined {
  const known = PLANS.get(country);
  const patterns = PATTERNS.get(country);
  if (known !== undefined || patterns === undefined) return known;
  const [all, texted, ofOneCarrier, free] = patterns.map(whole);
  if (all === undefined || texted === undefined || ofOneCarrier === undefined || free === undefined)
    throw new Error("a row of short numbers without its four patterns");
  const plan = { all, texted, ofOneCarrier, free };
  PLANS.set(country, plan);
  return plan;
}

function whole(pattern: string): RegExp {
  return pattern === "" ? /^(?!)/ : new RegExp(`^(?:${pattern})$`);
}
