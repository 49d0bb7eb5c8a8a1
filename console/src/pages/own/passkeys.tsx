/** Passkeys: signing in with a fingerprint, a face, or a key in one's pocket. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import { knowsPasskeys, makePasskey } from "../../office/passkeys.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Checkbox } from "../../parts/choice.js";
import { Confirm, Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { Section } from "../../parts/page.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { RecoveryCodes } from "./recovery-codes.js";
import type { Factors } from "./second-step-settings.js";

export function Passkeys({ factors: { passkeys } }: { readonly factors: Factors }): ReactNode {
  const { say } = useSpeech();
  const [isAdding, setAdding] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Section
      title={say("passkeys.title")}
      help={say(knowsPasskeys() ? "passkeys.lead" : "passkeys.not_here")}
      actions={knowsPasskeys() && <Button onPress={() => setAdding(true)}>{say("passkeys.add")}</Button>}
    >
      {passkeys.length > 0 && (
        <ul className="rows">
          {passkeys.map((passkey) => (
            <PasskeyLine key={passkey.id} passkey={passkey} />
          ))}
        </ul>
      )}
      <Dialog title={say("passkeys.add")} isOpen={isAdding} onClose={() => setAdding(false)}>
        <AddPasskey
          onAdded={(made) => {
            setAdding(false);
            setCodes(made);
          }}
        />
      </Dialog>
      <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />
    </Section>
  );
}

function AddPasskey({ onAdded }: { onAdded(codes: readonly string[] | null): void }): ReactNode {
  const { say } = useSpeech();
  const [name, setName] = useState("");
  const [isSecondStep, setSecondStep] = useState(false);
  const [wasStopped, setStopped] = useState(false);
  const options = useChange("askForNewPasskey");
  const add = useChange("addPasskey");
  const save = async () => {
    setStopped(false);
    const asked = await options.run(undefined, { told: null });
    if (!asked.ok) return;
    const response = await makePasskey(asked.value.options);
    if (response === null) return setStopped(true);
    const body = { name: name.trim() || say("passkeys.usual_name"), is_second_step: isSecondStep, response };
    const done = await add.run({ body }, { told: say("passkeys.added") });
    if (done.ok) onAdded(done.value.recovery_codes);
  };
  return (
    <Form label={say("passkeys.add")} onSave={() => void save()}>
      <ChangeProblem problem={options.problem ?? add.problem} fields={["/name"]} />
      {wasStopped && <p role="alert">{say("passkeys.stopped")}</p>}
      <Field
        label={say("passkeys.name")}
        help={say("passkeys.name_help")}
        value={name}
        onChange={setName}
        maxLength={64}
        autoFocus
        fault={add.faultAt("/name")}
      />
      <Checkbox isOn={isSecondStep} onChange={setSecondStep}>
        <span>
          {say("passkeys.second_step")}
          <span className="muted small block">{say("passkeys.second_step_help")}</span>
        </span>
      </Checkbox>
      <div className="row end">
        <Button type="submit" look="primary" isPending={options.isBusy || add.isBusy}>
          {say("passkeys.make")}
        </Button>
      </div>
    </Form>
  );
}

function PasskeyLine({ passkey }: { readonly passkey: Factors["passkeys"][number] }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const remove = useChange("removePasskey");
  const [isAsking, setAsking] = useState(false);
  const { id, name, made_at: madeAt, used_at: usedAt, is_second_step: isSecond } = passkey;
  return (
    <li className="row between">
      <span>
        <b>{name}</b> {isSecond && <span className="badge accent">{say("passkeys.is_second_step")}</span>}
        <span className="muted small block">
          {usedAt === null
            ? say("passkeys.made", { time: when.short(madeAt) })
            : say("passkeys.used", { time: when.short(usedAt) })}
        </span>
      </span>
      <Button
        look="quiet"
        size="small"
        onPress={() => setAsking(true)}
        aria-label={say("passkeys.remove", { name })}
      >
        {say("app.remove")}
      </Button>
      <Confirm
        title={say("passkeys.remove", { name })}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        confirm={say("app.remove")}
        isBusy={remove.isBusy}
        onConfirm={() => {
          void remove
            .run({ params: { id } }, { told: say("passkeys.removed") })
            .then((done) => done.ok && setAsking(false));
        }}
      >
        <ChangeProblem problem={remove.problem} />
        <p>{say("passkeys.remove_help")}</p>
      </Confirm>
    </li>
  );
}
