/** The page on which a phone is added. */
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { Page } from "../../parts/page.js";
import { useSpeech } from "../../words/words.js";
import { AddPhone } from "./add-phone.js";

export function AddPhonePage(): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  return (
    <Page
      title={say("phones.add")}
      back={{ href: "/phones", text: say("app.back_to", { page: say("phones.title") }) }}
      width="narrow"
    >
      <div className="card">
        <AddPhone onDone={() => go("/phones")} />
      </div>
    </Page>
  );
}
