/** Calling somebody back. */
import type { ReactNode } from "react";
import { phone } from "../../office/when.js";
import { buttonClass } from "../../parts/button.js";
import { useSpeech } from "../../words/words.js";
import type { MessageShape } from "./message-words.js";

export function CallBack({
  number,
  size = "usual",
}: {
  readonly number: string;
  /** Whose message it is; it is claimed by calling back. */
  readonly message?: MessageShape;
  readonly size?: "usual" | "small";
}): ReactNode {
  const { say } = useSpeech();
  return (
    <a
      className={buttonClass({ look: size === "small" ? "plain" : "primary", size })}
      href={`tel:${number}`}
      aria-label={say("call_back.label", { number: phone(number) })}
    >
      {say("call_back.button")}
    </a>
  );
}
