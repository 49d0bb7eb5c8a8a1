/** Amounts of money with all their digits: they come as texts, and no digit is lost. */

/** At least two digits behind the point, and as many as there are. */
export function moneyText(amount: string, currency: string, language: string): string {
  const digits = /\.(\d+)$/.exec(amount)?.[1]?.length ?? 0;
  const format = new Intl.NumberFormat(language, {
    style: "currency",
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: Math.min(20, Math.max(2, digits)),
  });
  // A text is formatted exactly (ES2023); the types of our library still want a number.
  return format.format(amount as unknown as number);
}
