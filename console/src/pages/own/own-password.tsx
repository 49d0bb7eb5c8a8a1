/** Changing one's password. All other sessions end by it. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import { useMe } from "../../office/me.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { NewPassword } from "../../parts/new-password.js";
import { Section } from "../../parts/page.js";
import { useSpeech } from "../../words/words.js";
import { AccessProblem } from "../access/access-problem.js";

export function OwnPassword(): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  const [isOpen, setOpen] = useState(false);
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useChange("changePassword");
  const close = () => {
    setOpen(false);
    setCurrent("");
    setPassword("");
    change.clear();
  };
  const save = async () => {
    const done = await change.run({ body: { current, password } }, { told: say("own_password.done") });
    if (done.ok) close();
  };
  return (
    <Section
      title={say("own_password.title")}
      help={say("own_password.lead")}
      actions={!isOpen && <Button onPress={() => setOpen(true)}>{say("own_password.change")}</Button>}
    >
      {isOpen && (
        <Form label={say("own_password.title")} onSave={() => void save()}>
          <AccessProblem problem={change.problem} fields={["/current", "/password"]} />
          <Field
            label={say("own_password.current")}
            type="password"
            value={current}
            onChange={setCurrent}
            autoComplete="current-password"
            autoFocus
            fault={change.faultAt("/current")}
          />
          <NewPassword
            label={say("password.new")}
            username={username}
            value={password}
            onChange={setPassword}
            fault={change.faultAt("/password")}
          />
          <div className="row end">
            <Button onPress={close}>{say("app.cancel")}</Button>
            <Button type="submit" look="primary" isPending={change.isBusy}>
              {say("own_password.save")}
            </Button>
          </div>
        </Form>
      )}
    </Section>
  );
}
