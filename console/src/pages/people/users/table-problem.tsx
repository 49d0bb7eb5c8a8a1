/** What is wrong with a table, row by row; and which group a department is, where the office has to be told. */

import { type ReactNode, useState } from "react";
import { faultText } from "../../../office/change.js";
import type { ClientProblem } from "../../../office/client.js";
import { useRead } from "../../../office/read.js";
import { Button } from "../../../parts/button.js";
import { Choice } from "../../../parts/choice.js";
import { useSpeech } from "../../../words/words.js";
import type { Mapped } from "./imported.js";

type Faults = NonNullable<ClientProblem["errors"]>;

/** More would not be read; the first show what kind it is. */
const SHOWN_MAX = 100;

export function TableProblem({
  problem,
  onMap,
}: {
  readonly problem: ClientProblem | null;
  onMap(mapped: Mapped): void;
}): ReactNode {
  const { say, count } = useSpeech();
  if (problem === null) return null;
  const errors = problem.errors ?? [];
  const questions = errors.filter(({ code }) => code === "which_group");
  if (questions.length > 0) return <Departments questions={questions} onMap={onMap} />;
  return (
    <section className="notice bad faults" role="alert" aria-label={say("import.faults")}>
      <div className="stack tight">
        <strong>
          {errors.length === 0
            ? (problem.detail ?? problem.title)
            : count("import.fault_count", errors.length)}
        </strong>
        <ul className="lines compact">
          {errors.slice(0, SHOWN_MAX).map((error) => (
            <li key={`${error.where ?? error.field}${error.message}${error.found ?? ""}`}>
              <div>
                {(error.where ?? "") !== "" && <b>{error.where}: </b>}
                {faultText(error)}
              </div>
            </li>
          ))}
        </ul>
        {errors.length > SHOWN_MAX && <p>{count("import.more_faults", errors.length - SHOWN_MAX)}</p>}
        <p className="small">{say("import.nothing_done")}</p>
      </div>
    </section>
  );
}

function Departments({
  questions,
  onMap,
}: {
  readonly questions: Faults;
  onMap(mapped: Mapped): void;
}): ReactNode {
  const { say } = useSpeech();
  const groups = useRead("listGroups", { query: { limit: 500 } });
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(questions.map(({ found = "", suggestion = "-" }) => [found, suggestion])),
  );
  const options = [
    { id: "-", text: say("import.no_group") },
    ...(groups.data?.value.items ?? [])
      .filter(({ built_in: isBuiltIn }) => !isBuiltIn)
      .map(({ id, name }) => ({ id, text: name })),
  ];
  return (
    <section className="notice warn" aria-label={say("import.departments")}>
      <div className="stack">
        <strong>{say("import.departments")}</strong>
        <div className="two">
          {questions.map(({ found = "" }) => (
            <Choice
              key={found}
              label={found}
              options={options}
              value={chosen[found] ?? "-"}
              onChange={(id) => setChosen({ ...chosen, [found]: id })}
            />
          ))}
        </div>
        <div className="row">
          <Button look="primary" onPress={() => onMap({ departments: chosen })}>
            {say("import.plan_again")}
          </Button>
        </div>
      </div>
    </section>
  );
}
