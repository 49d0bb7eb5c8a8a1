/**
 * Fields of settings that are described by a table: a text, a number, a list, a choice, yes or no, where a secret is kept, and
 * where something stands in SIP. What is empty is null: the API takes the setting away.
 */
import type { ReactNode } from "react";
import { Choice, type Option } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { ListField } from "../../parts/list-field.js";
import type { Word } from "../../words/en.js";
import { useSpeech } from "../../words/words.js";

/** A value as the API has it. */
export type Setting = unknown;
export type Settings = Readonly<Record<string, Setting>>;

export interface SettingOf {
  readonly id: string;
  readonly label: Word;
  readonly help?: Word;
  readonly kind: "text" | "number" | "list" | "one_or_list" | "choice" | "flag" | "secret" | "place";
  /** Of a choice or a place: its values, each with its word at `label.value`. */
  readonly options?: readonly string[];
  /** What holds when nothing is chosen. */
  readonly unset?: Word;
  readonly isRequired?: true;
}

export interface SettingProps {
  readonly of: SettingOf;
  readonly value: Setting;
  readonly isFixed: boolean;
  readonly fault: string | undefined;
  onChange(value: Setting): void;
}

const UNSET = "unset";
const HEADER = "header";

export function SettingField(props: SettingProps): ReactNode {
  switch (props.of.kind) {
    case "list":
    case "one_or_list":
      return <Several {...props} />;
    case "choice":
      return <OneOf {...props} />;
    case "flag":
      return <YesOrNo {...props} />;
    case "secret":
      return <SecretPlace {...props} />;
    case "place":
      return <Place {...props} />;
    default:
      return <Line {...props} />;
  }
}

function useTexts({ of }: SettingProps) {
  const { say } = useSpeech();
  return { label: say(of.label), ...(of.help === undefined ? {} : { help: say(of.help) }) };
}

function Line(props: SettingProps): ReactNode {
  const { of, value, isFixed, fault, onChange } = props;
  const isNumber = of.kind === "number";
  return (
    <Field
      {...useTexts(props)}
      value={value === null || value === undefined ? "" : String(value)}
      // What is no number is sent as it is: the server says what it wants.
      onChange={(text) =>
        onChange(text.trim() === "" ? null : isNumber && /^\d+$/.test(text.trim()) ? Number(text) : text)
      }
      isReadOnly={isFixed}
      isRequired={of.isRequired ?? false}
      fault={fault}
      {...(isNumber ? { inputMode: "numeric" as const } : {})}
    />
  );
}

function Several(props: SettingProps): ReactNode {
  const { of, value, isFixed, fault, onChange } = props;
  const list = Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
  return (
    <ListField
      {...useTexts(props)}
      value={list}
      onChange={(next) =>
        onChange(next.length === 0 ? null : of.kind === "one_or_list" && next.length === 1 ? next[0] : next)
      }
      isReadOnly={isFixed}
      isRequired={of.isRequired ?? false}
      fault={fault}
    />
  );
}

/** A word of ours for each value; `auth.up` and the like. */
function useOptions({ of }: SettingProps): readonly Option[] {
  const { say } = useSpeech();
  const unset = of.unset === undefined ? [] : [{ id: UNSET, text: say(of.unset) }];
  return [...unset, ...(of.options ?? []).map((id) => ({ id, text: say(`${of.label}.${id}` as Word) }))];
}

function OneOf(props: SettingProps): ReactNode {
  const { value, isFixed, fault, onChange } = props;
  return (
    <Choice
      {...useTexts(props)}
      options={useOptions(props)}
      value={typeof value === "string" ? value : UNSET}
      onChange={(id) => onChange(id === UNSET ? null : id)}
      isDisabled={isFixed}
      fault={fault}
    />
  );
}

function YesOrNo(props: SettingProps): ReactNode {
  const { say } = useSpeech();
  const { of, value, isFixed, fault, onChange } = props;
  const unset = of.unset === undefined ? [] : [{ id: UNSET, text: say(of.unset) }];
  return (
    <Choice
      {...useTexts(props)}
      options={[...unset, { id: "true", text: say("app.yes") }, { id: "false", text: say("app.no") }]}
      value={typeof value === "boolean" ? String(value) : unset.length > 0 ? UNSET : "false"}
      onChange={(id) => onChange(id === UNSET ? null : id === "true")}
      isDisabled={isFixed}
      fault={fault}
    />
  );
}

/** The secret itself is never typed here, and never shown: only where the machine keeps it. */
function SecretPlace(props: SettingProps): ReactNode {
  const { say } = useSpeech();
  const { of, value, isFixed, fault, onChange } = props;
  const { env, file } = (value ?? {}) as { readonly env?: string; readonly file?: string };
  const kind = env !== undefined ? "env" : file !== undefined ? "file" : UNSET;
  const unset = of.unset === undefined ? [] : [{ id: UNSET, text: say(of.unset) }];
  return (
    <div className="secret-place">
      <Choice
        {...useTexts(props)}
        options={[...unset, { id: "env", text: say("secret.env") }, { id: "file", text: say("secret.file") }]}
        value={kind === UNSET && unset.length === 0 ? "env" : kind}
        onChange={(id) => onChange(id === UNSET ? null : { [id]: env ?? file ?? "" })}
        isDisabled={isFixed}
        fault={kind === UNSET ? fault : undefined}
      />
      {(kind !== UNSET || unset.length === 0) && (
        <Field
          label={say(kind === "file" ? "secret.file_name" : "secret.env_name")}
          value={env ?? file ?? ""}
          onChange={(name) => onChange({ [kind === "file" ? "file" : "env"]: name.trim() })}
          isReadOnly={isFixed}
          fault={fault}
        />
      )}
    </div>
  );
}

/** Where a number stands in a carrier's INVITE: a place with a name, or a header of the carrier's own. */
function Place(props: SettingProps): ReactNode {
  const { say } = useSpeech();
  const { value, isFixed, fault, onChange } = props;
  const header = (value as { readonly header?: string } | null)?.header;
  return (
    <div className="secret-place">
      <Choice
        {...useTexts(props)}
        options={[...useOptions(props), { id: HEADER, text: say("carriers.place_header") }]}
        value={header !== undefined ? HEADER : typeof value === "string" ? value : UNSET}
        onChange={(id) => onChange(id === UNSET ? null : id === HEADER ? { header: "X-" } : id)}
        isDisabled={isFixed}
        fault={header === undefined ? fault : undefined}
      />
      {header !== undefined && (
        <Field
          label={say("carriers.header_name")}
          value={header}
          onChange={(name) => onChange({ header: name.trim() })}
          isReadOnly={isFixed}
          fault={fault}
        />
      )}
    </div>
  );
}
