/** What was done, told for a while at the edge of the page, and read by screen readers as it comes. */
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react";
import { Button } from "../parts/button.js";
import { useSpeech } from "../words/words.js";

export interface Toast {
  readonly text: string;
  readonly look?: "good" | "bad";
  readonly action?: { readonly text: string; readonly run: () => void };
}

type Tell = (toast: Toast) => void;
const TellContext = createContext<Tell | null>(null);
/** Long enough to read it and to reach the undo by keyboard (WCAG 2.2.1); the pointer or the focus on it holds it. */
const SHOWN_MS = 12_000;
/** More would lie over what somebody wants to press next; the history has the undo of the others. */
const AT_ONCE_MAX = 1;

export function useTell(): Tell {
  const tell = use(TellContext);
  if (tell === null) throw new Error("there is no place for what is told");
  return tell;
}

export function Toasts({ children }: { readonly children: ReactNode }): ReactNode {
  const { say } = useSpeech();
  const [shown, setShown] = useState<readonly (Toast & { readonly id: number })[]>([]);
  const close = useCallback((id: number) => setShown((all) => all.filter((each) => each.id !== id)), []);
  const tell = useMemo<Tell>(() => {
    let next = 0;
    return (toast) => {
      const id = next++;
      setShown((all) => [...all, { ...toast, id }].slice(-AT_ONCE_MAX));
      const end = () => {
        const place = document.getElementById(`toast-${id}`);
        if (place?.matches(":hover, :focus-within") === true) setTimeout(end, 2_000);
        else close(id);
      };
      setTimeout(end, SHOWN_MS);
    };
  }, [close]);
  return (
    <TellContext value={tell}>
      {children}
      <section className="toasts" aria-live="polite" aria-label={say("app.told")}>
        {shown.map(({ id, text, look = "good", action }) => (
          <div key={id} id={`toast-${id}`} className={`toast ${look}`}>
            <span>{text}</span>
            {action !== undefined && (
              <Button
                look="quiet"
                size="small"
                onPress={() => {
                  close(id);
                  action.run();
                }}
              >
                {action.text}
              </Button>
            )}
            <Button look="quiet" size="small" aria-label={say("app.close")} onPress={() => close(id)}>
              ×
            </Button>
          </div>
        ))}
      </section>
    </TellContext>
  );
}
