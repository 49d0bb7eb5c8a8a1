/** Filters of a list in the address, so that a link shows the same list. */
import { useSearchParams } from "wouter";

export interface Filters {
  /** Empty: it is not filtered by this. */
  of(name: string): string;
  /** Puts it into the address, without a step of its own for the browser's back. */
  put(name: string, value: string): void;
  /** Something is filtered. */
  readonly isAny: boolean;
  clear(): void;
}

export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  return {
    of: (name) => params.get(name) ?? "",
    put: (name, value) =>
      setParams(
        (now) => {
          const next = new URLSearchParams(now);
          if (value === "") next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    isAny: params.size > 0,
    clear: () => setParams({}, { replace: true }),
  };
}
