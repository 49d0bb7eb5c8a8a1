/**
 * What was changed here and the operator's files do not say: the fields, who changed them and why, and the way to bring the
 * files up to it.
 */
import { type ReactNode, useState } from "react";
import type { AnswerOf } from "../office/client.js";
import { useReach } from "../office/me.js";
import { useWhen } from "../office/when.js";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import { Dialog } from "./dialog.js";
import { WriteBack } from "./write-back.js";

type DriftShape = NonNullable<AnswerOf<"getNumber">["drift"]>;

/** In a list, beside what drifts. */
export function DriftMark({ drifts = true }: { readonly drifts?: boolean }): ReactNode {
  const { say } = useSpeech();
  return drifts ? <span className="badge warn">{say("app.drifts")}</span> : null;
}

/** On the page of what drifts; nothing where it is as the files say. */
export function DriftNotice({ drift: of }: { readonly drift: DriftShape | null }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const reach = useReach();
  const [isOpen, setOpen] = useState(false);
  if (of === null) return null;
  const by = (each: Omit<DriftShape, "fields">) =>
    say("drift.by", { author: each.author, when: when.short(each.changed_at) });
  return (
    <details className="drift notice warn">
      <summary>
        <strong>{say("app.drifts")}</strong> <span className="muted">{by(of)}</span>
      </summary>
      <div className="stack tight">
        <p>{say("drift.help")}</p>
        <ul className="plain-list">
          {of.fields.map((each) => (
            <li key={each.field}>
              <span className="mono">{each.field}</span> · {by(each)}
              {each.message !== "" && <span className="muted"> · “{each.message}”</span>}
            </li>
          ))}
        </ul>
        <p className="mono small">ringline writeback</p>
        {reach("writeBack") === "all" && (
          <div className="row">
            <Button size="small" onPress={() => setOpen(true)}>
              {say("drift.write_back")}
            </Button>
          </div>
        )}
      </div>
      <Dialog title={say("drift.write_back")} isOpen={isOpen} onClose={() => setOpen(false)} size="wide">
        <WriteBack />
      </Dialog>
    </details>
  );
}
