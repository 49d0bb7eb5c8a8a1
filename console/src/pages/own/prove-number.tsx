/**
 * An outside number becomes one's phone when a call to it has said a code, and the code was typed here: so nobody sends calls
 * of the office to somebody else's phone.
 */

import { type ReactNode, useState } from "react";
import { useTell } from "../../frame/toasts.js";
import { useChange } from "../../office/change.js";
import { freshKey } from "../../office/key.js";
import { useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

const AGAIN_MS = 1_500;

export function ProveNumber({
  device,
  onBack,
  onDone,
}: {
  /** The id that the phone gets. */
  readonly device: string;
  onBack(): void;
  onDone(): void;
}): ReactNode {
  const [proof, setProof] = useState<string | null>(null);
  return proof === null ? (
    <AskNumber device={device} onBack={onBack} onAsked={setProof} />
  ) : (
    <TypeCode proof={proof} onAgain={() => setProof(null)} onDone={onDone} />
  );
}

function AskNumber({
  device,
  onBack,
  onAsked,
}: {
  readonly device: string;
  onBack(): void;
  onAsked(proof: string): void;
}): ReactNode {
  const { say } = useSpeech();
  const [number, setNumber] = useState("");
  const prove = useChange("proveNumber");
  const save = async () => {
    const body = { number: number.trim(), device };
    const done = await prove.run({ body, idempotencyKey: freshKey() }, { told: null });
    if (done.ok) onAsked(done.value.id);
  };
  return (
    <Form label={say("prove.title")} onSave={() => void save()}>
      <h2>{say("prove.title")}</h2>
      <p className="muted">{say("prove.lead")}</p>
      <ChangeProblem problem={prove.problem} fields={["/number"]} />
      <Field
        label={say("prove.number")}
        type="tel"
        value={number}
        onChange={setNumber}
        autoComplete="tel"
        autoFocus
        fault={prove.faultAt("/number")}
      />
      <div className="row end">
        <Button onPress={onBack}>{say("prove.back")}</Button>
        <Button type="submit" look="primary" isPending={prove.isBusy} isDisabled={number.trim() === ""}>
          {say("prove.call_me")}
        </Button>
      </div>
    </Form>
  );
}

function TypeCode({
  proof,
  onAgain,
  onDone,
}: {
  readonly proof: string;
  onAgain(): void;
  onDone(): void;
}): ReactNode {
  const { say } = useSpeech();
  const tell = useTell();
  const [code, setCode] = useState("");
  const seen = useRead("getNumberProof", { params: { proof } }, { everyMs: AGAIN_MS });
  const use = useChange("useNumberCode");
  const { state = "asked", number = "", why = null } = seen.data?.value ?? {};
  const save = async () => {
    const done = await use.run({ params: { proof }, body: { code: code.trim() } }, { told: null });
    if (!done.ok) return;
    tell({ text: say("prove.done", { number: phone(number) }) });
    onDone();
  };
  const isOver = state === "failed" || use.problem?.type === "gone";
  return (
    <Form label={say("prove.title")} onSave={() => void save()}>
      <h2>{say("prove.title")}</h2>
      <p role="status" className={isOver ? "notice bad" : "notice"}>
        {isOver
          ? say("prove.failed", { number: phone(number), why: why ?? use.problem?.detail ?? "" })
          : say(`prove.state.${state}`, { number: phone(number) })}
      </p>
      {!isOver && (
        <>
          <ChangeProblem problem={use.problem} fields={["/code"]} />
          <Field
            label={say("prove.code")}
            help={say("prove.code_help")}
            value={code}
            onChange={setCode}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            fault={use.problem?.detail === undefined ? use.faultAt("/code") : undefined}
          />
        </>
      )}
      <div className="row end">
        <Button onPress={onAgain}>{say("prove.again")}</Button>
        {!isOver && (
          <Button type="submit" look="primary" isPending={use.isBusy} isDisabled={code.trim() === ""}>
            {say("prove.use")}
          </Button>
        )}
      </div>
    </Form>
  );
}
