/** How a webhook fares, in a word. */
import type { ReactNode } from "react";
import type { AnswerOf } from "../../office/client.js";
import { useSpeech } from "../../words/words.js";

export type Standing = AnswerOf<"listDeliveryStates">["items"][number];

const LOOKS: Readonly<Record<Standing["state"], string>> = {
  new: "",
  works: "good",
  failing: "bad",
  off: "bad",
};

export function StandingBadge({ of }: { readonly of: Standing | undefined }): ReactNode {
  const { say } = useSpeech();
  const state = of?.state ?? "new";
  return <span className={`badge ${LOOKS[state]}`}>{say(`webhooks.state.${state}`)}</span>;
}
