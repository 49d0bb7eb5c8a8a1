/** How calls are named everywhere on these pages: who calls whom, from where to where, and what became of it. */
import type { ReactNode } from "react";
import type { AnswerOf } from "../../office/client.js";
import { phone } from "../../office/when.js";
import { isWord, type Speech, useSpeech } from "../../words/words.js";

export type ListedCall = AnswerOf<"listCalls">["items"][number];
export type Names = Readonly<Record<string, string>>;
type Caller = Pick<ListedCall, "from" | "name" | "withheld" | "user">;

/** A person's or a number's name, and the number beside it where it says more. */
export interface Named {
  readonly title: string;
  readonly more: string | null;
}

export function callerNamed(say: Speech["say"], call: Caller, names: Names): Named {
  if (call.user !== null) return { title: names[`user:${call.user}`] ?? call.user, more: null };
  if (call.withheld) return { title: say("call.withheld"), more: null };
  const number = phone(call.from);
  const name = call.name.trim();
  if (name === "" || name === call.from) return { title: number || say("call.unknown"), more: null };
  return { title: name, more: number === "" ? null : number };
}

export function calledNamed(call: Pick<ListedCall, "called" | "about">, names: Names): Named {
  const number = phone(call.called);
  const label = names[`number:${call.called}`];
  if (label !== undefined) return { title: label, more: number };
  const isInside = /^\d{1,7}$/.test(call.called);
  const about = call.about.find((each) => names[each] !== undefined && /^(user|group):/.test(each));
  const name = isInside && about !== undefined ? names[about] : undefined;
  return name === undefined ? { title: number, more: null } : { title: name, more: call.called };
}

export function NamedText({ of: { title, more } }: { readonly of: Named }): ReactNode {
  return (
    <span className="named">
      <span className="named-title">{title}</span>
      {more !== null && <span className="named-more">{more}</span>}
    </span>
  );
}

/** An arrow that says from where to where; its word is for who does not see it. */
export function DirectionMark({ direction }: { readonly direction: ListedCall["direction"] }): ReactNode {
  const { say } = useSpeech();
  return (
    <svg
      className={`direction ${direction}`}
      viewBox="0 0 16 16"
      role="img"
      aria-label={say(`direction.${direction}`)}
    >
      <title>{say(`direction.${direction}`)}</title>
      <path d={ARROWS[direction]} />
    </svg>
  );
}

const ARROWS = {
  in: "M12.5 3.5 4 12M4 6v6h6",
  out: "M3.5 12.5 12 4M6 4h6v6",
  inside: "M2.5 8h11M5.5 5l-3 3 3 3M10.5 5l3 3-3 3",
} as const;

const LOOKS: Readonly<Record<ListedCall["result"], string>> = {
  live: "warn",
  answered: "good",
  missed: "bad",
  message: "accent",
  listened: "",
  refused: "warn",
  failed: "bad",
  not_ours: "",
};

export function ResultBadge({ result }: { readonly result: ListedCall["result"] }): ReactNode {
  const { say } = useSpeech();
  return (
    <span className={`badge ${LOOKS[result]}`}>
      {result === "live" && <span className="pulse" aria-hidden="true" />}
      {say(`result.${result}`)}
    </span>
  );
}

/** Who had the call, or in whose mailbox its message is; null: nobody. */
export function becameOf(call: ListedCall, names: Names): string | null {
  if (call.message_in !== null) return names[call.message_in] ?? call.message_in.replace(/^\w+:/, "");
  if (call.answered_by !== null) return names[`user:${call.answered_by}`] ?? phone(call.answered_by);
  return null;
}

/** `number:+1…`, `user:…` and the like, as people say it. */
export function aboutText(
  say: Speech["say"],
  target: string,
  names: Readonly<Record<string, string | undefined>> = {},
): string {
  const colon = target.indexOf(":");
  const [kind, name] = [target.slice(0, colon), target.slice(colon + 1)];
  const word = `kind.${kind}`;
  return `${isWord(word) ? say(word) : kind} ${names[target] ?? phone(name)}`;
}
