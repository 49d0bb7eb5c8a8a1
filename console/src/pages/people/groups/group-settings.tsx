/** A group's name, extension, how it rings its members, what its calls show, and its id. */

import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { useChange } from "../../../office/change.js";
import { useEditing } from "../../../office/editing.js";
import { useReach } from "../../../office/me.js";
import { Button } from "../../../parts/button.js";
import { Choice, Choices } from "../../../parts/choice.js";
import { EditForm } from "../../../parts/edit-form.js";
import { Field } from "../../../parts/field.js";
import { Form } from "../../../parts/form.js";
import { Section } from "../../../parts/page.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import type { OfGroup } from "./group-shown.js";
import { STRATEGIES, type Strategy } from "./strategy.js";

interface Fields {
  readonly name: string;
  readonly extension: string | null;
  readonly strategy: Strategy;
  readonly caller_id_prefix: string | null;
  readonly anonymous_callers: string;
}

const FIELDS = ["/name", "/extension", "/strategy", "/caller_id_prefix", "/anonymous_callers"];

export function GroupSettings({ group, revision }: OfGroup): ReactNode {
  const { say } = useSpeech();
  const { id, may, built_in: isBuiltIn } = group;
  const isDisabled = !may.change;
  const editing = useEditing<Fields, "changeGroup">({
    key: `group:${id}/settings`,
    saved: {
      name: group.name ?? id,
      extension: group.extension ?? null,
      strategy: group.strategy ?? "simultaneous",
      caller_id_prefix: group.caller_id_prefix ?? null,
      anonymous_callers: group.anonymous_callers ?? "accept",
    },
    revision,
    operation: "changeGroup",
    given: ({ anonymous_callers: anonymous, ...changes }) => ({
      params: { id },
      body: {
        ...changes,
        ...(anonymous === undefined ? {} : { anonymous_callers: anonymous === "refuse" ? "refuse" : null }),
      },
    }),
  });
  const { value, set, faultAt } = editing;
  return (
    <>
      <EditForm label={say("group.tab.settings")} of={editing} fields={FIELDS}>
        <Section title={say("group.tab.settings")}>
          <div className="two">
            <Field
              label={say("groups.name")}
              value={value.name}
              onChange={(name) => set({ name })}
              fault={faultAt("/name")}
              isDisabled={isDisabled || isBuiltIn}
              {...(isBuiltIn ? { help: say("group.built_in_name") } : {})}
            />
            <Field
              label={say("users.extension")}
              help={say("users.extension_help")}
              value={value.extension ?? ""}
              onChange={(text) => set({ extension: text === "" ? null : text })}
              fault={faultAt("/extension")}
              isDisabled={isDisabled}
              inputMode="numeric"
            />
          </div>
          <Choices
            label={say("groups.strategy")}
            options={STRATEGIES.map((each) => ({
              id: each,
              text: say(`strategy.${each}`),
              more: say(`strategy.${each}_help`),
            }))}
            value={value.strategy}
            onChange={(strategy) => set({ strategy: strategy as Strategy })}
            fault={faultAt("/strategy")}
            isDisabled={isDisabled}
          />
          <div className="two">
            <Field
              label={say("group.prefix")}
              help={say("group.prefix_help")}
              value={value.caller_id_prefix ?? ""}
              onChange={(text) => set({ caller_id_prefix: text === "" ? null : text })}
              fault={faultAt("/caller_id_prefix")}
              isDisabled={isDisabled}
            />
            <Choice
              label={say("people.anonymous_label")}
              options={(["accept", "refuse"] as const).map((each) => ({
                id: each,
                text: say(`people.anonymous.${each}`),
              }))}
              value={value.anonymous_callers}
              onChange={(next) => set({ anonymous_callers: next })}
              fault={faultAt("/anonymous_callers")}
              isDisabled={isDisabled}
            />
          </div>
        </Section>
      </EditForm>
      {may.change && !isBuiltIn && <Rename group={group} revision={revision} />}
    </>
  );
}

function Rename({ group: { id } }: OfGroup): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const [, go] = useLocation();
  const [to, setTo] = useState(id);
  const rename = useChange("renameGroup");
  if (reach("renameGroup") === undefined) return null;
  const save = async () => {
    if (to.trim() === id) return;
    const done = await rename.run({ params: { id }, body: { to: to.trim() } });
    if (done.ok) go(`/groups/${encodeURIComponent(to.trim())}/settings`, { replace: true });
  };
  return (
    <Form label={say("group.rename")} onSave={() => void save()}>
      <Section title={say("group.rename")} help={say("group.rename_help")}>
        <ChangeProblem problem={rename.problem} fields={["/to"]} />
        <div className="with-button">
          <Field
            label={say("groups.id")}
            value={to}
            onChange={setTo}
            fault={rename.faultAt("/to")}
            autoCapitalize="none"
          />
          <Button type="submit" isDisabled={to.trim() === id || to.trim() === ""} isPending={rename.isBusy}>
            {say("group.rename_do")}
          </Button>
        </div>
      </Section>
    </Form>
  );
}
