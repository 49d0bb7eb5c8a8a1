/**
 * "Who would ring if so-and-so called at that time?": the call is played on the office as it is, or with the steps that are
 * being edited, and no phone rings.
 */
import { type ReactNode, useState } from "react";
import type { Args } from "../../office/client.js";
import { Fault } from "../../office/client.js";
import { useRead } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { Loading, ReadProblem } from "../../parts/states.js";
import { isWhole, TargetSearch } from "../../parts/target.js";
import { useSpeech } from "../../words/words.js";
import { KeepTest } from "./keep-test.js";
import { Timeline } from "./timeline.js";

export type Tried =
  | { readonly kind: "number"; readonly number: string; readonly edits?: readonly unknown[] }
  | { readonly kind: "flow"; readonly id: string; readonly edits?: readonly unknown[] }
  /** Whatever is dialled. */
  | { readonly kind: "dialled"; readonly number: string; readonly edits?: undefined };

type Circumstances = Args<"explainFlow">[0]["body"];

interface Asked {
  readonly caller: "somebody" | "number" | "withheld" | "inside";
  readonly number: string;
  readonly inside: string | null;
  /** A time of the office's zone as native inputs have it; empty: now. */
  readonly at: string;
  readonly answer: "nobody" | "somebody";
  readonly who: string | null;
  readonly seconds: string;
  readonly phones: "all" | "now";
}

const FRESH: Asked = {
  caller: "somebody",
  number: "",
  inside: null,
  at: "",
  answer: "nobody",
  who: null,
  seconds: "5",
  phones: "all",
};

export function TryIt({ what }: { readonly what: Tried }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const [asked, setAsked] = useState(FRESH);
  const [played, setPlayed] = useState<Asked | null>(what.kind === "dialled" ? null : FRESH);
  const set = (changes: Partial<Asked>) => setAsked((now) => ({ ...now, ...changes }));
  return (
    <div className="stack">
      <Form label={say("try.title")} onSave={() => setPlayed({ ...asked })}>
        <div className="try-form">
          <Caller asked={asked} onChange={set} />
          <label className="field">
            <span className="label">{say("try.at")}</span>
            <input
              type="datetime-local"
              className="input"
              value={asked.at}
              onChange={(event) => set({ at: event.currentTarget.value })}
            />
            <span className="help">{say("try.at_help", { zone: when.zone })}</span>
          </label>
          <Answering asked={asked} onChange={set} />
          <Choice
            label={say("try.phones")}
            options={[
              { id: "all", text: say("try.phones_all") },
              { id: "now", text: say("try.phones_now") },
            ]}
            value={asked.phones}
            onChange={(id) => set({ phones: id as Asked["phones"] })}
          />
        </div>
        <div className="row">
          <Button type="submit">{say("try.run")}</Button>
        </div>
      </Form>
      {played !== null && <Played what={what} body={circumstancesOf(played)} />}
    </div>
  );
}

interface PartProps {
  readonly asked: Asked;
  onChange(changes: Partial<Asked>): void;
}

function Caller({ asked, onChange }: PartProps): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="stack tight">
      <Choice
        label={say("try.caller")}
        options={[
          { id: "somebody", text: say("try.caller_somebody") },
          { id: "number", text: say("try.caller_number") },
          { id: "withheld", text: say("try.caller_withheld") },
          { id: "inside", text: say("try.caller_inside") },
        ]}
        value={asked.caller}
        onChange={(id) => onChange({ caller: id as Asked["caller"] })}
      />
      {asked.caller === "number" && (
        <Field
          label={say("try.caller_which")}
          value={asked.number}
          onChange={(number) => onChange({ number })}
          inputMode="tel"
        />
      )}
      {asked.caller === "inside" && (
        <TargetSearch
          label={say("try.caller_who")}
          kinds={["user"]}
          value={asked.inside}
          onChange={(inside) => onChange({ inside })}
          isCreating={false}
        />
      )}
    </div>
  );
}

function Answering({ asked, onChange }: PartProps): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="stack tight">
      <Choice
        label={say("try.answer")}
        options={[
          { id: "nobody", text: say("try.answer_nobody") },
          { id: "somebody", text: say("try.answer_somebody") },
        ]}
        value={asked.answer}
        onChange={(id) => onChange({ answer: id as Asked["answer"] })}
      />
      {asked.answer === "somebody" && (
        <>
          <TargetSearch
            label={say("try.answer_who")}
            kinds={["user"]}
            value={asked.who}
            onChange={(who) => onChange({ who })}
            isCreating={false}
          />
          <Field
            label={say("try.answer_after")}
            value={asked.seconds}
            onChange={(seconds) => onChange({ seconds: seconds.replaceAll(/\D/g, "") })}
            inputMode="numeric"
          />
        </>
      )}
    </div>
  );
}

function circumstancesOf({ caller, number, inside, at, answer, who, seconds, phones }: Asked): Circumstances {
  const from =
    caller === "withheld"
      ? "withheld"
      : caller === "number" && number.trim() !== ""
        ? number.trim()
        : caller === "inside" && isWhole(inside)
          ? inside.replace(/^user:/, "")
          : undefined;
  return {
    ...(from === undefined ? {} : { from }),
    ...(at === "" ? {} : { at }),
    ...(answer === "somebody" && isWhole(who)
      ? { answer: [`${who.replace(/^user:/, "")}@${seconds === "" ? "0" : seconds}`] }
      : {}),
    ...(phones === "now" ? { registered_now: true } : {}),
  };
}

/** The call as it would go; it is played again when the office changes. */
function Played({ what, body }: { readonly what: Tried; readonly body: Circumstances }): ReactNode {
  const edits = what.kind === "dialled" || what.edits === undefined ? {} : { edits: [...what.edits] };
  const dialled = useRead(
    "explain",
    { body: { number: what.kind === "dialled" ? what.number : "", ...body } },
    { enabled: what.kind === "dialled" },
  );
  const number = useRead(
    "explainNumber",
    { params: { number: what.kind === "number" ? what.number : "" }, body: { ...body, ...edits } },
    { enabled: what.kind === "number" },
  );
  const flow = useRead(
    "explainFlow",
    { params: { id: what.kind === "flow" ? what.id : "" }, body: { ...body, ...edits } },
    { enabled: what.kind === "flow" },
  );
  const of = what.kind === "dialled" ? dialled : what.kind === "number" ? number : flow;
  if (of.error !== null) return <NotPlayed error={of.error} again={() => void of.refetch()} />;
  if (of.data === undefined) return <Loading lines={4} />;
  const { from, at, answer } = body;
  const isLive = what.kind !== "flow" && what.edits === undefined && body.registered_now !== true;
  return (
    <Timeline of={of.data.value}>
      {isLive && (
        <KeepTest
          key={JSON.stringify([what, body])}
          of={of.data.value}
          asked={{
            ...(from === undefined ? {} : { from }),
            ...(at === undefined ? {} : { at }),
            ...(answer === undefined ? {} : { answer }),
          }}
        />
      )}
    </Timeline>
  );
}

/** What was asked for wrongly is said in the server's words. */
function NotPlayed({ error, again }: { readonly error: unknown; again(): void }): ReactNode {
  const errors = error instanceof Fault ? (error.problem.errors ?? []) : [];
  if (!(error instanceof Fault) || error.problem.status !== 422)
    return <ReadProblem error={error} again={again} />;
  return (
    <div className="notice bad" role="alert">
      <div className="stack tight">
        <strong>{error.message}</strong>
        {errors.map(({ message, where, expected }) => (
          <p key={`${where ?? ""}${message}`}>
            {where !== undefined && <b>{where}: </b>}
            {message}
            {expected !== undefined && ` — ${expected}`}
          </p>
        ))}
      </div>
    </div>
  );
}
