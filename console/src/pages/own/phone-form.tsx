/** When a phone rings, for how long, and whether whoever answers must press 1. */
import type { ReactNode } from "react";
import { useChange } from "../../office/change.js";
import { useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { Button } from "../../parts/button.js";
import { Choice, Choices } from "../../parts/choice.js";
import { Form } from "../../parts/form.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import type { Device } from "./phone-words.js";

const DELAYS = [0, 5, 10, 15, 20, 30, 45, 60];
const RINGS = [10, 15, 20, 30, 40, 50, 60];
const ACCEPTS = ["auto", "always", "never"] as const;

export function PhoneForm({
  device,
  username,
  revision,
  onDone,
}: {
  readonly device: Device;
  readonly username: string;
  readonly revision: number | null;
  onDone(): void;
}): ReactNode {
  const { say } = useSpeech();
  const change = useChange("changeDevice");
  const saved = { delay: device.delay ?? 0, ring: device.ring ?? null, accept: device.accept ?? "auto" };
  const draft = useDraft(`phone:${username}/${device.id}`, saved, revision);
  const { delay, ring, accept } = draft.value;
  const save = async () => {
    if (!draft.isChanged) return onDone();
    const done = await change.run({
      params: { username, id: device.id },
      body: draft.changes,
      ...matchOf(draft, change.problem),
    });
    if (!done.ok) return;
    draft.discard();
    onDone();
  };
  const cancel = () => {
    draft.discard();
    onDone();
  };
  return (
    <Form label={say("phones.when_it_rings")} onSave={() => void save()}>
      <ChangeProblem problem={change.problem} fields={["/delay", "/ring"]} onTakeTheirs={cancel} />
      <Choice
        label={say("phones.delay")}
        options={withOwn(DELAYS, delay).map((seconds) => ({
          id: String(seconds),
          text: seconds === 0 ? say("phones.delay.none") : say("phones.delay.seconds", { seconds }),
        }))}
        value={String(delay)}
        onChange={(next) => draft.set({ delay: Number(next) })}
        fault={change.faultAt("/delay")}
      />
      <Choice
        label={say("phones.ring")}
        options={[
          { id: "all", text: say("phones.ring.all") },
          ...withOwn(RINGS, ring ?? RINGS[0] ?? 10).map((seconds) => ({
            id: String(seconds),
            text: say("phones.ring.seconds", { seconds }),
          })),
        ]}
        value={ring === null ? "all" : String(ring)}
        onChange={(next) => draft.set({ ring: next === "all" ? null : Number(next) })}
        fault={change.faultAt("/ring")}
      />
      <Choices
        label={say("phones.press_1")}
        help={say("phones.press_1_help")}
        options={ACCEPTS.map((each) => ({ id: each, text: say(`phones.press_1.${each}`) }))}
        value={accept}
        onChange={(next) => draft.set({ accept: ACCEPTS.find((each) => each === next) ?? "auto" })}
      />
      <div className="row end">
        <Button onPress={cancel}>{say("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={change.isBusy}>
          {say("app.save")}
        </Button>
      </div>
    </Form>
  );
}

/** A time that was set elsewhere stays to be chosen. */
function withOwn(usual: readonly number[], own: number): readonly number[] {
  return usual.includes(own) ? usual : [...usual, own].sort((a, b) => a - b);
}
