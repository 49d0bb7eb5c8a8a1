/**
 * A new user or group, created where somebody chooses one, so that nothing else that was typed is left for it. The rest of
 * the entry is filled in on its own page.
 */

import { type ReactNode, useState } from "react";
import { useChange } from "../office/change.js";
import { freshKey } from "../office/key.js";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import { Switch } from "./choice.js";
import { Dialog } from "./dialog.js";
import { Field } from "./field.js";
import { Form } from "./form.js";
import { ChangeProblem } from "./states.js";

export type Creatable = "user" | "group";

interface Props {
  /** As it was typed in the search. */
  readonly name: string;
  onClose(): void;
  /** @param target `user:alice.wong` */
  onCreated(target: string): void;
}

export function CreateTarget({ kind, ...props }: Props & { readonly kind: Creatable }): ReactNode {
  const { say } = useSpeech();
  return (
    <Dialog title={say(`target.create_${kind}`)} isOpen onClose={props.onClose}>
      {kind === "user" ? <NewUser {...props} /> : <NewGroup {...props} />}
    </Dialog>
  );
}

function NewUser({ name: typed, onClose, onCreated }: Props): ReactNode {
  const { say } = useSpeech();
  const [key] = useState(freshKey);
  const [name, setName] = useState(typed);
  const [username, setUsername] = useState<string | null>(null);
  const [email, setEmail] = useState("");
  const [extension, setExtension] = useState("");
  const [isInviting, setInviting] = useState(true);
  const add = useChange("addUser");
  const invite = useChange("invite");
  const chosen = username ?? idOf(name, ".");
  const save = async () => {
    const done = await add.run({
      body: {
        username: chosen,
        name: name.trim(),
        extension: extension.trim() === "" ? "auto" : extension.trim(),
        ...(email.trim() === "" ? {} : { email: email.trim() }),
      },
      idempotencyKey: key,
    });
    if (!done.ok) return;
    if (isInviting && email.trim() !== "")
      await invite.run({ body: { usernames: [chosen] } }, { told: say("target.invited", { name }) });
    onCreated(`user:${chosen}`);
  };
  return (
    <Form label={say("target.create_user")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={["/name", "/username", "/email", "/extension"]} />
      <Field
        label={say("target.name")}
        value={name}
        onChange={setName}
        fault={add.faultAt("/name")}
        autoFocus
      />
      <div className="two">
        <Field
          label={say("target.username")}
          help={say("target.username_help")}
          value={chosen}
          onChange={setUsername}
          fault={add.faultAt("/username")}
        />
        <Field
          label={say("target.extension")}
          help={say("target.extension_help")}
          value={extension}
          onChange={setExtension}
          inputMode="numeric"
          fault={add.faultAt("/extension")}
        />
      </div>
      <Field
        label={say("target.email")}
        type="email"
        value={email}
        onChange={setEmail}
        fault={add.faultAt("/email")}
      />
      <Switch
        isOn={isInviting && email.trim() !== ""}
        onChange={setInviting}
        isDisabled={email.trim() === ""}
      >
        {say("target.invite")}
      </Switch>
      <Ends isBusy={add.isBusy || invite.isBusy} onClose={onClose} />
    </Form>
  );
}

function NewGroup({ name: typed, onClose, onCreated }: Props): ReactNode {
  const { say } = useSpeech();
  const [key] = useState(freshKey);
  const [name, setName] = useState(typed);
  const [id, setId] = useState<string | null>(null);
  const [extension, setExtension] = useState("");
  const add = useChange("addGroup");
  const chosen = id ?? idOf(name, "-");
  const save = async () => {
    const done = await add.run({
      body: {
        id: chosen,
        name: name.trim(),
        extension: extension.trim() === "" ? "auto" : extension.trim(),
        members: [],
      },
      idempotencyKey: key,
    });
    if (done.ok) onCreated(`group:${chosen}`);
  };
  return (
    <Form label={say("target.create_group")} onSave={() => void save()}>
      <ChangeProblem problem={add.problem} fields={["/name", "/id", "/extension"]} />
      <p className="muted">{say("target.group_help")}</p>
      <Field
        label={say("target.name")}
        value={name}
        onChange={setName}
        fault={add.faultAt("/name")}
        autoFocus
      />
      <div className="two">
        <Field
          label={say("target.id")}
          help={say("target.id_help")}
          value={chosen}
          onChange={setId}
          fault={add.faultAt("/id")}
        />
        <Field
          label={say("target.extension")}
          help={say("target.extension_help")}
          value={extension}
          onChange={setExtension}
          inputMode="numeric"
          fault={add.faultAt("/extension")}
        />
      </div>
      <Ends isBusy={add.isBusy} onClose={onClose} />
    </Form>
  );
}

function Ends({ isBusy, onClose }: { readonly isBusy: boolean; onClose(): void }): ReactNode {
  const { say } = useSpeech();
  return (
    <div className="row end">
      <Button onPress={onClose}>{say("app.cancel")}</Button>
      <Button type="submit" look="primary" isPending={isBusy}>
        {say("target.create")}
      </Button>
    </div>
  );
}

/** `Renée O'Neil` as an id: `renee.oneil`. */
export function idOf(name: string, joint: string): string {
  const plain = name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replaceAll(/['’]/g, "");
  return plain.replaceAll(/[^a-z0-9]+/g, joint).replaceAll(/^[.-]+|[.-]+$/g, "");
}
