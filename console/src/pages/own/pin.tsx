/** The PIN with which one listens to one's messages from any phone: set it, have one made, take it away, unlock it. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import { useMe } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Confirm } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { Secret } from "../../parts/secret.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

export function Pin(): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const { username } = useMe();
  const params = { username };
  const pin = useRead("getPin", { params });
  const unlock = useChange("unlockPin");
  const clear = useChange("clearPin");
  const [isClearing, setClearing] = useState(false);
  return (
    <Shown of={pin} lines={2}>
      {({ value: { set: isSet, locked_until_at: lockedUntil } }) => (
        <div className="stack">
          <p>
            <span className={`badge ${isSet ? "good" : "warn"}`}>
              {say(isSet ? "pin.is_set" : "pin.is_not_set")}
            </span>
          </p>
          {lockedUntil !== null && (
            <div className="notice warn">
              <p>{say("pin.locked", { time: when.short(lockedUntil) })}</p>
              <Button
                size="small"
                isPending={unlock.isBusy}
                onPress={() => void unlock.run({ params }, { told: say("pin.unlocked") })}
              >
                {say("pin.unlock")}
              </Button>
            </div>
          )}
          <ChangeProblem problem={unlock.problem} />
          <SetPin isSet={isSet} onClear={() => setClearing(true)} />
          <Confirm
            title={say("pin.clear")}
            isOpen={isClearing}
            onClose={() => setClearing(false)}
            confirm={say("pin.clear")}
            isBusy={clear.isBusy}
            onConfirm={() => {
              void clear
                .run({ params }, { told: say("pin.cleared") })
                .then((done) => done.ok && setClearing(false));
            }}
          >
            <ChangeProblem problem={clear.problem} />
            <p>{say("pin.clear_help")}</p>
          </Confirm>
        </div>
      )}
    </Shown>
  );
}

function SetPin({ isSet, onClear }: { readonly isSet: boolean; onClear(): void }): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  const [pin, setPin] = useState("");
  const [made, setMade] = useState<string | null>(null);
  const set = useChange("setPin");
  const save = async (body: { pin: string } | { generate: true }) => {
    const done = await set.run({ params: { username }, body }, { told: say("pin.saved") });
    if (!done.ok) return;
    setPin("");
    setMade(done.value.pin);
  };
  return (
    <Form label={say("pin.title")} onSave={() => void save({ pin })}>
      <ChangeProblem problem={set.problem} fields={["/pin"]} />
      {made !== null && (
        <div className="stack tight">
          <Secret label={say("pin.made")} text={made} />
          <p className="muted small">{say("pin.once")}</p>
        </div>
      )}
      <Field
        label={say(isSet ? "pin.new" : "pin.first")}
        help={say("pin.rules")}
        type="password"
        value={pin}
        onChange={setPin}
        inputMode="numeric"
        autoComplete="off"
        maxLength={10}
        fault={set.faultAt("/pin")}
      />
      <div className="row">
        <Button type="submit" isDisabled={pin === ""} isPending={set.isBusy}>
          {say("pin.save")}
        </Button>
        <Button look="quiet" onPress={() => void save({ generate: true })}>
          {say("pin.generate")}
        </Button>
        {isSet && (
          <Button look="quiet" onPress={onClear}>
            {say("pin.clear")}
          </Button>
        )}
      </div>
    </Form>
  );
}
