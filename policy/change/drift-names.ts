/**
 * How an operator names an entity or a field of it: `user:bob.stone`, `user:bob.stone.extension`,
 * `group:sales.members.alice.wong`, `office.timezone`. Usernames and numbers have dots in them, so the name is read by
 * what there is: the longest key that it begins with is the entity.
 */
import { type EntityKind, entitiesOf, SETTINGS_KEY, shownAs } from "../office/entities.js";
import type { Office } from "../office/office.js";
import { carrierSchema, groupSchema, numberSchema, officeSchema, userSchema } from "../office-file/schema.js";
import { ENTRY_SECTIONS } from "../office-file/sections.js";
import { suggest } from "../office-file/suggest.js";
import type { FieldRef } from "./drift.js";
import { entityFile, NAME_KEYS, splitEntity, WHOLE_ENTITY } from "./fields.js";
import { fieldName, idFields } from "./id-drift.js";

/** A name that was read, or why it names nothing. */
export type NameRead =
  | { readonly ok: true; readonly ref: FieldRef }
  | { readonly ok: false; readonly reason: string };

/** Kinds by the word that stands before the colon. */
const KINDS: ReadonlyMap<string, EntityKind> = new Map<string, EntityKind>([
  ["user", "users"],
  ["group", "groups"],
  ["number", "numbers"],
  ["flow", "flows"],
  ["carrier", "carriers"],
  ...ENTRY_SECTIONS.map(({ noun }) => [noun, "sections"] as const),
]);

/** The keys that a file may give; other fields are those that an entity has. */
const FILE_KEYS: { readonly [K in EntityKind]: readonly string[] } = {
  settings: [...Object.keys(officeSchema.shape), "carriers"],
  carriers: Object.keys(carrierSchema.shape),
  users: Object.keys(userSchema.shape),
  groups: Object.keys(groupSchema.shape),
  flows: ["steps"],
  numbers: Object.keys(numberSchema.shape),
  sections: ENTRY_SECTIONS.flatMap(({ schema }) => Object.keys(schema.shape)),
};

/** The name of an entity or field, as an operator types it. */
export function nameOf({ kind, key, field }: FieldRef): string {
  const { section, id } = shownAs(kind, key);
  const noun =
    kind === "sections"
      ? ENTRY_SECTIONS.find((each) => each.key === section)?.noun
      : [...KINDS].find(([, each]) => each === kind)?.[0];
  const entity = kind === "settings" ? SETTINGS_KEY : `${noun ?? section}:${id}`;
  return field === WHOLE_ENTITY ? entity : `${entity}.${fieldName(field)}`;
}

/** @param offices the files' office and the live one: both are searched */
export function readName(text: string, offices: readonly Office[]): NameRead {
  const head = text.split(/[:.]/, 1)[0] ?? "";
  const rest = text.slice(head.length + 1);
  if (head === SETTINGS_KEY) return readField({ kind: "settings", key: SETTINGS_KEY, field: rest }, offices);
  const kind = KINDS.get(head);
  if (kind === undefined || text[head.length] !== ":") {
    const words = [...KINDS.keys(), SETTINGS_KEY];
    const meant = suggest(head, words);
    const shown = meant === undefined ? undefined : `${meant}${text.slice(head.length)}`;
    return unknown(`\`${text}\` does not begin with a kind: ${words.join(", ")}`, shown);
  }
  const keys = keysOf(kind, head, offices);
  const id = longest([...keys.keys()].filter((each) => rest === each || rest.startsWith(`${each}.`)));
  const key = id === undefined ? undefined : keys.get(id);
  if (id !== undefined && key !== undefined)
    return readField({ kind, key, field: rest.slice(id.length + 1) }, offices);
  const meant = suggestEntity(rest, [...keys.keys()]);
  const reason = `neither the files nor the live office have the ${head} \`${rest}\``;
  return unknown(reason, meant === undefined ? undefined : `${head}:${meant}`);
}

/** The name that was meant: of an entity, or of one with a field behind it. */
function suggestEntity(name: string, known: readonly string[]): string | undefined {
  const parts = name.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const meant = suggest(parts.slice(0, length).join("."), known);
    if (meant !== undefined) return [meant, ...parts.slice(length)].join(".");
  }
  return undefined;
}

function longest(names: readonly string[]): string | undefined {
  return [...names].sort((a, b) => b.length - a.length)[0];
}

/** The entities of a kind: their keys by the names that a file gives them. */
function keysOf(kind: EntityKind, noun: string, offices: readonly Office[]): ReadonlyMap<string, string> {
  const keys = offices.flatMap((office) => entitiesOf(office)[kind].map(([key]) => key));
  const section = kind === "sections" ? ENTRY_SECTIONS.find((each) => each.noun === noun)?.key : undefined;
  return new Map(
    keys.flatMap((key): [string, string][] => {
      const shown = shownAs(kind, key);
      return section === undefined || shown.section === section ? [[shown.id, key]] : [];
    }),
  );
}

/** Whether an entity has, or may have, the field that is named. */
function readField(ref: FieldRef, offices: readonly Office[]): NameRead {
  const { kind, key } = ref;
  if (ref.field === WHOLE_ENTITY) return { ok: true, ref };
  // A number says where it leads as a flow or as steps; both are one field.
  const field = kind === "numbers" && ref.field === "steps" ? "flow" : ref.field;
  const fields = offices.flatMap((office) => {
    const entity = new Map<string, unknown>(entitiesOf(office)[kind]).get(key);
    return entity === undefined ? [] : [...splitEntity(kind, entityFile(kind, key, entity)).keys()];
  });
  const names = [...FILE_KEYS[kind], ...fields].filter((each) => each !== NAME_KEYS[kind]);
  const known = new Map([...names, ...idFields(kind, fields)].map((each) => [fieldName(each), each]));
  const found = known.get(field);
  if (found !== undefined) return { ok: true, ref: { kind, key, field: found } };
  const meant = suggest(field, known.keys());
  const shown = meant === undefined ? undefined : nameOf({ kind, key, field: meant });
  return unknown(`${nameOf({ kind, key, field: WHOLE_ENTITY })} has no field \`${ref.field}\``, shown);
}

function unknown(reason: string, meant: string | undefined): NameRead {
  return { ok: false, reason: meant === undefined ? reason : `${reason}; did you mean \`${meant}\`?` };
}
