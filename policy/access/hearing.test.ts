/**
 * Goal: who changes call flows opens no group's mailbox, neither to others nor to themselves. Method: a table of changes of
 * one office, each as edits and, where that is another road, as two offices.
 */
import { describe, expect, it } from "vitest";
import { group, office, user } from "../../fixtures/core/scene.js";
import { makeEdits } from "../change/edits/make-edits.js";
import type { Edit } from "../change/edits/types.js";
import { SYSTEM_ADMINS } from "../office/built-in.js";
import type { KeyPower } from "./access.js";
import { guardChange } from "./guard.js";

const OFFICE = office([{ kind: "hangup", reason: "busy" }], {
  users: [
    user("admin1", []),
    user("flows1", [], { permissions: { call_flows: true } }),
    user("people1", [], { permissions: { call_flows: true, users: true } }),
    user("settings1", [], { permissions: { call_flows: true, account_settings: true } }),
    user("other1", []),
  ],
  groups: [
    group(SYSTEM_ADMINS, ["admin1"]),
    group("sales", ["admin1"]),
    group("theirs", ["flows1"]),
    group("empty", ["other1"]),
  ],
});

const joins = (id: string, fields = {}): Edit => ({ verb: "add", kind: "member", id, fields });
const OWN: Edit = joins("sales/flows1");
const SILENT: Edit = joins("sales/flows1", { voicemail: false });
const LIST: Edit = {
  verb: "set",
  kind: "group",
  id: "sales",
  fields: { members: [{ user: "admin1" }, { user: "other1" }] },
};
const RENAMED: readonly Edit[] = [
  { verb: "rename", kind: "group", id: "sales", to: "sold" },
  joins("sold/flows1"),
];
const NEW: readonly Edit[] = [
  { verb: "add", kind: "group", id: "fresh", fields: { name: "Fresh" } },
  joins("fresh/flows1"),
];
const TAKEN: Edit = { verb: "remove", kind: "group", id: "sales", options: { replaceBy: "theirs" } };
const GIVEN: Edit = { verb: "remove", kind: "group", id: "theirs", options: { replaceBy: "sales" } };
const FEWER: Edit = { verb: "set", kind: "group", id: "theirs", fields: { members: [{ user: "flows1" }] } };
const DELAYED: Edit = { verb: "set", kind: "member", id: "sales/admin1", fields: { delay: 5 } };

describe("changes by somebody who may", () => {
  it.each<readonly [what: string, by: string, edits: readonly Edit[], group: string | null]>([
    ["change call flows: to join", "flows1", [OWN], "sales"],
    ["change call flows: to join without the switch for messages", "flows1", [SILENT], "sales"],
    ["change call flows: to add others", "flows1", [joins("sales/other1")], "sales"],
    ["change call flows: to give another list of members", "flows1", [LIST], "sales"],
    ["change call flows: to join behind another id", "flows1", RENAMED, "sold"],
    ["change call flows: to take a mailbox over", "flows1", [TAKEN], "sales"],
    ["change call flows: to add others to their own group", "flows1", [joins("theirs/other1")], null],
    ["change call flows: to hand their own group over", "flows1", [GIVEN], null],
    ["change call flows: to make a group", "flows1", NEW, null],
    ["change call flows: to name the members that there are", "flows1", [FEWER], null],
    ["change call flows: to change a member", "flows1", [DELAYED], null],
    ["change users, too", "people1", [OWN, joins("sales/people1")], null],
    ["change settings, too", "settings1", [joins("sales/settings1")], null],
    ["do everything", "admin1", [OWN, LIST], null],
  ])("%s", (_what, username, edits, opened) => {
    const made = makeEdits(OFFICE, edits);
    if (!made.ok) throw new Error(JSON.stringify(made));
    const after = made.office;
    for (const change of [
      { before: OFFICE, edits },
      { before: OFFICE, after, edits },
    ]) {
      const refused = guardChange({ username, keyPowers: null }, change);
      if (opened === null) expect(refused).toBeUndefined();
      else
        expect(refused).toMatchObject({
          cause: "not_allowed",
          needs: "users",
          edit: edits.length - 1,
          reason: expect.stringContaining(`messages of the group \`${opened}\``),
        });
    }
  });

  it.each<readonly [by: string, joins: string, group: string, isRefused: boolean]>([
    ["flows1", "flows1", "sales", true],
    ["flows1", "other1", "theirs", false],
    ["people1", "other1", "sales", false],
  ])("%s: an earlier revision in which %s is in %s", (username, member, id, isRefused) => {
    const made = makeEdits(OFFICE, [joins(`${id}/${member}`)]);
    if (!made.ok) throw new Error(made.reason);
    const refused = guardChange({ username, keyPowers: null }, { before: OFFICE, after: made.office });
    expect(refused !== undefined).toBe(isRefused);
  });

  it.each<readonly [powers: readonly KeyPower[], isRefused: boolean]>([
    [["call_flows"], true],
    [["call_flows", "own"], false],
  ])("a key that hears nothing lets nobody hear: %j", (keyPowers, isRefused) => {
    const refused = guardChange(
      { username: "flows1", keyPowers },
      { before: OFFICE, edits: [joins("theirs/other1")] },
    );
    expect(refused !== undefined).toBe(isRefused);
  });
});
