/**
 * How a carrier may be spoken to: the way SIP and audio go to it, the forms in which it writes numbers, and the places
 * where it puts them.
 */

/** What SIP goes over. */
export const TRANSPORTS = ["udp", "tcp", "tls"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Whether audio is encrypted (RFC 4568). */
export const SRTP = ["optional", "required", "never"] as const;
export type Srtp = (typeof SRTP)[number];

/**
 * `+4930231250`, `4930231250`, `030231250` (numbers of other countries behind the country's international prefix), or
 * `004930231250`.
 */
export const NUMBER_FORMS = ["e164", "e164_without_plus", "national", "00"] as const;
export type NumberForm = (typeof NUMBER_FORMS)[number];

/** Places of the called number that have a word; a header of another name may be given as well. */
export const CALLED_PLACES = ["request_uri", "to", "p_called_party_id", "diversion", "history_info"] as const;
/** Places of the caller's number that have a word. */
export const CALLER_PLACES = ["from", "p_asserted_identity", "remote_party_id"] as const;

/** A header of the request by its name. */
export interface HeaderPlace {
  readonly header: string;
}
export type CalledPlace = (typeof CALLED_PLACES)[number] | HeaderPlace;
export type CallerPlace = (typeof CALLER_PLACES)[number] | HeaderPlace;
