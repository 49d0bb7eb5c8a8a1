/** "+ Add Member": somebody of the office becomes a member; "Save" makes it live. */

import { type ReactNode, useState } from "react";
import { useChange } from "../../../office/change.js";
import { Button } from "../../../parts/button.js";
import { Dialog } from "../../../parts/dialog.js";
import { Form } from "../../../parts/form.js";
import { ChangeProblem } from "../../../parts/states.js";
import { TargetSearch, useTargetName } from "../../../parts/target.js";
import { useSpeech } from "../../../words/words.js";
import { useGroupName } from "./group-name.js";
import type { GroupShown } from "./group-shown.js";

export function AddMember({ group, onClose }: { readonly group: GroupShown; onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const groupName = useGroupName();
  const [target, setTarget] = useState<string | null>(null);
  const name = useTargetName(target);
  const add = useChange("addMember");
  const { id } = group;
  const shownName = groupName({ id, name: group.name ?? id, built_in: group.built_in });
  const user = target?.replace(/^user:/, "") ?? "";
  const save = async () => {
    if (user === "") return;
    const done = await add.run(
      { params: { id }, body: { user } },
      { told: say("user_groups.joined", { name, group: shownName }) },
    );
    if (done.ok) onClose();
  };
  const help =
    id === "system-admins"
      ? say("users.system_admin_help")
      : id === "billing-admins"
        ? say("users.billing_admin_help")
        : say("members.add_help");
  return (
    <Dialog title={say("members.add_title", { group: shownName })} isOpen onClose={onClose}>
      <Form label={say("members.add")} onSave={() => void save()}>
        <ChangeProblem problem={add.problem} fields={["/user"]} />
        <p className="muted">{help}</p>
        <TargetSearch
          label={say("members.who")}
          kinds={["user"]}
          value={target}
          onChange={setTarget}
          fault={add.faultAt("/user")}
        />
        <div className="row end">
          <Button onPress={onClose}>{say("app.cancel")}</Button>
          <Button type="submit" look="primary" isDisabled={user === ""} isPending={add.isBusy}>
            {say("app.save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
