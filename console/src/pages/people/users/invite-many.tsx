/** After a table: everybody who is new is invited at once; links that no mail brings are shown once, and can be kept as a table. */

import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { useChange } from "../../../office/change.js";
import type { AnswerOf } from "../../../office/client.js";
import { useReach } from "../../../office/me.js";
import { Button, buttonClass } from "../../../parts/button.js";
import { Section } from "../../../parts/page.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import type { ImportAnswer } from "./imported.js";

type Person = AnswerOf<"invite">["items"][number];
/** As many as one request takes. */
const AT_ONCE = 1_000;

export function InviteMany({ answer }: { readonly answer: ImportAnswer }): ReactNode {
  const { say, count } = useSpeech();
  const reach = useReach();
  const invite = useChange("invite");
  const [people, setPeople] = useState<readonly Person[] | null>(null);
  const added = answer.changes.flatMap(({ kind, change, id }) =>
    kind === "user" && change === "added" ? [id] : [],
  );
  const changed = answer.changes.filter(({ kind, change }) => kind === "user" && change === "changed").length;
  const run = async () => {
    const all: Person[] = [];
    for (let from = 0; from < added.length; from += AT_ONCE) {
      const usernames = added.slice(from, from + AT_ONCE);
      const done = await invite.run({ body: { usernames } }, { told: null });
      if (!done.ok) break;
      all.push(...done.value.items);
    }
    setPeople(all);
  };
  return (
    <Section
      title={say("import.done", { revision: answer.revision })}
      help={`${count("import.added", added.length)}, ${count("import.changed", changed)}`}
    >
      <ChangeProblem problem={invite.problem} />
      {people === null ? (
        <div className="row">
          {added.length > 0 && reach("invite") !== undefined && (
            <Button look="primary" isPending={invite.isBusy} onPress={() => void run()}>
              {count("import.invite", added.length)}
            </Button>
          )}
          <Link href="/users" className={buttonClass({})}>
            {say("new_user.to_list")}
          </Link>
        </div>
      ) : (
        <Outcomes people={people} />
      )}
    </Section>
  );
}

function Outcomes({ people }: { readonly people: readonly Person[] }): ReactNode {
  const { say, count } = useSpeech();
  const mailed = people.filter(({ mail }) => mail).length;
  const links = people.flatMap(({ username, link }) => (link === null ? [] : [{ username, link }]));
  const others = people.filter(({ outcome }) => outcome !== "invited");
  return (
    <div className="stack">
      {mailed > 0 && <p>{count("import.mailed", mailed)}</p>}
      {links.length > 0 && (
        <>
          <p>{count("import.links", links.length)}</p>
          <div className="row">
            <Button onPress={() => keep(links)}>{say("import.keep_links")}</Button>
          </div>
          <ul className="lines compact links">
            {links.slice(0, 50).map(({ username, link }) => (
              <li key={username}>
                <b>{username}</b> <code className="cut">{link}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {others.length > 0 && (
        <ul className="dots">
          {others.map(({ username, outcome }) => (
            <li key={username}>
              <b>{username}</b>: {say(`import.outcome.${outcome as "has_account"}`)}
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <Link href="/users?show=invited" className={buttonClass({ look: "primary" })}>
          {say("new_user.to_list")}
        </Link>
      </div>
    </div>
  );
}

/** As a table, to be handed over by other means than mail. */
function keep(links: readonly { readonly username: string; readonly link: string }[]): void {
  const rows = ["username,link", ...links.map(({ username, link }) => `${username},${link}`)];
  const url = URL.createObjectURL(new Blob([rows.join("\r\n")], { type: "text/csv" }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = "invitations.csv";
  anchor.click();
  URL.revokeObjectURL(url);
}
