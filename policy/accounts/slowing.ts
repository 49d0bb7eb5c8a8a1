/**
 * How fast sign-ins may be guessed. The first failures cost nothing, each further one doubles the time until the next try is
 * looked at. Nobody is locked out: a browser in which an account signed in before is slowed by its own failures only, so
 * that guesses from elsewhere do not reach its person.
 */

/**
 * - `account`: tries for one account from browsers that it does not know, wherever they come from.
 * - `address`: tries from one address, for whatever account, from browsers that it does not know.
 * - `office`: tries from browsers that their account does not know, whatever the account and the address.
 * - `browser`: tries in one browser for an account that signed in there before.
 */
export type GuessScope = "account" | "address" | "browser" | "office";

export interface Slowing {
  /** So many failures cost nothing. */
  readonly free: number;
  /** The time after the first failure that costs, doubled with each further one. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** After so long without a failure all of them are forgotten. */
  readonly forgottenMs: number;
}

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

export const SLOWING: Readonly<Record<GuessScope, Slowing>> = {
  // Some 110 guesses a day. The most common passwords, which would be guessed first, are not accepted.
  account: { free: 5, firstMs: SECOND, longestMs: 15 * MINUTE, forgottenMs: 24 * HOUR },
  // A whole office may come from one address, on the morning after a holiday.
  address: { free: 20, firstMs: SECOND, longestMs: 15 * MINUTE, forgottenMs: HOUR },
  // Some 660 guesses an hour, by however many machines: the counter is another one in each hour (`officeKey`).
  office: { free: 300, firstMs: SECOND, longestMs: 10 * SECOND, forgottenMs: HOUR },
  browser: { free: 10, firstMs: SECOND, longestMs: MINUTE, forgottenMs: HOUR },
};

/** Failures that are remembered; `lastMs` is the time of the last one. */
export interface Failures {
  readonly failures: number;
  readonly lastMs: number;
}

/** The failures that still count. A clock that was set back forgets them, rather than slow somebody for years. */
export function counted({ failures, lastMs }: Failures, scope: GuessScope, nowMs: number): number {
  return nowMs < lastMs || nowMs - lastMs >= SLOWING[scope].forgottenMs ? 0 : failures;
}

/** The counter of an office at a time. A large office has failures all day: one that counts on would slow everybody. */
export function officeKey(nowMs: number): string {
  return String(Math.floor(nowMs / HOUR));
}

/** How long a try has to wait; 0: it may be looked at. @param free so many failures cost nothing */
export function waitMs(
  known: Failures,
  scope: GuessScope,
  nowMs: number,
  free: number = SLOWING[scope].free,
): number {
  const failures = counted(known, scope, nowMs);
  const { firstMs, longestMs } = SLOWING[scope];
  if (failures < free) return 0;
  return Math.max(0, known.lastMs + Math.min(firstMs * 2 ** (failures - free), longestMs) - nowMs);
}

/** The longest that any failure is remembered. */
export const FAILURES_KEPT_MS = Math.max(...Object.values(SLOWING).map(({ forgottenMs }) => forgottenMs));

/** The part of an address that one customer has: all of IPv4, the first 64 bits of IPv6 (RFC 6177). */
export function addressOwner(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const groups = (text: string | undefined) => (text === undefined || text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  const first = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${first.join(":")}::/64`;
}
