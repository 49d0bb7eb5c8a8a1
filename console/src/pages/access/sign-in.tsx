/**
 * Signing in: with a password and, where the account has one, a second step; or with a passkey alone. The same form comes over
 * a page whose session has ended.
 */
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { knowsPasskeys } from "../../office/passkeys.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { useSpeech } from "../../words/words.js";
import { AccessProblem } from "./access-problem.js";
import { Alone } from "./alone.js";
import { usePasskeySignIn } from "./passkey-sign-in.js";
import { SecondStep } from "./second-step.js";

type Step = Extract<AnswerOf<"signIn">, { state: "second_step" }>;

export function SignIn(): ReactNode {
  const { say } = useSpeech();
  const queries = useQueryClient();
  return (
    <Alone title={say("sign_in.title")}>
      <SignInForm onSignedIn={() => void queries.resetQueries()} isWhole />
    </Alone>
  );
}

export function SignInForm({
  username = "",
  onSignedIn,
  isWhole = false,
}: {
  readonly username?: string;
  onSignedIn(): void;
  /** With the link for forgotten passwords, which leads away from what was typed. */
  readonly isWhole?: boolean;
}): ReactNode {
  const [step, setStep] = useState<Step | null>(null);
  const [name, setName] = useState(username);
  if (step !== null) return <SecondStep step={step} onSignedIn={onSignedIn} onBack={() => setStep(null)} />;
  const answered = (answer: AnswerOf<"signIn">) =>
    answer.state === "signed_in" ? onSignedIn() : setStep(answer);
  return <FirstStep {...{ name, setName, isWhole }} onAnswer={answered} />;
}

function FirstStep({
  name,
  setName,
  isWhole,
  onAnswer,
}: {
  readonly name: string;
  setName(name: string): void;
  readonly isWhole: boolean;
  onAnswer(answer: AnswerOf<"signIn">): void;
}): ReactNode {
  const { say } = useSpeech();
  const [password, setPassword] = useState("");
  const signIn = useChange("signIn");
  const passkey = usePasskeySignIn(onAnswer);
  const save = async () => {
    passkey.clear();
    const done = await signIn.run({ body: { username: name.trim(), password } }, { told: null });
    if (done.ok) onAnswer(done.value);
  };
  return (
    <Form label={say("sign_in.title")} onSave={() => void save()}>
      <AccessProblem problem={passkey.problem ?? signIn.problem} fields={["/username", "/password"]} />
      <Field
        label={say("sign_in.username")}
        value={name}
        onChange={setName}
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck="false"
        autoFocus={name === ""}
        fault={signIn.faultAt("/username")}
      />
      <Field
        label={say("sign_in.password")}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        autoFocus={name !== ""}
        fault={signIn.faultAt("/password")}
      />
      <Button type="submit" look="primary" isPending={signIn.isBusy}>
        {say("sign_in.submit")}
      </Button>
      {knowsPasskeys() && (
        <>
          <span className="or">{say("sign_in.or")}</span>
          <Button
            isPending={passkey.isBusy}
            onPress={() => {
              signIn.clear();
              void passkey.run();
            }}
          >
            {say("sign_in.passkey")}
          </Button>
        </>
      )}
      {isWhole && <Link href="/forgotten">{say("sign_in.forgotten")}</Link>}
    </Form>
  );
}
