/** The second step after a password: the code of an app, a passkey, or a recovery code when both are lost. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { knowsPasskeys } from "../../office/passkeys.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { useSpeech } from "../../words/words.js";
import { AccessProblem } from "./access-problem.js";
import { usePasskeySignIn } from "./passkey-sign-in.js";

type Step = Extract<AnswerOf<"signIn">, { state: "second_step" }>;
type Way = Step["ways"][number];

export function SecondStep({
  step,
  onSignedIn,
  onBack,
}: {
  readonly step: Step;
  onSignedIn(): void;
  onBack(): void;
}): ReactNode {
  const { say } = useSpeech();
  const ways = step.ways.filter((each) => each !== "passkey" || knowsPasskeys());
  const [way, setWay] = useState<Way>(ways[0] ?? "recovery_code");
  return (
    <div className="stack">
      <p className="muted">{say("second.lead")}</p>
      {way === "passkey" ? (
        <ByPasskey step={step.step} onSignedIn={onSignedIn} />
      ) : (
        <ByCode key={way} way={way} step={step.step} onSignedIn={onSignedIn} />
      )}
      <div className="access-links">
        {ways
          .filter((each) => each !== way)
          .map((each) => (
            <Button key={each} look="quiet" size="small" onPress={() => setWay(each)}>
              {say(`second.instead.${each}`)}
            </Button>
          ))}
        <Button look="quiet" size="small" onPress={onBack}>
          {say("second.back")}
        </Button>
      </div>
    </div>
  );
}

function ByCode({
  way,
  step,
  onSignedIn,
}: {
  readonly way: "totp" | "recovery_code";
  readonly step: string;
  onSignedIn(): void;
}): ReactNode {
  const { say } = useSpeech();
  const [code, setCode] = useState("");
  const second = useChange("secondStep");
  const save = async () => {
    const done = await second.run({ body: { step, way, code: code.trim() } }, { told: null });
    if (done.ok && done.value.state === "signed_in") onSignedIn();
    else setCode("");
  };
  return (
    <Form label={say("second.title")} onSave={() => void save()}>
      <AccessProblem problem={second.problem} fields={["/code"]} wrong={say("second.wrong_help")} />
      <Field
        label={say(`second.${way}`)}
        help={say(`second.${way}_help`)}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        {...(way === "totp" ? { inputMode: "numeric" as const } : {})}
        autoFocus
        fault={second.faultAt("/code")}
      />
      <Button type="submit" look="primary" isPending={second.isBusy}>
        {say("sign_in.code_submit")}
      </Button>
    </Form>
  );
}

function ByPasskey({ step, onSignedIn }: { readonly step: string; onSignedIn(): void }): ReactNode {
  const { say } = useSpeech();
  const passkey = usePasskeySignIn((answer) => answer.state === "signed_in" && onSignedIn(), step);
  return (
    <div className="stack">
      <AccessProblem problem={passkey.problem} />
      <Button look="primary" autoFocus isPending={passkey.isBusy} onPress={() => void passkey.run()}>
        {say("second.passkey")}
      </Button>
    </div>
  );
}
