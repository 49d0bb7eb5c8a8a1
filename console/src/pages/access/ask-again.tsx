/**
 * "Show first that it is you": asks for the password or a passkey over the page, for whatever change needs it. The change goes
 * on by itself afterwards.
 */
import { type ReactNode, useCallback, useRef, useState } from "react";
import { useChange } from "../../office/change.js";
import { type ConfirmFirst, ConfirmFirstContext } from "../../office/confirm-first.js";
import { useMe } from "../../office/me.js";
import { knowsPasskeys, showPasskey } from "../../office/passkeys.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { useSpeech } from "../../words/words.js";
import { AccessProblem } from "./access-problem.js";

export function AskAgain({ children }: { readonly children: ReactNode }): ReactNode {
  const { say } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  const waiting = useRef<((isThem: boolean) => void)[]>([]);
  const ask = useCallback<ConfirmFirst>(
    () =>
      new Promise((resolve) => {
        waiting.current.push(resolve);
        setOpen(true);
      }),
    [],
  );
  const end = (isThem: boolean) => {
    setOpen(false);
    for (const resolve of waiting.current.splice(0)) resolve(isThem);
  };
  return (
    <ConfirmFirstContext value={ask}>
      {children}
      <Dialog title={say("confirm.title")} isOpen={isOpen} onClose={() => end(false)}>
        <p className="muted">{say("confirm.lead")}</p>
        <Ways onConfirmed={() => end(true)} />
      </Dialog>
    </ConfirmFirstContext>
  );
}

function Ways({ onConfirmed }: { onConfirmed(): void }): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  const [password, setPassword] = useState("");
  const confirm = useChange("confirm");
  const options = useChange("askForConfirmingPasskey");
  const byKey = useChange("confirmByPasskey");
  const byPassword = async () => {
    byKey.clear();
    const done = await confirm.run({ body: { password } }, { told: null });
    if (done.ok) onConfirmed();
  };
  const byPasskey = async () => {
    confirm.clear();
    const asked = await options.run(undefined, { told: null });
    if (!asked.ok) return;
    const response = await showPasskey(asked.value.options);
    if (response === null) return;
    const done = await byKey.run({ body: { response } }, { told: null });
    if (done.ok) onConfirmed();
  };
  return (
    <Form label={say("confirm.title")} onSave={() => void byPassword()}>
      <AccessProblem
        problem={confirm.problem ?? options.problem ?? byKey.problem}
        wrong={say("confirm.wrong_help")}
      />
      <input
        className="visually-hidden"
        type="text"
        autoComplete="username"
        value={username}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <Field
        label={say("sign_in.password")}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        autoFocus
      />
      <div className="row end">
        {knowsPasskeys() && (
          <Button isPending={options.isBusy || byKey.isBusy} onPress={() => void byPasskey()}>
            {say("confirm.passkey")}
          </Button>
        )}
        <Button type="submit" look="primary" isPending={confirm.isBusy}>
          {say("confirm.submit")}
        </Button>
      </div>
    </Form>
  );
}
