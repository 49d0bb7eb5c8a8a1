/**
 * A route in the words that commands and the API use: `to: group:sales`, `ring: 30`, `press1: true`, `after: voicemail`;
 * read for a change, and written to show what is now.
 */

import type { Office } from "../../office/office.js";
import { given } from "../../office/optional.js";
import { type Refusal, refused } from "../edit.js";
import { DESTINATIONS, isRefusal, readDestination } from "./destination.js";
import { type AfterWish, keepsRinging, type Route, type RouteWish } from "./route.js";

/** What is left out stays as it is; a new route gets the defaults. */
export interface RouteWords {
  /** As `readDestination` reads it. */
  readonly to?: string;
  /** Seconds, or `none`: until the caller gives up or nothing rings any more. */
  readonly ring?: number | "none";
  /** Whether who answers must press 1; null: as each phone says, and by default only outside phones. */
  readonly press1?: boolean | null;
  /** `voicemail`, `voicemail:user:NAME`, `hangup`, `hangup:busy`, `keep-ringing`, or a destination. */
  readonly after?: string;
  /** Without the opening hours and announcements that come first. */
  readonly plain?: true;
}

export function readWish(words: RouteWords, office: Office): RouteWish | Refusal {
  const { ring, press1, plain } = words;
  const to = words.to === undefined ? undefined : readDestination(words.to, office);
  if (to !== undefined && isRefusal(to)) return to;
  const after = words.after === undefined ? undefined : readAfter(words.after, office);
  if (after !== undefined && isRefusal(after)) return after;
  return given({ to, ring, accept: press1 === undefined ? undefined : acceptOf(press1), after, plain });
}

function acceptOf(press1: boolean | null): "always" | "never" | null {
  if (press1 === null) return null;
  return press1 ? "always" : "never";
}

const NO_ANSWER = "no_answer";

function readAfter(text: string, office: Office): AfterWish | Refusal {
  const colon = text.indexOf(":");
  const word = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? undefined : text.slice(colon + 1);
  switch (word) {
    case "voicemail":
      return { kind: "voicemail", ...given({ box: rest }) };
    case "hangup":
      return { kind: "hangup", reason: rest ?? NO_ANSWER };
    case "keep-ringing":
      return { kind: "keep_ringing" };
  }
  const read = readDestination(text, office);
  if (!isRefusal(read)) return { kind: "destination", target: read.target };
  return refused(
    read.reason.replace(
      `expected ${DESTINATIONS}`,
      `expected voicemail, hangup, keep-ringing, or a destination: ${DESTINATIONS}`,
    ),
  );
}

/** The words that would make the route; undefined: it does more than the words can say, or rings nothing. */
export function routeWords({ goes }: Route): RouteWords | undefined {
  switch (goes.kind) {
    case "rings": {
      const { ring } = goes;
      return {
        to: ring.ring,
        ...given({ ring: ring.timeout }),
        press1: ring.accept === "always" ? true : ring.accept === "never" ? false : null,
        ...afterWords(goes),
      };
    }
    case "hands_over":
      return { to: goes.send.send };
    case "ends":
    case "does_more":
      return undefined;
  }
}

type RingsNow = Extract<Route["goes"], { kind: "rings" }>;

function afterWords(rings: RingsNow): Pick<RouteWords, "after"> {
  const { ring, after } = rings;
  if (keepsRinging(rings)) return { after: "keep-ringing" };
  if ("voicemail" in after)
    return { after: after.voicemail === ring.ring ? "voicemail" : `voicemail:${after.voicemail}` };
  if ("hangup" in after) return { after: after.hangup === NO_ANSWER ? "hangup" : `hangup:${after.hangup}` };
  return "send" in after ? { after: after.send } : {};
}
