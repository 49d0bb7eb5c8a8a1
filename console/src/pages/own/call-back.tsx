/**
 * Calling somebody back: one's own phone rings first, and dials when one answers it. How far the call is stands on the page
 * until both talk.
 */

import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import { freshKey } from "../../office/key.js";
import { useMe, useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Button, buttonClass } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import type { MessageShape } from "./message-words.js";
import "./call-back.css";

interface CallBackProps {
  readonly number: string;
  /** As people know the number; left out: the number. */
  readonly name?: string;
  /** Whose message it is: others of the group see who calls back. */
  readonly message?: MessageShape;
  readonly size?: "usual" | "small";
}

export function CallBack({
  number,
  name = phone(number),
  message,
  size = "usual",
}: CallBackProps): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const { may } = useMe();
  const ask = useChange("askForCall");
  const claim = useChange("claimMessage");
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<string | null>(null);
  const mayCall =
    reach("askForCall") !== undefined && (may["outside_calls"] === true || !number.startsWith("+"));
  if (!mayCall) return <FromHere number={number} size={size} />;
  const begin = async () => {
    setAsked(null);
    setOpen(true);
    const done = await ask.run({ body: { to: number }, idempotencyKey: freshKey() }, { told: null });
    if (!done.ok) return;
    setAsked(done.value.id);
    if (message?.may.claim === true && message.claimed_by === null && message.box.startsWith("group:"))
      await claim.run({ params: { id: message.id } }, { told: null });
  };
  return (
    <>
      <Button
        look={size === "small" ? "plain" : "primary"}
        size={size}
        onPress={() => void begin()}
        aria-label={say("call_back.label", { number: name })}
      >
        {say("call_back.button")}
      </Button>
      <Dialog title={say("call_back.title", { number: name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        {asked === null ? (
          <>
            <ChangeProblem problem={ask.problem} />
            {ask.problem === null ? (
              <p role="status">{say("call_back.state.asked")}</p>
            ) : (
              <FromHere number={number} />
            )}
          </>
        ) : (
          <AskedCall id={asked} number={number} onClose={() => setOpen(false)} />
        )}
      </Dialog>
    </>
  );
}

const AGAIN_MS = 1_000;

function AskedCall({
  id,
  number,
  onClose,
}: {
  readonly id: string;
  readonly number: string;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const [isOver, setOver] = useState(false);
  const call = useRead("getAskedCall", { params: { click: id } }, isOver ? {} : { everyMs: AGAIN_MS });
  const stop = useChange("stopAskedCall");
  const { state = "asked", reason = null, why = null } = call.data?.value ?? {};
  if ((state === "ended" || state === "connected") && !isOver) setOver(true);
  const isRinging = state === "asked" || state === "ringing_you" || state === "calling";
  return (
    <div className="stack">
      <ol className="call-steps">
        {STEPS.map((step) => (
          <li key={step} aria-current={step === state ? "step" : undefined}>
            {say(`call_back.step.${step}`)}
          </li>
        ))}
      </ol>
      <p role="status">
        {state === "ended"
          ? say("call_back.ended", {
              why: [...(reason === null ? [] : [say(`call_back.reason.${reason}`)]), why ?? ""]
                .join(" ")
                .trim(),
            })
          : say(`call_back.state.${state}`, { number: phone(number) })}
      </p>
      <ChangeProblem problem={stop.problem} />
      <div className="row end">
        {state === "ended" && <FromHere number={number} />}
        {isRinging ? (
          <Button
            look="danger"
            isPending={stop.isBusy}
            onPress={() => {
              void stop.run({ params: { click: id } }, { told: null }).then((done) => done.ok && onClose());
            }}
          >
            {say("call_back.stop")}
          </Button>
        ) : (
          <Button look="primary" onPress={onClose}>
            {say("app.close")}
          </Button>
        )}
      </div>
    </div>
  );
}

const STEPS = ["ringing_you", "calling", "connected"] as const;

/** On a mobile the browser's own phone can call. */
function FromHere({ number, size = "usual" }: Pick<CallBackProps, "number" | "size">): ReactNode {
  const { say } = useSpeech();
  return (
    <a className={buttonClass({ size })} href={`tel:${number}`}>
      {say("call_back.from_here")}
    </a>
  );
}
