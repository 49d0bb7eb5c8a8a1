/**
 * Setting a phone up: what it signs in with, as text and as a QR code, shown once; or a link with which somebody does it on the
 * phone itself. Nothing is made before one has chosen: a new password ends the one before.
 */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useReach } from "../../office/me.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Facts } from "../../parts/page.js";
import { QrCode } from "../../parts/qr.js";
import { Secret } from "../../parts/secret.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

export function SetUpPhone({
  username,
  id,
  isNew,
  onDone,
}: {
  readonly username: string;
  readonly id: string;
  /** It has no password yet, so none ends. */
  readonly isNew: boolean;
  onDone(): void;
}): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const password = useChange("makeDevicePassword");
  const link = useChange("makeDeviceLink");
  const [made, setMade] = useState<AnswerOf<"makeDevicePassword"> | null>(null);
  const [sent, setSent] = useState<AnswerOf<"makeDeviceLink"> | null>(null);
  const params = { username, id };
  if (made !== null) return <SignInData data={made} onDone={onDone} />;
  if (sent !== null) return <SetupLink link={sent} onDone={onDone} />;
  return (
    <div className="stack">
      <ChangeProblem problem={password.problem ?? link.problem} />
      {!isNew && <p className="notice warn">{say("phones.set_up_again")}</p>}
      <div className="two ways">
        <div className="way">
          <h3>{say("phones.by_code")}</h3>
          <p className="muted small">{say("phones.by_code_help")}</p>
          <Button
            look="primary"
            isPending={password.isBusy}
            onPress={() => {
              link.clear();
              void password.run({ params }, { told: null }).then((done) => done.ok && setMade(done.value));
            }}
          >
            {say("phones.show_code")}
          </Button>
        </div>
        {reach("makeDeviceLink") !== undefined && (
          <div className="way">
            <h3>{say("phones.by_link")}</h3>
            <p className="muted small">{say("phones.by_link_help")}</p>
            <Button
              isPending={link.isBusy}
              onPress={() => {
                password.clear();
                void link
                  .run({ params, body: {} }, { told: null })
                  .then((done) => done.ok && setSent(done.value));
              }}
            >
              {say("phones.make_link")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function SignInData({
  data,
  onDone,
}: {
  readonly data: AnswerOf<"makeDevicePassword">;
  onDone(): void;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="stack">
      <p className="notice warn">{say("phones.once")}</p>
      <div className="sign-in-data">
        <QrCode text={data.qr_text} label={say("phones.qr")} />
        <div className="stack tight">
          <Facts
            of={[
              [say("phones.data.name"), <code key="name">{data.sip_name}</code>],
              [say("phones.data.domain"), <code key="domain">{data.domain}</code>],
              ...(data.server === null
                ? []
                : ([[say("phones.data.server"), <code key="server">{data.server}</code>]] as const)),
            ]}
          />
          <Secret label={say("phones.data.password")} text={data.password} />
        </div>
      </div>
      <div className="row end">
        <Button look="primary" onPress={onDone}>
          {say("phones.is_set_up")}
        </Button>
      </div>
    </div>
  );
}

function SetupLink({
  link: { url, expires_at: expiresAt },
  onDone,
}: {
  readonly link: AnswerOf<"makeDeviceLink">;
  onDone(): void;
}): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  return (
    <div className="stack">
      <p>{say("phones.link_lead", { time: when.short(expiresAt) })}</p>
      <div className="sign-in-data">
        <QrCode text={url} label={say("phones.link_qr")} />
        <Secret label={say("phones.link")} text={url} />
      </div>
      <div className="row end">
        <Button look="primary" onPress={onDone}>
          {say("app.close")}
        </Button>
      </div>
    </div>
  );
}
