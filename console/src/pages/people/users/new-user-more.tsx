/** What a new user may have besides: groups, the number that others see, a place, permissions. */

import type { ReactNode } from "react";
import type { Change } from "../../../office/change.js";
import type { Draft } from "../../../office/draft.js";
import { useReach } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";
import { Checkbox, Switch } from "../../../parts/choice.js";
import { Field } from "../../../parts/field.js";
import { permissionName } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import { SwitchText } from "../switch-text.js";
import type { NewUserDraft } from "./new-user-draft.js";
import { OfficeNumber } from "./office-number.js";
import { whatOf } from "./permission-words.js";

export function MoreOfNewUser({
  draft,
  faultAt,
}: {
  readonly draft: Draft<NewUserDraft>;
  readonly faultAt: Change<"addUser">["faultAt"];
}): ReactNode {
  const { say } = useSpeech();
  const { outbound, location, groups, permissions } = draft.value;
  const isOpen =
    outbound !== "" || location !== "" || groups.length > 0 || Object.keys(permissions).length > 0;
  return (
    <details className="more" open={isOpen || undefined}>
      <summary>{say("new_user.more")}</summary>
      <div className="stack">
        <GroupChoice
          chosen={groups}
          onChange={(next) => draft.set({ groups: next })}
          fault={faultAt("/groups")}
        />
        <OfficeNumber
          label={say("users.outbound_number")}
          help={say("users.outbound_number_help")}
          value={outbound}
          onChange={(number) => draft.set({ outbound: number })}
          fault={faultAt("/outbound_number")}
        />
        <Field
          label={say("users.location")}
          help={say("users.location_help")}
          value={location}
          onChange={(text) => draft.set({ location: text })}
          fault={faultAt("/location")}
        />
        <PermissionChoice given={permissions} onChange={(next) => draft.set({ permissions: next })} />
      </div>
    </details>
  );
}

/** All Users is always among them, so that nobody wonders whether there is a group for everybody. */
function GroupChoice({
  chosen,
  onChange,
  fault,
}: {
  readonly chosen: readonly string[];
  onChange(groups: readonly string[]): void;
  readonly fault: string | undefined;
}): ReactNode {
  const { say } = useSpeech();
  const groups = useRead("listGroups", { query: { limit: 500 } });
  const own = (groups.data?.value.items ?? []).filter(({ built_in: isBuiltIn }) => !isBuiltIn);
  return (
    <fieldset className="plain-set">
      <legend>{say("users.groups")}</legend>
      <Checkbox isOn isDisabled onChange={() => undefined}>
        {say("groups.all_users")}
      </Checkbox>
      {own.map(({ id, name }) => (
        <Checkbox
          key={id}
          isOn={chosen.includes(id)}
          onChange={(isOn) => onChange(isOn ? [...chosen, id] : chosen.filter((each) => each !== id))}
        >
          {name}
        </Checkbox>
      ))}
      {fault !== undefined && <p className="fault">{fault}</p>}
    </fieldset>
  );
}

function PermissionChoice({
  given,
  onChange,
}: {
  readonly given: Readonly<Record<string, boolean>>;
  onChange(permissions: Readonly<Record<string, boolean>>): void;
}): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const mine = useRead("listPermissions", undefined, { enabled: reach("addUser") !== undefined });
  // Nobody gives what they do not have.
  const mayGive = (mine.data?.value.permissions ?? []).filter(({ allowed }) => allowed);
  return (
    <fieldset className="plain-set">
      <legend>{say("user.permissions")}</legend>
      <p className="muted small">{say("new_user.permissions_help")}</p>
      {mayGive.map(({ name, what }) => (
        <Switch
          key={name}
          isOn={given[name] ?? false}
          onChange={(isOn) => {
            const { [name]: _before, ...others } = given;
            onChange(isOn ? { ...others, [name]: true } : others);
          }}
        >
          <SwitchText title={permissionName(say, name)} help={whatOf(say, name, what)} />
        </Switch>
      ))}
    </fieldset>
  );
}
