/**
 * Which edit needs which permission: by the kind of entry and the field, in the words of the office file. Some fields are
 * everybody's own: those of one's own profile, phones, mailbox, and one's own part in a group.
 */

import { partsOf } from "../change/edits/subjects.js";
import type { Edit, EditFields, EditKind } from "../change/edits/types.js";
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../office/built-in.js";
import { given } from "../office/optional.js";
import { type Asker, askerMay, type Needed } from "./access.js";

/** What changing something needs: any one of the permissions. */
export interface Need {
  readonly anyOf: readonly Needed[];
  /** Enough for what belongs to the person who asks: nothing besides, or also a permission. */
  readonly own?: "nothing" | Needed;
}

const USERS: Need = { anyOf: ["users"] };
const OWN: Need = { anyOf: ["users"], own: "nothing" };
const OWN_FLOW: Need = { anyOf: ["users"], own: "no_answer" };
const FLOWS: Need = { anyOf: ["call_flows"] };
const OWN_SWITCH: Need = { anyOf: ["call_flows"], own: "nothing" };
const NUMBERS: Need = { anyOf: ["numbers"] };
const SETTINGS: Need = { anyOf: ["account_settings"] };
const ADMIN: Need = { anyOf: ["system_admin"] };

/** The needs of a kind of entry: of each field that differs from the others, and of everything else. */
interface KindNeeds {
  readonly fields?: Readonly<Record<string, Need>>;
  readonly rest: Need;
}

const NEEDS: Readonly<Record<EditKind, KindNeeds>> = {
  office: {
    // Who could shorten them could take away the traces of a deed, and the order of carriers is the carriers' own.
    fields: {
      records: ADMIN,
      "records.audit": ADMIN,
      "records.keep": SETTINGS,
      "records.anonymise": SETTINGS,
      // Who could lengthen them could keep a stolen session alive.
      sign_in: ADMIN,
      carriers: ADMIN,
    },
    rest: SETTINGS,
  },
  user: {
    fields: {
      name: OWN,
      location: OWN,
      hide_number: OWN,
      anonymous_callers: OWN,
      voicemail: OWN,
      // They name files beside the office; greetings that people record are kept apart.
      "voicemail.greeting": USERS,
      "voicemail.busy_greeting": USERS,
      "voicemail.operator": OWN_FLOW,
      no_answer: OWN_FLOW,
      // What the office pays for.
      outside_calls: SETTINGS,
    },
    rest: USERS,
  },
  device: { rest: OWN },
  group: { rest: FLOWS },
  member: { fields: { calls: OWN_SWITCH, voicemail: OWN_SWITCH }, rest: FLOWS },
  number: { fields: { plan: { anyOf: ["numbers", "billing"] } }, rest: NUMBERS },
  // A flow that numbers alone lead to is a part of the number: people know of no flow there.
  flow: { rest: { anyOf: ["call_flows", "numbers"] } },
  schedule: { rest: FLOWS },
  plan: { rest: { anyOf: ["billing"] } },
  webhook: { rest: { anyOf: ["integrations"] } },
  carrier: { rest: ADMIN },
};

/** Every need that there is, of any edit. @public for the test that each permission guards something. */
export const EDIT_NEEDS: readonly Need[] = Object.values(NEEDS).flatMap(({ fields = {}, rest }) => [
  ...Object.values(fields),
  rest,
]);

/** Members of these groups may do something because they are members. */
const ADMIN_GROUPS: readonly string[] = [SYSTEM_ADMINS, BILLING_ADMINS];

/** What is missing for a change. */
export interface Lacking {
  readonly anyOf: readonly Needed[];
  /** The field that needs it; left out: all of the entry does. */
  readonly field?: string;
}

/** What a change of a field needs. @param field `voicemail.limit`; left out: the entry comes, goes, or gets another id */
export function needOf(kind: EditKind, field?: string): Need {
  const needs = Object.hasOwn(NEEDS, kind) ? NEEDS[kind] : undefined;
  if (needs === undefined) return ADMIN;
  if (field === undefined) return needs.rest;
  const { fields = {}, rest } = needs;
  const [mapping = ""] = field.split(".");
  for (const name of [field, mapping]) if (Object.hasOwn(fields, name)) return fields[name] ?? rest;
  return rest;
}

/** Whether a need is met. @param isOwn what is changed belongs to the person who asks */
export function meets(asker: Asker, { anyOf, own }: Need, isOwn: boolean): boolean {
  if (anyOf.some((permission) => askerMay(asker, permission))) return true;
  if (!isOwn || own === undefined || !(asker.keyPowers?.includes("own") ?? true)) return false;
  return own === "nothing" || askerMay(asker, own);
}

/**
 * What who asks lacks for an edit, whatever it would make of the office; undefined: nothing.
 * @param provenNumbers outside numbers that the person has proved to be theirs: those may be devices of their own
 */
export function lackingFor(
  asker: Asker,
  edit: Edit,
  provenNumbers: readonly string[] = [],
): Lacking | undefined {
  const isOwn = isOwnOf(asker.user.username, edit);
  if (edit.kind === "member" && isAdminGroup(edit.id) && edit.verb !== "set")
    return lackingOf(asker, USERS, false);
  const isWhole = edit.verb !== "set";
  // Only one's own devices come and go by oneself.
  const whole = isWhole ? lackingOf(asker, needOf(edit.kind), isOwn && edit.kind === "device") : undefined;
  // An edit that changes nothing would still say what there is.
  if ("fields" in edit && !isWhole && Object.keys(edit.fields).length === 0)
    return lackingOf(asker, needOf(edit.kind), isOwn);
  if (whole !== undefined || !("fields" in edit)) return whole;
  if (edit.kind === "device" && isUnproven(edit.fields, provenNumbers)) {
    const lacking = lackingOf(asker, USERS, false, "phone");
    if (lacking !== undefined) return lacking;
  }
  for (const field of fieldsOf(edit.fields)) {
    const lacking = lackingOf(asker, needOf(edit.kind, field), isOwn, field);
    if (lacking !== undefined) return lacking;
  }
  return undefined;
}

function lackingOf(asker: Asker, need: Need, isOwn: boolean, field?: string): Lacking | undefined {
  if (meets(asker, need, isOwn)) return undefined;
  const needed: readonly Needed[] =
    isOwn && need.own !== undefined && need.own !== "nothing" ? [need.own, ...need.anyOf] : need.anyOf;
  return { anyOf: needed, ...given({ field }) };
}

function isOwnOf(username: string, { kind, id }: Edit): boolean {
  if (kind === "user") return id === username;
  const [owner, part] = partsOf(id) ?? [];
  return (kind === "device" && owner === username) || (kind === "member" && part === username);
}

function isAdminGroup(memberId: string): boolean {
  return ADMIN_GROUPS.includes(partsOf(memberId)?.[0] ?? "");
}

/** An outside phone rings at the office's cost, wherever it is: whoever adds their own has shown that it is theirs. */
function isUnproven({ phone }: EditFields, provenNumbers: readonly string[]): boolean {
  return phone !== undefined && phone !== null && !provenNumbers.includes(String(phone));
}

/** The names of fields; those of a mapping one by one, as `voicemail.limit`. */
function fieldsOf(fields: EditFields): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [name];
    const inner = Object.keys(value);
    return inner.length === 0 ? [name] : inner.map((each) => `${name}.${each}`);
  });
}
