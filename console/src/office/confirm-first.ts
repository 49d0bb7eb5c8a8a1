/**
 * What gives or takes away ways to sign in asks first whether it is still the same person. Whoever changes something needs
 * not know: the question comes over the page, and the change goes on by itself.
 */
import { createContext, use } from "react";

/** Asks the person; true: they have shown that it is them. */
export type ConfirmFirst = () => Promise<boolean>;

export const ConfirmFirstContext = createContext<ConfirmFirst | null>(null);

/** Null: nobody is signed in, so nobody is asked. */
export function useConfirmFirst(): ConfirmFirst | null {
  return use(ConfirmFirstContext);
}
