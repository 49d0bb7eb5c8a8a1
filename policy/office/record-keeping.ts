/** For how long an office remembers its calls, and who did what. */

export interface RecordKeeping {
  /** Records are deleted so many days after the call; null: never; left out: {@link KEEP_DAYS}. */
  readonly keepDays?: number | null;
  /** Callers' numbers and names are taken out of records so many days after the call; null or left out: never. */
  readonly anonymiseDays?: number | null;
  /** Entries of the audit are deleted after so many days; null: never; left out: {@link KEEP_DAYS}. */
  readonly auditDays?: number | null;
}

const KEEP_DAYS = 400;

/** What counts: the settings with their defaults; null: never. */
export function recordKeeping({ records = {} }: { readonly records?: RecordKeeping }): {
  readonly keepDays: number | null;
  readonly anonymiseDays: number | null;
  readonly auditDays: number | null;
} {
  const { keepDays = KEEP_DAYS, anonymiseDays = null, auditDays = KEEP_DAYS } = records;
  return { keepDays, anonymiseDays, auditDays };
}
