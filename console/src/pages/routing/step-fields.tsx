/** The fields of each kind of step; what the server said of one stands with it. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useList } from "../../office/read.js";
import { Checkbox, Choice } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { PressOne, RingTime } from "../../parts/route-form.js";
import { type SearchedKind, TargetSearch, targetParts } from "../../parts/target.js";
import { useSpeech } from "../../words/words.js";
import {
  ANNOUNCEMENTS,
  type AnnounceFile,
  HANGUPS,
  type HangupFile,
  type RingFile,
  type ScheduleStepFile,
  type SendFile,
  STRATEGIES,
  type StepFile,
  type VoicemailFile,
} from "./steps.js";

interface FieldsOf<S> {
  readonly step: S;
  onChange(step: StepFile): void;
  /** What is wrong with a field, by its name. */
  fault(field: string): string | undefined;
}

export function StepFields({ step, ...rest }: FieldsOf<StepFile>): ReactNode {
  if ("ring" in step) return <Ring step={step} {...rest} />;
  if ("announce" in step) return <Announce step={step} {...rest} />;
  if ("voicemail" in step) return <Voicemail step={step} {...rest} />;
  if ("send" in step) return <Send step={step} {...rest} />;
  if ("schedule" in step) return <Schedule step={step} {...rest} />;
  return <Hangup step={step} {...rest} />;
}

const RUNG = ["user", "group", "number"] as const satisfies readonly SearchedKind[];
const SENT = ["user", "group", "flow", "number"] as const satisfies readonly SearchedKind[];

function Ring({ step, onChange, fault }: FieldsOf<RingFile>): ReactNode {
  const { say } = useSpeech();
  const kind = targetParts(step.ring)?.kind;
  const set = (changes: Partial<RingFile>) => onChange(cleaned({ ...step, ...changes }) as StepFile);
  const accept = step.accept;
  return (
    <>
      <div className="two">
        <TargetSearch
          label={say("step.ring_whom")}
          kinds={RUNG}
          value={step.ring}
          onChange={(ring) => set({ ring: ring ?? "user:" })}
          fault={fault("ring")}
        />
        <RingTime
          value={step.timeout ?? (kind === "group" ? 30 : 20)}
          onChange={(timeout) => timeout !== "own" && set({ timeout })}
        />
      </div>
      <PressOne
        value={accept === undefined || accept === "auto" ? null : accept === "always"}
        onChange={(on) => set({ accept: on === null ? undefined : on ? "always" : "never" })}
      />
      {kind !== "user" && kind !== "number" && (
        <Choice
          label={say("step.strategy")}
          options={[
            { id: "own", text: say("step.strategy_own") },
            ...STRATEGIES.map((id) => ({ id, text: say(`strategy.${id}`) })),
          ]}
          value={step.strategy ?? "own"}
          onChange={(id) => set({ strategy: id === "own" ? undefined : (id as RingFile["strategy"]) })}
          fault={fault("strategy")}
        />
      )}
      <Checkbox isOn={step.skip === true} onChange={(isOn) => set({ skip: isOn ? true : undefined })}>
        {say("step.skip")}
      </Checkbox>
    </>
  );
}

/** A field that says nothing is left out. */
function cleaned<T extends object>(step: T): T {
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)) as T;
}

function Announce({ step, onChange, fault }: FieldsOf<AnnounceFile>): ReactNode {
  const { say } = useSpeech();
  const isFile = !(ANNOUNCEMENTS as readonly string[]).includes(step.announce);
  return (
    <div className="two">
      <Choice
        label={say("step.announcement")}
        options={[
          ...ANNOUNCEMENTS.map((id) => ({ id, text: say(`announcement.${id}`) })),
          { id: "file", text: say("step.announcement_file") },
        ]}
        value={isFile ? "file" : step.announce}
        onChange={(id) => onChange({ announce: id === "file" ? "sounds/announcement.wav" : id })}
        fault={isFile ? undefined : fault("announce")}
      />
      {isFile && (
        <Field
          label={say("step.announcement_path")}
          help={say("step.announcement_path_help")}
          value={step.announce}
          onChange={(announce) => onChange({ announce })}
          fault={fault("announce")}
        />
      )}
    </div>
  );
}

function Voicemail({ step, onChange, fault }: FieldsOf<VoicemailFile>): ReactNode {
  const { say } = useSpeech();
  return (
    <TargetSearch
      label={say("route.then_whose")}
      kinds={["user", "group"]}
      value={step.voicemail}
      onChange={(voicemail) => onChange({ voicemail: voicemail ?? "user:" })}
      fault={fault("voicemail")}
    />
  );
}

function Send({ step, onChange, fault }: FieldsOf<SendFile>): ReactNode {
  const { say } = useSpeech();
  return (
    <>
      <TargetSearch
        label={say("step.send_where")}
        help={say("step.send_help")}
        kinds={SENT}
        value={step.send}
        onChange={(send) => onChange(cleaned({ ...step, send: send ?? "flow:" }))}
        fault={fault("send")}
      />
      {targetParts(step.send)?.kind === "number" && (
        <PressOne
          value={step.accept === undefined || step.accept === "auto" ? null : step.accept === "always"}
          onChange={(on) =>
            onChange(
              cleaned({ ...step, accept: on === null ? undefined : on ? "always" : "never" }) as StepFile,
            )
          }
        />
      )}
    </>
  );
}

function Schedule({ step, onChange, fault }: FieldsOf<ScheduleStepFile>): ReactNode {
  const { say } = useSpeech();
  const of = useList("listSchedules", { query: { limit: 500 } });
  const known = of.data?.items ?? [];
  const options = known.map(({ id, now }) => ({
    id,
    text: id,
    more: say(now.open ? "schedules.open" : "schedules.closed"),
  }));
  if (step.schedule !== "" && !known.some(({ id }) => id === step.schedule))
    options.unshift({ id: step.schedule, text: step.schedule, more: "" });
  return (
    <div className="two">
      <div className="field-with-more">
        <Choice
          label={say("step.schedule_which")}
          options={options}
          value={step.schedule === "" ? null : step.schedule}
          onChange={(schedule) => onChange({ ...step, schedule })}
          fault={fault("schedule")}
        />
        <Link href="/schedules?new=1" className="button quiet small">
          {say("schedules.add")}
        </Link>
      </div>
      <TargetSearch
        label={say("step.schedule_closed")}
        kinds={SENT}
        value={step.closed}
        onChange={(closed) => onChange({ ...step, closed: closed ?? "flow:" })}
        fault={fault("closed")}
      />
    </div>
  );
}

function Hangup({ step, onChange, fault }: FieldsOf<HangupFile>): ReactNode {
  const { say } = useSpeech();
  return (
    <Choice
      label={say("step.hangup_how")}
      options={HANGUPS.map((id) => ({ id, text: say(`hangup.${id}`) }))}
      value={step.hangup}
      onChange={(id) => onChange({ hangup: id as HangupFile["hangup"] })}
      fault={fault("hangup")}
    />
  );
}
