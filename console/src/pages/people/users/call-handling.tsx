/** What happens to a call to a user: how long their phones ring, and what comes when nobody answers. */

import type { ReactNode } from "react";
import { useEditing } from "../../../office/editing.js";
import { Choice } from "../../../parts/choice.js";
import { EditForm } from "../../../parts/edit-form.js";
import { Section } from "../../../parts/page.js";
import { useSpeech } from "../../../words/words.js";
import { NoAnswer } from "../no-answer.js";
import type { OfUser } from "./user-shown.js";

export function CallHandling({ user, revision }: OfUser): ReactNode {
  const { say } = useSpeech();
  const { username, may } = user;
  return (
    <>
      <NoAnswer
        of={{
          target: `user:${username}`,
          key: `user:${username}`,
          call: user.call,
          isUsual: user.no_answer === undefined,
        }}
        revision={revision}
        operation="changeUser"
        given={(steps) => ({ params: { username }, body: { no_answer: steps } })}
        mayChange={may.fields.includes("no_answer")}
        title={say("user.no_answer", { name: user.name })}
      />
      <Anonymous user={user} revision={revision} />
    </>
  );
}

function Anonymous({ user, revision }: OfUser): ReactNode {
  const { say } = useSpeech();
  const { username, may, anonymous_callers: anonymous = "accept" } = user;
  const editing = useEditing({
    key: `user:${username}/anonymous`,
    saved: { anonymous: anonymous as string },
    revision,
    operation: "changeUser",
    given: ({ anonymous: wanted }) => ({
      params: { username },
      body: { anonymous_callers: wanted === "refuse" ? ("refuse" as const) : null },
    }),
  });
  return (
    <EditForm label={say("people.anonymous")} of={editing} fields={["/anonymous_callers"]}>
      <Section title={say("people.anonymous")}>
        <Choice
          label={say("people.anonymous_label")}
          options={(["accept", "refuse"] as const).map((id) => ({ id, text: say(`people.anonymous.${id}`) }))}
          value={editing.value.anonymous}
          onChange={(id) => editing.set({ anonymous: id })}
          fault={editing.faultAt("/anonymous_callers")}
          isDisabled={!may.fields.includes("anonymous_callers")}
        />
      </Section>
    </EditForm>
  );
}
