/** One phone number: what happens when it receives a call, what it is called, and what a call would do. */
import { type ReactNode, useState } from "react";
import { useLocation, useParams } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useReach } from "../../office/me.js";
import { type Seen, useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Confirm } from "../../parts/dialog.js";
import { DriftNotice } from "../../parts/drift.js";
import { Page, Section } from "../../parts/page.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

import { FlowPicture } from "./flow-picture.js";
import { NumberAbout } from "./number-about.js";
import { NumberRoute } from "./number-route.js";

import { TryIt } from "./try-it.js";
import "./routing.css";

export function NumberPage(): ReactNode {
  const { number = "" } = useParams();
  // A page of its own for each number: what is typed or loading for one never shows with another.
  return <OneNumber key={number} number={decodeURIComponent(number)} />;
}

function OneNumber({ number }: { readonly number: string }): ReactNode {
  const { say } = useSpeech();
  const of = useRead("getNumber", { params: { number } });
  const label = of.data?.value.label;
  return (
    <Page
      title={phone(number)}
      lead={label}
      back={{ href: "/numbers", text: say("nav.numbers") }}
      actions={of.data?.value.may.remove === true && <RemoveNumber number={number} />}
    >
      <Shown of={of}>{(seen) => <Parts number={number} seen={seen} />}</Shown>
    </Page>
  );
}

function Parts({
  number,
  seen,
}: {
  readonly number: string;
  readonly seen: Seen<AnswerOf<"getNumber">>;
}): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const { value, revision } = seen;
  return (
    <>
      <DriftNotice drift={value.drift} />
      <NumberRoute {...{ number, value, revision }} />
      <Section title={say("try.title")} help={say("try.number_help")}>
        <TryIt what={{ kind: "number", number }} />
      </Section>
      {reach("drawNumber") === "all" && value.assigned && (
        <Section title={say("picture.title")} help={say("picture.help")}>
          <FlowPicture of={{ kind: "number", id: number }} />
        </Section>
      )}
      <NumberAbout {...{ number, value, revision }} />
    </>
  );
}

function RemoveNumber({ number }: { readonly number: string }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const remove = useChange("removeNumber");
  const confirm = async () => {
    const done = await remove.run({ params: { number } });
    if (done.ok) go("/numbers");
  };
  return (
    <>
      <Button look="danger" onPress={() => setAsking(true)}>
        {say("app.remove")}
      </Button>
      <Confirm
        title={say("numbers.remove_title", { number: phone(number) })}
        confirm={say("app.remove")}
        isOpen={isAsking}
        isBusy={remove.isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => void confirm()}
      >
        <ChangeProblem problem={remove.problem} />
        <p>{say("numbers.remove_help")}</p>
      </Confirm>
    </>
  );
}
