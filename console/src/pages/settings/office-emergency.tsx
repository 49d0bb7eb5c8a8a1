/** Calls for help: which numbers they are, who is told, and the phones of which nobody has said where they stand. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useList, useRead } from "../../office/read.js";
import { Field } from "../../parts/field.js";
import { List } from "../../parts/list.js";
import { ListField } from "../../parts/list-field.js";
import { Section } from "../../parts/page.js";
import { Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { OfficeForm, type SeenSettings } from "./office-form.js";

export function Emergency({ of: { settings, revision } }: { readonly of: SeenSettings }): ReactNode {
  const { say } = useSpeech();
  const { emergency = {}, emergency_numbers: numbers = [] } = settings;
  const known = useRead("getEmergency");
  return (
    <>
      <OfficeForm
        name="emergency"
        title={say("office.emergency")}
        help={say("office.emergency_help", {
          numbers: (known.data?.value.emergency_numbers ?? []).join(", "),
        })}
        saved={{
          numbers: numbers.map(String),
          notify: emergency.notify ?? [],
          callBack: emergency.call_back ?? "",
          tests: (emergency.test_numbers ?? []).map(String),
        }}
        revision={revision}
        fields={[
          "/emergency_numbers",
          "/emergency/notify",
          "/emergency/call_back",
          "/emergency/test_numbers",
        ]}
        bodyOf={({ numbers: own, notify, callBack, tests }) => ({
          ...(own === undefined ? {} : { emergency_numbers: orNull(own) }),
          emergency: {
            ...(notify === undefined ? {} : { notify: orNull(notify) }),
            ...(callBack === undefined ? {} : { call_back: callBack === "" ? null : callBack }),
            ...(tests === undefined ? {} : { test_numbers: orNull(tests) }),
          },
        })}
      >
        {(draft, change) => (
          <>
            <ListField
              label={say("office.notify")}
              help={say("office.notify_help")}
              placeholder="bob.stone, desk@example.com"
              value={draft.value.notify}
              onChange={(value) => draft.set({ notify: [...value] })}
              fault={change.faultAt("/emergency/notify")}
            />
            <Field
              label={say("office.call_back")}
              help={say("office.call_back_help")}
              inputMode="tel"
              value={draft.value.callBack}
              onChange={(value) => draft.set({ callBack: value })}
              fault={change.faultAt("/emergency/call_back")}
            />
            <ListField
              label={say("office.emergency_numbers")}
              help={say("office.emergency_numbers_help")}
              value={draft.value.numbers}
              onChange={(value) => draft.set({ numbers: [...value] })}
              fault={change.faultAt("/emergency_numbers")}
            />
            <ListField
              label={say("office.test_numbers")}
              help={say("office.test_numbers_help")}
              placeholder="933"
              value={draft.value.tests}
              onChange={(value) => draft.set({ tests: [...value] })}
              fault={change.faultAt("/emergency/test_numbers")}
            />
          </>
        )}
      </OfficeForm>
      <Locations />
    </>
  );
}

function orNull(list: readonly string[]): readonly string[] | null {
  return list.length === 0 ? null : list;
}

function Locations(): ReactNode {
  const { say } = useSpeech();
  const list = useList("listLocations", { query: { missing: true } });
  return (
    <Section title={say("office.locations")} help={say("office.locations_help")}>
      <List
        label={say("office.locations")}
        of={list}
        keyOf={({ sip }) => sip}
        hrefOf={({ username }) => `/users/${encodeURIComponent(username)}/devices`}
        empty={<Empty title={say("office.locations_none")} />}
        columns={[
          { id: "name", head: say("kind.user"), cell: ({ name }) => name },
          { id: "device", head: say("kind.device"), cell: ({ device, sip }) => `${device} (${sip})` },
        ]}
        tools={({ username }) => (
          <Link href={`/users/${encodeURIComponent(username)}/devices`}>{say("app.edit")}</Link>
        )}
      />
    </Section>
  );
}
