/** An app that shows codes as the second step of signing in, and the recovery codes for when it is lost. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { Button } from "../../parts/button.js";
import { Confirm, Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { Section } from "../../parts/page.js";
import { QrCode } from "../../parts/qr.js";
import { Secret } from "../../parts/secret.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { RecoveryCodes } from "./recovery-codes.js";

export type Factors = AnswerOf<"readSecondFactors">;

export function SecondStepSettings({ factors }: { readonly factors: Factors }): ReactNode {
  const { say, count } = useSpeech();
  const begin = useChange("beginTotp");
  const remove = useChange("removeTotp");
  const fresh = useChange("makeRecoveryCodes");
  const [begun, setBegun] = useState<AnswerOf<"beginTotp"> | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  const { totp: hasApp, is_needed: isNeeded, recovery_codes: left } = factors;
  const start = async () => {
    const done = await begin.run(undefined, { told: null });
    if (done.ok) setBegun(done.value);
  };
  const renew = async () => {
    const done = await fresh.run(undefined, { told: null });
    if (done.ok) setCodes(done.value.recovery_codes);
  };
  return (
    <Section
      title={say("totp.title")}
      help={say("totp.lead")}
      actions={
        hasApp ? (
          <Button look="quiet" onPress={() => setRemoving(true)}>
            {say("app.remove")}
          </Button>
        ) : (
          <Button isPending={begin.isBusy} onPress={() => void start()}>
            {say("totp.add")}
          </Button>
        )
      }
    >
      <ChangeProblem problem={begin.problem ?? fresh.problem} />
      <p>
        <span className={`badge ${hasApp ? "good" : ""}`}>{say(hasApp ? "totp.on" : "totp.off")}</span>
      </p>
      {isNeeded && (
        <div className="row between">
          <p className={left <= 2 ? "fault" : ""}>{count("recovery.left", left)}</p>
          <Button size="small" isPending={fresh.isBusy} onPress={() => void renew()}>
            {say("recovery.renew")}
          </Button>
        </div>
      )}
      <Dialog title={say("totp.add")} isOpen={begun !== null} onClose={() => setBegun(null)}>
        {begun !== null && (
          <ShowFirstCode
            begun={begun}
            onAdded={(made) => {
              setBegun(null);
              setCodes(made);
            }}
          />
        )}
      </Dialog>
      <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />
      <Confirm
        title={say("totp.remove")}
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        confirm={say("app.remove")}
        isBusy={remove.isBusy}
        onConfirm={() => {
          void remove
            .run(undefined, { told: say("totp.removed") })
            .then((done) => done.ok && setRemoving(false));
        }}
      >
        <ChangeProblem problem={remove.problem} />
        <p>{say("totp.remove_help")}</p>
      </Confirm>
    </Section>
  );
}

function ShowFirstCode({
  begun,
  onAdded,
}: {
  readonly begun: AnswerOf<"beginTotp">;
  onAdded(codes: readonly string[]): void;
}): ReactNode {
  const { say } = useSpeech();
  const [code, setCode] = useState("");
  const confirm = useChange("confirmTotp");
  const save = async () => {
    const done = await confirm.run({ body: { code: code.trim() } }, { told: null });
    if (done.ok) onAdded(done.value.recovery_codes);
  };
  return (
    <Form label={say("totp.add")} onSave={() => void save()}>
      <p>{say("totp.scan")}</p>
      <div className="totp">
        <QrCode text={begun.address} label={say("totp.qr")} />
        <Secret label={say("totp.secret")} text={begun.secret} />
      </div>
      <ChangeProblem problem={confirm.problem?.type === "checks_failed" ? null : confirm.problem} />
      <Field
        label={say("totp.code")}
        help={say("totp.code_help")}
        value={code}
        onChange={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        fault={confirm.faultAt("/code")}
      />
      <div className="row end">
        <Button type="submit" look="primary" isPending={confirm.isBusy} isDisabled={code.trim() === ""}>
          {say("totp.confirm")}
        </Button>
      </div>
    </Form>
  );
}
