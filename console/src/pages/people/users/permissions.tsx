/** What a user may do: each permission with its switch and the reason why they have it or not, and the administrators' switches. */

import type { ReactNode } from "react";
import { Link } from "wouter";
import type { AnswerOf } from "../../../office/client.js";
import { type Editing, useEditing } from "../../../office/editing.js";
import { useRead } from "../../../office/read.js";
import { Button } from "../../../parts/button.js";
import { Switch } from "../../../parts/choice.js";
import { EditForm } from "../../../parts/edit-form.js";
import { Section } from "../../../parts/page.js";
import { permissionName, Shown } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import { SwitchText } from "../switch-text.js";
import { notAvailableOf, reasonOf, type Told, whatOf } from "./permission-words.js";
import type { OfUser, UserShown } from "./user-shown.js";

type ToldAll = AnswerOf<"listUserPermissions">;

/** By name: true is given, false denied, null left to groups and defaults. The administrators' switches have names of groups. */
type Wanted = Readonly<Record<string, boolean | null>>;

const ADMINS = ["system-admins", "billing-admins"] as const;
const ADMIN_WORDS = { "system-admins": "system", "billing-admins": "billing" } as const;

export function Permissions({ user, revision }: OfUser): ReactNode {
  const told = useRead("listUserPermissions", { params: { username: user.username } });
  return (
    <Shown of={told} lines={10}>
      {({ value }) => <PermissionForm user={user} told={value} revision={revision} />}
    </Shown>
  );
}

function PermissionForm({ user, told, revision }: OfUser & { readonly told: ToldAll }): ReactNode {
  const { say } = useSpeech();
  const { username } = user;
  const editing = useEditing<Wanted, "changeUser">({
    key: `user:${username}/permissions`,
    saved: Object.fromEntries([
      ...told.permissions.map(({ name, by_name: byName }) => [name, byName]),
      ...told.administrator.map(({ group, member }) => [group, member]),
    ]) as Wanted,
    revision,
    operation: "changeUser",
    given: (changes) => ({ params: { username }, body: bodyOf(changes) }),
  });
  return (
    <EditForm label={say("user.tab.permissions")} of={editing} fields={["/permissions", "/admin"]}>
      <Section title={say("permissions.admins")}>
        {ADMINS.map((group) => (
          <AdminSwitch key={group} {...{ group, told, editing }} />
        ))}
      </Section>
      <Section title={say("user.permissions")} help={say("permissions.help")}>
        <ul className="lines permissions">
          {told.permissions.map((each) => (
            <PermissionLine key={each.name} of={each} user={user} editing={editing} />
          ))}
        </ul>
      </Section>
    </EditForm>
  );
}

function AdminSwitch({
  group,
  told,
  editing,
}: {
  readonly group: (typeof ADMINS)[number];
  readonly told: ToldAll;
  readonly editing: Editing<Wanted>;
}): ReactNode {
  const { say } = useSpeech();
  const word = ADMIN_WORDS[group];
  const found = told.administrator.find((each) => each.group === group);
  return (
    <div>
      <Switch
        isOn={editing.value[group] ?? false}
        onChange={(isOn) => editing.set({ [group]: isOn })}
        isDisabled={found?.may.change !== true}
      >
        <SwitchText title={say(`users.${word}_admin`)} help={say(`users.${word}_admin_help`)} />
      </Switch>
      <Fault text={editing.faultAt(`/admin/${word}`)} />
    </div>
  );
}

function PermissionLine({
  of: told,
  user,
  editing,
}: {
  readonly of: Told;
  readonly user: UserShown;
  readonly editing: Editing<Wanted>;
}): ReactNode {
  const { say } = useSpeech();
  const { name, what, allowed, by_name: byName, not_available: notYet, may } = told;
  const wanted = editing.value[name] ?? null;
  const isChanged = wanted !== byName;
  const isOn = wanted ?? (isChanged ? false : allowed);
  return (
    <li>
      <div>
        <Switch isOn={isOn} onChange={(next) => editing.set({ [name]: next })} isDisabled={!may.change}>
          <SwitchText title={permissionName(say, name)} help={whatOf(say, name, what)} />
        </Switch>
        <p className="why small">
          {isChanged ? (
            <span className="badge accent">{say("app.unsaved")}</span>
          ) : (
            <span className={`badge ${allowed ? "good" : ""}`}>
              {say(allowed ? "permissions.allowed" : "permissions.not_allowed")}
            </span>
          )}{" "}
          {!isChanged && <span className="muted">{reasonOf(say, told)}</span>}
          {!isChanged && told.because === "has_number" && (
            <>
              {" "}
              <Link href={`/users/${encodeURIComponent(user.username)}/caller_id`}>
                {say("user.tab.caller_id")}
              </Link>
            </>
          )}
        </p>
        {notYet !== null && <p className="why small muted">{notAvailableOf(say, name, notYet)}</p>}
        <Fault text={editing.faultAt(`/permissions/${name}`)} />
      </div>
      {wanted !== null && may.change && (
        <Button
          look="quiet"
          size="small"
          aria-label={say("permissions.by_default_named", { permission: permissionName(say, name) })}
          onPress={() => editing.set({ [name]: null })}
        >
          {say("permissions.by_default")}
        </Button>
      )}
    </li>
  );
}

function Fault({ text }: { readonly text: string | undefined }): ReactNode {
  return text === undefined ? null : (
    <p className="fault" role="alert">
      {text}
    </p>
  );
}

function bodyOf(changes: Partial<Wanted>) {
  const isAdmin = (name: string): name is (typeof ADMINS)[number] =>
    (ADMINS as readonly string[]).includes(name);
  const entries = Object.entries(changes);
  const admin = entries.flatMap(([name, value]) =>
    isAdmin(name) ? [[ADMIN_WORDS[name], value === true] as const] : [],
  );
  const permissions = entries.filter(([name]) => !isAdmin(name));
  return {
    ...(admin.length === 0 ? {} : { admin: Object.fromEntries(admin) }),
    ...(permissions.length === 0 ? {} : { permissions: Object.fromEntries(permissions) }),
  };
}
