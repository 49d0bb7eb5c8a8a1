/** Adding a phone, step by step: which kind, then what belongs to it. */

import { type ReactNode, useState } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { useChange } from "../../office/change.js";
import { freshKey } from "../../office/key.js";
import { useMe } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { phoneName } from "./phone-words.js";
import { ProveNumber } from "./prove-number.js";
import { SetUpPhone } from "./set-up-phone.js";
import "./phones.css";

const KINDS = ["desk", "app", "cell"] as const;
type Kind = (typeof KINDS)[number];

export function AddPhone({ onDone }: { onDone(): void }): ReactNode {
  const { username } = useMe();
  const { say } = useSpeech();
  const devices = useRead("listDevices", { params: { username } });
  const [kind, setKind] = useState<Kind>("app");
  const [added, setAdded] = useState<string | null>(null);
  const [isProving, setProving] = useState(false);
  const [key] = useState(freshKey);
  const add = useChange("addDevice");
  const taken = devices.data?.value.items.map(({ id }) => id) ?? [];
  const id = freeId(kind, taken);
  const next = async () => {
    if (kind === "cell") return setProving(true);
    const done = await add.run({ params: { username }, body: { id }, idempotencyKey: key }, { told: null });
    if (done.ok) setAdded(id);
  };
  if (isProving) return <ProveNumber device={id} onBack={() => setProving(false)} onDone={onDone} />;
  if (added !== null)
    return (
      <div className="stack">
        <h2>{say("phones.set_up_title", { name: phoneName(say, added) })}</h2>
        <SetUpPhone {...{ username, onDone }} id={added} isNew />
      </div>
    );
  return (
    <form
      className="stack"
      aria-label={say("phones.add")}
      onSubmit={(event) => {
        event.preventDefault();
        void next();
      }}
    >
      <ChangeProblem problem={add.problem} />
      <RadioGroup
        className="kinds"
        aria-label={say("phones.kind")}
        value={kind}
        onChange={(chosen) => setKind(KINDS.find((each) => each === chosen) ?? "app")}
      >
        {KINDS.map((each) => (
          <Radio key={each} value={each} className="radio kind">
            <span className="dot" aria-hidden="true" />
            <span>
              <b>{say(`phones.kind.${each}`)}</b>
              <span className="muted small block">{say(`phones.kind_help.${each}`)}</span>
            </span>
          </Radio>
        ))}
      </RadioGroup>
      <div className="row end">
        <Button type="submit" look="primary" isPending={add.isBusy} isDisabled={devices.data === undefined}>
          {say("phones.next")}
        </Button>
      </div>
    </form>
  );
}

/** `desk`, else `desk-2` and so on. */
function freeId(kind: Kind, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const id = number === 1 ? kind : `${kind}-${number}`;
    if (!taken.includes(id)) return id;
  }
}
