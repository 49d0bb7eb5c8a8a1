/**
 * What somebody types is kept in this browser's tab until it is saved or discarded: a reload, a session that ended or a page
 * that was left loses nothing.
 */
import { useCallback, useEffect, useMemo, useState } from "react";

export interface Draft<T extends object> {
  readonly value: T;
  set(changes: Partial<T>): void;
  /** Something differs from what the office has. */
  readonly isChanged: boolean;
  /** Only the fields that differ. */
  readonly changes: Partial<T>;
  /** The revision that the draft was begun on, for `ifMatch`; undefined: unknown. */
  readonly revision: number | undefined;
  /** Forgets what was typed: it was saved, or is not wanted. */
  discard(): void;
}

interface Kept<T> {
  readonly changes: Partial<T>;
  readonly revision: number | null;
}

/** @param key names what is edited, such as `user:alice.wong/profile` */
export function useDraft<T extends object>(key: string, saved: T, revision: number | null = null): Draft<T> {
  const place = `ringline.draft.${key}`;
  const [kept, setKept] = useState<Kept<T>>(() => keptAt<T>(place));
  useEffect(() => setKept(keptAt<T>(place)), [place]);
  const keep = useCallback(
    (next: Kept<T>) => {
      setKept(next);
      if (Object.keys(next.changes).length === 0) sessionStorage.removeItem(place);
      else sessionStorage.setItem(place, JSON.stringify(next));
    },
    [place],
  );
  const changes = useMemo(() => differing(kept.changes, saved), [kept.changes, saved]);
  return {
    value: { ...saved, ...changes },
    set: (more) => {
      const next = differing({ ...changes, ...more }, saved);
      const begun = Object.keys(changes).length === 0 ? revision : kept.revision;
      keep({ changes: next, revision: begun });
    },
    isChanged: Object.keys(changes).length > 0,
    changes,
    revision: (Object.keys(changes).length === 0 ? revision : kept.revision) ?? undefined,
    discard: () => keep({ changes: {}, revision: null }),
  };
}

function keptAt<T>(place: string): Kept<T> {
  const text = sessionStorage.getItem(place);
  if (text === null) return { changes: {}, revision: null };
  try {
    return JSON.parse(text) as Kept<T>;
  } catch {
    return { changes: {}, revision: null };
  }
}

function differing<T extends object>(changes: Partial<T>, saved: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(changes).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(saved[name as keyof T]),
    ),
  ) as Partial<T>;
}
