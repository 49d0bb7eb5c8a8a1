/** Asking for a link to choose a new password; the answer is the same whether the address is known or not. */
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../office/change.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { useSpeech } from "../../words/words.js";
import { AccessProblem } from "./access-problem.js";
import { Alone } from "./alone.js";

export function Forgotten(): ReactNode {
  const { say } = useSpeech();
  const [name, setName] = useState("");
  const [isSent, setSent] = useState(false);
  const ask = useChange("askForPassword");
  const save = async () => {
    const done = await ask.run({ body: { username: name.trim() } }, { told: null });
    setSent(done.ok);
  };
  // Without a mail server no link can come.
  const sendsNone = ask.problem?.type === "not_available";
  return (
    <Alone title={say("forgotten.title")}>
      {isSent ? (
        <div role="status" className="stack tight">
          <p>{say("forgotten.sent")}</p>
          <p className="muted small">{say("forgotten.sent_help")}</p>
        </div>
      ) : (
        <Form label={say("forgotten.title")} onSave={() => void save()}>
          <p className="muted">{say("forgotten.lead")}</p>
          {sendsNone ? (
            <p className="notice warn" role="alert">
              {say("forgotten.no_mails")}
            </p>
          ) : (
            <AccessProblem problem={ask.problem} fields={["/username"]} />
          )}
          <Field
            label={say("sign_in.username")}
            value={name}
            onChange={setName}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck="false"
            autoFocus
            fault={ask.faultAt("/username")}
          />
          <Button type="submit" look="primary" isPending={ask.isBusy}>
            {say("forgotten.submit")}
          </Button>
        </Form>
      )}
      <Link href="/">{say("sign_in.back")}</Link>
    </Alone>
  );
}
