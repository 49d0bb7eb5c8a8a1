/** Something that is shown once: a link, a key, a password, codes. It can be copied, and says that it does not come again. */
import type { ReactNode } from "react";
import { useTell } from "../frame/toasts.js";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import "./secret.css";

export function Secret({
  label,
  text,
}: {
  readonly label: string;
  /** Several lines for several codes. */
  readonly text: string;
}): ReactNode {
  const { say } = useSpeech();
  const tell = useTell();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    tell({ text: say("app.copied") });
  };
  return (
    <div className="secret" role="group" aria-label={label}>
      <span className="small muted">{label}</span>
      <div className="secret-line">
        <code>{text}</code>
        {navigator.clipboard !== undefined && (
          <Button size="small" onPress={() => void copy()}>
            {say("app.copy")}
          </Button>
        )}
      </div>
    </div>
  );
}
