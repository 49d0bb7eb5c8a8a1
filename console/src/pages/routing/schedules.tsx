/** All schedules: which are open now, and until when. */

import { type ReactNode, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useChange } from "../../office/change.js";
import { freshKey } from "../../office/key.js";
import { useReach } from "../../office/me.js";
import { type ItemOf, useList } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { idOf } from "../../parts/create-target.js";
import { Dialog } from "../../parts/dialog.js";
import { DriftMark } from "../../parts/drift.js";
import { Field } from "../../parts/field.js";
import { Form } from "../../parts/form.js";
import { type Column, List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { ChangeProblem, Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { untilText } from "./schedule-now.js";
import { hoursOf, weekOf } from "./week.js";
import { WeekEditor } from "./week-editor.js";
import "./routing.css";

type Listed = ItemOf<"listSchedules">;

export function Schedules(): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const when = useWhen();
  const [query, setQuery] = useSearchParams();
  const isAdding = query.get("new") === "1";
  const setAdding = (isOn: boolean) => setQuery(isOn ? { new: "1" } : {}, { replace: true });
  const of = useList("listSchedules", undefined, { everyMs: 60_000 });
  return (
    <Page
      title={say("nav.schedules")}
      lead={say("schedules.lead", { zone: when.zone })}
      actions={
        reach("addSchedule") === "all" && (
          <Button look="primary" onPress={() => setAdding(true)}>
            {say("schedules.add")}
          </Button>
        )
      }
    >
      <List
        label={say("nav.schedules")}
        of={of}
        columns={useColumns()}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/schedules/${id}`}
        empty={<Empty title={say("schedules.none")} help={say("schedules.none_help")} />}
      />
      <Dialog title={say("schedules.add")} isOpen={isAdding} onClose={() => setAdding(false)} size="wide">
        <AddSchedule onClose={() => setAdding(false)} />
      </Dialog>
    </Page>
  );
}

function useColumns(): readonly Column<Listed>[] {
  const { say } = useSpeech();
  const when = useWhen();
  return [
    {
      id: "id",
      head: say("kind.schedule"),
      cell: ({ id, drifts }) => (
        <>
          {id} {drifts && <DriftMark />}
        </>
      ),
    },
    {
      id: "now",
      head: say("schedules.now"),
      width: "2fr",
      cell: ({ now }) => (
        <span>
          <span className={`badge ${now.open ? "good" : ""}`}>
            {say(now.open ? "schedules.open" : "schedules.closed")}
          </span>{" "}
          {untilText(say, when, now)}
        </span>
      ),
    },
  ];
}

/** Monday to Friday from nine to five, to begin with. */
const USUAL = weekOf([{ days: "mon-fri", from: "09:00", to: "17:00" }]);

function AddSchedule({ onClose }: { onClose(): void }): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [key] = useState(freshKey);
  const [name, setName] = useState("");
  const [week, setWeek] = useState(USUAL);
  const add = useChange("addSchedule");
  const id = idOf(name, "-");
  const save = async () => {
    const done = await add.run({ body: { id, open: hoursOf(week) }, idempotencyKey: key });
    if (!done.ok) return;
    onClose();
    go(`/schedules/${id}`);
  };
  return (
    <Form label={say("schedules.add")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={["/id", "/open"]} />
      <Field
        label={say("schedules.name")}
        help={id === "" || id === name ? say("flows.name_help") : say("flows.name_as", { id })}
        value={name}
        onChange={setName}
        fault={add.faultAt("/id")}
        autoFocus
      />
      <WeekEditor week={week} onChange={setWeek} isDisabled={false} />
      {add.faultAt("/open") !== undefined && (
        <p className="fault" role="alert">
          {add.faultAt("/open")}
        </p>
      )}
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button type="submit" look="primary" isPending={add.isBusy} isDisabled={id === ""}>
          {say("app.add")}
        </Button>
      </div>
    </Form>
  );
}
