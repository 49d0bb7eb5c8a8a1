/** How a mailbox takes messages and tells of them; a user's own and a group's shared one have the same. */
import type { ReactNode } from "react";
import type { AnswerOf, Args, OperationId } from "../../office/client.js";
import { type Editing, useEditing } from "../../office/editing.js";
import { Choice, Choices, Switch } from "../../parts/choice.js";
import { EditForm } from "../../parts/edit-form.js";
import { Field } from "../../parts/field.js";
import { Section } from "../../parts/page.js";
import { isWhole, TargetSearch } from "../../parts/target.js";
import { useSpeech } from "../../words/words.js";
import { SwitchText } from "./switch-text.js";

export type Mailbox = AnswerOf<"getUser">["mailbox"];

export interface MailboxProps<Id extends OperationId> {
  readonly of: { readonly key: string; readonly mailbox: Mailbox };
  readonly revision: number | null;
  readonly operation: Id;
  /** The request that changes these settings; null takes one away. */
  readonly given: (voicemail: Readonly<Record<string, unknown>>) => Args<Id>[0];
  readonly mayChange: boolean;
}

interface Mails {
  readonly email: string;
  readonly missed_calls: boolean;
}

const MAILS = ["none", "notice", "attached"] as const;

/** Mails about messages and missed calls. */
export function MailboxMails<Id extends OperationId>({
  of: { key, mailbox },
  revision,
  operation,
  given,
  mayChange,
  help,
}: MailboxProps<Id> & { readonly help: string }): ReactNode {
  const { say } = useSpeech();
  const { email = false, missed_calls: missed = false } = mailbox;
  const editing = useEditing<Mails, Id>({
    key: `${key}/mails`,
    saved: { email: email === "attached" ? "attached" : email ? "notice" : "none", missed_calls: missed },
    revision,
    operation,
    given: ({ email: wanted, ...rest }) =>
      given({
        ...rest,
        ...(wanted === undefined ? {} : { email: wanted === "attached" ? wanted : wanted === "notice" }),
      }),
  });
  return (
    <EditForm label={say("notify.title")} of={editing} fields={["/voicemail"]}>
      <Section title={say("notify.title")} help={help}>
        <Choices
          label={say("notify.mails")}
          options={MAILS.map((id) => ({ id, text: say(`notify.mails.${id}`) }))}
          value={editing.value.email}
          onChange={(id) => editing.set({ email: id })}
          fault={editing.faultAt("/voicemail/email")}
          isDisabled={!mayChange}
        />
        <Switch
          isOn={editing.value.missed_calls}
          onChange={(isOn) => editing.set({ missed_calls: isOn })}
          isDisabled={!mayChange}
        >
          <SwitchText title={say("notify.missed")} help={say("notify.missed_help")} />
        </Switch>
      </Section>
    </EditForm>
  );
}

interface Rules {
  readonly limit: string;
  readonly silence: string;
  readonly silence_level: string;
  readonly max_messages: string;
  readonly operator: string | null;
  readonly catch_up: boolean;
  readonly remote_access: string;
  readonly greeting: string;
  readonly busy_greeting: string;
}

const NUMBERS = ["limit", "max_messages", "silence", "silence_level"] as const;
const FILES = ["greeting", "busy_greeting"] as const;
const REMOTE = ["none", "listen", "call_back"] as const;

function rulesOf(mailbox: Mailbox): Rules {
  const { remote_access: remote = false } = mailbox;
  return {
    limit: String(mailbox.limit ?? ""),
    silence: String(mailbox.silence ?? ""),
    silence_level: String(mailbox.silence_level ?? "auto"),
    max_messages: String(mailbox.max_messages ?? ""),
    operator: mailbox.operator ?? null,
    catch_up: mailbox.catch_up ?? false,
    remote_access: remote === "call_back" ? remote : remote ? "listen" : "none",
    greeting: mailbox.greeting ?? "",
    busy_greeting: mailbox.busy_greeting ?? "",
  };
}

/** How long messages may be, how many there may be, and where a caller gets to who presses 0. */
export function MailboxRules<Id extends OperationId>({
  of: { key, mailbox },
  revision,
  operation,
  given,
  mayChange,
}: MailboxProps<Id>): ReactNode {
  const { say } = useSpeech();
  const editing = useEditing<Rules, Id>({
    key: `${key}/mailbox`,
    saved: rulesOf(mailbox),
    revision,
    operation,
    given: (changes) => given(bodyOf(changes)),
  });
  const { operator } = editing.value;
  return (
    <EditForm
      label={say("mailbox.title")}
      of={editing}
      fields={["/voicemail"]}
      isWhole={operator === null || isWhole(operator)}
    >
      <Section title={say("mailbox.title")} help={say("mailbox.help")}>
        <Numbers editing={editing} mayChange={mayChange} />
        <TargetSearch
          label={say("mailbox.operator")}
          help={say("mailbox.operator_help")}
          kinds={["user", "group", "flow"]}
          value={operator}
          onChange={(target) => editing.set({ operator: target })}
          fault={editing.faultAt("/voicemail/operator")}
          isDisabled={!mayChange}
          isCreating={false}
        />
        <Choice
          label={say("mailbox.remote")}
          options={REMOTE.map((id) => ({ id, text: say(`mailbox.remote.${id}`) }))}
          value={editing.value.remote_access}
          onChange={(id) => editing.set({ remote_access: id })}
          fault={editing.faultAt("/voicemail/remote_access")}
          isDisabled={!mayChange}
        />
        <Switch
          isOn={editing.value.catch_up}
          onChange={(isOn) => editing.set({ catch_up: isOn })}
          isDisabled={!mayChange}
        >
          <SwitchText title={say("mailbox.catch_up")} help={say("mailbox.catch_up_help")} />
        </Switch>
        <details className="more">
          <summary>{say("mailbox.files")}</summary>
          <div className="two">
            {FILES.map((name) => (
              <Field
                key={name}
                label={say(`mailbox.${name}`)}
                help={say("mailbox.file_help")}
                value={editing.value[name]}
                onChange={(text) => editing.set({ [name]: text } as Partial<Rules>)}
                fault={editing.faultAt(`/voicemail/${name}`)}
                isDisabled={!mayChange}
              />
            ))}
          </div>
        </details>
      </Section>
    </EditForm>
  );
}

function Numbers({
  editing,
  mayChange,
}: {
  readonly editing: Editing<Rules>;
  readonly mayChange: boolean;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="two">
      {NUMBERS.map((name) => (
        <Field
          key={name}
          label={say(`mailbox.${name}`)}
          help={say(`mailbox.${name}_help`)}
          value={editing.value[name]}
          onChange={(text) => editing.set({ [name]: text } as Partial<Rules>)}
          fault={editing.faultAt(`/voicemail/${name}`)}
          isDisabled={!mayChange}
        />
      ))}
    </div>
  );
}

function bodyOf({ remote_access: remote, ...changes }: Partial<Rules>): Readonly<Record<string, unknown>> {
  const plain = Object.entries(changes).map(([name, value]) => {
    if (typeof value !== "string") return [name, value];
    const text = value.trim();
    return [name, text === "" ? null : /^\d+$/.test(text) ? Number(text) : text];
  });
  return {
    ...(Object.fromEntries(plain) as Readonly<Record<string, unknown>>),
    ...(remote === undefined ? {} : { remote_access: remote === "call_back" ? remote : remote === "listen" }),
  };
}
