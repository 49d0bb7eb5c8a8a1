/** Setting a phone up: with a QR code and settings that are shown once, or by a link that the person opens. */

import { type ReactNode, useState } from "react";
import { useChange } from "../../../office/change.js";
import type { AnswerOf } from "../../../office/client.js";
import { useWhen } from "../../../office/when.js";
import { Button } from "../../../parts/button.js";
import { Dialog } from "../../../parts/dialog.js";
import { Facts } from "../../../parts/page.js";
import { QrCode } from "../../../parts/qr.js";
import { Secret } from "../../../parts/secret.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import type { Device, UserShown } from "./user-shown.js";

type Settings = AnswerOf<"makeDevicePassword">;
type Link = AnswerOf<"makeDeviceLink">;

export function SetUpDevice({
  user,
  device,
  onClose,
}: {
  readonly user: UserShown;
  readonly device: Device;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const { username, name } = user;
  const { id } = device;
  const password = useChange("makeDevicePassword");
  const link = useChange("makeDeviceLink");
  const [settings, setSettings] = useState<Settings | null>(null);
  const [made, setMade] = useState<Link | null>(null);
  const show = async () => {
    const done = await password.run({ params: { username, id } }, { told: null });
    if (done.ok) setSettings(done.value);
  };
  const makeLink = async () => {
    const done = await link.run({ params: { username, id }, body: {} }, { told: null });
    if (done.ok) setMade(done.value);
  };
  const isMade = settings !== null || made !== null;
  return (
    <Dialog title={say("devices.set_up_title", { id, name })} isOpen onClose={onClose}>
      <ChangeProblem problem={password.problem ?? link.problem} />
      {settings !== null && <SettingsShown of={settings} name={name} />}
      {made !== null && <LinkOfPhone of={made} name={name} />}
      {!isMade && (
        <ul className="lines">
          <li>
            <span>
              <b>{say("devices.by_qr")}</b>
              <span className="line muted small">
                {say(hasPassword(device) ? "devices.by_qr_again_help" : "devices.by_qr_help")}
              </span>
            </span>
            <Button size="small" isPending={password.isBusy} onPress={() => void show()}>
              {say("devices.show")}
            </Button>
          </li>
          <li>
            <span>
              <b>{say("devices.by_link")}</b>
              <span className="line muted small">{say("devices.by_link_help")}</span>
            </span>
            <Button size="small" isPending={link.isBusy} onPress={() => void makeLink()}>
              {say("devices.make_link")}
            </Button>
          </li>
        </ul>
      )}
      <div className="row end">
        <Button {...(isMade ? { look: "primary" as const } : {})} onPress={onClose}>
          {say(isMade ? "people.done" : "devices.later")}
        </Button>
      </div>
    </Dialog>
  );
}

function hasPassword({ sign_in: signIn }: Device): boolean {
  return signIn !== null && signIn.password_made_at !== null;
}

function SettingsShown({ of, name }: { readonly of: Settings; readonly name: string }): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="stack">
      <p>{say("devices.shown_once")}</p>
      <div className="link-parts">
        <QrCode text={of.qr_text} label={say("devices.qr", { name })} />
        <div className="stack tight">
          <Secret label={say("devices.password")} text={of.password} />
          <Facts
            of={[
              [say("devices.sip"), <code key="sip">{of.sip_name}</code>],
              [say("devices.domain"), <code key="domain">{of.domain}</code>],
              ...(of.server === null
                ? []
                : [[say("devices.server"), <code key="server">{of.server}</code>] as const]),
            ]}
          />
        </div>
      </div>
    </div>
  );
}

function LinkOfPhone({ of, name }: { readonly of: Link; readonly name: string }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  return (
    <div className="stack">
      <p>{say("devices.link_help", { name })}</p>
      <div className="link-parts">
        <QrCode text={of.url} label={say("devices.qr", { name })} />
        <div className="stack tight">
          <Secret label={say("devices.link")} text={of.url} />
          <p className="muted small">{say("accounts.link_until", { when: when.full(of.expires_at) })}</p>
        </div>
      </div>
    </div>
  );
}
