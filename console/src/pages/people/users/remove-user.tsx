/**
 * Removing a user: a replacement is picked, which takes over what led to the user, and a dry run says all that it will get;
 * without one, what is lost.
 */

import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { useChange } from "../../../office/change.js";
import { Fault } from "../../../office/client.js";
import { useRead } from "../../../office/read.js";
import { Button } from "../../../parts/button.js";
import { Checkbox, Choices } from "../../../parts/choice.js";
import { Dialog } from "../../../parts/dialog.js";
import { ChangeProblem, Loading } from "../../../parts/states.js";
import { TargetSearch } from "../../../parts/target.js";
import { useSpeech } from "../../../words/words.js";
import { type Plan, RemovalPlan } from "../removal-plan.js";
import type { UserShown } from "./user-shown.js";

export function RemoveUser({ user, onClose }: { readonly user: UserShown; onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const { username, name } = user;
  const [, go] = useLocation();
  const [way, setWay] = useState<"replace" | "nobody">("replace");
  const [target, setTarget] = useState<string | null>(null);
  const [discards, setDiscards] = useState(false);
  const remove = useChange("removeUser");
  const replacement = target?.startsWith("user:") === true ? target.slice("user:".length) : "";
  const isSelf = replacement === username;
  const query = {
    ...(way === "replace" && replacement !== "" ? { replace_by: replacement } : {}),
    ...(way === "nobody" && discards ? { discard_messages: true } : {}),
  };
  const isChosen = way === "nobody" || (replacement !== "" && !isSelf);
  const planned = useRead(
    "removeUser",
    { params: { username }, query: { ...query, dry_run: true } },
    { enabled: isChosen },
  );
  const plan = planned.isPlaceholderData ? undefined : planned.data?.value;
  const run = async () => {
    const done = await remove.run({ params: { username }, query }, { told: say("user.removed", { name }) });
    if (!done.ok) return;
    onClose();
    go("/users");
  };
  return (
    <Dialog title={say("user.remove_title", { name })} isOpen onClose={onClose} size="wide">
      <ChangeProblem problem={remove.problem} />
      <Choices
        label={say("user.remove_how")}
        options={[
          { id: "replace", text: say("user.remove_replace"), more: say("user.remove_replace_help") },
          { id: "nobody", text: say("user.remove_nobody"), more: say("user.remove_nobody_help") },
        ]}
        value={way}
        onChange={(id) => setWay(id as typeof way)}
      />
      {way === "replace" && (
        <TargetSearch
          label={say("user.replacement")}
          kinds={["user"]}
          value={target}
          onChange={setTarget}
          fault={isSelf ? say("user.replacement_self", { name }) : undefined}
        />
      )}
      {isChosen && (
        <Planned
          plan={plan}
          error={planned.error}
          to={replacement}
          subject={`user:${username}`}
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
          {say("user.remove_do")}
        </Button>
      </div>
    </Dialog>
  );
}

/** What would come of it, or why it cannot be. */
export function Planned({
  plan,
  error,
  to,
  subject,
  discards,
  onDiscard,
}: {
  readonly plan: Plan | undefined;
  readonly error: unknown;
  /** Who takes over; empty: nobody. */
  readonly to: string;
  readonly subject: string;
  readonly discards: boolean;
  /** Null: messages are handed over. */
  readonly onDiscard: ((discards: boolean) => void) | null;
}): ReactNode {
  const { say } = useSpeech();
  const problem = error instanceof Fault ? error.problem : null;
  const hasMessages = problem?.type === "in_use" && problem.errors === undefined;
  return (
    <>
      {problem !== null && <ChangeProblem problem={problem} />}
      {onDiscard !== null && (hasMessages || discards) && (
        <Checkbox isOn={discards} onChange={onDiscard}>
          {say("people.discard_messages")}
        </Checkbox>
      )}
      {problem === null && (plan === undefined ? <Loading /> : <RemovalPlan {...{ plan, to, subject }} />)}
    </>
  );
}
