/** Removing a group: which group takes over what led to it, or what is lost. Its members stay in the office. */

import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { useChange } from "../../../office/change.js";
import { useRead } from "../../../office/read.js";
import { Button } from "../../../parts/button.js";
import { Choices } from "../../../parts/choice.js";
import { Dialog } from "../../../parts/dialog.js";
import { ChangeProblem } from "../../../parts/states.js";
import { TargetSearch } from "../../../parts/target.js";
import { useSpeech } from "../../../words/words.js";
import { Planned } from "../users/remove-user.js";
import type { GroupShown } from "./group-shown.js";

export function RemoveGroup({ group, onClose }: { readonly group: GroupShown; onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const { id, name = id, led_from: ledFrom } = group;
  const [, go] = useLocation();
  const [way, setWay] = useState<"replace" | "nobody">(ledFrom.length === 0 ? "nobody" : "replace");
  const [target, setTarget] = useState<string | null>(null);
  const [discards, setDiscards] = useState(false);
  const remove = useChange("removeGroup");
  const replacement = target?.startsWith("group:") === true ? target.slice("group:".length) : "";
  const query = {
    ...(way === "replace" && replacement !== "" ? { replace_by: replacement } : {}),
    ...(way === "nobody" && discards ? { discard_messages: true } : {}),
  };
  const isChosen = way === "nobody" || (replacement !== "" && replacement !== id);
  const planned = useRead(
    "removeGroup",
    { params: { id }, query: { ...query, dry_run: true } },
    { enabled: isChosen },
  );
  const plan = planned.isPlaceholderData ? undefined : planned.data?.value;
  const run = async () => {
    const done = await remove.run({ params: { id }, query }, { told: say("group.removed", { name }) });
    if (!done.ok) return;
    onClose();
    go("/groups");
  };
  return (
    <Dialog title={say("group.remove_title", { name })} isOpen onClose={onClose} size="wide">
      <ChangeProblem problem={remove.problem} />
      <p className="muted">{say("group.remove_help")}</p>
      <Choices
        label={say("group.remove_how")}
        options={[
          { id: "replace", text: say("group.remove_replace") },
          { id: "nobody", text: say("group.remove_nobody") },
        ]}
        value={way}
        onChange={(next) => setWay(next as typeof way)}
      />
      {way === "replace" && (
        <TargetSearch
          label={say("group.replacement")}
          kinds={["group"]}
          value={target}
          onChange={setTarget}
          isCreating={false}
        />
      )}
      {isChosen && (
        <Planned
          plan={plan}
          error={planned.error}
          to={replacement}
          subject={`group:${id}`}
          onDiscard={way === "nobody" ? setDiscards : null}
          discards={discards}
        />
      )}
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button
          look="danger"
          isDisabled={!isChosen || plan === undefined || planned.error !== null}
          isPending={remove.isBusy}
          onPress={() => void run()}
        >
          {say("group.remove_do")}
        </Button>
      </div>
    </Dialog>
  );
}
