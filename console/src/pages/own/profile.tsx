/** One's profile as colleagues and called people see it, and how the page looks in this browser. */
import type { ReactNode } from "react";
import { THEMES, type Theme, useTheme } from "../../design/theme.js";
import { useChange } from "../../office/change.js";
import type { AnswerOf } from "../../office/client.js";
import { useDraft } from "../../office/draft.js";
import { matchOf } from "../../office/match.js";
import { useMe, useReach } from "../../office/me.js";
import { useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Choice, Choices, Switch } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { Form, SaveBar } from "../../parts/form.js";
import { Facts, Section } from "../../parts/page.js";
import { ChangeProblem, Shown } from "../../parts/states.js";
import { LANGUAGES, type Language, useSpeech } from "../../words/words.js";

type User = AnswerOf<"getUser">;

export function Profile(): ReactNode {
  const { username } = useMe();
  const user = useRead("getUser", { params: { username } });
  return (
    <>
      <Shown of={user}>{({ value, revision }) => <ProfileForm user={value} revision={revision} />}</Shown>
      <ThisBrowser />
    </>
  );
}

interface Own {
  readonly name: string;
  readonly email: string | null;
  readonly hide_number: boolean;
  readonly anonymous_callers: "accept" | "refuse";
  readonly outbound_number: string | null;
}

function ownOf(user: User): Own {
  return {
    name: user.name,
    email: user.email ?? null,
    hide_number: user.hide_number ?? false,
    anonymous_callers: user.anonymous_callers ?? "accept",
    outbound_number: user.outbound_number ?? null,
  };
}

function ProfileForm({
  user,
  revision,
}: {
  readonly user: User;
  readonly revision: number | null;
}): ReactNode {
  const { say } = useSpeech();
  const { username, may } = user;
  const change = useChange("changeUser");
  const draft = useDraft<Own>(`profile:${username}`, ownOf(user), revision);
  const mayChange = (field: keyof Own) => may.fields.includes(field);
  const save = async () => {
    const done = await change.run({
      params: { username },
      body: draft.changes,
      ...matchOf(draft, change.problem),
    });
    if (done.ok) draft.discard();
  };
  const { name, email, hide_number: isHidden, anonymous_callers: anonymous } = draft.value;
  return (
    <Form label={say("profile.title")} onSave={() => void save()}>
      <ChangeProblem
        problem={change.problem}
        fields={["/name", "/email", "/outbound_number"]}
        onTakeTheirs={draft.discard}
      />
      <Section title={say("profile.title")} help={say("profile.lead")}>
        <Field
          label={say("profile.name")}
          value={name}
          onChange={(next) => draft.set({ name: next })}
          isDisabled={!mayChange("name")}
          autoComplete="name"
          fault={change.faultAt("/name")}
        />
        {mayChange("email") ? (
          <Field
            label={say("profile.email")}
            type="email"
            value={email ?? ""}
            onChange={(next) => draft.set({ email: next === "" ? null : next })}
            autoComplete="email"
            fault={change.faultAt("/email")}
          />
        ) : (
          <Facts of={[[say("profile.email"), email ?? say("app.none")]]} />
        )}
        <Facts
          of={[
            [say("profile.username"), username],
            [say("profile.extension"), user.extension ?? say("app.none")],
          ]}
        />
        {!mayChange("email") && <p className="muted small">{say("profile.others_change")}</p>}
      </Section>
      <Section title={say("caller_id.title")} help={say("caller_id.lead")}>
        <ShownNumber
          value={draft.value.outbound_number}
          onChange={(next) => draft.set({ outbound_number: next })}
          mayChange={mayChange("outbound_number")}
          fault={change.faultAt("/outbound_number")}
        />
        <Switch
          isOn={isHidden}
          onChange={(isOn) => draft.set({ hide_number: isOn })}
          isDisabled={!mayChange("hide_number")}
        >
          {say("caller_id.hide")}
        </Switch>
        <Switch
          isOn={anonymous === "refuse"}
          onChange={(isOn) => draft.set({ anonymous_callers: isOn ? "refuse" : "accept" })}
          isDisabled={!mayChange("anonymous_callers")}
        >
          {say("caller_id.refuse_anonymous")}
        </Switch>
      </Section>
      <SaveBar isChanged={draft.isChanged} isBusy={change.isBusy} onDiscard={draft.discard} />
    </Form>
  );
}

function ShownNumber({
  value,
  onChange,
  mayChange,
  fault,
}: {
  readonly value: string | null;
  onChange(number: string | null): void;
  readonly mayChange: boolean;
  readonly fault: string | undefined;
}): ReactNode {
  const { say } = useSpeech();
  const isListed = useReach()("listNumbers") === "all";
  const numbers = useRead("listNumbers", { query: { limit: 500 } }, { enabled: mayChange && isListed });
  if (!mayChange || !isListed)
    return <Facts of={[[say("caller_id.shown"), value === null ? say("caller_id.office") : phone(value)]]} />;
  const owned = numbers.data?.value.items ?? [];
  const options = [
    { id: "office", text: say("caller_id.office") },
    ...owned.map(({ number, label }) => ({
      id: number,
      text: phone(number),
      ...(label === null || label === undefined ? {} : { more: label }),
    })),
  ];
  const all =
    value === null || owned.some(({ number }) => number === value)
      ? options
      : [...options, { id: value, text: phone(value) }];
  return (
    <Choice
      label={say("caller_id.shown")}
      help={say("caller_id.shown_help")}
      options={all}
      value={value ?? "office"}
      onChange={(next) => onChange(next === "office" ? null : next)}
      fault={fault}
    />
  );
}

function ThisBrowser(): ReactNode {
  const { say, language, choose } = useSpeech();
  const [theme, setTheme] = useTheme();
  return (
    <Section title={say("browser.title")} help={say("browser.lead")}>
      <div className="two">
        <Choice
          label={say("app.language")}
          options={Object.entries(LANGUAGES).map(([id, text]) => ({ id, text }))}
          value={language}
          onChange={(next) => choose(next as Language)}
        />
        <Choices
          label={say("app.theme")}
          options={THEMES.map((each) => ({ id: each, text: say(`app.theme.${each}`) }))}
          value={theme}
          onChange={(next) => setTheme(next as Theme)}
        />
      </div>
    </Section>
  );
}
