/** Adding a phone or an outside phone, and when and how long it rings. */

import { type ReactNode, useState } from "react";
import { useChange } from "../../../office/change.js";
import { useKey } from "../../../office/key.js";
import { useReach } from "../../../office/me.js";
import { Button } from "../../../parts/button.js";
import { Choice, Choices } from "../../../parts/choice.js";
import { Dialog } from "../../../parts/dialog.js";
import { Field } from "../../../parts/field.js";
import { Form } from "../../../parts/form.js";
import { ChangeProblem } from "../../../parts/states.js";
import { useSpeech } from "../../../words/words.js";
import type { Device, UserShown } from "./user-shown.js";

interface Fields {
  readonly kind: "sip" | "phone";
  readonly id: string;
  readonly number: string;
  readonly sip: string;
  readonly delay: string;
  readonly ring: string;
  readonly accept: string;
  readonly srtp: string;
  readonly location: string;
}

const POINTERS = ["/id", "/phone", "/sip", "/delay", "/ring", "/accept", "/srtp", "/location"];
const ACCEPTS = ["auto", "always", "never"] as const;
const SRTPS = ["usual", "optional", "required", "never"] as const;

function fieldsOf(device: Device | null): Fields {
  return {
    kind: device?.kind ?? "sip",
    id: device?.id ?? "",
    number: device?.phone ?? "",
    sip: device?.sip ?? "",
    delay: device?.delay?.toString() ?? "",
    ring: device?.ring?.toString() ?? "",
    accept: device?.accept ?? "auto",
    srtp: device?.srtp ?? "usual",
    location: device?.location ?? "",
  };
}

export function DeviceForm({
  user,
  device,
  onClose,
  onAdded,
}: {
  readonly user: UserShown;
  /** Null: a new one. */
  readonly device: Device | null;
  onClose(): void;
  /** A phone that has to be set up now. */
  onAdded?: (device: Device) => void;
}): ReactNode {
  const { say } = useSpeech();
  const [fields, setFields] = useState(() => fieldsOf(device));
  const keyOf = useKey();
  // An outside phone of one's own is proved to be that first, on the page of one's phones.
  const reach = useReach();
  const add = useChange("addDevice");
  const edit = useChange("changeDevice");
  const change = device === null ? add : edit;
  const set = (more: Partial<Fields>) => setFields({ ...fields, ...more });
  const id = fields.id.trim() === "" ? suggestedId(fields.kind, user) : fields.id.trim();
  const save = async () => {
    const { username } = user;
    const body = bodyOf(fields, device);
    if (device !== null) {
      const done = await edit.run({ params: { username, id: device.id }, body });
      return done.ok && onClose();
    }
    const done = await add.run(
      { params: { username }, body: { id, ...body }, idempotencyKey: keyOf(fields) },
      { told: say("devices.added", { id }) },
    );
    if (!done.ok) return;
    onClose();
    if (fields.kind === "sip") onAdded?.({ id, kind: "sip", sign_in: null } as Device);
  };
  return (
    <Dialog
      title={
        device === null ? say("devices.add_title", { name: user.name }) : say("devices.edit_title", { id })
      }
      isOpen
      onClose={onClose}
    >
      <Form label={say("devices.add")} onSave={() => void save()}>
        <ChangeProblem problem={change.problem} fields={POINTERS} />
        {device === null && reach("addDevice") === "all" && (
          <Choices
            label={say("devices.kind")}
            options={(["sip", "phone"] as const).map((kind) => ({
              id: kind,
              text: say(`devices.kind.${kind}`),
              more: say(`devices.kind.${kind}_help`),
            }))}
            value={fields.kind}
            onChange={(kind) => set({ kind: kind as Fields["kind"] })}
          />
        )}
        {device === null && (
          <Field
            label={say("devices.id")}
            help={say("devices.id_help")}
            value={fields.id}
            placeholder={suggestedId(fields.kind, user)}
            onChange={(text) => set({ id: text })}
            fault={change.faultAt("/id")}
            autoCapitalize="none"
          />
        )}
        {fields.kind === "phone" && (
          <Field
            label={say("devices.number")}
            inputMode="tel"
            value={fields.number}
            onChange={(number) => set({ number })}
            fault={change.faultAt("/phone")}
          />
        )}
        <Ringing fields={fields} set={set} change={change} isNew={device === null} />
        <div className="row end">
          <Button onPress={onClose}>{say("app.cancel")}</Button>
          <Button type="submit" look="primary" isPending={change.isBusy}>
            {say(device === null ? "app.add" : "app.save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

function Ringing({
  fields,
  set,
  change,
  isNew,
}: {
  readonly fields: Fields;
  set(more: Partial<Fields>): void;
  readonly change: { faultAt(pointer: string): string | undefined };
  readonly isNew: boolean;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <details className="more" open={!isNew || undefined}>
      <summary>{say("devices.ringing")}</summary>
      <div className="stack">
        <div className="two">
          <Field
            label={say("devices.delay")}
            help={say("devices.delay_help")}
            inputMode="numeric"
            value={fields.delay}
            onChange={(delay) => set({ delay })}
            fault={change.faultAt("/delay")}
          />
          <Field
            label={say("devices.ring")}
            help={say("devices.ring_help")}
            inputMode="numeric"
            value={fields.ring}
            onChange={(ring) => set({ ring })}
            fault={change.faultAt("/ring")}
          />
        </div>
        <Choice
          label={say("devices.accept")}
          options={ACCEPTS.map((id) => ({ id, text: say(`devices.accept.${id}`) }))}
          value={fields.accept}
          onChange={(accept) => set({ accept })}
          fault={change.faultAt("/accept")}
        />
        {fields.kind === "sip" && (
          <>
            <Field
              label={say("devices.sip")}
              help={say("devices.sip_help")}
              value={fields.sip}
              onChange={(sip) => set({ sip })}
              fault={change.faultAt("/sip")}
              autoCapitalize="none"
            />
            <Choice
              label={say("devices.srtp")}
              options={SRTPS.map((id) => ({ id, text: say(`devices.srtp.${id}`) }))}
              value={fields.srtp}
              onChange={(srtp) => set({ srtp })}
              fault={change.faultAt("/srtp")}
            />
            <Field
              label={say("devices.location")}
              help={say("users.location_help")}
              value={fields.location}
              onChange={(location) => set({ location })}
              fault={change.faultAt("/location")}
            />
          </>
        )}
      </div>
    </details>
  );
}

function suggestedId(kind: "sip" | "phone", { devices = [] }: UserShown): string {
  const taken = new Set(devices.map(({ id }) => id));
  const names = kind === "phone" ? ["cell"] : ["desk", "soft"];
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  const [first = "phone"] = names;
  for (let number = 2; ; number++) if (!taken.has(`${first}${number}`)) return `${first}${number}`;
}

type Body = Readonly<Record<string, string | number | null>>;

/** What is left empty is taken away of a device that is there, and not said of a new one. */
function bodyOf(fields: Fields, device: Device | null): Body {
  const seconds = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim() || null);
  const wanted: Body = {
    ...(fields.kind === "phone" ? { phone: fields.number.trim() } : { sip: fields.sip.trim() || null }),
    delay: seconds(fields.delay),
    ring: seconds(fields.ring),
    accept: fields.accept === "auto" ? null : fields.accept,
    ...(fields.kind === "sip"
      ? { srtp: fields.srtp === "usual" ? null : fields.srtp, location: fields.location.trim() || null }
      : {}),
  };
  const before = device as Readonly<Record<string, unknown>> | null;
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) =>
      before === null ? value !== null : value !== (before[name] ?? null),
    ),
  );
}
