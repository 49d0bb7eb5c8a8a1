/** Places of the office that lead somewhere or ask something, as links: `number +12125550100`, `flow main, step 2: send`. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { pathOf } from "../office/paths.js";
import { phone } from "../office/when.js";
import { useSpeech } from "../words/words.js";
import { useTargetName } from "./target.js";

type PlaceKind = "number" | "flow" | "group" | "user";

interface Place {
  readonly kind: PlaceKind;
  readonly id: string;
  readonly step: number | null;
}

/** Null: it is written in another way, and stays as it is. */
function placeOf(text: string): Place | null {
  const [, kind, id, step] = /^(number|flow|group|user) ([^\s,:]+)(?:, step (\d+))?/.exec(text) ?? [];
  if (kind === undefined || id === undefined) return null;
  return { kind: kind as PlaceKind, id, step: step === undefined ? null : Number(step) };
}

export function PlaceLink({ of: text }: { readonly of: string }): ReactNode {
  const { say } = useSpeech();
  const place = placeOf(text);
  const isPerson = place?.kind === "user" || place?.kind === "group";
  const known = useTargetName(isPerson ? `${place.kind}:${place.id}` : null);
  if (place === null) return text;
  const name = isPerson ? known : place.kind === "number" ? phone(place.id) : place.id;
  return (
    <>
      <Link href={pathOf(place.kind, place.id) ?? "/"}>{say(`place.${place.kind}`, { name })}</Link>
      {place.step !== null && <span className="muted">, {say("place.step", { step: place.step })}</span>}
    </>
  );
}

export function Places({ of, none }: { readonly of: readonly string[]; readonly none: string }): ReactNode {
  if (of.length === 0) return <p className="muted">{none}</p>;
  return (
    <ul className="plain-list">
      {of.map((place) => (
        <li key={place}>
          <PlaceLink of={place} />
        </li>
      ))}
    </ul>
  );
}
