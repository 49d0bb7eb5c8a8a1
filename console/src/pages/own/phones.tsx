/** The phones on which one's calls arrive: which are reachable now, when each rings, and adding and removing them. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useMe } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { buttonClass } from "../../parts/button.js";
import { Page } from "../../parts/page.js";
import { Empty, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { PhoneLine } from "./phone-line.js";
import "./phones.css";

/** Phones sign in and out while one looks. */
const PHONES_AGAIN_MS = 10_000;

export function Phones(): ReactNode {
  const { say } = useSpeech();
  const { username } = useMe();
  const devices = useRead("listDevices", { params: { username } }, { everyMs: PHONES_AGAIN_MS });
  return (
    <Page
      title={say("phones.title")}
      lead={say("phones.lead")}
      actions={
        <Link href="/phones/add" className={buttonClass({ look: "primary" })}>
          {say("phones.add")}
        </Link>
      }
    >
      <Shown of={devices}>
        {({ value: { items }, revision }) =>
          items.length === 0 ? (
            <Empty title={say("phones.none")} help={say("phones.none_help")} />
          ) : (
            <ol className="phones" aria-label={say("phones.order")}>
              {items.map((device, at) => (
                <PhoneLine
                  key={device.id}
                  {...{ device, username, revision }}
                  place={at + 1}
                  places={items.length}
                />
              ))}
            </ol>
          )
        }
      </Shown>
    </Page>
  );
}
