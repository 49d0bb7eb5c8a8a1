/** Routing tests: those that were kept here while trying, and those of a file beside the office; run on what is live. */
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf, Args } from "../../office/client.js";
import { Button } from "../../parts/button.js";
import { Page, Section } from "../../parts/page.js";
import { ChangeProblem, Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { keepTests, type TestCase, useKeptTests } from "./kept-tests.js";
import "./routing.css";

type Ran = AnswerOf<"runTests">;

export function TestsPage(): ReactNode {
  const { say } = useSpeech();
  const kept = useKeptTests();
  const [ran, setRan] = useState<Ran | null>(null);
  const run = useChange("runTests");
  const start = async (body: Args<"runTests">[0]["body"]) => {
    setRan(null);
    const done = await run.run({ body }, { told: null });
    if (done.ok) setRan(done.value);
  };
  const startFile = async (file: File | undefined) => {
    if (file !== undefined) await start({ file: { name: file.name, text: await file.text() } });
  };
  return (
    <Page title={say("tests.title")} lead={say("tests.lead")} back={{ href: "/try", text: say("try.title") }}>
      <Section
        title={say("tests.kept")}
        help={say("tests.kept_help")}
        actions={
          kept.length > 0 && (
            <>
              <Button onPress={() => download(kept)}>{say("tests.download")}</Button>
              <Button look="primary" isPending={run.isBusy} onPress={() => void start({ tests: [...kept] })}>
                {say("tests.run")}
              </Button>
            </>
          )
        }
      >
        {kept.length === 0 ? (
          <Empty title={say("tests.none")} help={say("tests.none_help")}>
            <Link href="/try" className="button">
              {say("try.title")}
            </Link>
          </Empty>
        ) : (
          <ul className="tests">
            {kept.map((test, index) => (
              <KeptTest
                key={`${test.name}${test.call}`}
                test={test}
                onRemove={() => keepTests(kept.filter((_each, at) => at !== index))}
              />
            ))}
          </ul>
        )}
      </Section>
      <Section title={say("tests.of_file")} help={say("tests.of_file_help")}>
        <label className="field">
          <span className="label">{say("tests.file")}</span>
          <input
            type="file"
            accept=".yaml,.yml,.json"
            className="file-input"
            onChange={(event) => void startFile(event.currentTarget.files?.[0])}
          />
        </label>
      </Section>
      <ChangeProblem problem={run.problem} />
      {ran !== null && <Results of={ran} />}
    </Page>
  );
}

function KeptTest({ test, onRemove }: { readonly test: TestCase; onRemove(): void }): ReactNode {
  const { say } = useSpeech();
  return (
    <li className="section-head">
      <span>
        <b>{test.name}</b>
        <span className="muted small block">{test.expect.join(" · ")}</span>
      </span>
      <Button
        size="small"
        look="quiet"
        aria-label={say("tests.remove", { name: test.name })}
        onPress={onRemove}
      >
        ×
      </Button>
    </li>
  );
}

function Results({ of: { tests } }: { readonly of: Ran }): ReactNode {
  const { say, count } = useSpeech();
  const failed = tests.filter(({ passed }) => !passed).length;
  return (
    <Section title={say("tests.results")}>
      <p className={`notice ${failed === 0 ? "good" : "bad"}`} role="status">
        <strong>
          {failed === 0 ? count("tests.all_passed", tests.length) : count("tests.failed", failed)}
        </strong>
      </p>
      <ul className="tests">
        {tests.map(({ name, passed, failures, timeline }) => (
          <li key={name} className="stack tight">
            <span>
              <span className={`badge ${passed ? "good" : "bad"}`}>
                {say(passed ? "tests.passed" : "tests.not_passed")}
              </span>{" "}
              <b>{name}</b>
            </span>
            {failures.map((failure) => (
              <p key={failure} className="fault">
                {failure}
              </p>
            ))}
            <details>
              <summary>{say("try.in_words")}</summary>
              <ol className="story">
                {timeline.map((line, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one answer, which never move
                  <li key={index}>{line}</li>
                ))}
              </ol>
            </details>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** JSON is YAML, which `ringline test` reads. */
function download(tests: readonly TestCase[]): void {
  const href = URL.createObjectURL(
    new Blob([JSON.stringify({ tests }, null, 2)], { type: "application/yaml" }),
  );
  const link = document.createElement("a");
  link.href = href;
  link.download = "office.test.yaml";
  link.click();
  URL.revokeObjectURL(href);
}
