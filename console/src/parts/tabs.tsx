/** Tabs whose place is in the address, so that a link leads to one. On a narrow screen they scroll. */
import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";

export interface TabOf {
  readonly id: string;
  readonly text: string;
  readonly content: () => ReactNode;
}

export function Tabs({
  label,
  tabs,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly tabs: readonly TabOf[];
  readonly chosen: string;
  onChoose(id: string): void;
}): ReactNode {
  return (
    <AriaTabs className="tabs" selectedKey={chosen} onSelectionChange={(key) => onChoose(String(key))}>
      <TabList aria-label={label} className="tab-list">
        {tabs.map(({ id, text }) => (
          <Tab key={id} id={id} className="tab">
            {text}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="stack">
          {content()}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
