/** Why somebody did not get in, in plain words, and what they can do about it. */
import type { ReactNode } from "react";
import type { ClientProblem } from "../../office/client.js";
import { ChangeProblem } from "../../parts/states.js";
import { type Speech, useSpeech } from "../../words/words.js";

export function AccessProblem({
  problem,
  fields = [],
  wrong,
}: {
  readonly problem: ClientProblem | null;
  /** Pointers of the fields that the form shows with their own faults. */
  readonly fields?: readonly string[];
  /** What to do when it was not right; left out: look at the username and the password again. */
  readonly wrong?: string;
}): ReactNode {
  const { say, count } = useSpeech();
  if (problem === null) return null;
  const words = wordsOf({ say, count }, problem, wrong);
  if (words === undefined) return <ChangeProblem problem={problem} fields={fields} />;
  return (
    <div className="notice bad" role="alert">
      <div className="stack tight">
        <strong>{words.title}</strong>
        <p>{words.help}</p>
      </div>
    </div>
  );
}

function wordsOf(
  { say, count }: Pick<Speech, "say" | "count">,
  { type, retry_after: seconds }: ClientProblem,
  wrong = say("access.wrong_help"),
) {
  switch (type) {
    case "wrong_credentials":
      return { title: say("access.wrong"), help: wrong };
    case "too_many":
      return {
        title: say("access.slowed"),
        help:
          seconds === undefined || seconds < 60
            ? count("access.slowed_seconds", Math.max(1, seconds ?? 1))
            : count("access.slowed_minutes", Math.ceil(seconds / 60)),
      };
    case "suspended":
      return { title: say("access.suspended"), help: say("access.suspended_help") };
    case "gone":
      return { title: say("access.step_over"), help: say("access.step_over_help") };
    case "needs_https":
      return { title: say("access.needs_https"), help: say("access.needs_https_help") };
    default:
      return undefined;
  }
}
