/** Which legs of a call are calls to the public network that cost something. */
import type { CallRecord } from "../record/record.js";

/** One answered leg to the public network. */
export interface Charge {
  /** The leg's place among those of its call. */
  readonly place: number;
  readonly answeredMs: number;
  /** Null: it goes on. */
  readonly endedMs: number | null;
  readonly isEndSeen: boolean;
  readonly dialled: string;
  /** The number that was shown; null: none, or the caller's own. */
  readonly shown: string | null;
  /** The username of who pays; null: the office. */
  readonly user: string | null;
}

/** A leg that was not answered costs nothing, and neither does one to an emergency number, or to a number that tries it. */
export function chargesOf({ legs, from, happenings }: CallRecord): Charge[] {
  const free = new Set(happenings.flatMap(({ what }) => (what.kind === "emergency" ? [what.number] : [])));
  return legs.flatMap((leg, place) => {
    const { carrier, answeredMs, endedMs, isEndSeen, shows, payer } = leg;
    // Only legs outside go through a carrier.
    if (carrier === null || answeredMs === null || free.has(leg.to)) return [];
    return [
      {
        place,
        answeredMs,
        endedMs,
        isEndSeen,
        dialled: leg.to,
        // A caller's number is kept nowhere but in the record, where it is anonymised in time.
        shown: shows === from ? null : shows,
        user: payer?.startsWith("user:") ? payer.slice("user:".length) : null,
      },
    ];
  });
}
