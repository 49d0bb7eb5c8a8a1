/** A message of a group: which of its members have heard it, and who calls the caller back. */
import type { ReactNode } from "react";
import { useChange } from "../../office/change.js";
import { useMe } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import type { MessageShape } from "./message-words.js";

export function Shared({ message }: { readonly message: MessageShape }): ReactNode {
  const { say } = useSpeech();
  const { id, box, members } = message;
  const claim = useChange("claimMessage");
  const release = useChange("releaseMessage");
  const { username } = useMe();
  const nameOf = useMemberNames(box);
  if (!box.startsWith("group:")) return null;
  const by = message.claimed_by;
  return (
    <section className="shared-message stack tight" aria-label={say("messages.shared")}>
      <div className="row between">
        <p>
          {by === null
            ? say("messages.unclaimed")
            : by === username
              ? say("messages.claimed_by_you")
              : say("messages.claimed_by", { name: nameOf(by) })}
        </p>
        {by === null && message.may.claim && (
          <Button
            size="small"
            isPending={claim.isBusy}
            onPress={() => void claim.run({ params: { id } }, { told: null })}
          >
            {say("messages.claim")}
          </Button>
        )}
        {message.may.release && (
          <Button
            size="small"
            isPending={release.isBusy}
            onPress={() => void release.run({ params: { id } }, { told: null })}
          >
            {say("messages.release")}
          </Button>
        )}
      </div>
      <ChangeProblem problem={claim.problem ?? release.problem} />
      <ul className="heard-by" aria-label={say("messages.who_heard")}>
        {members.map(({ username: member, state, received }) => (
          <li key={member}>
            <span>{member === username ? say("messages.you") : nameOf(member)}</span>
            <span className={`badge ${state === "new" ? "" : "good"}`}>
              {received || state !== "new" ? say(`messages.member.${state}`) : say("messages.member.off")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Names of the members that the group has now; of others the username. */
function useMemberNames(box: string): (username: string) => string {
  const id = box.slice(box.indexOf(":") + 1);
  const members = useRead(
    "listMembers",
    { params: { id }, query: { limit: 500 } },
    { enabled: box.startsWith("group:") },
  );
  const names = new Map((members.data?.value.items ?? []).map(({ user, name }) => [user, name]));
  return (username) => names.get(username) ?? username;
}
