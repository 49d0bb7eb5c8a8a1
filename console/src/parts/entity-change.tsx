/** What changed in one entry of the office, field by field: before and after. For conflicts, the history and plans. */
import type { ReactNode } from "react";
import type { AnswerOf } from "../office/client.js";
import { isWord, type Speech, useSpeech } from "../words/words.js";

export type EntityChangeShape = AnswerOf<"compareRevisions">["changes"][number];

/** "User alice.wong", in the page's language. */
export function entityName(say: Speech["say"], kind: string, id: string): string {
  const word = `kind.${kind}`;
  const name = isWord(word) ? say(word) : kind;
  return id === "" ? name : `${name} ${id}`;
}

export function EntityChange({ change }: { readonly change: EntityChangeShape }): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="entity-change">
      <p>
        <span className={`badge ${LOOKS[change.change]}`}>{say(`change.${change.change}`)}</span>{" "}
        <b>{entityName(say, change.kind, change.id)}</b>
      </p>
      {change.fields.length > 0 && (
        <dl>
          {change.fields.map((field) => (
            <div key={field.field} className="field-change">
              <dt className="mono">{field.field}</dt>
              <dd>
                {field.from !== null && <del>{field.from}</del>} {field.to !== null && <ins>{field.to}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const LOOKS = { added: "good", changed: "accent", removed: "bad" } as const;
