/** Suspending a user, and taking them back: it says what that means before it is done. */

import type { ReactNode } from "react";
import { useChange } from "../../../office/change.js";
import { Button } from "../../../parts/button.js";
import { Confirm, Dialog } from "../../../parts/dialog.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import type { UserShown } from "./user-shown.js";

const MEANS = ["phones", "sign_in", "calls", "kept"] as const;

export function Suspend({ user, onClose }: { readonly user: UserShown; onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const change = useChange("changeUser");
  const { username, name, suspended = false } = user;
  const run = async () => {
    const done = await change.run(
      { params: { username }, body: { suspended: suspended ? null : true } },
      { told: say(suspended ? "user.reactivated" : "user.suspended", { name }) },
    );
    if (done.ok) onClose();
  };
  if (suspended)
    return (
      <Dialog title={say("user.reactivate_title", { name })} isOpen onClose={onClose}>
        <ChangeProblem problem={change.problem} />
        <p>{say("user.reactivate_help")}</p>
        <div className="row end">
          <Button onPress={onClose}>{say("app.cancel")}</Button>
          <Button look="primary" isPending={change.isBusy} onPress={() => void run()}>
            {say("user.reactivate")}
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Confirm
      title={say("user.suspend_title", { name })}
      isOpen
      onClose={onClose}
      confirm={say("user.suspend")}
      isBusy={change.isBusy}
      onConfirm={() => void run()}
    >
      <ChangeProblem problem={change.problem} />
      <ul className="dots">
        {MEANS.map((each) => (
          <li key={each}>{say(`user.suspend_means.${each}`)}</li>
        ))}
      </ul>
    </Confirm>
  );
}
