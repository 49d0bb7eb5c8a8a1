/** What happens when one does not answer: how long one's own phones ring, and what comes then. */
import type { ReactNode } from "react";
import { useMe } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { Section } from "../../parts/page.js";
import { Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

export function NoAnswer(): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  const user = useRead("getUser", { params: { username } });
  return (
    <Shown of={user}>
      {({ value: { call } }) => (
        <Section title={say("no_answer.title")}>
          <CallWords sentences={call.sentences} />
        </Section>
      )}
    </Shown>
  );
}

/** What a call does, line by line. */
export function CallWords({ sentences }: { readonly sentences: readonly string[] }): ReactNode {
  return (
    <ol className="call-words">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ol>
  );
}
