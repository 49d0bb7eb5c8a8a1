/** Edits of one part of an entry: a member of a group, or a device of a user. */
import type { z } from "zod";
import { ALL_USERS } from "../../office/built-in.js";
import { deviceSchema, memberSchema } from "../../office-file/schema.js";
import { suggest } from "../../office-file/suggest.js";
import { notFound, type Refusal, refused, taken } from "../edit.js";
import type { Draft } from "./draft.js";
import { type EntryKind, entryKindOf, entryOf, noEntry, RENAMED_IN_FILES } from "./entries.js";
import { type Entry, merge } from "./merge.js";
import { placeIn, takePlace } from "./place.js";
import { partsOf, subjectForm } from "./subjects.js";
import type { AddEdit, EditFields, EditSubject, RemoveEdit, SetEdit } from "./types.js";

type PartEdit = AddEdit | SetEdit | RemoveEdit;

/** The owner of a part, and the list in it. */
interface Owner {
  readonly ok: true;
  readonly kind: EntryKind;
  readonly id: string;
  readonly entry: Entry;
  readonly list: readonly Entry[];
  /** The name of the part. */
  readonly name: string;
}

export function editMember(draft: Draft, edit: PartEdit): Refusal | undefined {
  const owner = ownerOf(draft, edit, "group", "members");
  if (!owner.ok) return owner;
  const { id, name, list } = owner;
  const isMember = list.some(({ user }) => user === name);
  switch (edit.verb) {
    case "add":
      if (id === ALL_USERS) return refused("everyone is in All Users; there is nobody to add");
      if (isMember) return taken(`\`${name}\` is in the group \`${id}\` already`);
      return putMember(draft, owner, edit.fields);
    case "set":
      if (isMember || (id === ALL_USERS && draft.section("users").has(name)))
        return putMember(draft, owner, edit.fields);
      return noMember(owner);
    case "remove":
      if (id === ALL_USERS)
        return refused("everyone is in All Users; switch a member's calls or voicemail off instead");
      if (!isMember) return noMember(owner);
      return putList(
        draft,
        owner,
        "members",
        list.filter(({ user }) => user !== name),
      );
  }
}

export function editDevice(draft: Draft, edit: PartEdit): Refusal | undefined {
  const owner = ownerOf(draft, edit, "user", "devices");
  if (!owner.ok) return owner;
  const { id: username, name, list } = owner;
  const before = list.find(({ id }) => id === name);
  if (edit.verb !== "remove" && Object.hasOwn(edit.fields, "renamed_from")) return refused(RENAMED_IN_FILES);
  if (edit.verb === "remove") {
    if (before === undefined) return noDevice(owner);
    return putList(
      draft,
      owner,
      "devices",
      list.filter((each) => each !== before),
    );
  }
  if (edit.verb === "add" && before !== undefined) return taken(`${username} has a device ${name} already`);
  if (edit.verb === "set" && before === undefined) return noDevice(owner);
  if (Object.hasOwn(edit.fields, "id")) return refused(KEY_STAYS);
  return putPart(draft, owner, edit.fields, { field: "devices", key: "id", schema: deviceSchema });
}

const KEY_STAYS = "`id` is no field to set: a rename gives a device another id";

function putMember(draft: Draft, owner: Owner, fields: EditFields): Refusal | undefined {
  if (Object.hasOwn(fields, "user"))
    return refused("`user` is no field to set: remove the member and add another one");
  return putPart(draft, owner, fields, { field: "members", key: "user", schema: memberSchema });
}

/** Changes a part by the fields of an edit, or adds it, in its place. */
function putPart(
  draft: Draft,
  owner: Owner,
  fields: EditFields,
  { field, key, schema }: { readonly field: string; readonly key: string; readonly schema: z.ZodObject },
): Refusal | undefined {
  const { name, list } = owner;
  const isNamed = (each: Entry) => each[key] === name;
  const all = list.some(isNamed) ? list : [...list, { [key]: name }];
  const placed = takePlace(fields, all.length);
  if (!placed.ok) return placed;
  const changed = all.map((each) => (isNamed(each) ? merge(each, placed.fields, schema) : each));
  const { place } = placed;
  return putList(draft, owner, field, place === undefined ? changed : placeIn(changed, isNamed, place));
}

function putList(draft: Draft, { kind, id, entry }: Owner, field: string, list: readonly Entry[]): undefined {
  const { [field]: _before, ...rest } = entry;
  draft.section(kind.section).set(id, list.length === 0 ? rest : { ...rest, [field]: list });
}

function ownerOf(
  draft: Draft,
  { kind: part, id }: EditSubject,
  kindName: string,
  field: string,
): Owner | Refusal {
  const kind = entryKindOf(kindName);
  if (kind === undefined) throw new Error(`no kind of entry is called ${kindName}`);
  const parts = partsOf(id);
  if (parts === undefined)
    return refused(`\`${part}:${id}\` names no ${part}; expected ${subjectForm(part)}`);
  const [ownerId, name] = parts;
  const entry = entryOf(draft, kind, ownerId);
  if (entry === undefined) return noEntry(draft, kind, ownerId);
  const list = entry[field] ?? [];
  // An edit before this one may have put anything there.
  if (!Array.isArray(list)) return refused(`\`${field}\` of the ${kindName} \`${ownerId}\` is not a list`);
  return { ok: true, kind, id: ownerId, entry, list: list.filter(isEntry), name };
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null;
}

function noMember({ id, name, list }: Owner): Refusal {
  const meant = suggest(
    name,
    list.map(({ user }) => String(user)),
  );
  return notFound(
    `\`${name}\` is not in the group \`${id}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`,
  );
}

function noDevice({ id: username, name, list }: Owner): Refusal {
  const ids = list.map(({ id }) => String(id));
  const has = ids.length === 0 ? "has no devices" : `has ${ids.join(", ")}`;
  return notFound(`${username} has no device ${name}; ${username} ${has}`);
}
