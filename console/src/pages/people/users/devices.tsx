/** A user's phones: which are reachable now, what they sign in with, and the outside phones that ring for them. */

import { type ReactNode, useState } from "react";
import { useChange } from "../../../office/change.js";
import { useMe, useReach } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";
import { phone, useWhen } from "../../../office/when.js";
import { Button } from "../../../parts/button.js";
import { Confirm } from "../../../parts/dialog.js";
import { Section } from "../../../parts/page.js";
import { ChangeProblem, Empty, Shown } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import { DeviceForm } from "./device-form.js";
import { SetUpDevice } from "./device-set-up.js";
import type { Device, OfUser } from "./user-shown.js";

type Open =
  | { readonly what: "add" }
  | { readonly what: "edit" | "remove" | "set_up"; readonly device: Device };

/** Phones sign in and out without a change of the office. */
const EVERY_MS = 10_000;

export function Devices({ user }: OfUser): ReactNode {
  const { say } = useSpeech();
  const { username } = user;
  const [open, setOpen] = useState<Open | null>(null);
  const devices = useRead("listDevices", { params: { username } }, { everyMs: EVERY_MS });
  const me = useMe();
  const reach = useReach();
  // People look after their own phones.
  const mayAdd =
    user.may.change &&
    (reach("addDevice") === "all" || (username === me.username && reach("addDevice") !== undefined));
  const close = () => setOpen(null);
  return (
    <Section
      title={say("user.tab.devices")}
      help={say("devices.help")}
      actions={mayAdd && <Button onPress={() => setOpen({ what: "add" })}>{say("devices.add")}</Button>}
    >
      <Shown of={devices}>
        {({ value: { items } }) =>
          items.length === 0 ? (
            <Empty title={say("devices.none")} help={say("devices.none_help", { name: user.name })} />
          ) : (
            <ul className="lines devices">
              {items.map((device) => (
                <DeviceLine key={device.id} device={device} onOpen={setOpen} />
              ))}
            </ul>
          )
        }
      </Shown>
      {open?.what === "add" && (
        <DeviceForm
          user={user}
          device={null}
          onClose={close}
          onAdded={(device) => setOpen({ what: "set_up", device })}
        />
      )}
      {open?.what === "edit" && <DeviceForm user={user} device={open.device} onClose={close} />}
      {open?.what === "remove" && <RemoveDevice username={username} device={open.device} onClose={close} />}
      {open?.what === "set_up" && <SetUpDevice user={user} device={open.device} onClose={close} />}
    </Section>
  );
}

function DeviceLine({ device, onOpen }: { readonly device: Device; onOpen(open: Open): void }): ReactNode {
  const { say } = useSpeech();
  const { id, kind, sign_in: signIn, may } = device;
  return (
    <li>
      <div>
        <div className="row tight">
          <b>{id}</b>
          <DeviceState device={device} />
        </div>
        <p className="muted small">
          {kind === "phone" ? phone(device.phone ?? "") : (signIn?.sip_name ?? device.sip)}
          {device.delay === undefined ? "" : ` · ${say("devices.delay_is", { seconds: device.delay })}`}
          {device.ring === undefined ? "" : ` · ${say("devices.ring_is", { seconds: device.ring })}`}
          {device.location === undefined ? "" : ` · ${device.location}`}
        </p>
        <Contacts device={device} />
      </div>
      <div className="row tight">
        {kind === "sip" && may.change && (
          <Button size="small" onPress={() => onOpen({ what: "set_up", device })}>
            {say("devices.set_up")}
          </Button>
        )}
        {may.change && (
          <Button
            size="small"
            aria-label={say("devices.edit_named", { id })}
            onPress={() => onOpen({ what: "edit", device })}
          >
            {say("app.edit")}
          </Button>
        )}
        {may.remove && (
          <Button
            size="small"
            look="danger"
            aria-label={say("devices.remove_named", { id })}
            onPress={() => onOpen({ what: "remove", device })}
          >
            {say("app.remove")}
          </Button>
        )}
      </div>
    </li>
  );
}

function DeviceState({ device: { kind, live, sign_in: signIn } }: { readonly device: Device }): ReactNode {
  const { say } = useSpeech();
  if (kind === "phone") return <span className="badge">{say("devices.outside")}</span>;
  if (signIn?.refused != null)
    return <span className="badge warn">{say(`devices.refused.${signIn.refused}`)}</span>;
  if (live === null) return <span className="badge">{say("devices.unknown")}</span>;
  return live.reachable ? (
    <span className="badge good">{say("devices.reachable")}</span>
  ) : (
    <span className="badge">{say("devices.not_reachable")}</span>
  );
}

function Contacts({ device: { live } }: { readonly device: Device }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  if (live === null || live.contacts.length === 0) return null;
  return (
    <ul className="plain-list small muted">
      {live.contacts.map(({ agent, since_at: at }) => (
        <li key={`${agent}${at}`}>{say("devices.since", { agent, when: when.short(at) })}</li>
      ))}
    </ul>
  );
}

function RemoveDevice({
  username,
  device,
  onClose,
}: {
  readonly username: string;
  readonly device: Device;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const remove = useChange("removeDevice");
  const { id } = device;
  return (
    <Confirm
      title={say("devices.remove_title", { id })}
      isOpen
      onClose={onClose}
      confirm={say("app.remove")}
      isBusy={remove.isBusy}
      onConfirm={() => void remove.run({ params: { username, id } }).then((done) => done.ok && onClose())}
    >
      <ChangeProblem problem={remove.problem} />
      <p>{say(device.kind === "phone" ? "devices.remove_outside_help" : "devices.remove_help")}</p>
    </Confirm>
  );
}
