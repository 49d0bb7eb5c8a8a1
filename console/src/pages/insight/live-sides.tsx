/** What stands beside the calls: groups with who waits, phones with what they do, carriers with how they fare. */
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import type { LiveCarrier, LiveGroup, LivePhone } from "../../office/live.js";
import { useReach } from "../../office/me.js";
import { CarrierBadge } from "../../parts/carrier-badge.js";
import { Choice } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { useSpeech } from "../../words/words.js";
import type { People } from "./people-names.js";

/** Groups that give permissions; they stand here only while a call waits for them. */
const BUILT_IN: ReadonlySet<string> = new Set(["all-users", "billing-admins", "system-admins"]);

export function LiveGroups({
  of,
  names,
}: {
  readonly of: ReadonlyMap<string, LiveGroup>;
  readonly names: People;
}): ReactNode {
  const { say, count } = useSpeech();
  const reach = useReach();
  const groups = [...of.values()]
    .filter(({ id, member_count: members, waits }) => waits > 0 || (members > 0 && !BUILT_IN.has(id)))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <ul className="live-groups">
      {groups.map((group) => (
        <li key={group.id}>
          <span className="live-group-name">
            {reach("getGroup") === undefined ? (
              <b>{group.name}</b>
            ) : (
              <Link href={`/groups/${encodeURIComponent(group.id)}`}>{group.name}</Link>
            )}
            <span className="small muted">
              {say("live.reachable", { reachable: group.reachable, members: group.member_count })}
            </span>
          </span>
          {group.waits > 0 ? (
            <span className="badge warn">{count("live.waits", group.waits)}</span>
          ) : (
            <span className="small muted">{say("live.nobody_waits")}</span>
          )}
          {group.reachable === 0 && group.member_count > 0 && (
            <span className="small live-alarm">{say("live.nobody_reachable")}</span>
          )}
          <Members of={group} names={names} />
        </li>
      ))}
    </ul>
  );
}

function Members({ of: { members }, names }: { readonly of: LiveGroup; readonly names: People }): ReactNode {
  const { say } = useSpeech();
  const taking = members.filter(({ calls }) => calls);
  return (
    <ul className="live-members">
      {taking.map(({ user, reachable }) => (
        <li key={user} className={reachable ? "" : "gone"}>
          <span className={reachable ? "dot good" : "dot"} aria-hidden="true" />
          {names.user(user)}
          {!reachable && <span className="visually-hidden"> {say("live.not_reachable")}</span>}
        </li>
      ))}
    </ul>
  );
}

const PHONES_SHOWN = 100;
const PHONES_SEARCHED_FROM = 12;
const WHICH = ["all", "busy"] as const;

export function LivePhones({
  of,
  names,
}: {
  readonly of: ReadonlyMap<string, LivePhone>;
  readonly names: People;
}): ReactNode {
  const { say, count } = useSpeech();
  const [text, setText] = useState("");
  const [which, setWhich] = useState<(typeof WHICH)[number]>("all");
  const nameOf = ({ user, sip }: LivePhone) => (user === null ? sip : names.user(user));
  const wanted = text.trim().toLowerCase();
  const found = [...of.values()]
    .filter((each) => `${nameOf(each)} ${each.sip} ${each.device ?? ""}`.toLowerCase().includes(wanted))
    .filter(({ state }) => which === "all" || state !== "idle")
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)) || a.sip.localeCompare(b.sip));
  if (of.size === 0) return <p className="muted">{say("live.no_phones")}</p>;
  return (
    <>
      {of.size > PHONES_SEARCHED_FROM && (
        <div className="two">
          <Field label={say("live.phone_search")} type="search" value={text} onChange={setText} />
          <Choice
            label={say("live.phone_which")}
            value={which}
            onChange={(id) => setWhich(id === "busy" ? "busy" : "all")}
            options={WHICH.map((id) => ({ id, text: say(`live.phone_which.${id}`) }))}
          />
        </div>
      )}
      <ul className="live-phones">
        {found.slice(0, PHONES_SHOWN).map((each) => (
          <li key={each.sip} data-state={each.state}>
            <span className="named">
              <span className="named-title">{nameOf(each)}</span>
              <span className="named-more">
                {[each.device, ...new Set(each.contacts.map(({ agent }) => agent))]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            <span className={`badge ${PHONE_LOOKS[each.state]}`}>{say(`live.phone.${each.state}`)}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="muted">{say("app.nothing_found")}</p>}
      {found.length > PHONES_SHOWN && (
        <p className="muted small">{count("live.more_phones", found.length - PHONES_SHOWN)}</p>
      )}
    </>
  );
}

const PHONE_LOOKS: Readonly<Record<LivePhone["state"], string>> = {
  idle: "",
  rings: "warn",
  calls: "accent",
  talks: "good",
};

export function LiveCarriers({ of }: { readonly of: ReadonlyMap<string, LiveCarrier> }): ReactNode {
  const { say, count } = useSpeech();
  return (
    <ul className="live-groups">
      {[...of.values()].map((each) => (
        <li key={each.id}>
          <span className="live-group-name">
            <Link href={`/carriers/${encodeURIComponent(each.id)}`}>{each.id}</Link>
            <span className="small muted">
              {say("live.carrier_calls", { in: each.calls_in, out: each.calls_out })}
              {each.failures > 0 && ` · ${count("live.failures", each.failures)}`}
            </span>
          </span>
          <CarrierBadge of={each} />
        </li>
      ))}
    </ul>
  );
}
