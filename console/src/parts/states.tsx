/** What a page shows when it has nothing to show: it loads, it failed, there is no right, there is nothing yet. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { faultText } from "../office/change.js";
import { type ClientProblem, Fault } from "../office/client.js";
import { isWord, type Speech, useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import { EntityChange, type EntityChangeShape } from "./entity-change.js";

/** Bars of about the size of what comes; nothing jumps when it is there. */
export function Loading({ lines = 4 }: { readonly lines?: number }): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="loading" role="status" aria-label={say("app.loading")}>
      {Array.from({ length: lines }, (_each, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all the same
        <div key={line} className="bar" />
      ))}
    </div>
  );
}

/** Nothing is here yet: says so, and what to do about it. */
export function Empty({
  title,
  help,
  children,
}: {
  readonly title: string;
  readonly help?: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {help !== undefined && <p className="muted">{help}</p>}
      {children}
    </div>
  );
}

/** Why a read has no value, and what can be done. */
export function ReadProblem({
  error,
  again,
}: {
  readonly error: unknown;
  readonly again?: () => void;
}): ReactNode {
  const { say } = useSpeech();
  const problem: ClientProblem =
    error instanceof Fault ? error.problem : { type: "our_mistake", title: String(error), status: 500 };
  if (problem.type === "no_permission")
    return (
      <Empty
        title={say("error.no_permission")}
        help={
          problem.permission === undefined
            ? (problem.detail ?? "")
            : say("error.no_permission_help", { permission: permissionName(say, problem.permission) })
        }
      />
    );
  const [title, help] =
    problem.type === "not_found"
      ? [say("error.not_found"), problem.detail ?? say("error.not_found_help")]
      : problem.status === 0
        ? [say("error.unreachable"), say("error.unreachable_help")]
        : [problem.title, problem.detail ?? ""];
  return (
    <div role="alert">
      <Empty title={title} help={help}>
        {again !== undefined && <Button onPress={again}>{say("app.again")}</Button>}
      </Empty>
    </div>
  );
}

/** A permission's name as people read it. */
export function permissionName(say: Speech["say"], permission: string): string {
  const word = `permission.${permission}`;
  return isWord(word) ? say(word) : permission;
}

/** Shows what a read has, or what it lacks. */
export function Shown<T>({
  of,
  lines,
  children,
}: {
  readonly of: Pick<UseQueryResult<T>, "data" | "error" | "refetch">;
  readonly lines?: number;
  readonly children: (value: T) => ReactNode;
}): ReactNode {
  if (of.data !== undefined) return children(of.data);
  if (of.error !== null) return <ReadProblem error={of.error} again={() => void of.refetch()} />;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}

/** Why a change was refused: what belongs to no field of the form, and what somebody else has changed. */
export function ChangeProblem({
  problem,
  fields = [],
  onTakeTheirs,
}: {
  readonly problem: ClientProblem | null;
  /** Pointers of the fields that the form shows with their own faults. */
  readonly fields?: readonly string[];
  /** Discards what was typed, for what is live. */
  readonly onTakeTheirs?: () => void;
}): ReactNode {
  const { say } = useSpeech();
  if (problem === null) return null;
  const isShown = (field: string) =>
    fields.some((each) => field === each || (each !== "" && field.startsWith(`${each}/`)));
  const rest = (problem.errors ?? []).filter(({ field }) => !isShown(field));
  return (
    <div className="notice bad" role="alert">
      <div className="stack tight">
        <strong>
          {problem.type === "changed_meanwhile" ? say("app.conflict") : (problem.detail ?? problem.title)}
        </strong>
        {problem.type === "changed_meanwhile" && <p>{say("app.conflict_help")}</p>}
        {rest.map((error) => (
          <p key={`${error.field}${error.where ?? ""}${error.message}`}>
            {error.where !== undefined && <b>{error.where}: </b>}
            {faultText(error)}
          </p>
        ))}
        {(problem.changed ?? []).map((change) => (
          <EntityChange key={JSON.stringify(change)} change={change as EntityChangeShape} />
        ))}
        {problem.type === "changed_meanwhile" && onTakeTheirs !== undefined && (
          <div className="row">
            <Button size="small" onPress={onTakeTheirs}>
              {say("app.conflict_theirs")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
