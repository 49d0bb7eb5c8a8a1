/** When and how long a member rings for the group. */

import { type ReactNode, useState } from "react";
import { useChange } from "../../../office/change.js";
import { Button } from "../../../parts/button.js";
import { Dialog } from "../../../parts/dialog.js";
import { Field } from "../../../parts/field.js";
import { Form } from "../../../parts/form.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import type { GroupShown, Member } from "./group-shown.js";
import { hasDelay, hasOrder } from "./strategy.js";

export function MemberForm({
  group,
  member,
  onClose,
}: {
  readonly group: GroupShown;
  readonly member: Member;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const { id, strategy = "simultaneous", member_count: members } = group;
  const [delay, setDelay] = useState(String(member.delay));
  const [ring, setRing] = useState(member.ring === null ? "" : String(member.ring));
  const [place, setPlace] = useState(String(member.place));
  const change = useChange("changeMember");
  const save = async () => {
    const body = {
      ...(delay === String(member.delay) ? {} : { delay: secondsOf(delay) }),
      ...(ring === String(member.ring ?? "") ? {} : { ring: secondsOf(ring) }),
      ...(place === String(member.place) ? {} : { place: secondsOf(place) }),
    };
    if (Object.keys(body).length === 0) return onClose();
    const done = await change.run({ params: { id, username: member.user }, body: body as { delay: number } });
    if (done.ok) onClose();
  };
  return (
    <Dialog title={say("members.edit_title", { name: member.name })} isOpen onClose={onClose}>
      <Form label={say("members.edit")} onSave={() => void save()}>
        <ChangeProblem problem={change.problem} fields={["/delay", "/ring", "/place"]} />
        {(hasDelay(strategy) || member.delay > 0) && (
          <Field
            label={say("devices.delay")}
            help={say("members.delay_help")}
            inputMode="numeric"
            value={delay}
            onChange={setDelay}
            fault={change.faultAt("/delay")}
          />
        )}
        <Field
          label={say("devices.ring")}
          help={say("members.ring_help")}
          inputMode="numeric"
          value={ring}
          onChange={setRing}
          fault={change.faultAt("/ring")}
        />
        {hasOrder(strategy) && (
          <Field
            label={say("members.place")}
            help={say("members.place_help", { count: members })}
            inputMode="numeric"
            value={place}
            onChange={setPlace}
            fault={change.faultAt("/place")}
          />
        )}
        <div className="row end">
          <Button onPress={onClose}>{say("app.cancel")}</Button>
          <Button type="submit" look="primary" isPending={change.isBusy}>
            {say("app.save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** What is no number is said by the checks of the office; nothing is taken away. */
function secondsOf(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
}
