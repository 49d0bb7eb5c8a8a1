/** The office itself, in tabs: what it is, where its phones may call, calls for help, what is kept, and what drifts. */
import type { ReactNode } from "react";
import { useLocation, useParams } from "wouter";
import { useRead } from "../../office/read.js";
import { Page } from "../../parts/page.js";
import { Shown } from "../../parts/states.js";
import { Tabs } from "../../parts/tabs.js";
import { useSpeech } from "../../words/words.js";
import { Drift } from "./office-drift.js";
import { Emergency } from "./office-emergency.js";
import { General } from "./office-general.js";
import { Keeping } from "./office-keeping.js";
import { OutsideCalls } from "./office-outside.js";
import "./settings.css";

const TABS = ["general", "outside", "emergency", "keeping", "drift"] as const;

export function OfficeSettings(): ReactNode {
  const { say } = useSpeech();
  const { tab = "general" } = useParams<{ tab?: string }>();
  const [, go] = useLocation();
  const office = useRead("getOffice");
  return (
    <Page title={say("nav.general")} lead={say("office.lead")}>
      <Shown of={office}>
        {({ value, revision }) => {
          const { settings } = value;
          if (settings === null) return null;
          const seen = { settings, revision };
          const contents = {
            general: () => <General of={seen} />,
            outside: () => <OutsideCalls of={seen} />,
            emergency: () => <Emergency of={seen} />,
            keeping: () => <Keeping of={seen} />,
            drift: () => <Drift />,
          };
          return (
            <Tabs
              label={say("nav.general")}
              chosen={TABS.find((each) => each === tab) ?? "general"}
              onChoose={(id) => go(id === "general" ? "/office" : `/office/${id}`)}
              tabs={TABS.map((id) => ({ id, text: say(`office.${id}`), content: contents[id] }))}
            />
          );
        }}
      </Shown>
    </Page>
  );
}
