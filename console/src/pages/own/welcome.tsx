/**
 * The first steps after an invitation: phones, then one's own settings. Each can be skipped, and the first page leads back here
 * as long as there is no phone.
 */
import { type ReactNode, useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { useMe } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Button, buttonClass } from "../../parts/button.js";
import { Greetings } from "../../parts/greetings.js";
import { Page, Section } from "../../parts/page.js";
import { Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { AddPhone } from "./add-phone.js";
import { type Device, phoneAddress, phoneName, phoneState } from "./phone-words.js";
import { Pin } from "./pin.js";
import "./welcome.css";

const STEPS = ["phones", "voicemail", "done"] as const;
type Step = (typeof STEPS)[number];

export function Welcome(): ReactNode {
  const { say } = useSpeech();
  const { name, username } = useMe();
  const params = useParams<{ step?: string }>();
  const step: Step = STEPS.find((each) => each === params.step) ?? "phones";
  return (
    <Page title={say("welcome.title", { name })} lead={say(`welcome.lead.${step}`)} width="narrow">
      <ol className="steps" aria-label={say("welcome.steps")}>
        {(["password", ...STEPS] as const).map((each, at) => (
          <li
            key={each}
            aria-current={each === step ? "step" : undefined}
            className={at <= STEPS.indexOf(step) ? "passed" : ""}
          >
            <span className="step-number" aria-hidden="true">
              {at <= STEPS.indexOf(step) ? "✓" : at + 1}
            </span>
            {say(`welcome.step.${each}`)}
          </li>
        ))}
      </ol>
      {step === "phones" && <PhonesStep />}
      {step === "voicemail" && (
        <>
          <Section title={say("account.greetings")} help={say("welcome.greetings_help")}>
            <Greetings box={`user:${username}`} />
          </Section>
          <Section title={say("pin.title")} help={say("pin.lead")}>
            <Pin />
          </Section>
          <div className="row end">
            <Link href="/welcome/phones" className={buttonClass({})}>
              {say("welcome.back")}
            </Link>
            <Link href="/welcome/done" className={buttonClass({ look: "primary" })}>
              {say("welcome.next")}
            </Link>
          </div>
        </>
      )}
      {step === "done" && <Done />}
    </Page>
  );
}

function PhonesStep(): ReactNode {
  const { username } = useMe();
  const devices = useRead("listDevices", { params: { username } }, { everyMs: 5_000 });
  return <Shown of={devices}>{({ value: { items } }) => <PhonesSoFar items={items} />}</Shown>;
}

function PhonesSoFar({ items }: { readonly items: readonly Device[] }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const [, go] = useLocation();
  // The first phone is asked for at once; adding goes on while the list grows beside it.
  const [isAdding, setAdding] = useState(items.length === 0);
  return (
    <>
      {items.length > 0 && (
        <ul className="card welcome-phones">
          {items.map((device) => {
            const state = phoneState(say, device, when.short);
            return (
              <li key={device.id} className="row between">
                <span>
                  <b>{phoneName(say, device.id)}</b> <span className="muted">{phoneAddress(device)}</span>
                </span>
                <span className={`badge ${state.look}`}>{state.text}</span>
              </li>
            );
          })}
        </ul>
      )}
      {isAdding ? (
        <div className="card">
          <AddPhone onDone={() => setAdding(false)} />
        </div>
      ) : (
        <div>
          <Button onPress={() => setAdding(true)}>{say("welcome.another")}</Button>
        </div>
      )}
      <div className="row end">
        <Button look={isAdding ? "quiet" : "primary"} onPress={() => go("/welcome/voicemail")}>
          {say(items.length > 0 ? "welcome.next" : "welcome.later")}
        </Button>
      </div>
    </>
  );
}

function Done(): ReactNode {
  const { say } = useSpeech();
  const { extension } = useMe();
  return (
    <div className="card stack">
      <h2>{say("welcome.ready")}</h2>
      <p>{extension === null ? say("welcome.ready_help") : say("welcome.ready_extension", { extension })}</p>
      <p className="muted">{say("welcome.more")}</p>
      <div className="row">
        <Link href="/" className={buttonClass({ look: "primary" })}>
          {say("error.home")}
        </Link>
        <Link href="/account" className={buttonClass({})}>
          {say("account.title")}
        </Link>
      </div>
    </div>
  );
}
