/** What removing somebody changes: what their replacement gets, which numbers ring other phones, and what is lost. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { AnswerOf } from "../../office/client.js";
import { phone } from "../../office/when.js";
import { entityName } from "../../parts/entity-change.js";
import { useTargetName } from "../../parts/target.js";
import { useSpeech } from "../../words/words.js";

export type Plan = AnswerOf<"removeUser">;

export function RemovalPlan({
  plan,
  to,
  subject,
}: {
  readonly plan: Plan;
  /** Who takes over; empty: nobody. */
  readonly to: string;
  /** Who goes: `user:NAME` or `group:ID`. */
  readonly subject: string;
}): ReactNode {
  const { say } = useSpeech();
  const [kind = "user"] = subject.split(":");
  const name = useTargetName(to === "" ? null : `${kind}:${to}`);
  const others = plan.changes.filter((change) => `${change.kind}:${change.id}` !== subject);
  return (
    <div className="stack removal" aria-live="polite">
      <h3>{to === "" ? say("removal.without") : say("removal.gets", { name })}</h3>
      {others.length === 0 ? (
        <p className="muted">{say(to === "" ? "removal.nothing_led" : "removal.nothing_to_get")}</p>
      ) : (
        <ul className="lines compact">
          {others.map((change) => (
            <ChangedEntry key={`${change.kind}:${change.id}`} change={change} />
          ))}
        </ul>
      )}
      <Kept plan={plan} to={to} name={name} />
      {plan.reach.length > 0 && (
        <details className="more">
          <summary>{say("removal.reach")}</summary>
          <ul className="lines compact">
            {plan.reach.map(({ number, from, to: then, when }) => (
              <li key={`${number}${when}`}>
                <div>
                  <b>{phone(number)}</b>
                  <p className="small">
                    <del>{stages(from)}</del> <ins>{stages(then)}</ins>
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** One group of phones after the other. */
function stages(of: readonly (readonly string[])[]): string {
  return of.length === 0 ? "–" : of.map((phones) => phones.join(" + ")).join(" → ");
}

const PLACES: Readonly<Record<string, string>> = {
  number: "/numbers/",
  flow: "/flows/",
  group: "/groups/",
  user: "/users/",
};

function ChangedEntry({ change }: { readonly change: Plan["changes"][number] }): ReactNode {
  const { say } = useSpeech();
  const { kind, id, fields } = change;
  const text = kind === "number" ? `${say("kind.number")} ${phone(id)}` : entityName(say, kind, id);
  const place = PLACES[kind];
  return (
    <li>
      <div>
        <b>{place === undefined ? text : <Link href={place + encodeURIComponent(id)}>{text}</Link>}</b>
        {fields.map(({ field, from, to }) => (
          <p key={field} className="small">
            {from !== null && <del>{from}</del>} {to !== null && <ins>{to}</ins>}
          </p>
        ))}
      </div>
    </li>
  );
}

/** Messages, greetings and the rest that is kept about who goes. */
function Kept({
  plan,
  to,
  name,
}: {
  readonly plan: Plan;
  readonly to: string;
  readonly name: string;
}): ReactNode {
  const { say, count } = useSpeech();
  const lost = plan.plan?.removes ?? [];
  if (lost.length === 0) return null;
  return (
    <>
      {lost.map((each) => (
        <div key={`${each.kind}:${each.id}`} className="notice warn">
          <div>
            <b>{to === "" ? say("removal.lost") : say("removal.kept", { name })}</b>
            <ul className="dots">
              {each.messages > 0 && <li>{count("removal.messages", each.messages)}</li>}
              {each.greetings > 0 && <li>{count("removal.greetings", each.greetings)}</li>}
              {each.has_pin && <li>{say("removal.pin")}</li>}
              {each.passwords > 0 && <li>{count("removal.passwords", each.passwords)}</li>}
              {each.calls > 0 && <li>{count("removal.calls", each.calls)}</li>}
            </ul>
          </div>
        </div>
      ))}
    </>
  );
}
