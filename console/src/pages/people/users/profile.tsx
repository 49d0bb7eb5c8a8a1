/** What everybody knows of a user: name, address, extension, place. Under the address stands whether they can sign in. */

import type { ReactNode } from "react";
import { useEditing } from "../../../office/editing.js";
import { EditForm } from "../../../parts/edit-form.js";
import { Field } from "../../../parts/field.js";
import { Section } from "../../../parts/page.js";
import { useSpeech } from "../../../words/words.js";
import { LedFrom } from "../led-from.js";
import { AccountUnderAddress } from "./account-under-address.js";
import type { OfUser } from "./user-shown.js";

interface ProfileFields {
  readonly name: string;
  readonly email: string | null;
  readonly extension: string | null;
  readonly location: string | null;
}

const FIELDS = ["name", "email", "extension", "location"] as const;

export function Profile({ user, revision }: OfUser): ReactNode {
  const { say } = useSpeech();
  const { username, name, email = null, extension = null, location = null, may } = user;
  const editing = useEditing<ProfileFields, "changeUser">({
    key: `user:${username}/profile`,
    saved: { name, email, extension, location },
    revision,
    operation: "changeUser",
    given: (changes) => ({ params: { username }, body: trimmed(changes) }),
  });
  const fieldOf = (field: (typeof FIELDS)[number]) => ({
    label: say(`users.${field}`),
    value: editing.value[field] ?? "",
    onChange: (text: string) =>
      editing.set({ [field]: field !== "name" && text === "" ? null : text } as Partial<ProfileFields>),
    fault: editing.faultAt(`/${field}`),
    isDisabled: !may.fields.includes(field),
    autoComplete: "off",
  });
  return (
    <>
      <EditForm label={say("user.tab.profile")} of={editing} fields={FIELDS.map((each) => `/${each}`)}>
        <Section title={say("user.tab.profile")}>
          <div className="two">
            <Field {...fieldOf("name")} help={say("users.name_help")} />
            <Field {...fieldOf("extension")} help={say("users.extension_help")} inputMode="numeric" />
          </div>
          <div className="stack tight">
            <Field {...fieldOf("email")} type="email" inputMode="email" />
            <AccountUnderAddress user={user} />
          </div>
          <Field {...fieldOf("location")} help={say("users.location_help")} />
        </Section>
      </EditForm>
      <Section title={say("user.led_from")} help={say("user.led_from_help")}>
        <LedFrom of={user.led_from} none={say("user.led_from_none")} />
      </Section>
    </>
  );
}

function trimmed<T extends object>(changes: T): T {
  return Object.fromEntries(
    Object.entries(changes).map(([field, value]) => [
      field,
      typeof value === "string" ? value.trim() : (value as unknown),
    ]),
  ) as T;
}
