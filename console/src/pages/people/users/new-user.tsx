/** Adding a user, with the invitation: the few things that everybody has first, the rest behind "More". */

import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { useTell } from "../../../frame/toasts.js";
import { useChange } from "../../../office/change.js";
import type { Args } from "../../../office/client.js";
import { type Draft, useDraft } from "../../../office/draft.js";
import { useKey } from "../../../office/key.js";
import { useReach } from "../../../office/me.js";
import { Button, buttonClass } from "../../../parts/button.js";
import { Checkbox, Switch } from "../../../parts/choice.js";
import { Field } from "../../../parts/field.js";
import { Form } from "../../../parts/form.js";
import { Page, Section } from "../../../parts/page.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import { SwitchText } from "../switch-text.js";
import { LinkParts, type MadeLink, useInviting } from "./account-actions.js";
import type { NewUserDraft } from "./new-user-draft.js";
import { MoreOfNewUser } from "./new-user-more.js";
import { useNextExtension, useSuggestedUsername } from "./suggestions.js";
import "../people.css";

const EMPTY: NewUserDraft = {
  first: "",
  last: "",
  email: "",
  username: null,
  extension: null,
  system: false,
  billing: false,
  sends: true,
  outbound: "",
  location: "",
  groups: [],
  permissions: {},
};

const FIELDS = ["/name", "/email", "/username", "/extension", "/outbound_number", "/location", "/groups"];

export function NewUser(): ReactNode {
  const { say } = useSpeech();
  const [made, setMade] = useState<MadeLink | null>(null);
  const [round, setRound] = useState(0);
  return (
    <Page
      title={made === null ? say("new_user.title") : say("new_user.added_title", { name: made.name })}
      width="narrow"
      back={{ href: "/users", text: say("app.back_to", { page: say("users.title") }) }}
    >
      {made === null ? (
        <NewUserForm key={round} onLink={setMade} />
      ) : (
        <Section title={say("accounts.invitation_link", { name: made.name })}>
          <LinkParts of={made} />
          <div className="row">
            <Link href="/users" className={buttonClass({ look: "primary" })}>
              {say("new_user.to_list")}
            </Link>
            <Button
              onPress={() => {
                setMade(null);
                setRound(round + 1);
              }}
            >
              {say("new_user.another")}
            </Button>
          </div>
        </Section>
      )}
    </Page>
  );
}

function NewUserForm({ onLink }: { onLink(made: MadeLink): void }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const tell = useTell();
  const [, go] = useLocation();
  const draft = useDraft<NewUserDraft>("users/new", EMPTY);
  const keyOf = useKey();
  const add = useChange("addUser");
  const inviting = useInviting(onLink);
  const { first, last, email, sends } = draft.value;
  const name = `${first.trim()} ${last.trim()}`.trim();
  const username = useSuggestedUsername(name, !add.isBusy);
  const extension = useNextExtension(!add.isBusy);
  const wish = { ...draft.value, username: draft.value.username ?? username };
  const mayInvite = reach("invite") !== undefined;
  const save = async () => {
    const done = await add.run(
      { body: bodyOf(wish, name, extension), idempotencyKey: keyOf(wish) },
      { told: say("new_user.added", { name }) },
    );
    if (!done.ok) return;
    draft.discard();
    const user = { username: wish.username, name, email: email.trim() === "" ? null : email.trim() };
    if (!sends || !mayInvite) return go(`/users/${encodeURIComponent(user.username)}`);
    const invited = await inviting.invite(user);
    if (invited === "link") return;
    tell(
      invited === "mailed"
        ? { text: say("accounts.mailed", { name, email: user.email ?? "" }) }
        : { text: say("new_user.not_invited", { name }), look: "bad" },
    );
    go(invited === "mailed" ? "/users" : `/users/${encodeURIComponent(user.username)}/account`);
  };
  return (
    <Form label={say("new_user.title")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={FIELDS} />
      <div className="card stack">
        <NameFields draft={draft} fault={add.faultAt("/name")} />
        <Field
          label={say("users.email")}
          type="email"
          inputMode="email"
          value={email}
          onChange={(text) => draft.set({ email: text })}
          fault={add.faultAt("/email")}
          help={say("new_user.email_help")}
          autoComplete="off"
        />
        <div className="two">
          <Field
            label={say("users.username")}
            value={wish.username}
            onChange={(text) => draft.set({ username: text })}
            fault={add.faultAt("/username")}
            help={say("new_user.username_help")}
            autoCapitalize="none"
            autoComplete="off"
          />
          <Field
            label={say("users.extension")}
            value={draft.value.extension ?? extension ?? ""}
            onChange={(text) => draft.set({ extension: text })}
            fault={add.faultAt("/extension")}
            help={say("new_user.extension_help")}
            inputMode="numeric"
            autoComplete="off"
          />
        </div>
        <div className="stack tight">
          <Switch isOn={draft.value.system} onChange={(isOn) => draft.set({ system: isOn })}>
            <SwitchText title={say("users.system_admin")} help={say("users.system_admin_help")} />
          </Switch>
          <Switch isOn={draft.value.billing} onChange={(isOn) => draft.set({ billing: isOn })}>
            <SwitchText title={say("users.billing_admin")} help={say("users.billing_admin_help")} />
          </Switch>
        </div>
        <MoreOfNewUser draft={draft} faultAt={add.faultAt} />
      </div>
      {mayInvite && (
        <Checkbox isOn={sends} onChange={(isOn) => draft.set({ sends: isOn })}>
          <SwitchText title={say("new_user.sends")} help={say("new_user.sends_help")} />
        </Checkbox>
      )}
      <div className="row">
        <Button type="submit" look="primary" isPending={add.isBusy || inviting.isBusy}>
          {say(sends && mayInvite ? "new_user.invite" : "new_user.add")}
        </Button>
        <Link href="/users" className={buttonClass({ look: "quiet" })} onClick={draft.discard}>
          {say("app.cancel")}
        </Link>
      </div>
    </Form>
  );
}

function NameFields({
  draft,
  fault,
}: {
  readonly draft: Draft<NewUserDraft>;
  readonly fault: string | undefined;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="two">
      <Field
        label={say("new_user.first")}
        value={draft.value.first}
        onChange={(text) => draft.set({ first: text })}
        fault={fault}
        autoComplete="off"
        autoFocus
      />
      <Field
        label={say("new_user.last")}
        value={draft.value.last}
        onChange={(text) => draft.set({ last: text })}
        autoComplete="off"
      />
    </div>
  );
}

function bodyOf(
  wish: NewUserDraft & { readonly username: string },
  name: string,
  suggested: string | undefined,
): Args<"addUser">[0]["body"] {
  const { email, extension, outbound, location, groups, permissions, system, billing } = wish;
  const digits = (extension ?? suggested ?? "").trim();
  return {
    username: wish.username.trim(),
    name,
    ...(email.trim() === "" ? {} : { email: email.trim() }),
    // Somebody else may be given the suggested one meanwhile.
    ...(extension === null ? { extension: "auto" as const } : digits === "" ? {} : { extension: digits }),
    ...(outbound.trim() === "" ? {} : { outbound_number: outbound.trim() }),
    ...(location.trim() === "" ? {} : { location: location.trim() }),
    ...(groups.length === 0 ? {} : { groups: [...groups] }),
    ...(Object.keys(permissions).length === 0 ? {} : { permissions }),
    ...(system || billing ? { admin: { system, billing } } : {}),
  };
}
