/** Many numbers from a table: first a plan of what would change, then one revision of it all. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { Button } from "../../parts/button.js";
import { EntityChange } from "../../parts/entity-change.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

type Planned = AnswerOf<"importNumbers">;

export function NumberTable({ onClose }: { onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [file, setFile] = useState<File | null>(null);
  const [planned, setPlanned] = useState<Planned | null>(null);
  const load = useChange("importNumbers");
  const send = (chosen: File, isDry: boolean) =>
    load.run({
      body: chosen,
      type: "application/octet-stream",
      query: { dry_run: isDry },
      ...(isDry || planned === null ? {} : { ifMatch: planned.revision }),
    });
  const plan = async (chosen: File | undefined) => {
    setPlanned(null);
    setFile(chosen ?? null);
    if (chosen === undefined) return load.clear();
    const done = await send(chosen, true);
    if (done.ok) setPlanned(done.value);
  };
  const apply = async () => {
    if (file === null) return;
    const done = await send(file, false);
    if (done.ok) onClose();
  };
  return (
    <div className="stack">
      <p className="muted">{say("numbers.table_help")}</p>
      <label className="field">
        <span className="label">{say("numbers.table_file")}</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,.xlsx"
          className="file-input"
          onChange={(event) => void plan(event.currentTarget.files?.[0])}
        />
      </label>
      <ChangeProblem problem={load.problem} />
      {planned !== null && <Plan of={planned} />}
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button
          look="primary"
          isPending={load.isBusy}
          isDisabled={planned === null || planned.changes.length === 0}
          onPress={() => void apply()}
        >
          {say("numbers.table_apply")}
        </Button>
      </div>
    </div>
  );
}

function Plan({ of: { changes, warnings } }: { readonly of: Planned }): ReactNode {
  const { say, count } = useSpeech();
  return (
    <div className="stack" role="status">
      <strong>
        {changes.length === 0 ? say("numbers.table_nothing") : count("numbers.table_plan", changes.length)}
      </strong>
      {warnings.length > 0 && (
        <ul className="notice warn plain-list">
          {warnings.map((warning) => (
            <li key={`${warning.row}${warning.column ?? ""}${warning.message}`}>
              {say("numbers.table_row", { row: warning.row })} {warning.message}
            </li>
          ))}
        </ul>
      )}
      <div className="planned stack tight">
        {changes.map((change) => (
          <EntityChange key={`${change.kind}:${change.id}`} change={change} />
        ))}
      </div>
    </div>
  );
}
