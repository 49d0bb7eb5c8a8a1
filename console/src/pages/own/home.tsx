/** The first page of everybody: what is new for them. */
import type { ReactNode } from "react";
import { useMe } from "../../office/me.js";
import { Page } from "../../parts/page.js";
import { useSpeech } from "../../words/words.js";

export function Home(): ReactNode {
  const { say } = useSpeech();
  const { name } = useMe();
  return (
    <Page title={say("nav.home")} lead={name}>
      <p />
    </Page>
  );
}
