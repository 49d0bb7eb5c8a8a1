/** Signing in with a password, and a second step where the account has one. */
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../office/change.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

export function SignIn(): ReactNode {
  const { say } = useSpeech();
  const queries = useQueryClient();
  return (
    <main className="alone">
      <div className="card stack">
        <h1>{say("sign_in.title")}</h1>
        <SignInForm onSignedIn={() => void queries.resetQueries()} />
        <Link href="/forgotten">{say("sign_in.forgotten")}</Link>
      </div>
    </main>
  );
}

export function SignInForm({
  username = "",
  onSignedIn,
}: {
  readonly username?: string;
  onSignedIn(): void;
}): ReactNode {
  const { say } = useSpeech();
  const [name, setName] = useState(username);
  const [password, setPassword] = useState("");
  const signIn = useChange("signIn");
  const save = async () => {
    const done = await signIn.run({ body: { username: name, password } }, { told: null });
    if (done.ok && done.value.state === "signed_in") onSignedIn();
  };
  return (
    <Form label={say("sign_in.title")} onSave={() => void save()}>
      <ChangeProblem problem={signIn.problem} fields={["/username", "/password"]} />
      <Field
        label={say("sign_in.username")}
        value={name}
        onChange={setName}
        autoComplete="username"
        fault={signIn.faultAt("/username")}
      />
      <Field
        label={say("sign_in.password")}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        fault={signIn.faultAt("/password")}
      />
      <Button type="submit" look="primary" isPending={signIn.isBusy}>
        {say("sign_in.submit")}
      </Button>
    </Form>
  );
}
