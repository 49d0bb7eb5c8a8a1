/** Filters in the address: a link shows the same, and going back takes one back. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

export interface Address {
  /** What stands there; undefined: nothing. */
  get(name: string): string | undefined;
  /** Undefined takes it away. What is typed letter by letter replaces the entry of the history. */
  set(changes: Readonly<Record<string, string | undefined>>, options?: { readonly replace?: boolean }): void;
}

export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  const set = useCallback<Address["set"]>(
    (changes, { replace = false } = {}) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes))
            if (value === undefined || value === "") next.delete(name);
            else next.set(name, value);
          return next;
        },
        { replace },
      ),
    [setParams],
  );
  return useMemo(() => ({ get: (name) => params.get(name) ?? undefined, set }), [params, set]);
}
