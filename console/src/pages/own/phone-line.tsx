/** One phone in the list: its state, when it rings, and what can be done with it. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Confirm, Dialog } from "../../parts/dialog.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { PhoneForm } from "./phone-form.js";
import { type Device, phoneAddress, phoneName, phoneRings, phoneState } from "./phone-words.js";
import { SetUpPhone } from "./set-up-phone.js";

type Open = "edit" | "set_up" | "remove" | null;

interface LineProps {
  readonly device: Device;
  readonly username: string;
  readonly revision: number | null;
  readonly place: number;
  readonly places: number;
}

export function PhoneLine({ device, username, revision, place, places }: LineProps): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const [open, setOpen] = useState<Open>(null);
  const name = phoneName(say, device.id);
  const state = phoneState(say, device, when.short);
  const close = () => setOpen(null);
  return (
    <li className="card phone" aria-label={name}>
      <div className="phone-words">
        <h2>{name}</h2>
        <p className="muted">{phoneAddress(device)}</p>
      </div>
      <p className="phone-state">
        <span className={`badge ${state.look}`}>{state.text}</span>
        {state.help !== undefined && <span className="muted small">{state.help}</span>}
      </p>
      <p className="small phone-rings">{phoneRings(say, device).join(" ")}</p>
      <div className="row phone-tools">
        {device.may.change && device.kind === "sip" && (
          <Button size="small" onPress={() => setOpen("set_up")}>
            {say("phones.set_up")}
          </Button>
        )}
        {device.may.change && (
          <Button size="small" onPress={() => setOpen("edit")}>
            {say("phones.when_it_rings")}
          </Button>
        )}
        {device.may.change && places > 1 && <Order {...{ device, username, place, places, name }} />}
        {device.may.remove && (
          <Button size="small" look="quiet" onPress={() => setOpen("remove")}>
            {say("app.remove")}
          </Button>
        )}
      </div>
      <Dialog title={say("phones.rings_title", { name })} isOpen={open === "edit"} onClose={close}>
        <PhoneForm {...{ device, username, revision }} onDone={close} />
      </Dialog>
      <Dialog title={say("phones.set_up_title", { name })} isOpen={open === "set_up"} onClose={close}>
        <SetUpPhone
          {...{ username }}
          id={device.id}
          isNew={device.sign_in?.password_made_at === null}
          onDone={close}
        />
      </Dialog>
      <RemovePhone {...{ device, username, name }} isOpen={open === "remove"} onClose={close} />
    </li>
  );
}

function Order({
  device,
  username,
  place,
  places,
  name,
}: Pick<LineProps, "device" | "username" | "place" | "places"> & { readonly name: string }): ReactNode {
  const { say } = useSpeech();
  const change = useChange("changeDevice");
  const move = (to: number) => void change.run({ params: { username, id: device.id }, body: { place: to } });
  return (
    <span className="row tight">
      <Button
        size="small"
        aria-label={say("phones.earlier", { name })}
        isDisabled={place === 1}
        onPress={() => move(place - 1)}
      >
        ↑
      </Button>
      <Button
        size="small"
        aria-label={say("phones.later", { name })}
        isDisabled={place === places}
        onPress={() => move(place + 1)}
      >
        ↓
      </Button>
    </span>
  );
}

function RemovePhone({
  device,
  username,
  name,
  isOpen,
  onClose,
}: Pick<LineProps, "device" | "username"> & {
  readonly name: string;
  readonly isOpen: boolean;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const remove = useChange("removeDevice");
  return (
    <Confirm
      title={say("phones.remove_title", { name })}
      isOpen={isOpen}
      onClose={onClose}
      confirm={say("phones.remove")}
      isBusy={remove.isBusy}
      onConfirm={() => {
        void remove.run({ params: { username, id: device.id } }).then((done) => done.ok && onClose());
      }}
    >
      <ChangeProblem problem={remove.problem} />
      <p>{say(device.kind === "sip" ? "phones.remove_help" : "phones.remove_outside_help")}</p>
    </Confirm>
  );
}
