/**
 * Goal: nobody gives what they do not have, nobody changes those above them, and nothing goes out of the office that who
 * asks may not send there. Method: a table of changes of one office, as edits and as two offices.
 */
import { describe, expect, it } from "vitest";
import { group, NUMBER, office, user } from "../../fixtures/core/scene.js";
import { makeEdits } from "../change/edits/make-edits.js";
import type { Edit } from "../change/edits/types.js";
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { given } from "../office/optional.js";
import type { Webhook } from "../webhooks/webhook.js";
import type { KeyPower } from "./access.js";
import { guardChange } from "./guard.js";

const SEND = { kind: "send", target: { kind: "flow", id: "main" } } as const;
const HANG_UP = { kind: "hangup", reason: "no_answer" } as const;

/** Of the office's own network, as a System Admin has made it. */
const KNOWN: Webhook = {
  id: "known",
  url: "http://10.0.0.4/calls",
  secrets: [{ file: "/run/secrets/known" }],
  allowPrivate: true,
};

/** Each is named after what they may do. */
const OFFICE: Office = office([], {
  users: [
    user("admin1", []),
    user("admin2", []),
    user("money1", []),
    user("people1", [], { permissions: { users: true, outside_calls: true } }),
    user("people2", [], { permissions: { users: true } }),
    user("people_no_calls", [], { permissions: { users: true, outside_calls: false } }),
    user("flows1", [], { permissions: { call_flows: true } }),
    user("numbers1", [], { permissions: { numbers: true, outside_calls: true } }),
    user("hooks1", [], { permissions: { integrations: true } }),
    user("hooks2", [], { permissions: { integrations: true, call_logs: true } }),
    user("settings1", [], { permissions: { account_settings: true } }),
    user("plain1", []),
    user("plain2", [], { outboundNumber: NUMBER }),
    user("gone_admin", [], { suspended: true }),
  ],
  groups: [
    group(SYSTEM_ADMINS, ["admin1", "admin2", "gone_admin"]),
    group(BILLING_ADMINS, ["money1"]),
    group("sales", ["admin1", "plain1"]),
  ],
  flows: { main: [HANG_UP], shared: [SEND], alone: [HANG_UP] },
  numbers: [
    { number: NUMBER, leadsTo: { kind: "flow", flow: "alone" } },
    { number: "+12125550101", leadsTo: { kind: "steps", steps: [SEND] } },
    { number: "+12125550102", leadsTo: { kind: "flow", flow: "shared" } },
  ],
  sections: {
    webhooks: [KNOWN],
  },
});

const set = (subject: string, fields: object): Edit => edit("set", subject, fields);
const add = (subject: string, fields: object = {}): Edit => edit("add", subject, fields);

function edit(verb: "set" | "add", subject: string, fields: object): Edit {
  const [kind = "", id = ""] = subject.split(":");
  return { verb, kind, id, fields: { ...fields } };
}

function remove(subject: string, replaceBy?: string): Edit {
  const [kind = "", id = ""] = subject.split(":");
  return { verb: "remove", kind, id, options: given({ replaceBy }) };
}

function refusalOf(by: string, edits: readonly Edit[], keyPowers: readonly KeyPower[] | null = null) {
  const made = makeEdits(OFFICE, edits);
  if (!made.ok) throw new Error(`${made.reason} ${JSON.stringify(made.faults)}`);
  const changer = { username: by, keyPowers };
  const refused = guardChange(changer, { before: OFFICE, after: made.office, edits });
  // By a table or an earlier revision nobody may do more than by edits, except with what is their own.
  if (refused !== undefined)
    expect(guardChange(changer, { before: OFFICE, after: made.office }), "as offices").toBeDefined();
  return refused?.reason ?? "made";
}

const MADE = "made";
const NOT_HAVE = "nobody gives what they do not have";

describe.each<readonly [what: string, by: string, edits: readonly Edit[], says: string]>([
  [
    "gives oneself what one lacks",
    "people1",
    [set("user:people1", { permissions: { billing: true } })],
    NOT_HAVE,
  ],
  [
    "gives another what one lacks",
    "people1",
    [set("user:plain1", { permissions: { call_logs: true } })],
    NOT_HAVE,
  ],
  ["gives what one has", "people1", [set("user:plain1", { permissions: { users: true } })], MADE],
  ["makes oneself an admin", "people1", [add("member:system-admins/people1")], "become a System Admin"],
  [
    "makes a new user an admin",
    "people1",
    [add("user:fresh1", { name: "New" }), add("member:system-admins/fresh1")],
    "become a System Admin",
  ],
  [
    "makes oneself an admin by the whole list",
    "flows1",
    [
      set("group:system-admins", {
        members: ["admin1", "admin2", "gone_admin", "flows1"].map((each) => ({ user: each })),
      }),
    ],
    "become a System Admin",
  ],
  [
    "makes oneself a Billing Admin",
    "people1",
    [add("member:billing-admins/people1")],
    "permission `billing`",
  ],
  ["makes somebody an admin, as an admin", "admin1", [add("member:system-admins/plain1")], MADE],
  ["takes an admin's place", "people1", [remove("user:admin2", "people1")], "is a System Admin"],
  ["removes an admin", "people1", [remove("user:admin2")], "is a System Admin"],
  ["suspends an admin", "people1", [set("user:admin2", { suspended: true })], "is a System Admin"],
  ["renames an admin", "people1", [set("user:admin2", { name: "Nobody" })], "is a System Admin"],
  [
    "takes an admin's mail",
    "people1",
    [set("user:admin2", { email: "me@example.com" })],
    "is a System Admin",
  ],
  ["takes an admin's phone", "people1", [add("device:admin2/desk", { sip: "desk-x" })], "is a System Admin"],
  [
    "denies an admin something",
    "people1",
    [set("user:admin2", { permissions: { users: false } })],
    "is a System Admin",
  ],
  [
    "takes an admin out of the group",
    "people1",
    [remove("member:system-admins/admin2")],
    "is a System Admin",
  ],
  [
    "takes an admin out by the whole list",
    "flows1",
    [set("group:system-admins", { members: [{ user: "admin1" }] })],
    "is a System Admin",
  ],
  [
    "takes the Billing Admin out",
    "flows1",
    [set("group:billing-admins", { members: [] })],
    "has the permission `billing`",
  ],
  [
    "changes somebody with another permission",
    "people1",
    [set("user:hooks1", { name: "X" })],
    "has the permission `integrations`",
  ],
  [
    "brings a suspended admin back",
    "people1",
    [set("user:gone_admin", { suspended: false })],
    "is a System Admin",
  ],
  ["changes a suspended admin", "people1", [set("user:gone_admin", { name: "X" })], "is a System Admin"],
  [
    "switches an admin's calls of a group off",
    "flows1",
    [set("member:sales/admin1", { calls: false })],
    MADE,
  ],
  ["removes an admin's plain group", "flows1", [remove("group:sales")], MADE],
  ["suspends an admin, as an admin", "admin1", [set("user:admin2", { suspended: true })], MADE],
  ["denies oneself something", "admin1", [set("user:admin1", { permissions: { billing: false } })], MADE],
  [
    "gives a number to show, and calls outside with it",
    "people2",
    [set("user:plain1", { outbound_number: NUMBER })],
    "permission `outside_calls`",
  ],
  [
    "adds a user who may call outside, without being allowed to",
    "people_no_calls",
    [add("user:fresh1", { name: "New", outbound_number: NUMBER })],
    "permission `outside_calls`",
  ],
  ["adds a user without a number", "people_no_calls", [add("user:fresh1", { name: "New" })], MADE],
  [
    "lifts one's own denial",
    "people_no_calls",
    [set("user:people_no_calls", { permissions: { outside_calls: null }, outbound_number: NUMBER })],
    "permission `outside_calls`",
  ],
  ["renames somebody who may call outside", "people_no_calls", [set("user:plain2", { name: "X" })], MADE],
  [
    "shows a number for everybody",
    "settings1",
    [set("office", { outside_caller_id: NUMBER })],
    "permission `outside_calls`",
  ],
  [
    "shows a number for everybody, as an admin",
    "admin1",
    [set("office", { outside_caller_id: NUMBER })],
    MADE,
  ],
  [
    "changes what is everybody's own",
    "plain1",
    [set("user:plain1", { name: "P", voicemail: { email: true } })],
    MADE,
  ],
  ["changes a colleague", "plain1", [set("user:plain2", { name: "P" })], "for `users`"],
  ["changes a flow of a number", "numbers1", [set("flow:alone", { steps: [{ hangup: "busy" }] })], MADE],
  [
    "changes a flow that a flow leads to",
    "numbers1",
    [set("flow:main", { steps: [{ hangup: "busy" }] })],
    "for `call_flows`",
  ],
  [
    "sends calls to an outside number",
    "flows1",
    [set("flow:main", { steps: [{ send: "number:+12125550199" }] })],
    "outside the office",
  ],
  [
    "sends calls to an outside number, and may call it",
    "numbers1",
    [set("number:+12125550101", { steps: [{ send: "number:+12125550199" }] })],
    MADE,
  ],
  [
    "sends calls to a number of the office",
    "flows1",
    [set("flow:main", { steps: [{ send: `number:${NUMBER}` }] })],
    MADE,
  ],
  [
    "lets a program know of calls",
    "hooks1",
    [add("webhook:crm", { url: "https://crm.example.com/", secret: { env: "S" } })],
    "needs `call_logs`",
  ],
  [
    "lets a program know of alarms",
    "hooks1",
    [
      add("webhook:crm", {
        url: "https://crm.example.com/",
        secret: { env: "CRM_WEBHOOK" },
        events: ["fraud.alarm"],
      }),
    ],
    MADE,
  ],
  [
    "lets a program know of calls for help",
    "hooks1",
    [
      add("webhook:crm", {
        url: "https://crm.example.com/",
        secret: { env: "CRM_WEBHOOK" },
        events: ["emergency.call"],
      }),
    ],
    "needs `call_logs`",
  ],
  [
    "lets a program know of calls, and sees them",
    "hooks2",
    [add("webhook:crm", { url: "https://crm.example.com/", secret: { env: "CRM_WEBHOOK" } })],
    MADE,
  ],
  [
    "finds out by a webhook's secret which files there are",
    "hooks2",
    [add("webhook:crm", { url: "https://crm.example.com/", secret: { file: "/etc/passwd" } })],
    "only System Admins say",
  ],
  [
    "finds out by a webhook's secret what other programs are told",
    "hooks2",
    [
      set("webhook:known", {
        secret: [{ env: "CRM_WEBHOOK" }, { env: "RINGLINE_SMTP_PASSWORD" }],
      }),
    ],
    "only System Admins say",
  ],
  ["keeps a secret where it was", "hooks2", [set("webhook:known", { events: ["call.missed"] })], MADE],
  [
    "reaches into the own network by a webhook",
    "hooks2",
    [
      add("webhook:crm", {
        url: "http://127.0.0.1:8021/",
        secret: { env: "CRM_WEBHOOK" },
        allow_private: true,
      }),
    ],
    "only System Admins allow",
  ],
  [
    "turns a webhook of the own network to another program there",
    "hooks2",
    [set("webhook:known", { url: "http://10.0.0.5:9200/" })],
    "only System Admins allow",
  ],
  [
    "reaches into the own network, as an admin",
    "admin1",
    [set("webhook:known", { url: "http://10.0.0.5:9200/", secret: { file: "/run/secrets/hook" } })],
    MADE,
  ],
])("who %s", (_what, by, edits, says) => {
  it(`${by}: ${says}`, () => {
    expect(refusalOf(by, edits)).toContain(says);
  });
});

describe.each<readonly [powers: readonly KeyPower[], edits: readonly Edit[], says: string]>([
  [["users"], [set("user:plain1", { name: "P" })], MADE],
  [["users"], [set("user:plain2", { name: "P" })], MADE],
  [["users"], [set("user:plain1", { permissions: { billing: true } })], NOT_HAVE],
  [["users"], [set("user:admin2", { name: "P" })], "is a System Admin"],
  [["users"], [add("member:system-admins/plain1")], "become a System Admin"],
  [["users", "system_admin"], [set("user:admin2", { name: "P" })], "has the permission"],
  [["own"], [set("user:admin1", { name: "P" })], MADE],
  [["own"], [set("user:admin1", { permissions: { sms: false } })], "for `users`"],
])("an admin's key with %j", (powers, edits, says) => {
  it(`${JSON.stringify(edits)}: ${says}`, () => {
    expect(refusalOf("admin1", edits, powers)).toContain(says);
  });
});

it.each([
  ["gone_admin", "suspended"],
  ["stranger", "not in the office"],
])("%s, who is %s, changes nothing", (by, says) => {
  expect(refusalOf(by, [set("user:gone_admin", { name: "X" })])).toContain(says);
});

it("names the edit at fault, and the permission", () => {
  const edits = [set("user:plain1", { name: "P" }), set("user:plain2", { name: "Q" })];
  expect(guardChange({ username: "plain1", keyPowers: null }, { before: OFFICE, edits })).toMatchObject({
    edit: 1,
    cause: "not_allowed",
    needs: "users",
    reason: "changing `name` of the user `plain2` is for `users`",
  });
});

describe("a table of thousands", () => {
  it("is looked at in steps that grow as the table does, not as its square", () => {
    const many = Array.from({ length: 2_000 }, (_, nth) => user(`person${nth}`, []));
    const before: Office = { ...OFFICE, users: [...OFFICE.users, ...many] };
    const more = Array.from({ length: 2_000 }, (_, nth) => user(`added${nth}`, []));
    const after: Office = { ...before, users: [...before.users, ...more] };
    let looks = 0;
    const counted = new Proxy([...before.users], {
      get: (users, key, receiver) => {
        if (typeof key === "string" && /^\d+$/.test(key)) looks += 1;
        return Reflect.get(users, key, receiver);
      },
    });
    const asked = { before: { ...before, users: counted }, after };
    expect(guardChange({ username: "people1", keyPowers: null }, asked)).toBeUndefined();
    expect(looks / before.users.length).toBeLessThan(20);
  });
});
