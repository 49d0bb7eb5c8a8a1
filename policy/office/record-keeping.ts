/** For how long an office remembers its calls. */

export interface RecordKeeping {
  /** Records are deleted so many days after the call; null: never; left out: {@link KEEP_DAYS}. */
  readonly keepDays?: number | null;
  /** Callers' numbers and names are taken out of records so many days after the call; null or left out: never. */
  readonly anonymiseDays?: number | null;
}

const KEEP_DAYS = 400;

/** What counts: the settings with their defaults; null: never. */
export function recordKeeping({ records = {} }: { readonly records?: RecordKeeping }): {
  readonly keepDays: number | null;
  readonly anonymiseDays: number | null;
} {
  const { keepDays = KEEP_DAYS, anonymiseDays = null } = records;
  return { keepDays, anonymiseDays };
}
