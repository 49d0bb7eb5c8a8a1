/** Making a key of the API, with a part of one's own permissions. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import type { Args } from "../../office/client.js";
import { useMe } from "../../office/me.js";
import { Button } from "../../parts/button.js";
import { Checkbox, Choice } from "../../parts/choice.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { Secret } from "../../parts/secret.js";
import { ChangeProblem, permissionName } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

type Power = NonNullable<Args<"makeKey">[0]>["body"]["powers"][number];
const DAYS = ["30", "90", "365", "never"] as const;
const DAY_MS = 86_400_000;

export function MakeKey({ isOpen, onClose }: { readonly isOpen: boolean; onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [text, setText] = useState<string | null>(null);
  const close = () => {
    setText(null);
    onClose();
  };
  return (
    <Dialog
      title={say(text === null ? "keys.make" : "keys.made")}
      isOpen={isOpen}
      isHeld={text !== null}
      onClose={close}
    >
      {text === null ? <KeyForm onMade={setText} /> : <MadeKey text={text} onKept={close} />}
    </Dialog>
  );
}

function MadeKey({ text, onKept }: { readonly text: string; onKept(): void }): ReactNode {
  const { say } = useSpeech();
  return (
    <>
      <p>{say("keys.once")}</p>
      <Secret label={say("keys.text")} text={text} />
      <div className="row end">
        <Button look="primary" onPress={onKept}>
          {say("keys.kept")}
        </Button>
      </div>
    </>
  );
}

function KeyForm({ onMade }: { onMade(text: string): void }): ReactNode {
  const { say } = useSpeech();
  const make = useChange("makeKey");
  const { may } = useMe();
  const [name, setName] = useState("");
  const [powers, setPowers] = useState<readonly Power[]>([]);
  const [days, setDays] = useState<(typeof DAYS)[number]>("90");
  const open = ["own", ...Object.keys(may).filter((each) => may[each] === true)] as Power[];
  const save = async () => {
    const expires_at = days === "never" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    const done = await make.run({ body: { name, powers: [...powers], expires_at } }, { told: null });
    if (done.ok) onMade(done.value.key);
  };
  const choose = (power: Power, isOn: boolean) =>
    setPowers(isOn ? [...powers, power] : powers.filter((each) => each !== power));
  return (
    <Form label={say("keys.make")} onSave={() => void save()}>
      <ChangeProblem problem={make.problem} fields={["/name", "/powers"]} />
      <Field
        label={say("keys.name")}
        help={say("keys.name_help")}
        value={name}
        onChange={setName}
        maxLength={64}
        autoFocus
        fault={make.faultAt("/name")}
      />
      <fieldset className="field choices">
        <legend className="label">{say("keys.powers")}</legend>
        <p className="help">{say("keys.powers_help")}</p>
        {open.map((power) => (
          <Checkbox key={power} isOn={powers.includes(power)} onChange={(isOn) => choose(power, isOn)}>
            {power === "own" ? say("keys.power.own") : permissionName(say, power)}
          </Checkbox>
        ))}
        {make.faultAt("/powers") !== undefined && <p className="fault">{make.faultAt("/powers")}</p>}
      </fieldset>
      <Choice
        label={say("keys.expires")}
        options={DAYS.map((each) => ({ id: each, text: say(`keys.expires.${each}`) }))}
        value={days}
        onChange={(next) => setDays(DAYS.find((each) => each === next) ?? "90")}
      />
      <div className="row end">
        <Button
          type="submit"
          look="primary"
          isPending={make.isBusy}
          isDisabled={name.trim() === "" || powers.length === 0}
        >
          {say("keys.make")}
        </Button>
      </div>
    </Form>
  );
}
