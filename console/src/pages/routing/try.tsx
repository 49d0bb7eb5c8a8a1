/** Trying any number or extension: what would happen to a call, second by second. */
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { useReach } from "../../office/me.js";
import { Field } from "../../parts/field.js";
import { Page, Section } from "../../parts/page.js";
import { useSpeech } from "../../words/words.js";
import { TryIt } from "./try-it.js";
import "./routing.css";

export function TryPage(): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const [query, setQuery] = useSearchParams();
  const number = query.get("number") ?? "";
  return (
    <Page
      title={say("try.title")}
      lead={say("try.lead")}
      actions={
        reach("runTests") === "all" && (
          <Link href="/tests" className="button">
            {say("tests.title")}
          </Link>
        )
      }
    >
      <Section title={say("try.dialled")} help={say("try.dialled_help")}>
        <Field
          label={say("try.dialled_number")}
          value={number}
          onChange={(text) => setQuery(text === "" ? {} : { number: text }, { replace: true })}
          inputMode="tel"
        />
        <TryIt key={number} what={{ kind: "dialled", number: number.trim() }} />
      </Section>
    </Page>
  );
}
