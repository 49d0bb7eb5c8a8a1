/** One schedule: whether it is open now, its week, its holidays, its zone, and the steps that ask it. */
import { type ReactNode, useState } from "react";
import { useLocation, useParams } from "wouter";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { type Seen, useRead } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { Confirm, Dialog } from "../../parts/dialog.js";
import { DriftNotice } from "../../parts/drift.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Page, Section } from "../../parts/page.js";
import { Places } from "../../parts/places.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { type HolidayFields, HolidaysEditor, holidayFields, holidayFile } from "./holidays-editor.js";
import { ScheduleNow } from "./schedule-now.js";
import { hoursOf, type Week, weekOf } from "./week.js";
import { WeekEditor } from "./week-editor.js";
import { ZoneChoice } from "./zone-choice.js";
import "./routing.css";

type ScheduleShape = AnswerOf<"getSchedule">;

export function SchedulePage(): ReactNode {
  const { id = "" } = useParams();
  return <OneSchedule key={id} id={decodeURIComponent(id)} />;
}

function OneSchedule({ id }: { readonly id: string }): ReactNode {
  const { say } = useSpeech();
  const of = useRead("getSchedule", { params: { id } }, { everyMs: 60_000 });
  const value = of.data?.value;
  return (
    <Page
      title={id}
      back={{ href: "/schedules", text: say("nav.schedules") }}
      actions={value?.may.remove === true && <Remove value={value} />}
    >
      <Shown of={of}>{(seen) => <Parts seen={seen} />}</Shown>
    </Page>
  );
}

interface Fields {
  readonly week: Week;
  readonly holidays: readonly HolidayFields[];
  /** Empty: the office's. */
  readonly timezone: string;
}

function Parts({ seen: { value, revision } }: { readonly seen: Seen<ScheduleShape> }): ReactNode {
  const { say } = useSpeech();
  const { id, asked_by: askedBy } = value;
  return (
    <>
      <DriftNotice drift={value.drift} />
      <ScheduleNow id={id} now={value.now} />
      <Hours value={value} revision={revision} />
      <Section title={say("schedules.asked_by")} help={say("schedules.asked_by_help")}>
        <Places of={askedBy} none={say("schedules.asked_by_none")} />
      </Section>
    </>
  );
}

function Hours({
  value,
  revision,
}: {
  readonly value: ScheduleShape;
  readonly revision: number | null;
}): ReactNode {
  const { say } = useSpeech();
  const { id, may } = value;
  const saved: Fields = {
    week: weekOf(value.open),
    holidays: (value.closed ?? []).map(holidayFields),
    timezone: value.timezone ?? "",
  };
  const draft = useDraft(`schedule:${id}`, saved, revision);
  const change = useChange("changeSchedule");
  const discard = () => {
    change.clear();
    draft.discard();
  };
  const save = async () => {
    const { week, holidays, timezone } = draft.changes;
    const done = await change.run({
      params: { id },
      body: {
        ...(week === undefined ? {} : { open: hoursOf(week) }),
        ...(holidays === undefined
          ? {}
          : { closed: holidays.length === 0 ? null : holidays.map(holidayFile) }),
        ...(timezone === undefined ? {} : { timezone: timezone === "" ? null : timezone }),
      } as never,
      ...matchOf(draft, change.problem),
    });
    if (done.ok) draft.discard();
  };
  return (
    <Form label={say("schedules.hours")} onSave={() => void save()}>
      <ChangeProblem
        problem={change.problem}
        fields={["/open", "/closed", "/timezone"]}
        onTakeTheirs={discard}
      />
      <Section title={say("schedules.week")} help={say("schedules.week_help")}>
        <WeekEditor
          week={draft.value.week}
          onChange={(week) => draft.set({ week })}
          isDisabled={!may.change}
        />
        {change.faultAt("/open") !== undefined && (
          <p className="fault" role="alert">
            {change.faultAt("/open")}
          </p>
        )}
        <ZoneChoice
          value={draft.value.timezone}
          onChange={(timezone) => draft.set({ timezone })}
          fault={change.faultAt("/timezone")}
          isDisabled={!may.change}
        />
      </Section>
      <Section title={say("schedules.holidays")} help={say("schedules.holidays_help")}>
        <HolidaysEditor
          holidays={draft.value.holidays}
          onChange={(holidays) => draft.set({ holidays })}
          faultAt={(index) => change.faultAt(`/closed/${index}`)}
          isDisabled={!may.change}
        />
      </Section>
      <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={discard} />
    </Form>
  );
}

function Remove({ value: { id, asked_by: askedBy } }: { readonly value: ScheduleShape }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const remove = useChange("removeSchedule");
  const confirm = async () => {
    const done = await remove.run({ params: { id } });
    if (done.ok) go("/schedules");
  };
  const title = say("schedules.remove_title", { schedule: id });
  const close = () => setOpen(false);
  return (
    <>
      <Button look="danger" onPress={() => setOpen(true)}>
        {say("app.remove")}
      </Button>
      {askedBy.length > 0 ? (
        <Dialog title={title} isOpen={isOpen} onClose={close}>
          <p>{say("schedules.remove_used")}</p>
          <Places of={askedBy} none="" />
          <div className="row end">
            <Button onPress={close}>{say("app.close")}</Button>
          </div>
        </Dialog>
      ) : (
        <Confirm
          title={title}
          confirm={say("app.remove")}
          isOpen={isOpen}
          isBusy={remove.isBusy}
          onClose={close}
          onConfirm={() => void confirm()}
        >
          <ChangeProblem problem={remove.problem} />
          <p>{say("schedules.remove_help")}</p>
        </Confirm>
      )}
    </>
  );
}
