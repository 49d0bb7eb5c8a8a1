/** Whether a user can sign in, as a word with a colour. */
import type { ReactNode } from "react";
import type { AnswerOf } from "../../../office/client.js";
import { useSpeech } from "../../../words/words.js";

export type Account = AnswerOf<"getAccount">;
export type AccountState = Account["state"];

const LOOKS: Readonly<Record<AccountState, string>> = {
  none: "",
  invited: "accent",
  active: "good",
  suspended: "bad",
};

/** @param state null: unknown */
export function AccountBadge({ state }: { readonly state: AccountState | null }): ReactNode {
  const { say } = useSpeech();
  if (state === null) return null;
  return <span className={`badge ${LOOKS[state]}`}>{say(`accounts.state.${state}`)}</span>;
}
