/** The operator's files, brought up to what was changed here: they are chosen here, and come back as they would have to be. */
import { type ReactNode, useState } from "react";
import { useChange } from "../office/change.js";
import type { AnswerOf } from "../office/client.js";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import { ChangeProblem } from "./states.js";

type Written = AnswerOf<"writeBack">;

export function WriteBack(): ReactNode {
  const { say, count } = useSpeech();
  const ask = useChange("writeBack");
  const [written, setWritten] = useState<Written | null>(null);
  const read = async (list: FileList | null) => {
    if (list === null || list.length === 0) return;
    const files = await Promise.all(
      [...list].map(async (file) => ({ name: file.name, text: await file.text() })),
    );
    const done = await ask.run({ body: { files } }, { told: null });
    setWritten(done.ok ? done.value : null);
  };
  return (
    <div className="stack">
      <p className="muted">{say("drift.write_back_help")}</p>
      <label className="field">
        <span className="label">{say("drift.files")}</span>
        <input
          type="file"
          multiple
          accept=".yaml,.yml,.json"
          className="file-input"
          onChange={(event) => void read(event.currentTarget.files)}
        />
      </label>
      <ChangeProblem problem={ask.problem} />
      {written !== null && (
        <div className="stack" role="status">
          <p>
            <strong>
              {written.files.length === 0
                ? say("drift.nothing")
                : count("drift.changed_files", written.files.length)}
            </strong>
          </p>
          {written.files.map((file) => (
            <section key={file.name} className="stack tight" aria-label={file.name}>
              <div className="section-head">
                <h3 className="mono">{file.name}</h3>
                <Button size="small" onPress={() => download(file.name, file.text)}>
                  {say("drift.download")}
                </Button>
              </div>
              <Diff text={file.diff} />
            </section>
          ))}
          {written.left.length > 0 && (
            <div className="notice warn">
              <div className="stack tight">
                <strong>{say("drift.left")}</strong>
                {written.left.map((line) => (
                  <p key={line}>{line}</p>
                ))}
              </div>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

const LOOKS: Readonly<Record<string, "del" | "ins" | "span">> = { "-": "del", "+": "ins" };

/** A unified difference; what goes and what comes is also said by its sign. */
function Diff({ text }: { readonly text: string }): ReactNode {
  return (
    <pre className="diff">
      {text.split("\n").map((line, index) => {
        const Look = /^(---|\+\+\+)/.test(line) ? "span" : (LOOKS[line.slice(0, 1)] ?? "span");
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one text, which never move
          <Look key={index}>{`${line}\n`}</Look>
        );
      })}
    </pre>
  );
}

function download(name: string, text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
  URL.revokeObjectURL(href);
}
