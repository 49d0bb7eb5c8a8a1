/** What a call to the person does, in their words: "My phones ring for 20 seconds. Then my voicemail takes a message." */
import type { ReactNode } from "react";
import type { AnswerOf } from "../../office/client.js";
import { useMe } from "../../office/me.js";
import { targetParts, useTargetName } from "../../parts/target.js";
import { type Speech, useSpeech } from "../../words/words.js";
import "./own-call.css";

type Call = AnswerOf<"getUser">["call"];
type Route = NonNullable<Call["route"]>;

/** One's own phones ring, and then one thing happens. */
export function isPlainRoute({ route }: Call, username: string): boolean {
  return route !== null && route.to === `user:${username}` && !route.has_more_before;
}

export function OwnCall({ call }: { readonly call: Call }): ReactNode {
  const { username } = useMe();
  if (call.route !== null && isPlainRoute(call, username)) return <PlainCall route={call.route} />;
  return <Lines of={call.sentences} />;
}

function PlainCall({ route }: { readonly route: Route }): ReactNode {
  const { say, count } = useSpeech();
  const after = route.after ?? "voicemail";
  const target = after.startsWith("voicemail:") ? after.slice("voicemail:".length) : after;
  const name = useTargetName(targetParts(target) === null ? null : target);
  const { ring, press_1: press1 = null } = route;
  return (
    <Lines
      of={[
        ring === undefined || ring === "none" || after === "keep-ringing"
          ? say("own_call.rings_on")
          : count("own_call.rings", ring),
        ...(press1 === null ? [] : [say(press1 ? "own_call.press_1" : "own_call.no_press_1")]),
        ...(after === "keep-ringing" ? [] : [afterWords(say, after, name)]),
      ]}
    />
  );
}

function afterWords(say: Speech["say"], after: string, name: string): string {
  if (after === "voicemail") return say("own_call.then.voicemail");
  if (after.startsWith("voicemail:")) return say("own_call.then.other_voicemail", { name });
  if (after === "hangup:busy") return say("own_call.then.busy");
  if (after.startsWith("hangup")) return say("own_call.then.hangup");
  const kind = targetParts(after)?.kind ?? "user";
  return say(`own_call.then.${kind}`, { name });
}

function Lines({ of }: { readonly of: readonly string[] }): ReactNode {
  return (
    <ol className="call-words">
      {of.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ol>
  );
}
