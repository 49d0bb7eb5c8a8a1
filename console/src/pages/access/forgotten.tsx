/** Asking for a link to choose a new password; the answer is the same whether the address is known or not. */
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../office/change.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

export function Forgotten(): ReactNode {
  const { say } = useSpeech();
  const [email, setEmail] = useState("");
  const [isSent, setSent] = useState(false);
  const ask = useChange("askForPassword");
  const save = async () => {
    const done = await ask.run({ body: { username: email.trim() } }, { told: null });
    setSent(done.ok);
  };
  return (
    <main className="alone">
      <div className="card stack">
        <h1>{say("forgotten.title")}</h1>
        {isSent ? (
          <p role="status">{say("forgotten.sent")}</p>
        ) : (
          <Form label={say("forgotten.title")} onSave={() => void save()}>
            <p className="muted">{say("forgotten.lead")}</p>
            <ChangeProblem problem={ask.problem} fields={["/username"]} />
            <Field
              label={say("forgotten.email")}
              type="email"
              value={email}
              onChange={setEmail}
              autoComplete="email"
              fault={ask.faultAt("/username")}
            />
            <Button type="submit" look="primary" isPending={ask.isBusy}>
              {say("forgotten.submit")}
            </Button>
          </Form>
        )}
        <Link href="/">{say("sign_in.back")}</Link>
      </div>
    </main>
  );
}
