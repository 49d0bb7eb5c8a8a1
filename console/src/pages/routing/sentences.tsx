/**
 * What happens to a call, in sentences: in English the server's, as commands say them; in other languages the page's own, of
 * the steps.
 */
import type { ReactNode } from "react";
import type { CallShape } from "../../parts/route-form.js";
import { useSpeech } from "../../words/words.js";
import { StepSentence } from "./step-sentence.js";

/** One below the other. @param first only so many steps */
export function Sentences({ call, first }: { readonly call: CallShape; readonly first?: number }): ReactNode {
  return (
    <ol className="sentences">
      {useSentences(call, first).map((sentence, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have the same words
        <li key={index}>{sentence}</li>
      ))}
    </ol>
  );
}

/** In a line; what comes first counts most. */
export function CallWords({ call }: { readonly call: CallShape }): ReactNode {
  const [head, ...more] = useSentences(call, undefined);
  return (
    <span>
      {head}
      {more.length > 0 && (
        <span className="muted small">
          {more.map((sentence, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have the same words
            <span key={index}> · {sentence}</span>
          ))}
        </span>
      )}
    </span>
  );
}

function useSentences({ sentences, steps }: CallShape, first: number | undefined): readonly ReactNode[] {
  const { language, say } = useSpeech();
  if (language === "en") return sentences.slice(0, first);
  if (steps === null) return [say("call.nowhere")];
  // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have the same words
  return steps.slice(0, first).map((step, index) => <StepSentence key={index} of={step} />);
}
