/** What happens to a call, in the server's sentences, one below the other. */
import type { ReactNode } from "react";

export function Sentences({ of }: { readonly of: readonly string[] }): ReactNode {
  return (
    <ol className="sentences">
      {of.map((sentence, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have the same words
        <li key={index}>{sentence}</li>
      ))}
    </ol>
  );
}
