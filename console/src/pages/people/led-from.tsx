/** The places that lead calls to somebody, each a link to where it can be changed. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { phone } from "../../office/when.js";
import { useSpeech } from "../../words/words.js";

const PLACES: Readonly<Record<string, string>> = {
  number: "/numbers/",
  flow: "/flows/",
  group: "/groups/",
  user: "/users/",
};

/** The server's words for a place: `number +12125550101, step 1: send`. */
const PLACE = /^(number|flow|group|user) (\S+?)(?:, step (\d+)(?:: (\w+))?)?$/;

export function LedFrom({ of, none }: { readonly of: readonly string[]; readonly none: string }): ReactNode {
  if (of.length === 0) return <p className="muted">{none}</p>;
  return (
    <ul className="plain-list">
      {of.map((each) => (
        <li key={each}>
          <Place text={each} />
        </li>
      ))}
    </ul>
  );
}

function Place({ text }: { readonly text: string }): ReactNode {
  const { say } = useSpeech();
  const [whole, kind, id, step] = PLACE.exec(text) ?? [];
  if (whole === undefined || kind === undefined || id === undefined) return text;
  const name = say(`kind.${kind as "number" | "flow" | "group" | "user"}`);
  return (
    <>
      <Link href={`${PLACES[kind]}${encodeURIComponent(id)}`}>
        {name} {kind === "number" ? phone(id) : id}
      </Link>
      {step !== undefined && <span className="muted"> · {say("people.step", { step })}</span>}
    </>
  );
}
