/** What one may do, with the reason of each. */
import type { ReactNode } from "react";
import { useRead } from "../../office/read.js";
import { Section } from "../../parts/page.js";
import { permissionName, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { whatOf } from "./permission-words.js";

export function OwnPermissions(): ReactNode {
  const { say } = useSpeech();
  const permissions = useRead("listPermissions");
  return (
    <Section title={say("own_permissions.title")} help={say("own_permissions.lead")}>
      <Shown of={permissions} lines={10}>
        {({ value: { permissions: all } }) => (
          <ul className="rows">
            {all.map(({ name, allowed, because, not_available: notAvailable }) => (
              <li key={name} className="permission">
                <span className={`badge ${allowed ? "good" : ""}`}>
                  {say(allowed ? "app.yes" : "app.no")}
                </span>
                <span>
                  <b>{permissionName(say, name)}</b>
                  <span className="small block">{whatOf(say, name)}</span>
                  <span className="muted small block">
                    {say(`own_permissions.because.${because}`)}
                    {notAvailable !== null && ` ${say("own_permissions.not_yet")}`}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </Section>
  );
}
