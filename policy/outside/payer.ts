/**
 * Who pays for a leg to an outside phone. Whoever causes it does: the user who dials, transfers or calls back; the user
 * whose outside device rings or whose no-answer flow leads there; else the office, whose files lead there.
 */
import type { User } from "../office/office.js";
import { may } from "../office/permission.js";
import type { RoutingTable } from "../routing/table.js";
import { placeRefusal, shortNumberRefusal } from "./places.js";
import { OFFICE_LIMITS, type OutsideLimits, USER_LIMITS } from "./settings.js";

/** `user:NAME` or `office`, as one word: it is kept with calls in progress and in the database. */
export type Payer = string;

export const OFFICE: Payer = "office";

export function userPays(username: string): Payer {
  return `user:${username}`;
}

/** The user who pays; undefined: the office does, or the user is gone. */
function payingUser(payer: Payer, office: RoutingTable): User | undefined {
  return payer.startsWith("user:") ? office.user(payer.slice("user:".length)) : undefined;
}

/**
 * Why a call is refused. `permission`: the user may not call outside. `nobody_pays`: nobody knows who has transferred the
 * caller, or who did is no user. `mailbox`: whoever was transferred may not open mailboxes. `anonymous`: who withholds the
 * number is not taken there. `unencrypted`: phone or carrier has `srtp: required`, and the call offers no encryption.
 */
export const REFUSALS = [
  "permission",
  "nobody_pays",
  "place",
  "premium",
  "user_calls_at_once",
  "office_calls_at_once",
  "user_minutes",
  "office_minutes",
  "mailbox",
  "anonymous",
  "unencrypted",
] as const;
export type Refused = (typeof REFUSALS)[number];

/** Why a call outside is refused. */
export type Refusal = Exclude<Refused, "mailbox" | "anonymous" | "unencrypted">;

/** What is used at this moment. The office's own use includes that of its users. */
export interface OutsideUse {
  /** Outside phones that ring or talk. */
  callsAtOnce(payer: Payer): number;
  /** Minutes talked within the last 24 hours. */
  minutes(payer: Payer): number;
}

/** @param dials the payer dials, transfers or calls back; else a file leads there */
export function whyNotOutside(
  number: string,
  payer: Payer | null,
  dials: boolean,
  office: RoutingTable,
): Refusal | null {
  const why = whyNotDial(payer, dials, office);
  if (why !== null || payer === null) return why;
  const { settings } = office;
  const places = [settings.outsideCalls, payingUser(payer, office)?.outsideCalls];
  if (!number.startsWith("+")) return shortNumberRefusal(number, settings, places);
  return placeRefusal(number, settings.country, places);
}

/** Whether somebody pays, wherever the call goes. */
function whyNotDial(payer: Payer | null, dials: boolean, office: RoutingTable): Refusal | null {
  if (payer === null) return "nobody_pays";
  const user = payingUser(payer, office);
  const isAllowed = payer === OFFICE || (user !== undefined && mayPay(user, dials, office));
  return isAllowed ? null : "permission";
}

/**
 * A user who dials needs the permission. A device or a flow that a file gives to a user may call unless the user is denied
 * it by name: such calls show the caller's number or the office's, so the user needs no number to show.
 */
function mayPay(user: User, dials: boolean, office: RoutingTable): boolean {
  if (dials) return may(user, "outside_calls", office);
  return user.suspended !== true && user.permissions?.outside_calls !== false;
}

/**
 * Whether the limits leave room for one more call.
 * @param begun calls at once that are being dialled at this very moment, and that `use` does not have yet
 */
export function limitReached(
  payer: Payer,
  office: RoutingTable,
  use: OutsideUse | undefined,
  begun: (payer: Payer) => number = () => 0,
): Refusal | null {
  if (use === undefined) return null;
  const limits = limitsOf(payer, office);
  const atOnce = (who: Payer) => use.callsAtOnce(who) + begun(who);
  if (payer !== OFFICE) {
    if (atOnce(payer) >= limits.user.callsAtOnce) return "user_calls_at_once";
    if (use.minutes(payer) >= limits.user.minutesADay) return "user_minutes";
  }
  if (atOnce(OFFICE) >= limits.office.callsAtOnce) return "office_calls_at_once";
  return use.minutes(OFFICE) >= limits.office.minutesADay ? "office_minutes" : null;
}

type Limits = Readonly<Record<keyof OutsideLimits, number>>;

/** The limits that count for a payer; Infinity: none. */
export function limitsOf(
  payer: Payer,
  office: RoutingTable,
): { readonly user: Limits; readonly office: Limits } {
  const { outsideCalls } = office.settings;
  const own = payingUser(payer, office)?.outsideCalls;
  return {
    user: together([own, outsideCalls?.eachUser], USER_LIMITS),
    office: together([outsideCalls], OFFICE_LIMITS),
  };
}

/** The first of the limits that is given counts. */
function together(given: readonly (OutsideLimits | undefined)[], usual: Limits): Limits {
  const one = (name: keyof OutsideLimits): number => {
    const limit = given.map((limits) => limits?.[name]).find((value) => value !== undefined);
    if (limit === undefined) return usual[name];
    return limit ?? Number.POSITIVE_INFINITY;
  };
  return { callsAtOnce: one("callsAtOnce"), minutesADay: one("minutesADay") };
}
