/** Whether a schedule is open now and until when, and opening or closing it by hand: at once, and no change of the office. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useReach } from "../../office/me.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Choices } from "../../parts/choice.js";
import { Dialog } from "../../parts/dialog.js";
import { Form } from "../../parts/form.js";
import { Section } from "../../parts/page.js";
import { ChangeProblem } from "../../parts/states.js";
import { type Speech, useSpeech } from "../../words/words.js";
import { inHours, instantOf, localNow } from "./zone-time.js";

export type NowShape = AnswerOf<"getSchedule">["now"];

export function ScheduleNow({ id, now }: { readonly id: string; readonly now: NowShape }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const when = useWhen();
  const [setting, setSetting] = useState<"open" | "closed" | null>(null);
  const reset = useChange("resetScheduleByHand");
  const maySet = reach("setScheduleByHand") === "all";
  const { by_hand: byHand } = now;
  return (
    <Section
      title={say(now.open ? "schedules.open_now" : "schedules.closed_now")}
      help={untilText(say, when, now)}
      actions={
        maySet && (
          <>
            {byHand !== null && (
              <Button
                isPending={reset.isBusy}
                onPress={() => void reset.run({ params: { id } }, { told: say("schedules.hours_again") })}
              >
                {say("schedules.reset")}
              </Button>
            )}
            <Button onPress={() => setSetting(now.open ? "closed" : "open")}>
              {say(now.open ? "schedules.close_now" : "schedules.open_it_now")}
            </Button>
          </>
        )
      }
    >
      {byHand !== null && (
        <p className="notice warn">
          {say(now.open ? "schedules.by_hand_open" : "schedules.by_hand_closed", {
            author: byHand.author,
            since: when.short(byHand.since_at),
          })}
        </p>
      )}
      <ChangeProblem problem={reset.problem} />
      <Dialog
        title={say(setting === "open" ? "schedules.open_it_now" : "schedules.close_now")}
        isOpen={setting !== null}
        onClose={() => setSetting(null)}
      >
        {setting !== null && (
          <SetByHand id={id} state={setting} timezone={now.timezone} onClose={() => setSetting(null)} />
        )}
      </Dialog>
    </Section>
  );
}

/** "Until Monday 09:00", and by what. */
export function untilText(
  say: Speech["say"],
  when: ReturnType<typeof useWhen>,
  { open, next_change_at: next, by_hand: byHand, words }: NowShape,
): string {
  const holiday = /^closed for (.+)$/.exec(words)?.[1];
  const why =
    byHand !== null
      ? say("schedules.why_by_hand")
      : holiday === undefined
        ? say("schedules.why_hours")
        : say("schedules.why_holiday", { name: holiday });
  if (next === null) return say("schedules.no_change", { why });
  return say(open ? "schedules.until_closes" : "schedules.until_opens", {
    why,
    at: when.weekdayAndTime(next),
    day: when.day(next),
  });
}

type Until = "reset" | "hour" | "time";

function SetByHand({
  id,
  state,
  timezone,
  onClose,
}: {
  readonly id: string;
  readonly state: "open" | "closed";
  readonly timezone: string;
  onClose(): void;
}): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const [until, setUntil] = useState<Until>("reset");
  const [at, setAt] = useState(() => localNow(timezone));
  const set = useChange("setScheduleByHand");
  const save = async () => {
    const untilAt =
      until === "reset"
        ? null
        : until === "hour"
          ? inHours(1).toISOString()
          : new Date(instantOf(at, timezone)).toISOString();
    const done = await set.run(
      { params: { id }, body: { state, until_at: untilAt } },
      { told: say(state === "open" ? "schedules.told_open" : "schedules.told_closed", { schedule: id }) },
    );
    if (done.ok) onClose();
  };
  return (
    <Form
      label={say(state === "open" ? "schedules.open_it_now" : "schedules.close_now")}
      onSave={() => void save()}
    >
      <ChangeProblem problem={set.problem} fields={["/until_at"]} />
      <Choices
        label={say("schedules.until")}
        options={[
          { id: "reset", text: say("schedules.until_reset") },
          { id: "hour", text: say("schedules.until_hour") },
          { id: "time", text: say("schedules.until_time") },
        ]}
        value={until}
        onChange={(chosen) => setUntil(chosen as Until)}
        fault={set.faultAt("/until_at")}
      />
      {until === "time" && (
        <label className="field">
          <span className="label">{say("schedules.until_when")}</span>
          <input
            type="datetime-local"
            className="input"
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
          <span className="help">
            {say("app.zone", { zone: timezone === when.timezone ? when.zone : timezone })}
          </span>
        </label>
      )}
      <p className="muted small">{say("schedules.at_once")}</p>
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={set.isBusy}>
          {say(state === "open" ? "schedules.open_it_now" : "schedules.close_now")}
        </Button>
      </div>
    </Form>
  );
}
