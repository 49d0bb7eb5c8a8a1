/**
 * Goal: an edit changes what it names and nothing else, and one that makes no sense is refused in words. Method: a small
 * office and edits as an edits file writes them.
 */
import { describe, expect, it } from "vitest";
import type { Office } from "../../office/office.js";
import { exportOffice } from "../../office-file/export.js";
import { resolveOffice } from "../../office-file/resolve.js";
import { makeEdits } from "./make-edits.js";
import { readEdits } from "./schema.js";

const OFFICE = made([
  {
    office: { name: "Acme", country: "US", timezone: "America/New_York" },
    carriers: [
      { id: "main", proxy: "sip.example.net", username: "acme", password: { env: "SECRET" } },
      { id: "spare", proxy: "spare.example.net" },
    ],
    users: [
      {
        username: "alice",
        name: "Alice",
        email: "alice@example.com",
        extension: 101,
        permissions: { numbers: true, sms: false },
        voicemail: { limit: 120, email: true },
        devices: [
          { id: "desk", sip: "alice-desk" },
          { id: "cell", phone: "+19175550144", delay: 5, ring: 20 },
        ],
      },
      { username: "bobby", name: "Bob", extension: 102, devices: [{ id: "desk", sip: "bob-desk" }] },
      { username: "carol", name: "Carol", devices: [{ id: "desk", sip: "carol-desk" }] },
    ],
    groups: [
      {
        id: "sales",
        name: "Sales",
        extension: 200,
        members: [{ user: "alice" }, { user: "bobby", delay: 5 }],
      },
    ],
    flows: {
      main: [{ schedule: "practice", closed: "flow:night" }, { send: "group:sales" }],
      night: [{ voicemail: "group:sales" }],
    },
    numbers: [
      { number: "+12125550100", label: "Main line", flow: "main" },
      { number: "+12125550101", steps: [{ ring: "user:bobby" }, { hangup: "busy" }] },
    ],
    schedules: [{ id: "practice", open: [{ days: "mon-fri", from: "08:00", to: "17:00" }] }],
  },
]);

function made(files: readonly unknown[]): Office {
  const { office, problems } = resolveOffice(files);
  if (office === undefined) throw new Error(JSON.stringify(problems));
  return office;
}

function edited(edits: readonly object[], office = OFFICE) {
  const { edits: read, problems } = readEdits(edits);
  expect(problems).toEqual([]);
  return makeEdits(office, read);
}

/** The entries that differ, each with its fields that differ, as an export writes them; null: it has none. */
function changes(edits: readonly object[]): object[] {
  const result = edited(edits);
  if (!result.ok) throw new Error(`${result.reason}: ${JSON.stringify(result.faults)}`);
  // What was edited is the same office when it is read from a file again.
  expect(made([exportOffice(result.office)])).toEqual(result.office);
  const [before, after] = [entriesOf(OFFICE), entriesOf(result.office)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (now === undefined || old === undefined) return [{ [name]: now ?? null }];
    const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]),
    );
    return fields.length === 0
      ? []
      : [{ [name]: Object.fromEntries(fields.map((field) => [field, now[field] ?? null])) }];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function entriesOf(office: Office): Map<string, Fields> {
  const { office: settings, flows = {}, ...lists } = exportOffice(office);
  const entries = Object.values(lists as Readonly<Record<string, readonly Fields[]>>).flatMap((list) =>
    list.map((entry) => [String(entry["id"] ?? entry["username"] ?? entry["number"]), entry] as const),
  );
  const order = { carriers: office.carriers.map(({ id }) => id) };
  return new Map<string, Fields>([
    ["office", { ...settings, ...order }],
    ...entries,
    ...Object.entries(flows).map(([id, steps]) => [`flow ${id}`, { steps }] as const),
  ]);
}

const MAILBOX = {
  email: false,
  limit: 300,
  silence: 10,
  max_messages: 100,
  catch_up: false,
  remote_access: false,
  missed_calls: false,
};
const DESK = { id: "desk", sip: "alice-desk" };
const ALICE = { user: "alice" };
const BOBBY = { user: "bobby" };
const BUILT_IN = { strategy: "simultaneous", members: [], no_answer: [{ hangup: "busy" }] };

describe("an edit changes", () => {
  it.each<[string, readonly object[], readonly object[]]>([
    ["a name", [{ set: "user:bobby", name: "Robert" }], [{ bobby: { name: "Robert" } }]],
    ["an extension", [{ set: "user:bobby", extension: "104" }], [{ bobby: { extension: 104 } }]],
    ["an extension away", [{ set: "user:bobby", extension: null }], [{ bobby: { extension: null } }]],
    ["the next free extension", [{ set: "user:carol", extension: "auto" }], [{ carol: { extension: 103 } }]],
    ["nothing by auto where there is an extension", [{ set: "user:bobby", extension: "auto" }], []],
    ["nothing by what is there", [{ set: "user:alice", email: "alice@example.com", extension: "101" }], []],
    ["an e-mail address away", [{ set: "user:alice", email: null }], [{ alice: { email: null } }]],
    [
      "one permission, and no other",
      [{ set: "user:alice", permissions: { sms: null, users: true } }],
      [{ alice: { permissions: { numbers: true, users: true } } }],
    ],
    [
      "all permissions by name away",
      [{ set: "user:alice", permissions: null }],
      [{ alice: { permissions: null } }],
    ],
    [
      "one setting of a mailbox, and no other",
      [{ set: "user:alice", voicemail: { limit: null } }],
      [{ alice: { voicemail: { ...MAILBOX, email: true } } }],
    ],
    [
      "a mailbox that had the defaults",
      [{ set: "user:carol", voicemail: { catch_up: true } }],
      [{ carol: { voicemail: { ...MAILBOX, catch_up: true } } }],
    ],
    [
      "a device, and no other",
      [{ set: "device:alice/cell", delay: null, ring: 30 }],
      [{ alice: { devices: [DESK, { id: "cell", phone: "+19175550144", ring: 30 }] } }],
    ],
    [
      "a phone into a SIP phone",
      [{ set: "device:alice/cell", sip: "alice-cell" }],
      [{ alice: { devices: [DESK, { id: "cell", sip: "alice-cell", delay: 5, ring: 20 }] } }],
    ],
    [
      "a device more",
      [{ add: "device:carol/cell", phone: "(917) 555-0199" }],
      [
        {
          carol: {
            devices: [
              { id: "desk", sip: "carol-desk" },
              { id: "cell", phone: "+19175550199" },
            ],
          },
        },
      ],
    ],
    ["a device less", [{ remove: "device:alice/cell" }], [{ alice: { devices: [DESK] } }]],
    ["the only device", [{ remove: "device:carol/desk" }], [{ carol: { devices: null } }]],
    [
      "a device's id",
      [{ rename: "device:carol/desk", to: "phone" }],
      [{ carol: { devices: [{ id: "phone", sip: "carol-desk" }] } }],
    ],
    ["a member's delay", [{ set: "member:sales/bobby", delay: 0 }], [{ sales: { members: [ALICE, BOBBY] } }]],
    [
      "a member's place",
      [{ set: "member:sales/bobby", place: 1 }],
      [{ sales: { members: [{ ...BOBBY, delay: 5 }, ALICE] } }],
    ],
    ["nothing by the place that a member has", [{ set: "member:sales/bobby", place: 2 }], []],
    [
      "a member more, in the middle",
      [{ add: "member:sales/carol", place: 2, voicemail: false }],
      [{ sales: { members: [ALICE, { user: "carol", voicemail: false }, { ...BOBBY, delay: 5 }] } }],
    ],
    ["a member less", [{ remove: "member:sales/alice" }], [{ sales: { members: [{ ...BOBBY, delay: 5 }] } }]],
    [
      "a switch of All Users",
      [{ set: "member:all-users/carol", calls: false }],
      [
        {
          "all-users": {
            ...BUILT_IN,
            no_answer: [{ ring: "group:all-users", timeout: 30 }, { voicemail: "group:all-users" }],
            id: "all-users",
            name: "All Users",
            members: [{ user: "carol", calls: false }],
          },
        },
      ],
    ],
    [
      "a built-in group",
      [{ set: "group:billing-admins", extension: 300, no_answer: [{ hangup: "busy" }] }],
      [{ "billing-admins": { ...BUILT_IN, id: "billing-admins", name: "Billing Admins", extension: 300 } }],
    ],
    [
      "a group's strategy",
      [{ set: "group:sales", strategy: "in_order" }],
      [{ sales: { strategy: "in_order" } }],
    ],
    [
      "where a number leads",
      [{ set: "number:(212) 555-0100", steps: [{ send: "user:bobby" }] }],
      [{ "+12125550100": { flow: null, steps: [{ send: "user:bobby" }] } }],
    ],
    [
      "a number with steps to a flow",
      [{ set: "number:+12125550101", flow: "night" }],
      [{ "+12125550101": { steps: null, flow: "night" } }],
    ],
    [
      "a number to nowhere",
      [{ set: "number:+12125550101", steps: null }],
      [{ "+12125550101": { steps: null } }],
    ],
    [
      "a number more",
      [{ add: "number:212 555 0102", flow: "main" }],
      [{ "+12125550102": { number: "+12125550102", flow: "main" } }],
    ],
    [
      "a block of numbers, and all others",
      [
        { add: "number:+12125550200..99", flow: "main" },
        { add: "number:any", flow: "night" },
      ],
      [
        { "+12125550200..99": { number: "+12125550200..99", flow: "main" } },
        { any: { number: "any", flow: "night" } },
      ],
    ],
    ["a number less", [{ remove: "number:+12125550101" }], [{ "+12125550101": null }]],
    [
      "a flow",
      [{ set: "flow:night", steps: [{ hangup: "busy" }] }],
      [{ "flow night": { steps: [{ hangup: "busy" }] } }],
    ],
    [
      "opening hours",
      [{ set: "schedule:practice", open: [{ days: "sat", from: "09:00", to: "12:00" }] }],
      [{ practice: { open: [{ days: "sat", from: "09:00", to: "12:00" }] } }],
    ],
    ["a schedule more", [{ add: "schedule:evening", open: [] }], [{ evening: { id: "evening", open: [] } }]],
    [
      "a secret's place",
      [{ set: "carrier:main", password: { file: "secret" } }],
      [{ main: { password: { file: "secret" } } }],
    ],
    [
      "which carrier comes first",
      [{ set: "carrier:spare", place: 1 }],
      [{ office: { carriers: ["spare", "main"] } }],
    ],
    ["a carrier less", [{ remove: "carrier:spare" }], [{ office: { carriers: ["main"] } }, { spare: null }]],
    [
      "the office's settings",
      [{ set: "office", name: "Acme Dental", outside_calls: { countries: ["CA"] } }],
      [{ office: { name: "Acme Dental", outside_calls: { countries: ["CA"] } } }],
    ],
    [
      "who has which extension, exchanged",
      [
        { set: "user:alice", extension: 102 },
        { set: "user:bobby", extension: 101 },
      ],
      [{ alice: { extension: 102 } }, { bobby: { extension: 101 } }],
    ],
    [
      "an extension that is free only afterwards",
      [
        { set: "user:carol", extension: "auto" },
        { set: "user:bobby", extension: 103 },
      ],
      [{ bobby: { extension: 103 } }, { carol: { extension: 102 } }],
    ],
    [
      "a group into one with a user who was added before",
      [{ add: "user:dana.reed", name: "Dana", email: null }, { add: "member:sales/dana.reed" }],
      [
        { sales: { members: [ALICE, { ...BOBBY, delay: 5 }, { user: "dana.reed" }] } },
        {
          "dana.reed": {
            username: "dana.reed",
            name: "Dana",
            no_answer: [{ ring: "user:dana.reed", timeout: 20 }, { voicemail: "user:dana.reed" }],
          },
        },
      ],
    ],
    [
      "an office into one without a user, if an edit after it leads elsewhere what led there",
      [{ remove: "user:bobby" }, { set: "number:+12125550101", flow: "main" }],
      [{ bobby: null }, { sales: { members: [ALICE] } }, { "+12125550101": { steps: null, flow: "main" } }],
    ],
    [
      "a flow's id",
      [{ rename: "flow:main", to: "day" }],
      [
        { "+12125550100": { flow: "day" } },
        { "flow main": null },
        { "flow day": { steps: [{ schedule: "practice", closed: "flow:night" }, { send: "group:sales" }] } },
      ],
    ],
  ])("%s", (_what, edits, expected) => {
    expect(changes(edits)).toEqual(expected);
  });

  it("a group's id, with all that leads to it", () => {
    const result = edited([{ rename: "group:sales", to: "support" }]);
    if (!result.ok) throw new Error(result.reason);
    expect(result.renames).toEqual([{ kind: "group", from: "sales", to: "support" }]);
    expect(JSON.stringify(exportOffice(result.office))).not.toContain(":sales");
  });

  it.each([
    [
      [{ remove: "user:bobby", replace_by: "alice" }],
      [{ kind: "user", id: "bobby", to: "alice", discardMessages: false }],
    ],
    [
      [{ remove: "user:carol", discard_messages: true }],
      [{ kind: "user", id: "carol", to: null, discardMessages: true }],
    ],
    [
      [
        { remove: "user:bobby", replace_by: "carol" },
        { remove: "user:carol", replace_by: "alice" },
      ],
      [
        { kind: "user", id: "bobby", to: "alice", discardMessages: false },
        { kind: "user", id: "carol", to: "alice", discardMessages: false },
      ],
    ],
  ])("who gets what a removed user leaves: %j", (edits, removed) => {
    const result = edited(edits);
    if (!result.ok) throw new Error(result.reason);
    expect(result.removed).toEqual(removed);
  });
});

describe("an edit is refused", () => {
  it.each<[object, string, string?]>([
    [{ set: "user:boby", name: "Bob" }, "there is no user `boby`; did you mean bobby?"],
    [{ remove: "user:zzzzzz" }, "there is no user `zzzzzz`"],
    [{ set: "group:slaes", extension: 201 }, "there is no group `slaes`; did you mean sales?"],
    [
      { set: "number:+12125550109", flow: "main" },
      "there is no number `+12125550109`; did you mean +12125550100?",
    ],
    [{ set: "flow:nihgt", steps: [] }, "there is no flow `nihgt`; did you mean night?"],
    [{ set: "carrier:mian", port: 5061 }, "there is no carrier `mian`; did you mean main?"],
    [{ set: "schedule:practise", open: [] }, "there is no schedule `practise`; did you mean practice?"],
    [{ set: "member:sales/carol", delay: 5 }, "`carol` is not in the group `sales`"],
    [{ set: "member:sales/boby", delay: 5 }, "`boby` is not in the group `sales`; did you mean bobby?"],
    [{ set: "member:sale/bobby", delay: 5 }, "there is no group `sale`; did you mean sales?"],
    [{ set: "member:sales", delay: 5 }, "`member:sales` names no member; expected member:GROUP/NAME"],
    [{ set: "device:alice/mobile", delay: 5 }, "alice has no device mobile; alice has desk, cell"],
    [{ add: "device:alice/desk", sip: "another" }, "alice has a device desk already"],
    [{ add: "user:alice", name: "Alice" }, "there is a user `alice` already"],
    [{ add: "group:all-users" }, "the group `all-users` is built in: it is there already"],
    [{ add: "number:212-555-0100", flow: "main" }, "there is a number `+12125550100` already"],
    [{ add: "member:sales/alice" }, "`alice` is in the group `sales` already"],
    [{ add: "member:all-users/alice" }, "everyone is in All Users; there is nobody to add"],
    [{ remove: "group:system-admins" }, "the group `system-admins` is built in: every office has it"],
    [{ remove: "office" }, "the office can only be set"],
    [
      { remove: "number:+12125550101", replace_by: "alice" },
      "only users and groups have a mailbox and a replacement, and not a number",
    ],
    [{ remove: "user:bobby", replace_by: "alise" }, "there is no user `alise`; did you mean alice?"],
    [
      { remove: "user:bobby", replace_by: "alice", discard_messages: true },
      "the replacement gets the messages: they cannot be discarded, too",
    ],
    [{ rename: "user:bobby", to: "robert" }, "a username never changes"],
    [
      { rename: "number:+12125550101", to: "+12125550109" },
      "only groups, flows and devices are renamed, and not a number",
    ],
    [
      { rename: "group:sales", to: "all-users" },
      "there is a group `all-users` already; the calls of one go to another with --replace-by",
    ],
    [{ rename: "flow:mian", to: "day" }, "there is no flow `mian`; did you mean main?"],
    [{ set: "user:bobby", username: "robert" }, "a username never changes"],
    [{ set: "group:sales", id: "support" }, "`id` is no field to set: a rename gives a group another id"],
    [
      { set: "number:+12125550101", number: "+12125550109" },
      "`number` of a number never changes: add another number and remove this one",
    ],
    [
      { set: "device:alice/cell", id: "mobile" },
      "`id` is no field to set: a rename gives a device another id",
    ],
    [{ set: "member:sales/alice", place: 3 }, "`place` cannot be 3: expected a whole number from 1 to 2"],
    [
      { set: "carrier:main", place: "first" },
      '`place` cannot be "first": expected a whole number from 1 to 2',
    ],
    [{ set: "flow:main", steps: null }, "a flow needs `steps`"],
    [
      { set: "group:sales", renamed_from: "shop" },
      "`renamed_from` is for files: `rename` is an edit of its own",
    ],
    [
      { set: "device:alice/cell", renamed_from: "mobile" },
      "`renamed_from` is for files: `rename` is an edit of its own",
    ],
    [{ set: "flow:main", label: "Main" }, "a flow has no field `label`; it has `steps`"],
    [
      { set: "user:bobby", extension: 101 },
      "the user `bobby` cannot be so",
      "user bobby: the extension `101` is given twice",
    ],
    [
      { set: "user:bobby", nmae: "Bob" },
      "the user `bobby` cannot be so",
      "user bobby: a user has no key `nmae`",
    ],
    [
      { set: "user:bobby", extension: 911 },
      "the user `bobby` cannot be so",
      "user bobby: 911 is an emergency number, and can be nobody's extension",
    ],
    [
      { set: "user:bobby", devices: "none" },
      "the user `bobby` cannot be so",
      "user bobby: devices is not a list",
    ],
    [
      { set: "number:+12125550101", flow: "nihgt" },
      "the number `+12125550101` cannot be so",
      "number +12125550101: there is no flow `nihgt`",
    ],
    [
      { set: "carrier:main", password: "secret" },
      "the carrier `main` cannot be so",
      "carrier main: `password` of a carrier cannot be this",
    ],
    [
      { add: "number:12", flow: "main" },
      "the number `12` cannot be added",
      "number 12: this is not a phone number",
    ],
    [{ add: "user:dan" }, "the user `dan` cannot be added", "user dan: `username` of a user cannot be this"],
    [
      { add: "member:sales/nobody" },
      "the member `nobody` of `sales` cannot be added",
      "group sales, member nobody: there is no user `nobody`",
    ],
    [
      { add: "device:carol/cell" },
      "the device `cell` of `carol` cannot be added",
      "user carol, device cell: a device is one thing that rings",
    ],
    [
      { remove: "user:bobby" },
      "something still leads to the user `bobby`",
      "number +12125550101, step 1: leads to the user `bobby`",
    ],
    [
      { remove: "flow:night" },
      "something still leads to the flow `night`",
      "flow main, step 1: leads to the flow `night`",
    ],
    [
      { remove: "schedule:practice" },
      "something still leads to the schedule `practice`",
      "flow main, step 1: leads to the schedule `practice`",
    ],
    [
      { set: "flow:night", steps: [{ send: "flow:main" }] },
      "the flow `night` cannot be so",
      "flow main, step 1: calls are sent round for ever: flow:main -> flow:night -> flow:main",
    ],
  ])("%j", (edit, reason, fault) => {
    const result = edited([edit]);
    expect(result).toMatchObject({ ok: false, reason, edit: 0 });
    if (result.ok) return;
    expect(result.faults.map(({ where, message }) => `${where}: ${message}`)[0]).toEqual(fault);
  });

  it.each<[string, readonly object[], number, readonly number[]]>([
    [
      "that is not there",
      [
        { set: "user:alice", name: "A" },
        { set: "user:nobody", name: "N" },
      ],
      1,
      [],
    ],
    [
      "after which something leads nowhere",
      [{ set: "user:alice", name: "A" }, { remove: "flow:night" }, { set: "user:bobby", name: "B" }],
      1,
      [1],
    ],
    [
      "whose extension somebody else has",
      [
        { set: "user:carol", name: "C" },
        { set: "user:alice", extension: 102 },
      ],
      1,
      [1],
    ],
    [
      "each",
      [
        { set: "user:alice", extension: 1 },
        { set: "user:carol", name: "C" },
        { set: "user:bobby", nmae: "B" },
      ],
      0,
      [0, 2],
    ],
    [
      "before a rename that needs an office",
      [{ remove: "flow:night" }, { rename: "group:sales", to: "support" }],
      0,
      [0],
    ],
    ["that adds who was removed", [{ remove: "user:carol" }, { add: "user:carol", name: "Another" }], 1, []],
  ])("and the one at fault is named: one %s", (_what, edits, at, faults) => {
    const result = edited(edits);
    expect(result).toMatchObject({ ok: false, edit: at });
    if (!result.ok) expect(result.faults.map(({ edit }) => edit)).toEqual(faults);
  });

  it("says of a removed user that something leads there by the extension", () => {
    const office = made([
      exportOffice(OFFICE),
      { numbers: [{ number: "+12125550105", steps: [{ send: "extension:101" }] }] },
    ]);
    const result = edited([{ remove: "user:alice" }], office);
    expect(result).toMatchObject({
      ok: false,
      cause: "in_use",
      faults: [{ where: "number +12125550105, step 1", message: "leads to the user `alice`" }],
    });
  });

  it("says of an extension that changes whom a step meant by it", () => {
    const led = { numbers: [{ number: "+12125550105", steps: [{ send: "extension:101" }] }] };
    const office = made([exportOffice(OFFICE), led]);
    const result = edited([{ set: "user:alice", extension: 105 }], office);
    expect(result).toMatchObject({
      ok: false,
      cause: "checks_failed",
      faults: [{ where: "number +12125550105, step 1", suggestion: "user:alice" }],
    });
    // Somebody else may have it: the step then means them.
    const both = [
      { set: "user:alice", extension: 105 },
      { set: "user:carol", extension: 101 },
    ];
    expect(edited(both, office)).toMatchObject({ ok: true });
  });

  it("that would leave no System Admin, and the edit that does is named", () => {
    const office = made([
      exportOffice(OFFICE),
      { groups: [{ id: "system-admins", members: [{ user: "alice" }] }] },
    ]);
    const edits = [
      { set: "user:bobby", name: "Bob" },
      { set: "user:alice", suspended: true },
      { set: "user:carol", name: "C" },
    ];
    expect(edited(edits, office)).toMatchObject({ ok: false, cause: "senseless", edit: 1, faults: [] });
    const first = { add: "member:system-admins/bobby" };
    expect(edited([...edits, first], office)).toMatchObject({ ok: true });
  });
});
