/** Signing in with a passkey: the server asks, the device shows it, the server answers. */
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { showPasskey } from "../../office/passkeys.js";

/** @param step of the password before; left out: the passkey is all that is asked for */
export function usePasskeySignIn(onAnswer: (answer: AnswerOf<"signIn">) => void, step?: string) {
  const options = useChange("askForPasskey");
  const signIn = useChange("signInByPasskey");
  const which = step === undefined ? {} : { step };
  return {
    problem: options.problem ?? signIn.problem,
    isBusy: options.isBusy || signIn.isBusy,
    clear: () => {
      options.clear();
      signIn.clear();
    },
    run: async () => {
      const asked = await options.run({ body: which }, { told: null });
      if (!asked.ok) return;
      const response = await showPasskey(asked.value.options);
      if (response === null) return;
      const done = await signIn.run({ body: { ...which, response } }, { told: null });
      if (done.ok) onAnswer(done.value);
    },
  };
}
