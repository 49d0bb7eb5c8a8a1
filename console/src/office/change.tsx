/**
 * Changes that a page makes: saved is live. What was saved is told with a way back; what was refused stays with the page, by
 * field; what somebody else has changed meanwhile is shown.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTell } from "../frame/toasts.js";
import { useSpeech } from "../words/words.js";
import {
  type AnswerOf,
  type Args,
  type ClientProblem,
  client,
  type OperationId,
  type Result,
} from "./client.js";
import { useConfirmFirst } from "./confirm-first.js";

export interface ChangeOptions {
  /** What is told when it is done; left out: "Saved", with the revision and its undo. Null: nothing. */
  readonly told?: string | null;
}

export interface Change<Id extends OperationId> {
  /** Runs it; two at once are one. What comes out is also kept in `problem`. */
  run(given: Args<Id>[0], options?: ChangeOptions): Promise<Result<AnswerOf<Id>>>;
  readonly isBusy: boolean;
  /** Why the last one was refused; null: it was not. */
  readonly problem: ClientProblem | null;
  /** What is wrong with a field of the body, by its JSON pointer; also of what is inside it. */
  faultAt(pointer: string): string | undefined;
  /** Forgets the refusal. */
  clear(): void;
}

export function useChange<Id extends OperationId>(id: Id): Change<Id> {
  const queries = useQueryClient();
  const tell = useTell();
  const { say } = useSpeech();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ClientProblem | null>(null);
  const running = useRef<Promise<Result<AnswerOf<Id>>> | null>(null);
  const undo = useUndo();
  const confirmFirst = useConfirmFirst();

  const asked = async (given: Args<Id>[0]): Promise<Result<AnswerOf<Id>>> => {
    const call = client.call as (id: Id, given: unknown) => Promise<Result<AnswerOf<Id>>>;
    const result = await call(id, given ?? {});
    const isAsked = !result.ok && result.problem.type === "confirm_first" && confirmFirst !== null;
    return isAsked && (await confirmFirst()) ? call(id, given ?? {}) : result;
  };
  const once = async (given: Args<Id>[0], options: ChangeOptions): Promise<Result<AnswerOf<Id>>> => {
    setBusy(true);
    try {
      const result = await asked(given);
      setProblem(result.ok ? null : result.problem);
      // The sign-in comes over the page when it is read again who is signed in.
      if (!result.ok && result.problem.type === "signed_out")
        await queries.invalidateQueries({ queryKey: ["showMe"] });
      if (!result.ok) return result;
      const revision = appliedRevision(result.value);
      if (options.told !== null && !isPlanned(result.value))
        tell({
          text: options.told ?? (revision === null ? say("app.done") : say("app.saved", { revision })),
          ...(revision === null ? {} : { action: { text: say("app.undo"), run: () => void undo(revision) } }),
        });
      await queries.invalidateQueries();
      return result;
    } finally {
      setBusy(false);
    }
  };
  return {
    run: (given, options = {}) => {
      running.current ??= once(given, options).finally(() => {
        running.current = null;
      });
      return running.current;
    },
    isBusy,
    problem,
    faultAt: (pointer) => faultAt(problem, pointer),
    clear: () => setProblem(null),
  };
}

/** Takes back one revision; what came after it elsewhere stays. */
function useUndo(): (revision: number) => Promise<void> {
  const queries = useQueryClient();
  const tell = useTell();
  const { say } = useSpeech();
  return async (revision) => {
    const result = await client.call("undoRevision", { params: { revision } });
    await queries.invalidateQueries();
    if (result.ok) tell({ text: say("app.undone", { revision: result.value.revision }) });
    else tell({ text: result.problem.detail ?? result.problem.title, look: "bad" });
  };
}

function faultAt(problem: ClientProblem | null, pointer: string): string | undefined {
  const found = problem?.errors?.filter(
    ({ field }) => field === pointer || (pointer !== "" && field.startsWith(`${pointer}/`)),
  );
  if (found === undefined || found.length === 0) return undefined;
  return found.map(faultText).join(" ");
}

/** The server's words: what it found, what it expected, and what it suggests. */
export function faultText(error: NonNullable<ClientProblem["errors"]>[number]): string {
  const parts = [error.message];
  if (error.found !== undefined) parts.push(`(${error.found})`);
  if (error.expected !== undefined) parts.push(`— ${error.expected}`);
  if (error.suggestion !== undefined) parts.push(`— ${error.suggestion}`);
  return parts.join(" ");
}

function appliedRevision(value: unknown): number | null {
  if (typeof value !== "object" || value === null) return null;
  const { outcome, revision } = value as { outcome?: unknown; revision?: unknown };
  return outcome === "applied" && typeof revision === "number" ? revision : null;
}

function isPlanned(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && (value as { outcome?: unknown }).outcome === "planned"
  );
}
