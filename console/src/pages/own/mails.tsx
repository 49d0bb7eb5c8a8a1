/** Which mails one wants about messages and missed calls, and whether one listens from any phone. */
import type { ReactNode } from "react";
import { useChange } from "../../office/change.js";
import { useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { useMe } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { Choices, Switch } from "../../parts/choice.js";
import { Form, SaveBar } from "../../parts/form.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

const MAILS = ["none", "notice", "attached"] as const;
const REMOTE = ["none", "listen", "call_back"] as const;
type Mail = (typeof MAILS)[number];
type Remote = (typeof REMOTE)[number];

interface Wanted {
  readonly email: Mail;
  readonly missed_calls: boolean;
  readonly remote_access: Remote;
}

export function MailsIWant(): ReactNode {
  const { username } = useMe();
  const mailbox = useRead("getMailbox", { params: { box: `user:${username}` } });
  const user = useRead("getUser", { params: { username } });
  return (
    <Shown of={mailbox}>
      {({ value: { settings } }) => (
        <Shown of={user}>
          {({ value: { may }, revision }) => (
            <WantedForm
              saved={{
                email: MAILS.find((each) => each === settings.email) ?? "none",
                missed_calls: settings.missed_calls,
                remote_access: REMOTE.find((each) => each === settings.remote_access) ?? "none",
              }}
              revision={revision}
              mayChange={may.fields.includes("voicemail")}
            />
          )}
        </Shown>
      )}
    </Shown>
  );
}

function WantedForm({
  saved,
  revision,
  mayChange,
}: {
  readonly saved: Wanted;
  readonly revision: number | null;
  readonly mayChange: boolean;
}): ReactNode {
  const { say } = useSpeech();
  const { username, email: address } = useMe();
  const change = useChange("changeUser");
  const draft = useDraft<Wanted>(`voicemail:${username}`, saved, revision);
  const { email, missed_calls: missedCalls, remote_access: remoteAccess } = draft.value;
  const save = async () => {
    const done = await change.run({
      params: { username },
      body: { voicemail: written(draft.changes) },
      ...matchOf(draft, change.problem),
    });
    if (done.ok) draft.discard();
  };
  return (
    <Form label={say("mails.title")} onSave={() => void save()}>
      <ChangeProblem problem={change.problem} onTakeTheirs={draft.discard} />
      <p>{address === null ? say("mails.no_address") : say("mails.address", { address })}</p>
      <Choices
        label={say("mails.messages")}
        options={MAILS.map((each) => ({ id: each, text: say(`mails.messages.${each}`) }))}
        value={email}
        onChange={(next) => draft.set({ email: MAILS.find((each) => each === next) ?? "none" })}
        isDisabled={!mayChange}
      />
      <Switch
        isOn={missedCalls}
        onChange={(isOn) => draft.set({ missed_calls: isOn })}
        isDisabled={!mayChange}
      >
        {say("mails.missed_calls")}
      </Switch>
      <Choices
        label={say("mails.remote")}
        help={say("mails.remote_help")}
        options={REMOTE.map((each) => ({ id: each, text: say(`mails.remote.${each}`) }))}
        value={remoteAccess}
        onChange={(next) => draft.set({ remote_access: REMOTE.find((each) => each === next) ?? "none" })}
        isDisabled={!mayChange}
      />
      <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={draft.discard} />
    </Form>
  );
}

/** As an office file writes it. */
function written({ email, remote_access: remote, missed_calls: missed }: Partial<Wanted>) {
  return {
    ...(email === undefined ? {} : { email: email === "attached" ? email : email === "notice" }),
    ...(missed === undefined ? {} : { missed_calls: missed }),
    ...(remote === undefined ? {} : { remote_access: remote === "call_back" ? remote : remote === "listen" }),
  };
}
