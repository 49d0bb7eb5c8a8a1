/**
 * Goal: of a file with many mistakes exactly all are reported, each once: none hides another, and none causes another.
 * Method: an office in which each mistake can be made by itself, in a line of its own. Any mistakes together must be
 * reported as each is alone.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOfficeFrom } from "./read.js";

const GOOD = `office:
  name: Acme Dental
  country: US
  timezone: America/New_York
  emergency_numbers: [911, 933]
  outside_calls:
    countries: [CA, GB]
    short_numbers: ["411"]
    calls_at_once: 30
carriers:
  - id: main
    proxy: sip.example.net
    port: 5060
    register: false
  - id: backup
    proxy: [192.0.2.10, "192.0.2.11:5070"]
    addresses: [192.0.2.0/28]
users:
  - username: alice.wong
    name: Alice Wong
    email: alice@example.com
    extension: 101
    outbound_number: "+12125550100"
    permissions:
      outside_calls: true
      users: false
    devices:
      - id: desk
        sip: alice-desk
      - id: cell
        phone: "+1 917 555 0144"
        delay: 5
    voicemail:
      email: true
      limit: 60
      operator: extension:102
    no_answer:
      - { ring: user:alice.wong, timeout: 20 }
      - { voicemail: user:alice.wong }
  - username: bob.stone
    name: Bob Stone
    extension: 102
    devices:
      - { id: desk, sip: bob-desk }
      - { id: soft, sip: bob-soft, accept: always }
groups:
  - id: sales
    extension: 200
    strategy: in_order
    members:
      - { user: alice.wong }
      - { user: bob.stone, delay: 5 }
    voicemail: { email: true }
schedules:
  - id: practice
    timezone: America/Chicago
    open:
      - { days: mon-fri, from: "08:00", to: "17:00" }
      - { days: sat, from: "09:00", to: "12:00" }
    closed: ["2026-12-25", "2027-01-01"]
flows:
  main:
    - { schedule: practice, closed: flow:night }
    - { announce: please-hold }
    - { ring: group:sales, timeout: 50, strategy: rotating }
    - { voicemail: group:sales }
  night:
    - { announce: closed }
    - { send: extension:102 }
numbers:
  - { number: "+12125550100", flow: main }
  - number: "+12125550101"
    label: Alice
    steps:
      - { send: user:alice.wong }
  - { number: "+12125550110..19", flow: night }
`;

/** What stands in the file, what somebody writes in its place, and the codes of what is reported. */
const MISTAKES: ReadonlyArray<readonly [right: string, wrong: string, ...codes: string[]]> = [
  ["country: US", "country: USA", "wrong_value"],
  ["timezone: America/New_York", "timezone: America/New_Yrok", "wrong_value"],
  ["emergency_numbers: [911, 933]", "emergency_numbers: [911, 933, help]", "wrong_value"],
  ["countries: [CA, GB]", "countries: [CA, XX, 5]", "wrong_value", "wrong_value"],
  ["calls_at_once: 30", "calls_at_once: 0", "wrong_value"],
  ["outside_calls:\n    countries", "outside_call:\n    countries", "unknown_key"],
  ["- id: main\n    proxy", "- iD: main\n    proxy", "unknown_key"],
  ["port: 5060", "port: 0x13c4", "yaml_number"],
  ["register: false", "register: true", "missing_key"],
  ["addresses: [192.0.2.0/28]", "addresses: [192.0.2.0/28, a b, 192.0.2.256]", "wrong_value", "wrong_value"],
  ["- username: alice.wong", "- usernme: alice.wong", "unknown_key"],
  ["name: Alice Wong", "nmae: Alice Wong", "unknown_key"],
  ["email: alice@example.com", "email: alice", "wrong_value"],
  ["extension: 101", "extension: 1", "wrong_value"],
  ['outbound_number: "+12125550100"', 'outbound_number: "+12125550999"', "not_owned"],
  ["outside_calls: true", "outside_calls: yes", "wrong_value"],
  ["users: false", "userz: false", "unknown_key"],
  ["- id: desk\n        sip", "- id: De sk\n        sip", "wrong_value"],
  ["sip: alice-desk", "sip: alice desk", "wrong_value"],
  ['phone: "+1 917 555 0144"', 'phone: "+1 917 55"', "wrong_value"],
  ["delay: 5\n", "delay: soon\n", "wrong_value"],
  ["limit: 60", "limit: 5", "wrong_value"],
  ["operator: extension:102", "operator: extension:999", "dangling"],
  [
    "- { ring: user:alice.wong, timeout: 20 }",
    "- { rnig: user:alice.wnog, timeout: 3 }",
    "unknown_key",
    "dangling",
    "wrong_value",
  ],
  ["- { voicemail: user:alice.wong }", "- { voicemail: user:alice.wong, after: 5 }", "unknown_key"],
  ["- username: bob.stone", "- username: Bob", "wrong_value"],
  ["name: Bob Stone\n", "name: 5\n", "wrong_value"],
  ["extension: 200", "extension: 0200", "yaml_number"],
  ["{ id: desk, sip: bob-desk }", "{ id: desk }", "wrong_value"],
  ["accept: always", "accept: sometimes", "wrong_value"],
  ["- id: sales", "- id: sales\n    id: sales", "duplicate"],
  ["strategy: in_order", "strategy: in-order", "wrong_value"],
  ["- { user: bob.stone, delay: 5 }", "- { user: zed.zebra, delay: -5 }", "wrong_value", "dangling"],
  ["timezone: America/Chicago", "timezone: America/Chicgo", "wrong_value"],
  ['from: "08:00", to: "17:00"', 'from: "08:00", to: "08:00"', "wrong_value"],
  ['from: "09:00", to: "12:00"', 'from: 9, to: "12:00"', "wrong_value"],
  ['closed: ["2026-12-25", "2027-01-01"]', 'closed: ["2026-13-25", "2027-01-01"]', "wrong_value"],
  [
    "{ schedule: practice, closed: flow:night }",
    "{ schedule: prax, closed: flow:nigth }",
    "dangling",
    "dangling",
  ],
  ["{ announce: please-hold }", "{ announce: please-hodl }", "dangling"],
  ["timeout: 50,", "timeout: 601,", "wrong_value"],
  [
    "- { voicemail: group:sales }",
    "- { hangup: bored, voicemail: group:slaes }",
    "wrong_value",
    "wrong_value",
    "dangling",
  ],
  ["{ announce: closed }", "{ announce: ../x.wav }", "wrong_value"],
  ["- { send: extension:102 }", "- { ring: user:no.such.one }", "no_ending", "dangling"],
  [
    '- { number: "+12125550100", flow: main }',
    "- { number: +12125550100, flow: mian }",
    "yaml_number",
    "dangling",
  ],
  ['- number: "+12125550101"', '- number: "+1 212"', "wrong_value"],
  ["label: Alice\n", "labl: Alice\n", "unknown_key"],
  ["- { send: user:alice.wong }", "- { send: user:nobody.at.all }", "dangling"],
  [
    '- { number: "+12125550110..19", flow: night }',
    '- { number: "+12125550110..09", flow: [night] }',
    "wrong_value",
    "wrong_value",
  ],
];

/** Errors as lines that do not depend on how long the lines before are. */
function errorsOf(text: string): string[] {
  const lines = text.split("\n");
  return readOfficeFrom([{ name: "office.yaml", text }])
    .problems.filter(({ severity }) => severity === "error")
    .map(
      ({ line, column, code, message }) => `${(lines[line - 1] ?? "").trim()} ${column}: ${code}: ${message}`,
    )
    .sort();
}

function withMistakes(mistakes: ReadonlyArray<readonly [string, string, ...string[]]>): string {
  return mistakes.reduce((text, [right, wrong]) => {
    if (!text.includes(right)) throw new Error(`not in the file: ${right}`);
    return text.replace(right, () => wrong);
  }, GOOD);
}

describe("mistakes in a file", () => {
  it("are none in the good one", () => expect(errorsOf(GOOD)).toEqual([]));

  it.each(MISTAKES)("%j as %j is reported, and nothing that follows from it", (right, wrong, ...codes) => {
    const errors = errorsOf(withMistakes([[right, wrong]]));
    const found = errors.map((error) => / \d+: (\w+): /.exec(error)?.[1]);
    expect(found.sort(), errors.join("\n")).toEqual([...codes].sort());
  });

  it("are all reported together, each once", () => {
    const alone = MISTAKES.flatMap((mistake) => errorsOf(withMistakes([mistake]))).sort();
    expect(errorsOf(withMistakes(MISTAKES))).toEqual(alone);
  });

  it("are reported together as each is alone", () => {
    const alone = new Map(MISTAKES.map((mistake) => [mistake, errorsOf(withMistakes([mistake]))]));
    fc.assert(
      fc.property(fc.subarray([...MISTAKES], { minLength: 2 }), (mistakes) => {
        const expected = mistakes.flatMap((mistake) => alone.get(mistake) ?? []).sort();
        expect(errorsOf(withMistakes(mistakes))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe("mistakes of the text", () => {
  const errorLines = (...texts: string[]): string[] =>
    readOfficeFrom(texts.map((text, index) => ({ name: `${index + 1}.yaml`, text })))
      .problems.filter(({ severity }) => severity === "error")
      .map(({ file, line, code }) => `${file}:${line} ${code}`);
  const OFFICE = "office: { name: Acme, country: US, timezone: America/New_York }\n";

  it("hide nothing behind numbers without quotes, however many", () => {
    const numbers = Array.from(
      { length: 30 },
      (_, n) => `  - { number: +121255501${10 + n}, flow: nowhere }\n`,
    );
    expect(errorLines(`${OFFICE}numbers:\n${numbers.join("")}`)).toEqual(
      numbers.flatMap((_, n) => [`1.yaml:${n + 3} yaml_number`, `1.yaml:${n + 3} dangling`]),
    );
  });

  it("hide nothing of a section, a flow or a mailbox that is given twice", () => {
    const text = `${OFFICE}users:
  - { username: alice.wong, name: Alice, voicemail: { limit: 5 }, extension: 1 }
flows:
  main: [{ hangup: busy }, { hangup: busy }]
users:
  - { username: bob.stone, name: Bob, extension: 2 }
flows:
  main: [{ ring: user:bob.stone }]
  night: [{ ring: user:alice.wong, timeout: 1 }, { hangup: busy }]
`;
    expect(errorLines(text)).toEqual([
      "1.yaml:3 wrong_value",
      "1.yaml:3 wrong_value",
      "1.yaml:5 unreachable",
      "1.yaml:6 duplicate",
      "1.yaml:7 wrong_value",
      "1.yaml:8 duplicate",
      "1.yaml:9 duplicate",
      "1.yaml:9 no_ending",
      "1.yaml:10 wrong_value",
    ]);
  });

  it("hide nothing that stands whole before a fault of syntax, and nothing of the other files", () => {
    const broken = `users:
  - { username: alice.wong, name: Alice, extension: 1 }
  - { username: bob.stone, name: "Bob }
numbers: [{ number: 5 }]
`;
    const other = `${OFFICE}groups: [{ id: sales, members: [{ user: bob.stone, delay: -1 }] }]
numbers: [{ number: "+12125550100", steps: [{ ring: user:bob.stone }] }]
`;
    expect(errorLines(broken, other)).toEqual([
      "1.yaml:2 wrong_value",
      "1.yaml:5 yaml_syntax",
      "2.yaml:2 wrong_value",
      "2.yaml:3 no_ending",
    ]);
  });

  it("of a section by another name do not make what is in it missing", () => {
    const text = `${OFFICE}people:
  - { username: alice.wong, name: Alice, extension: 1 }
group:
  - { id: sales, members: [{ user: alice.wong }, { user: nobody.here }] }
numbers: [{ number: "+12125550100", steps: [{ send: group:sales }] }]
`;
    expect(errorLines(text)).toEqual([
      "1.yaml:2 unknown_key",
      "1.yaml:3 wrong_value",
      "1.yaml:4 unknown_key",
      "1.yaml:5 dangling",
    ]);
  });

  it("of a section that is no list are told once, whatever names its entries", () => {
    const text = `${OFFICE}users: { alice.wong: { name: Alice } }
groups: [{ id: sales, extension: 5, members: [{ user: alice.wong }, { user: bob.stone }] }]
flows: { main: [{ ring: user:alice.wong }, { voicemail: group:slaes }] }
`;
    expect(errorLines(text)).toEqual(["1.yaml:2 wrong_value", "1.yaml:3 wrong_value", "1.yaml:4 dangling"]);
  });
});
