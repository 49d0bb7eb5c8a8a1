/**
 * Goal: `check` warns of what callers would notice, at its place, and of nothing else. Method: a good office, in which one
 * line is written otherwise.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { examineOffice } from "./read.js";

const GOOD = `
office: { name: Acme, country: US, timezone: America/New_York }
carriers: [{ id: main, proxy: sip.example.net }]
users:
  - username: alice.wong
    name: Alice Wong
    email: alice@example.com
    extension: 101
    devices:
      - { id: desk, sip: alice-desk }
      - { id: cell, phone: "+1 917 555 0144", delay: 5 }
    voicemail: { email: true, missed_calls: true }
  - username: bob.stone
    name: Bob Stone
    devices: [{ id: desk, sip: bob-desk }]
  - username: carol.diaz
    name: Carol Diaz
    devices: [{ id: desk, sip: carol-desk }]
groups:
  - id: sales
    strategy: in_order
    members:
      - { user: alice.wong }
      - { user: bob.stone }
      - { user: carol.diaz }
    voicemail: { email: true }
  - id: care
    extension: 201
    members: [{ user: bob.stone }]
flows:
  main:
    - { ring: group:sales, timeout: 60 }
    - { ring: user:alice.wong, timeout: 20 }
    - { voicemail: group:sales }
numbers:
  - { number: "+12125550100", flow: main }
  - { number: "+12125550101", steps: [{ send: group:care }] }
`;

const folder = mkdtempSync(join(tmpdir(), "ringline-notice-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function warnings(
  ...changes: ReadonlyArray<readonly [right: string, wrong: string]>
): Promise<string[]> {
  const text = changes.reduce((made, [right, wrong]) => {
    if (!made.includes(right)) throw new Error(`not in the file: ${right}`);
    return made.replace(right, wrong);
  }, GOOD);
  const lines = text.split("\n");
  const file = join(folder, "office.yaml");
  writeFileSync(file, text);
  const { problems } = await examineOffice([file], 0, { folders: [], where: "nowhere" });
  return problems.map(({ severity, code, message, expected, line }) => {
    // Each says what mends it.
    expect(expected).toBeTruthy();
    return `${severity} ${code}: ${message} | ${(lines[line - 1] ?? "").trim()}`;
  });
}

describe("what callers would notice", () => {
  it("is nothing in a good office", async () => expect(await warnings()).toEqual([]));

  it.each([
    // Shown on purpose.
    ["acme-dental.yaml", ["no_flow +12125550109"]],
    ["acme-hours.yaml", []],
  ])("is nothing in the sample %s but %j", async (name, expected) => {
    const sample = fileURLToPath(new URL(`../../../fixtures/offices/${name}`, import.meta.url));
    const { problems } = await examineOffice([sample], 0, { folders: [], where: "nowhere" });
    expect(problems.map(({ code, message }) => `${code} ${message.split(" ")[0]}`)).toEqual(expected);
  });

  it.each([
    [
      "users without an address who are to be told of calls for help",
      [
        [
          "timezone: America/New_York }",
          "timezone: America/New_York, emergency: { notify: [alice.wong, bob.stone, desk@example.com] } }",
        ],
      ],
      [
        "warning no_address: `bob.stone` gets no mail about calls for help: the user has no address | office: { name: Acme, country: US, timezone: America/New_York, emergency: { notify: [alice.wong, bob.stone, desk@example.com] } }",
      ],
    ],
    [
      "a number without a flow",
      [[", flow: main }", ", label: Main }"]],
      [
        "warning unused: nothing leads to the flow `main` | main:",
        'warning no_flow: +12125550100 leads nowhere: its callers hear that the call cannot be completed | - { number: "+12125550100", label: Main }',
      ],
    ],
    [
      "a member in order whose turn comes too late",
      [["timeout: 60", "timeout: 40"]],
      [
        "warning never_rings: `carol.diaz` never rings while the members before let it ring: the turn begins after 40 s, and the step is over after 40 s | - { ring: group:sales, timeout: 40 }",
      ],
    ],
    [
      "two of them",
      [["timeout: 60", "timeout: 20"]],
      [
        "warning never_rings: `bob.stone` never rings while the members before let it ring: the turn begins after 20 s, and the step is over after 20 s | - { ring: group:sales, timeout: 20 }",
        "warning never_rings: `carol.diaz` never rings while the members before let it ring: the turn begins after 40 s, and the step is over after 20 s | - { ring: group:sales, timeout: 20 }",
      ],
    ],
    [
      "one by whose ring time it fits",
      [
        ["timeout: 60", "timeout: 40"],
        ["- { user: alice.wong }", "- { user: alice.wong, ring: 10 }"],
      ],
      [],
    ],
    ["none where everybody may be the first", [["timeout: 60", "timeout: 20, strategy: rotating"]], []],
    ["none in a step without an end", [["timeout: 60", "timeout: none"]], []],
    [
      "a turn that is too late in the default flow of a group that is called",
      [["id: sales\n", "id: sales\n    extension: 200\n"]],
      [
        "warning never_rings: `carol.diaz` never rings while the members before let it ring: the turn begins after 40 s, and the step is over after 30 s | - id: sales",
      ],
    ],
    [
      "a device that would ring after its member's turn",
      [["- { user: alice.wong }", "- { user: alice.wong, ring: 5 }"]],
      [
        "warning never_rings: the device `cell` of `alice.wong` never rings in `sales`: its delay is as long as the member rings | - { ring: group:sales, timeout: 60 }",
      ],
    ],
    [
      "a member whose delay is longer than the step",
      [["members: [{ user: bob.stone }]", "members: [{ user: bob.stone }, { user: carol.diaz, delay: 30 }]"]],
      [
        "warning never_rings: `carol.diaz` never rings in this step: the turn begins after 30 s, and the step is over after 30 s | - id: care",
      ],
    ],
    [
      "mails to a user without an address",
      [["    email: alice@example.com\n", ""]],
      [
        "warning no_address: nobody gets a mail about messages: `alice.wong` has no address | voicemail: { email: true, missed_calls: true }",
        "warning no_address: nobody gets a mail about missed calls: `alice.wong` has no address | voicemail: { email: true, missed_calls: true }",
        "warning no_address: nobody gets a mail about messages: no member of `sales` who gets its messages has an address | voicemail: { email: true }",
      ],
    ],
    [
      "mails to a group of which the member with an address gets no messages",
      [["- { user: alice.wong }", "- { user: alice.wong, voicemail: false }"]],
      [
        "warning no_address: nobody gets a mail about messages: no member of `sales` who gets its messages has an address | voicemail: { email: true }",
      ],
    ],
    [
      "a mobile whose mailbox would take the calls",
      [["delay: 5 }", "delay: 5, accept: never }"]],
      [
        'warning voicemail_answers: a mailbox or an announcement that answers +1 917 555 0144 takes the calls: nobody has to press 1 | - { id: cell, phone: "+1 917 555 0144", delay: 5, accept: never }',
      ],
    ],
    [
      "a step that asks nobody, with a mobile in it",
      [["timeout: 60 }", "timeout: 60, accept: never }"]],
      [
        "warning voicemail_answers: a mailbox or an announcement that answers +19175550144 takes the calls: nobody has to press 1 | - { ring: group:sales, timeout: 60, accept: never }",
      ],
    ],
    [
      "nothing where a step asks nobody and rings desk phones",
      [["{ ring: user:alice.wong, timeout: 20 }", "{ ring: user:bob.stone, timeout: 20, accept: never }"]],
      [],
    ],
    [
      "a user who may call outside and has no number to show",
      [["name: Bob Stone\n", "name: Bob Stone\n    permissions: { outside_calls: true }\n"]],
      [
        "warning no_number_shown: calls outside of `bob.stone` show an extension, which is no number of a carrier | permissions: { outside_calls: true }",
      ],
    ],
    [
      "a step whose user is suspended",
      [["    extension: 101\n", "    extension: 101\n    suspended: true\n"]],
      [
        "warning nobody_rings: ringing this rings nobody: `alice.wong` is suspended | - { ring: user:alice.wong, timeout: 20 }",
      ],
    ],
    [
      "a group whose only member is suspended",
      [["name: Bob Stone\n", "name: Bob Stone\n    suspended: true\n"]],
      ["warning nobody_rings: ringing this rings nobody: `bob.stone` is suspended | - id: care"],
    ],
    [
      "a number that is shown and not the office's",
      [["    extension: 101\n", '    extension: 101\n    outbound_number: "+12125550199"\n']],
      ['error not_owned: the office does not own the number +12125550199 | outbound_number: "+12125550199"'],
    ],
    [
      "a fixed number of the office that is not its own",
      [["timezone: America/New_York }", 'timezone: America/New_York, outside_caller_id: "+12125550199" }']],
      [
        'error not_owned: the office does not own the number +12125550199 | office: { name: Acme, country: US, timezone: America/New_York, outside_caller_id: "+12125550199" }',
      ],
    ],
  ] as const)("%s", async (_what, changes, expected) => {
    expect(await warnings(...changes)).toEqual(expected);
  });
});
