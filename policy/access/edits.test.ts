/**
 * Goal: each edit needs the permission of its kind and field, and people edit what is their own. Method: a table of edits,
 * each asked for by people of whom each has one permission.
 */
import { expect, it } from "vitest";
import { group, office, user } from "../../fixtures/core/scene.js";
import type { Edit, EditVerb } from "../change/edits/types.js";
import { SYSTEM_ADMINS } from "../office/built-in.js";
import type { KeyPower, Needed } from "./access.js";
import { lackingFor } from "./edits.js";
import { RIGHTS, sourceOf } from "./rights.js";

/** One person for each permission, `with_users` and so on; `plain1` has none. */
const OFFICE = sourceOf(office([], { groups: [group(SYSTEM_ADMINS, ["with_system_admin"])] }));

function asker(right: Needed | undefined, keyPowers: readonly KeyPower[] | null = null) {
  const permissions =
    right === undefined || right === "system_admin" ? {} : { permissions: { [right]: true } };
  const username = right === undefined ? "plain1" : `with_${right}`;
  return { user: user(username, [], permissions), office: OFFICE, keyPowers };
}

/** `set user:bob.stone name=…`; fields are given the value 1. */
function editOf(text: string, username: string): Edit {
  const [verb = "", subject = "", ...names] = text.replaceAll("ME", username).split(" ");
  const [kind = "", id = ""] = subject.split(":");
  const fields: Record<string, unknown> = {};
  for (const name of names) {
    const [outer = "", inner] = name.split(".");
    fields[outer] = inner === undefined ? 1 : { [inner]: 1 };
  }
  const edit = { kind, id };
  switch (verb as EditVerb) {
    case "remove":
      return { ...edit, verb: "remove", options: {} };
    case "rename":
      return { ...edit, verb: "rename", to: "other" };
    case "add":
      return { ...edit, verb: "add", fields };
    case "set":
      return { ...edit, verb: "set", fields };
  }
}

const NOBODY_ELSE = "-";
const ANYBODY = "anybody";

/** Each edit, and the permissions with one of which it is made. System Admins have them all. */
const TABLE: readonly (readonly [edit: string, permissions: string])[] = [
  ["set office name", "account_settings"],
  ["set office outside_calls.countries", "account_settings"],
  ["set office records.keep", "account_settings"],
  ["set office records.audit", NOBODY_ELSE],
  ["set office records", NOBODY_ELSE],
  ["add carrier:main proxy", NOBODY_ELSE],
  ["set carrier:main password", NOBODY_ELSE],
  ["add user:bob.stone name extension", "users"],
  ["add user:bob.stone name outside_calls.countries", NOBODY_ELSE],
  ["remove user:bob.stone", "users"],
  ["set user:bob.stone name", "users"],
  ["set user:bob.stone", "users"],
  ["set user:bob.stone email", "users"],
  ["set user:bob.stone suspended", "users"],
  ["set user:bob.stone permissions.billing", "users"],
  ["set user:bob.stone outside_calls.minutes_a_day", "account_settings"],
  ["set user:ME name", ANYBODY],
  ["set user:ME location", ANYBODY],
  ["set user:ME hide_number", ANYBODY],
  ["set user:ME anonymous_callers", ANYBODY],
  ["set user:ME voicemail.email", ANYBODY],
  ["set user:ME voicemail.remote_access", ANYBODY],
  ["set user:ME voicemail", ANYBODY],
  ["set user:ME voicemail.greeting", "users"],
  ["set user:ME voicemail.operator", "users no_answer"],
  ["set user:ME no_answer", "users no_answer"],
  ["set user:ME name no_answer", "users no_answer"],
  ["set user:ME email", "users"],
  ["set user:ME extension", "users"],
  ["set user:ME outbound_number", "users"],
  ["set user:ME suspended", "users"],
  ["set user:ME permissions.users", "users"],
  ["set user:ME devices", "users"],
  ["set user:ME outside_calls.countries", "account_settings"],
  ["remove user:ME", "users"],
  ["add device:ME/desk sip", ANYBODY],
  ["set device:ME/desk delay place", ANYBODY],
  ["rename device:ME/desk", ANYBODY],
  ["remove device:ME/desk", ANYBODY],
  ["add device:ME/cell phone", "users"],
  ["set device:ME/cell phone", "users"],
  ["add device:bob.stone/desk sip", "users"],
  ["remove device:bob.stone/desk", "users"],
  ["add group:sales name", "call_flows"],
  ["set group:sales members", "call_flows"],
  ["remove group:sales", "call_flows"],
  ["rename group:sales", "call_flows"],
  ["add member:sales/bob.stone", "call_flows"],
  ["add member:sales/ME", "call_flows"],
  ["remove member:sales/ME", "call_flows"],
  ["set member:sales/ME calls voicemail", ANYBODY],
  ["set member:sales/ME delay", "call_flows"],
  ["set member:sales/bob.stone calls", "call_flows"],
  ["add member:system-admins/ME", "users"],
  ["remove member:billing-admins/bob.stone", "users"],
  ["add number:+12125550100 label", "numbers"],
  ["set number:+12125550100 steps", "numbers"],
  ["set number:+12125550100 plan", "numbers billing"],
  ["set flow:main steps", "call_flows numbers"],
  ["add schedule:week hours", "call_flows"],
  ["set plan:basic month", "billing"],
  ["add webhook:crm url", "integrations"],
  ["set nonsense:x y", NOBODY_ELSE],
  ["set __proto__:x y", NOBODY_ELSE],
  ["set constructor:x y", NOBODY_ELSE],
];

it.each(TABLE)("%s: %s", (text, permissions) => {
  const expected =
    permissions === ANYBODY
      ? ["plain1", ...RIGHTS]
      : [...permissions.split(" ").filter((each) => each !== NOBODY_ELSE), "system_admin"];
  const allowed = [undefined, ...RIGHTS].filter((right) => {
    const who = asker(right);
    return lackingFor(who, editOf(text, who.user.username)) === undefined;
  });
  expect(allowed.map((right) => right ?? "plain1").sort()).toEqual(expected.sort());
});

it("an outside number that was proved may become one's own phone, and nobody else's", () => {
  const who = asker(undefined);
  const device = (id: string): Edit => ({
    verb: "add",
    kind: "device",
    id,
    fields: { phone: "+12125550177" },
  });
  expect(lackingFor(who, device("plain1/cell"), ["+12125550177"])).toBeUndefined();
  expect(lackingFor(who, device("plain1/cell"), ["+12125550178"])).toEqual({
    anyOf: ["users"],
    field: "phone",
  });
  expect(lackingFor(who, device("bob.stone/cell"), ["+12125550177"])).toEqual({ anyOf: ["users"] });
});

it.each([
  [["own"], "set user:ME name", true],
  [["users"], "set user:ME name", true],
  [["own"], "set user:bob.stone name", false],
  [["call_logs"], "set user:ME name", false],
  [["own"], "set user:ME no_answer", false],
  [["own", "no_answer"], "set user:ME no_answer", true],
  [["users"], "set carrier:main proxy", false],
  [["system_admin"], "set carrier:main proxy", true],
  [[], "set member:sales/ME calls", false],
] as const)("a System Admin's key with %j may %s: %s", (powers, text, isAllowed) => {
  const who = asker("system_admin", powers);
  expect(lackingFor(who, editOf(text, who.user.username)) === undefined).toBe(isAllowed);
});

it("says the field and the permission that is nearest", () => {
  expect(lackingFor(asker(undefined), editOf("set user:plain1 name no_answer", "plain1"))).toEqual({
    anyOf: ["no_answer", "users"],
    field: "no_answer",
  });
});
