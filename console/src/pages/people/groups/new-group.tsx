/** Adding a group, with its first members. */
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useChange } from "../../../office/change.js";
import { useDraft } from "../../../office/draft.js";
import { useKey } from "../../../office/key.js";
import { Button, buttonClass } from "../../../parts/button.js";
import { Choices } from "../../../parts/choice.js";
import { Field } from "../../../parts/field.js";
import { Form } from "../../../parts/form.js";
import { Page } from "../../../parts/page.js";
import { ChangeProblem } from "../../../parts/states.js";
import { TargetName, TargetSearch } from "../../../parts/target.js";
import { useSpeech } from "../../../words/words.js";
import { useNextGroupExtension, usernameOf } from "../users/suggestions.js";
import { STRATEGIES, type Strategy } from "./strategy.js";
import "../people.css";

interface NewGroupDraft {
  readonly name: string;
  /** Null: as suggested. */
  readonly id: string | null;
  readonly extension: string | null;
  readonly strategy: Strategy;
  /** Usernames, in the order in which they ring. */
  readonly members: readonly string[];
}

const EMPTY: NewGroupDraft = { name: "", id: null, extension: null, strategy: "simultaneous", members: [] };
const FIELDS = ["/name", "/id", "/extension", "/strategy", "/members"];

export function NewGroup(): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const draft = useDraft("groups/new", EMPTY);
  const keyOf = useKey();
  const add = useChange("addGroup");
  const suggested = useNextGroupExtension(!add.isBusy);
  const { name, extension, strategy, members } = draft.value;
  const id = draft.value.id ?? usernameOf(name).replaceAll(".", "-");
  const save = async () => {
    const digits = (extension ?? "").trim();
    const body = {
      id,
      name: name.trim(),
      ...(extension === null ? { extension: "auto" as const } : digits === "" ? {} : { extension: digits }),
      ...(strategy === "simultaneous" ? {} : { strategy }),
      ...(members.length === 0 ? {} : { members: members.map((user) => ({ user })) }),
    };
    const done = await add.run(
      { body, idempotencyKey: keyOf(body) },
      { told: say("new_group.added", { name: body.name }) },
    );
    if (!done.ok) return;
    draft.discard();
    go(`/groups/${encodeURIComponent(id)}`);
  };
  return (
    <Page
      title={say("new_group.title")}
      width="narrow"
      back={{ href: "/groups", text: say("app.back_to", { page: say("groups.title") }) }}
    >
      <Form label={say("new_group.title")} onSave={() => void save()}>
        <ChangeProblem problem={add.problem} fields={FIELDS} />
        <div className="card stack">
          <Field
            label={say("groups.name")}
            value={name}
            onChange={(text) => draft.set({ name: text })}
            fault={add.faultAt("/name")}
            autoComplete="off"
          />
          <div className="two">
            <Field
              label={say("groups.id")}
              help={say("groups.id_help")}
              value={id}
              onChange={(text) => draft.set({ id: text })}
              fault={add.faultAt("/id")}
              autoCapitalize="none"
              autoComplete="off"
            />
            <Field
              label={say("users.extension")}
              help={say("new_user.extension_help")}
              value={extension ?? suggested ?? ""}
              onChange={(text) => draft.set({ extension: text })}
              fault={add.faultAt("/extension")}
              inputMode="numeric"
              autoComplete="off"
            />
          </div>
          <Choices
            label={say("groups.strategy")}
            options={STRATEGIES.map((each) => ({
              id: each,
              text: say(`strategy.${each}`),
              more: say(`strategy.${each}_help`),
            }))}
            value={strategy}
            onChange={(next) => draft.set({ strategy: next as Strategy })}
            fault={add.faultAt("/strategy")}
          />
          <Members members={members} onChange={(next) => draft.set({ members: next })} />
        </div>
        <div className="row">
          <Button type="submit" look="primary" isPending={add.isBusy}>
            {say("new_group.add")}
          </Button>
          <Link href="/groups" className={buttonClass({ look: "quiet" })} onClick={draft.discard}>
            {say("app.cancel")}
          </Link>
        </div>
      </Form>
    </Page>
  );
}

function Members({
  members,
  onChange,
}: {
  readonly members: readonly string[];
  onChange(members: readonly string[]): void;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="stack tight">
      <TargetSearch
        // Chosen ones stand below, and the next is looked for.
        key={members.length}
        label={say("new_group.members")}
        kinds={["user"]}
        value={null}
        onChange={(target) => {
          const username = target?.replace(/^user:/, "");
          if (username !== undefined && !members.includes(username)) onChange([...members, username]);
        }}
      />
      <ul className="lines compact">
        {members.map((username) => (
          <li key={username}>
            <TargetName of={`user:${username}`} />
            <Button
              look="quiet"
              size="small"
              aria-label={say("members.remove_named", { name: username })}
              onPress={() => onChange(members.filter((each) => each !== username))}
            >
              {say("app.remove")}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
