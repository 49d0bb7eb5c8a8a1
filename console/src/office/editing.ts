/**
 * A form that edits what there is: what is typed is a draft, what differs is sent for the revision that it was begun on, and
 * once a conflict was shown, saving again puts it over what the other person has changed.
 */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Change, type ChangeOptions, useChange } from "./change.js";
import type { Args, ClientProblem, OperationId } from "./client.js";
import { useDraft } from "./draft.js";

export interface Editing<T extends object> {
  readonly value: T;
  set(changes: Partial<T>): void;
  readonly isChanged: boolean;
  /** Only the fields that differ. */
  readonly changes: Partial<T>;
  readonly isBusy: boolean;
  readonly problem: ClientProblem | null;
  faultAt: Change<OperationId>["faultAt"];
  /** True: it is live. */
  save(options?: ChangeOptions): Promise<boolean>;
  /** Forgets what was typed, and shows what is live. */
  discard(): void;
}

export interface EditingOf<T extends object, Id extends OperationId> {
  /** Names what is edited, as `user:alice.wong/profile`. */
  readonly key: string;
  /** What the office has; a field that it does not have is null. */
  readonly saved: T;
  readonly revision: number | null;
  readonly operation: Id;
  /** The request, of the fields that differ. */
  readonly given: (changes: Partial<T>, value: T) => Args<Id>[0];
}

export function useEditing<T extends object, Id extends OperationId>({
  key,
  saved,
  revision,
  operation,
  given,
}: EditingOf<T, Id>): Editing<T> {
  const draft = useDraft(key, saved, revision);
  const change = useChange(operation);
  const queries = useQueryClient();
  const [overRevision, setOver] = useState<number | null>(null);
  const discard = () => {
    draft.discard();
    change.clear();
    setOver(null);
    void queries.invalidateQueries();
  };
  return {
    value: draft.value,
    set: draft.set,
    isChanged: draft.isChanged,
    changes: draft.changes,
    isBusy: change.isBusy,
    problem: change.problem,
    faultAt: change.faultAt,
    discard,
    save: async (options) => {
      const ifMatch = overRevision ?? draft.revision;
      const request = {
        ...given(draft.changes, draft.value),
        ...(ifMatch === undefined ? {} : { ifMatch }),
      } as Args<Id>[0];
      const result = await change.run(request, options);
      if (result.ok) {
        draft.discard();
        setOver(null);
      } else if (result.problem.type === "changed_meanwhile") setOver(result.problem.revision ?? null);
      return result.ok;
    },
  };
}
