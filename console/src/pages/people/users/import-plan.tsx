/** What a table would change, user by user, before it does. */

import type { ReactNode } from "react";
import { Button } from "../../../parts/button.js";
import { EntityChange } from "../../../parts/entity-change.js";
import { List } from "../../../parts/list.js";
import { Section } from "../../../parts/page.js";
import { Empty } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import type { ImportAnswer } from "./imported.js";

export function ImportPlan({
  plan,
  isBusy,
  onApply,
}: {
  readonly plan: ImportAnswer;
  readonly isBusy: boolean;
  onApply(): void;
}): ReactNode {
  const { say, count } = useSpeech();
  const { changes, warnings } = plan;
  const numberOf = (change: string) =>
    changes.filter((each) => each.kind === "user" && each.change === change).length;
  const counts = (["added", "changed", "removed"] as const)
    .map((change) => [change, numberOf(change)] as const)
    .filter(([, number]) => number > 0);
  return (
    <Section
      title={say("import.planned")}
      help={counts.map(([change, number]) => count(`import.${change}`, number)).join(", ")}
      actions={
        changes.length > 0 && (
          <Button look="primary" isPending={isBusy} onPress={onApply}>
            {say("import.apply")}
          </Button>
        )
      }
    >
      <Warnings warnings={warnings} />
      {changes.length === 0 ? (
        <Empty title={say("import.nothing")} help={say("import.nothing_help")} />
      ) : (
        <List
          label={say("import.planned")}
          of={WHOLE(changes)}
          keyOf={({ kind, id }) => `${kind}:${id}`}
          empty={null}
          columns={[
            {
              id: "change",
              head: say("import.what"),
              cell: (change) => <EntityChange change={change} />,
            },
          ]}
        />
      )}
    </Section>
  );
}

/** A list that is here already. */
const WHOLE = <T,>(items: readonly T[]) => ({
  data: { items, total: items.length },
  error: null,
  hasNextPage: false,
  isFetchingNextPage: false,
  refetch: (() => undefined) as never,
  fetchNextPage: (() => undefined) as never,
});

function Warnings({ warnings }: { readonly warnings: ImportAnswer["warnings"] }): ReactNode {
  const { say, count } = useSpeech();
  if (warnings.length === 0) return null;
  return (
    <details className="notice warn" open={warnings.length <= 5}>
      <summary>{count("import.warnings", warnings.length)}</summary>
      <ul className="dots">
        {warnings.map(({ row, column, message, found, expected }) => (
          <li key={`${row}${column ?? ""}${message}`}>
            {say("import.row", { row })}
            {column === undefined ? "" : `, ${column}`}: {message}
            {found === undefined ? "" : ` (${found})`}
            {expected === undefined ? "" : ` — ${expected}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
