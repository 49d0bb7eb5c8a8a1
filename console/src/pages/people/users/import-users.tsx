/**
 * Many users from a table: it is pasted or uploaded, the plan says line by line what would be added and changed and what is
 * wrong, and then it becomes one revision. Who is new is invited after it.
 */

import { type ReactNode, useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useChange } from "../../../office/change.js";
import { Button } from "../../../parts/button.js";
import { Checkbox } from "../../../parts/choice.js";
import { Page, Section } from "../../../parts/page.js";
import { useSpeech } from "../../../words/words.js";
import { SwitchText } from "../switch-text.js";
import { TextArea } from "../text-area.js";
import { ImportPlan } from "./import-plan.js";
import type { ImportAnswer, Mapped } from "./imported.js";
import { InviteMany } from "./invite-many.js";
import { TableProblem } from "./table-problem.js";
import "../people.css";

export interface Table {
  readonly name: string;
  readonly body: Blob;
  readonly type: "text/csv" | "application/octet-stream";
}

interface Wishes {
  readonly update: boolean;
  readonly auto_extension: boolean;
  readonly removes: boolean;
  /** Headings to fields, or to `-`; departments to groups. */
  readonly columns: Readonly<Record<string, string>>;
  readonly departments: Readonly<Record<string, string>>;
}

const WISHES: Wishes = { update: false, auto_extension: false, removes: false, columns: {}, departments: {} };
const KEPT = "ringline.draft.users/import";

export function ImportUsers(): ReactNode {
  const { say } = useSpeech();
  const [text, setText] = useState(() => sessionStorage.getItem(KEPT) ?? "");
  const [file, setFile] = useState<Table | null>(null);
  const [wishes, setWishes] = useState(WISHES);
  const [plan, setPlan] = useState<ImportAnswer | null>(null);
  const [done, setDone] = useState<ImportAnswer | null>(null);
  const change = useChange("importUsers");
  const table: Table | null =
    file ?? (text.trim() === "" ? null : { name: "", body: new Blob([text]), type: "text/csv" });
  const run = async (wanted: Wishes, isPlan: boolean) => {
    if (table === null) return;
    setWishes(wanted);
    const ended = await change.run(
      { query: queryOf(wanted, isPlan), body: table.body, type: table.type },
      { told: say("import.told") },
    );
    setPlan(ended.ok && isPlan ? ended.value : null);
    if (!ended.ok || isPlan) return;
    sessionStorage.removeItem(KEPT);
    setDone(ended.value);
  };
  const put = (next: string) => {
    setText(next);
    setFile(null);
    setPlan(null);
    change.clear();
    if (next.length < 1_000_000) sessionStorage.setItem(KEPT, next);
  };
  return (
    <Page
      title={say("import.title")}
      lead={say("import.lead")}
      back={{ href: "/users", text: say("app.back_to", { page: say("users.title") }) }}
    >
      {done !== null ? (
        <InviteMany answer={done} />
      ) : (
        <>
          <Section title={say("import.table")} help={say("import.table_help")}>
            <ChooseTable
              {...{ text, file, onText: put }}
              onFile={(next) => {
                setFile(next);
                setPlan(null);
                change.clear();
              }}
            />
            <WishList
              wishes={wishes}
              onChange={(next) => {
                setWishes(next);
                setPlan(null);
              }}
            />
            <div className="row">
              <Button
                {...(plan === null ? { look: "primary" as const } : {})}
                isDisabled={table === null}
                isPending={change.isBusy && plan === null}
                onPress={() => void run(wishes, true)}
              >
                {say("import.plan")}
              </Button>
            </div>
          </Section>
          <TableProblem
            problem={change.problem}
            onMap={(mapped) => void run({ ...wishes, ...mergedWith(wishes, mapped) }, true)}
          />
          {plan !== null && (
            <ImportPlan plan={plan} isBusy={change.isBusy} onApply={() => void run(wishes, false)} />
          )}
        </>
      )}
    </Page>
  );
}

function mergedWith(wishes: Wishes, { columns = {}, departments = {} }: Mapped) {
  return {
    columns: { ...wishes.columns, ...columns },
    departments: { ...wishes.departments, ...departments },
  };
}

function queryOf({ update, auto_extension: auto, removes, columns, departments }: Wishes, isPlan: boolean) {
  const mapping = (of: Readonly<Record<string, string>>) =>
    Object.keys(of).length === 0 ? undefined : JSON.stringify(of);
  return {
    dry_run: isPlan,
    ...(update ? { update } : {}),
    ...(auto ? { auto_extension: auto } : {}),
    ...(update && removes ? { remove_missing: "tenth" as const } : {}),
    ...given("columns", mapping(columns)),
    ...given("departments", mapping(departments)),
  };
}

function given<K extends string>(name: K, value: string | undefined): { readonly [N in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in K]?: string };
}

function ChooseTable({
  text,
  file,
  onText,
  onFile,
}: {
  readonly text: string;
  readonly file: Table | null;
  onText(text: string): void;
  onFile(file: Table | null): void;
}): ReactNode {
  const { say } = useSpeech();
  const choose = (list: FileList | null) => {
    const chosen = list?.item(0);
    if (chosen == null) return;
    const isText = /\.(csv|txt|tsv)$/i.test(chosen.name);
    onFile({ name: chosen.name, body: chosen, type: isText ? "text/csv" : "application/octet-stream" });
  };
  return (
    <>
      <div className="row">
        <FileTrigger acceptedFileTypes={[".csv", ".tsv", ".txt", ".xlsx"]} onSelect={choose}>
          <Button>{say("import.upload")}</Button>
        </FileTrigger>
        {file !== null && (
          <>
            <b>{file.name}</b>
            <Button look="quiet" size="small" onPress={() => onFile(null)}>
              {say("import.other")}
            </Button>
          </>
        )}
        <a href="/api/v1/tables/users" className="small">
          {say("import.export")}
        </a>
      </div>
      {file === null && (
        <TextArea
          label={say("import.paste")}
          help={say("import.paste_help")}
          value={text}
          onChange={onText}
          rows={8}
          isMono
        />
      )}
    </>
  );
}

function WishList({
  wishes,
  onChange,
}: {
  readonly wishes: Wishes;
  onChange(wishes: Wishes): void;
}): ReactNode {
  const { say } = useSpeech();
  const box = (name: "update" | "auto_extension" | "removes", isDisabled = false) => (
    <Checkbox
      isOn={wishes[name] && !isDisabled}
      isDisabled={isDisabled}
      onChange={(isOn) => onChange({ ...wishes, [name]: isOn })}
    >
      <SwitchText title={say(`import.${name}`)} help={say(`import.${name}_help`)} />
    </Checkbox>
  );
  return (
    <div className="stack tight">
      {box("auto_extension")}
      {box("update")}
      {box("removes", !wishes.update)}
    </div>
  );
}
