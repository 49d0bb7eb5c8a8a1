/** Whether a carrier can be used now, in a word. */
import type { ReactNode } from "react";
import type { AnswerOf } from "../../office/client.js";
import { CarrierBadge } from "../../parts/carrier-badge.js";
import { useSpeech } from "../../words/words.js";

type State = AnswerOf<"getCarrier">["state"];

export function CarrierState({ of }: { readonly of: State }): ReactNode {
  const { say } = useSpeech();
  return of === null ? <span className="badge">{say("carrier.unknown")}</span> : <CarrierBadge of={of} />;
}
