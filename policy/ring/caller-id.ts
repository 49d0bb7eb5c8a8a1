/**
 * Decides the number and name that a leg is shown. SIP phones of the office see the caller, with a prefix where the
 * office gives one. Outside phones see what the office chose, with Diversion (RFC 5806) and P-Asserted-Identity (RFC
 * 3325), because carriers refuse calls from numbers that are not the customer's.
 */
import type { E164, User } from "../office/office.js";
import type { Payer } from "../outside/payer.js";
import type { RoutingTable } from "../routing/table.js";

/** The facts of the call that decide which caller a leg is shown. */
export interface Showing {
  readonly callerNumber: string;
  readonly callerName: string;
  /** The number that was called, where it is one of the office's own. */
  readonly called: E164 | null;
  /** The caller from outside withholds the number, which only a carrier that the office trusts may know. */
  readonly withheld?: { readonly number: string | null };
  /** The calling user hides their number. */
  readonly hidesNumber?: true;
  readonly prefix: string | null;
  /** Who pays when the step itself names an outside number; null: nobody. */
  readonly payer: Payer | null;
  /** This is an emergency call: the emergency service must be able to call back. */
  readonly emergency: boolean;
  /** The calling user, and the device of the office they call from, if any; null: a call from outside. */
  readonly from: { readonly username: string; readonly device: string | null } | null;
}

export interface CallerShown {
  readonly callerNumber: string;
  readonly callerName: string;
  /** Number for the Diversion header, or null for none. */
  readonly diversion: string | null;
  /** Number for P-Asserted-Identity, or null for none. */
  readonly asserted: string | null;
  /** `Privacy: id` (RFC 3323, RFC 3325): the carrier must show nobody who calls. */
  readonly isPrivate?: true;
}

/** What a registered phone of the office is shown. */
export function showOnPhone(show: Showing): CallerShown {
  const callerName = show.prefix === null ? show.callerName : `${show.prefix} ${show.callerName}`.trim();
  return { callerNumber: show.callerNumber, callerName, diversion: null, asserted: null };
}

/**
 * What an outside phone is shown. A call from inside shows a number the office owns, unless its user hides it.
 * @param trusted the carrier may know who withholds the number, and keeps it to itself
 */
export function showOutside(show: Showing, office: RoutingTable, trusted: boolean): CallerShown {
  if (show.emergency) return showEmergency(show, office);
  if (show.from !== null) {
    const own = numberShownBy(office.user(show.from.username), office) ?? show.callerNumber;
    if (show.hidesNumber === true) return { ...NOBODY, asserted: trusted ? vouched(own) : null };
    return { callerNumber: own, callerName: show.callerName, diversion: null, asserted: vouched(own) };
  }
  const mode = office.settings.outsideCallerId;
  switch (mode.kind) {
    case "caller":
      // Else the office's own number vouches for the call.
      if (show.withheld !== undefined)
        return {
          ...NOBODY,
          diversion: show.called,
          asserted: (trusted ? show.withheld.number : null) ?? show.called,
        };
      return {
        callerNumber: show.callerNumber,
        callerName: show.callerName,
        diversion: show.called,
        asserted: show.called,
      };
    case "called": {
      const number = show.called ?? show.callerNumber;
      return {
        callerNumber: number,
        callerName: show.callerName,
        diversion: null,
        asserted: vouched(number),
      };
    }
    case "fixed":
      return {
        callerNumber: mode.number,
        callerName: show.callerName,
        diversion: show.called,
        asserted: mode.number,
      };
  }
}

/** Shown as `anonymous`. */
const NOBODY = { callerNumber: "anonymous", callerName: "", diversion: null, isPrivate: true } as const;

/** Also for a user without a number, for whom the carrier would refuse any other call. */
function showEmergency(show: Showing, office: RoutingTable): CallerShown {
  const own = show.from === null ? undefined : office.user(show.from.username);
  const number = numberShownBy(own, office) ?? show.called ?? office.lowestNumber() ?? show.callerNumber;
  return { callerNumber: number, callerName: show.callerName, diversion: null, asserted: vouched(number) };
}

/**
 * The number to assert; null for a text that is no public number: a phone's sign-in name, an extension, `anonymous`.
 */
function vouched(number: string): E164 | null {
  return /^\+[1-9][0-9]{6,14}$/.test(number) ? number : null;
}

/** The number of the office that a user's calls outside show; undefined: there is none. */
export function numberShownBy(user: User | undefined, office: RoutingTable): string | undefined {
  return user?.outboundNumber ?? fixedNumber(office);
}

function fixedNumber(office: RoutingTable): string | undefined {
  return office.settings.outsideCallerId.kind === "fixed"
    ? office.settings.outsideCallerId.number
    : undefined;
}
