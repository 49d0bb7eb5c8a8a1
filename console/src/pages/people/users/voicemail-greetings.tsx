/** What callers hear in a user's mailbox, how it takes messages, and the PIN with which the user listens from any phone. */

import { type ReactNode, useState } from "react";
import { useChange } from "../../../office/change.js";
import { useMe, useReach } from "../../../office/me.js";
import { Button } from "../../../parts/button.js";
import { Confirm } from "../../../parts/dialog.js";
import { Greetings } from "../../../parts/greetings.js";
import { Section } from "../../../parts/page.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import { MailboxRules } from "../mailbox.js";
import type { OfUser } from "./user-shown.js";

export function VoicemailGreetings({ user, revision }: OfUser): ReactNode {
  const { say } = useSpeech();
  const { username, may } = user;
  return (
    <>
      <Section title={say("user.greetings")}>
        <Greetings box={`user:${username}`} />
      </Section>
      <MailboxRules
        of={{ key: `user:${username}`, mailbox: user.mailbox }}
        revision={revision}
        operation="changeUser"
        given={(voicemail) => ({ params: { username }, body: { voicemail } })}
        mayChange={may.fields.includes("voicemail")}
      />
      <PinHelp user={user} />
    </>
  );
}

/** Nobody sets another's PIN here: it is taken away or unlocked, and the user sets a new one. */
function PinHelp({ user: { username, name, may } }: Pick<OfUser, "user">): ReactNode {
  const { say } = useSpeech();
  const me = useMe();
  const reach = useReach();
  const clear = useChange("clearPin");
  const unlock = useChange("unlockPin");
  const [asks, setAsks] = useState(false);
  if (!may.change || me.username === username || reach("clearPin") !== "all") return null;
  const params = { username };
  return (
    <Section title={say("pin_help.title")} help={say("pin_help.help", { name })}>
      <ChangeProblem problem={unlock.problem} />
      <div className="row">
        <Button
          isPending={unlock.isBusy}
          onPress={() => void unlock.run({ params }, { told: say("pin_help.unlocked", { name }) })}
        >
          {say("pin_help.unlock")}
        </Button>
        <Button look="danger" onPress={() => setAsks(true)}>
          {say("pin_help.remove")}
        </Button>
      </div>
      <Confirm
        title={say("pin_help.remove_title", { name })}
        isOpen={asks}
        onClose={() => setAsks(false)}
        confirm={say("pin_help.remove")}
        isBusy={clear.isBusy}
        onConfirm={() =>
          void clear
            .run({ params }, { told: say("pin_help.removed", { name }) })
            .then((done) => done.ok && setAsks(false))
        }
      >
        <ChangeProblem problem={clear.problem} />
        <p>{say("pin_help.remove_help", { name })}</p>
      </Confirm>
    </Section>
  );
}
