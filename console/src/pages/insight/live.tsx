/** The board: who calls, whose phones ring, who talks, and how phones, groups and carriers are, as it happens. */
import { type ReactNode, useState } from "react";
import { useAddress } from "../../office/address.js";
import { Fault } from "../../office/client.js";
import { type LiveOffice, useLive, useTick } from "../../office/live.js";
import { duration, useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Page, Section } from "../../parts/page.js";
import { Loading, ReadProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { LiveCalls, Spoken } from "./live-calls.js";
import { LiveCarriers, LiveGroups, LivePhones } from "./live-sides.js";
import { usePeople } from "./people-names.js";
import "./insight.css";
import "./live.css";

export function Live(): ReactNode {
  const { say } = useSpeech();
  const { zone } = useWhen();
  const office = useLive();
  const lead = office.scope === "all" ? say("live.lead_all") : say("live.lead_groups");
  return (
    <Page
      title={say("live.title")}
      lead={
        office.state === "connecting" || office.state === "refused"
          ? undefined
          : `${lead} ${say("app.zone", { zone })}.`
      }
      width="full"
      actions={<Standing of={office} />}
    >
      {office.state === "refused" && office.problem !== null ? (
        <ReadProblem error={new Fault(office.problem)} again={office.retry} />
      ) : office.state === "connecting" ? (
        <Loading lines={8} />
      ) : (
        <Board office={office} />
      )}
    </Page>
  );
}

function Board({ office }: { readonly office: LiveOffice & { readonly retry: () => void } }): ReactNode {
  const { say } = useSpeech();
  const names = usePeople();
  const address = useAddress();
  return (
    <>
      {(office.state === "reconnecting" || office.state === "away") && <Old office={office} />}
      <Spoken office={office} />
      <Figures of={office} />
      <div className={`board ${office.state === "live" ? "" : "old"}`}>
        <LiveCalls office={office} names={names} address={address} />
        <div className="stack">
          {office.groups.size > 0 && (
            <Section title={say("live.groups")}>
              <LiveGroups of={office.groups} names={names} />
            </Section>
          )}
          <Section title={say("live.phones")}>
            <LivePhones of={office.phones} names={names} />
          </Section>
          {office.carriers !== null && office.carriers.size > 0 && (
            <Section title={say("live.carriers")}>
              <LiveCarriers of={office.carriers} />
            </Section>
          )}
        </div>
      </div>
    </>
  );
}

/** Whether what is seen is right: a word, and a dot for a glance. */
function Standing({ of: { state } }: { readonly of: LiveOffice }): ReactNode {
  const { say } = useSpeech();
  if (state === "refused") return null;
  const look = state === "live" ? "good" : "warn";
  return (
    <span className={`badge ${look}`} role="status">
      <span className={state === "live" ? "dot" : "pulse"} aria-hidden="true" />
      {say(`live.state.${state}`)}
    </span>
  );
}

function Old({ office }: { readonly office: LiveOffice & { readonly retry: () => void } }): ReactNode {
  const { say } = useSpeech();
  useTick();
  const ageS = office.seenMs === null ? 0 : Math.max(0, (Date.now() - office.seenMs) / 1_000);
  const [isPressed, setPressed] = useState(false);
  return (
    <div className="notice warn">
      <span>
        <strong>{say(office.state === "away" ? "live.away" : "live.reconnecting")}</strong>{" "}
        {say("live.age", { age: duration(ageS) })}
      </span>
      <Button
        size="small"
        isDisabled={isPressed}
        onPress={() => {
          setPressed(true);
          setTimeout(() => setPressed(false), 1_000);
          office.retry();
        }}
      >
        {say("live.now")}
      </Button>
    </div>
  );
}

function Figures({ of: { calls, phones, figures } }: { readonly of: LiveOffice }): ReactNode {
  const { say, language } = useSpeech();
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const states = [...calls.values()].map(({ state }) => state);
  const talking = states.filter((state) => state === "talking").length;
  const ringing = states.filter((state) => state === "ringing").length;
  const shown: (readonly [string, string, string?])[] = [
    [say("live.calls_now"), number.format(calls.size)],
    [say("live.ringing"), number.format(ringing)],
    [say("live.talking"), number.format(talking)],
  ];
  if (figures === null) shown.push([say("live.phones_signed_in"), number.format(phones.size)]);
  else {
    shown.push([say("live.rate"), number.format(figures.calls_per_second)]);
    shown.push([say("live.phones_signed_in"), number.format(figures.contacts)]);
    shown.push([say("live.switch"), ...switchWords(figures.switch)]);
  }
  function switchWords(of: NonNullable<LiveOffice["figures"]>["switch"]): [string, string] {
    if (!of.connected) return [say("live.switch.away"), "bad"];
    if (!of.ready) return [say("live.switch.begins"), "warn"];
    return of.overloaded ? [say("live.switch.overloaded"), "bad"] : [say("live.switch.ready"), "good"];
  }
  return (
    <dl className="figures">
      {shown.map(([name, value, look = ""]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={look}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
