/** Recovery codes, shown once. They stay until somebody says that they are kept. */
import type { ReactNode } from "react";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Secret } from "../../parts/secret.js";
import { useSpeech } from "../../words/words.js";

export function RecoveryCodes({
  codes,
  onClose,
}: {
  readonly codes: readonly string[] | null;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <Dialog title={say("recovery.title")} isOpen={codes !== null} isHeld onClose={onClose}>
      <p>{say("recovery.lead")}</p>
      <Secret label={say("recovery.codes")} text={(codes ?? []).join("\n")} />
      <div className="row end">
        <Button look="primary" onPress={onClose}>
          {say("recovery.kept")}
        </Button>
      </div>
    </Dialog>
  );
}
