/**
 * What an office says about calls to the public network: where they may go, and how much. Whoever causes such a call pays
 * for it with their own permission (`payer.ts`), and toll fraud is what these settings refuse unless they are widened.
 */

/** Where calls may go, besides the office's own country and its toll-free numbers. */
export interface OutsidePlaces {
  /** ISO 3166 alpha-2; not their premium numbers. */
  readonly countries?: readonly string[];
  /** Beginnings of numbers in E.164, such as `+1900`: also premium and satellite numbers, which no country includes. */
  readonly prefixes?: readonly string[];
  /** Premium short numbers of the office's country, as they are dialled: `118500`. */
  readonly shortNumbers?: readonly string[];
}

/** How much may be called. Left out: the default; null: without limit. */
export interface OutsideLimits {
  /** Outside phones that ring or talk at one moment. */
  readonly callsAtOnce?: number | null;
  /** Minutes talked within any 24 hours. */
  readonly minutesADay?: number | null;
}

/** What a user may do besides what every user of the office may. */
export interface UserOutsideCalls extends OutsidePlaces, OutsideLimits {}

export interface OutsideCalls extends OutsidePlaces, OutsideLimits {
  /** The limits of each user who has none of their own. */
  readonly eachUser?: OutsideLimits;
}

type Limits = Readonly<Record<keyof OutsideLimits, number>>;

/** More than an office of a hundred people needs, and what a night of fraud may cost at most. */
export const OFFICE_LIMITS: Limits = { callsAtOnce: 100, minutesADay: 10_000 };

/** More than one person needs: ten calls at once are forwarded to one mobile, or ten hours of talk. */
export const USER_LIMITS: Limits = { callsAtOnce: 10, minutesADay: 600 };
