/** In a word what is known of a carrier now: on the live board, and on the pages of carriers. */
import type { ReactNode } from "react";
import { useSpeech } from "../words/words.js";

export function CarrierBadge({
  of: { up, registered },
}: {
  readonly of: { readonly up: boolean | null; readonly registered: boolean | null };
}): ReactNode {
  const { say } = useSpeech();
  if (up === false) return <span className="badge bad">{say("carrier.down")}</span>;
  if (registered === false) return <span className="badge bad">{say("carrier.not_registered")}</span>;
  if (registered === true) return <span className="badge good">{say("carrier.registered")}</span>;
  return up === true ? (
    <span className="badge good">{say("carrier.up")}</span>
  ) : (
    <span className="badge">{say("carrier.unknown")}</span>
  );
}
