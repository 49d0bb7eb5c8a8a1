/**
 * Goal: single changes are written where they stand, as a person would, and what cannot be is left and said. Method: a
 * table of files, changes of the office in the words of the file, and the difference that is to be written.
 */
import { describe, expect, it } from "vitest";
import { keepDrift } from "../../../policy/change/drift.js";
import { checkContents } from "../../../policy/change/edit.js";
import { WHOLE_ENTITY } from "../../../policy/change/fields.js";
import { ENTITY_KINDS, entitiesOf } from "../../../policy/office/entities.js";
import { same } from "../../../policy/office/same.js";
import { exportOffice, type OfficeFileContent } from "../../../policy/office-file/export.js";
import { unifiedDiff } from "../files/line-diff.js";
import { readOfficeFrom } from "../files/read.js";
import { leftText, writeBack } from "./write-back.js";

type Writable<T> = { -readonly [K in keyof T]: Writable<T[K]> };
type Edit = (content: Writable<OfficeFileContent>) => void;

const CAUSE = { revision: 2, author: "ben", message: "", appliedMs: 0 };

/** The lines that are removed and added, and what is left. */
function written(files: Readonly<Record<string, string>>, edit: Edit, folder?: string) {
  const texts = Object.entries(files).map(([name, text]) => ({ name, text }));
  const { office, problems } = readOfficeFrom(texts);
  if (office === undefined) throw new Error(JSON.stringify(problems));
  const content = structuredClone(exportOffice(office)) as Writable<OfficeFileContent>;
  edit(content);
  const live = checkContents([content as OfficeFileContent], "");
  if (!live.ok) throw new Error(JSON.stringify(live.faults));
  const [from, to] = [entitiesOf(office), entitiesOf(live.office)];
  const drift = ENTITY_KINDS.flatMap((kind) => {
    const [was, is] = [new Map<string, unknown>(from[kind]), new Map<string, unknown>(to[kind])];
    return [...new Set([...was.keys(), ...is.keys()])]
      .filter((key) => !same(was.get(key), is.get(key)))
      .map((key) => ({ kind, key, field: WHOLE_ENTITY, ...CAUSE }));
  });
  const { kept } = keepDrift(office, live.office, drift, { overwrites: [], keeps: [], cause: CAUSE });
  const result = writeBack(texts, office, live.office, kept, folder);
  if (!result.ok) throw new Error(JSON.stringify(result));
  return { files: result.files, left: result.left.map(leftText) };
}

function lines(files: Readonly<Record<string, string>>, edit: Edit, folder?: string): string[] {
  return written(files, edit, folder).files.flatMap(({ name, before, after }) =>
    unifiedDiff(name, before, after)
      .split("\n")
      .filter((line) => /^[-+]/.test(line) && !line.startsWith("---") && !line.startsWith("+++ office.yaml")),
  );
}

const OFFICE = `# The office of Acme
office: { name: Acme, country: US, timezone: America/New_York } # since 1999

users:
  # The front desk

  # Alice has the key.
  - username: alice.wong
    name: 'Alice Wong' # quoted
    extension: "101"
    devices:
      # on her desk
      - { id: desk, sip: alice-desk }
      - { id: cell, phone: "+1 917 555 0144", delay: 5 } # after five seconds
    # no one knows
    no_answer:
      - { ring: user:alice.wong, timeout: 20 } # twenty
      - hangup: no_answer

  - username: bob.stone
    name: Bob Stone
    extension: 102
    # - { id: old, sip: bob-old }
  - { username: carol.diaz, name: Carol, extension: 103 }

groups:
  - id: sales
    extension: 200
    strategy: in_order
    members: [ { user: alice.wong }, { user: bob.stone, delay: 5 } ]
  - id: support
    members:
      - user: alice.wong
      # the second
      - user: bob.stone
        delay: 5 # seconds
      - user: carol.diaz
flows:
  # by day
  day:
    - { ring: group:sales, timeout: 20 }
    - { hangup: no_answer }
  # by night
  night: [ { hangup: closed } ]
numbers:
  - { number: "(212) 555-0100", flow: day }
  - number: "+12125550101"
    label: "Second: line"
    steps:
      - send: flow:night
`.replace("{ hangup: closed }", "{ hangup: unavailable }");

const user = (content: Writable<OfficeFileContent>, name: string) => {
  const found = content.users?.find(({ username }) => username === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const group = (content: Writable<OfficeFileContent>, name: string) => {
  const found = content.groups?.find(({ id }) => id === name);
  if (found === undefined) throw new Error(name);
  return found;
};

const CHANGES: readonly (readonly [what: string, edit: Edit, lines: readonly string[]])[] = [
  [
    "a key is added behind its neighbour",
    (c) => Object.assign(user(c, "bob.stone"), { suspended: true }),
    ["+    suspended: true"],
  ],
  [
    "quotes and comments stay",
    (c) => Object.assign(user(c, "alice.wong"), { name: "Alice O'Wong", extension: 104 }),
    [
      "-    name: 'Alice Wong' # quoted",
      '-    extension: "101"',
      "+    name: 'Alice O''Wong' # quoted",
      '+    extension: "104"',
    ],
  ],
  [
    "a key on a line of braces",
    (c) => Object.assign(user(c, "carol.diaz"), { email: "carol@example.com" }),
    [
      "-  - { username: carol.diaz, name: Carol, extension: 103 }",
      "+  - { username: carol.diaz, name: Carol, email: carol@example.com, extension: 103 }",
    ],
  ],
  [
    "a key that goes",
    (c) => void delete user(c, "carol.diaz").extension,
    [
      "-  - { username: carol.diaz, name: Carol, extension: 103 }",
      "+  - { username: carol.diaz, name: Carol }",
    ],
  ],
  [
    "a device's delay",
    (c) => Object.assign(user(c, "alice.wong").devices?.[1] ?? {}, { delay: 10, ring: 20 }),
    [
      '-      - { id: cell, phone: "+1 917 555 0144", delay: 5 } # after five seconds',
      '+      - { id: cell, phone: "+1 917 555 0144", delay: 10, ring: 20 } # after five seconds',
    ],
  ],
  [
    "a device that goes, with its comment",
    (c) => void user(c, "alice.wong").devices?.pop(),
    ['-      - { id: cell, phone: "+1 917 555 0144", delay: 5 } # after five seconds'],
  ],
  [
    "a device that comes",
    (c) => void user(c, "alice.wong").devices?.push({ id: "soft", sip: "alice-soft" }),
    ["+      - { id: soft, sip: alice-soft }"],
  ],
  [
    "a list that comes",
    (c) => Object.assign(user(c, "bob.stone"), { devices: [{ id: "desk", sip: "bob-desk" }] }),
    ["+    devices:", "+      - { id: desk, sip: bob-desk }"],
  ],
  [
    "a step in the middle of a flow",
    (c) => void user(c, "alice.wong").no_answer?.splice(1, 0, { ring: "group:sales", timeout: 30 }),
    ["+      - ring: group:sales", "+        timeout: 30"],
  ],
  [
    "a step that changes",
    (c) => Object.assign(user(c, "alice.wong").no_answer?.[0] ?? {}, { timeout: 40 }),
    [
      "-      - { ring: user:alice.wong, timeout: 20 } # twenty",
      "+      - { ring: user:alice.wong, timeout: 40 } # twenty",
    ],
  ],
  [
    "the order of members on a line",
    (c) => void group(c, "sales").members?.reverse(),
    [
      "-    members: [ { user: alice.wong }, { user: bob.stone, delay: 5 } ]",
      "+    members: [ { user: bob.stone, delay: 5 }, { user: alice.wong } ]",
    ],
  ],
  [
    "the order of members in lines",
    (c) => void group(c, "support").members?.reverse(),
    [
      "-      - user: alice.wong",
      "+      - user: carol.diaz",
      "-      - user: carol.diaz",
      "+      - user: alice.wong",
    ],
  ],
  [
    "a member who goes, with the comments",
    (c) => void group(c, "support").members?.splice(1, 1),
    ["-      # the second", "-      - user: bob.stone", "-        delay: 5 # seconds"],
  ],
  [
    "a member who comes on a line",
    (c) => void group(c, "sales").members?.push({ user: "carol.diaz", delay: 10 }),
    [
      "-    members: [ { user: alice.wong }, { user: bob.stone, delay: 5 } ]",
      "+    members: [ { user: alice.wong }, { user: bob.stone, delay: 5 }, { user: carol.diaz, delay: 10 } ]",
    ],
  ],
  [
    "a number that leads elsewhere",
    (c) => Object.assign(c.numbers?.[0] ?? {}, { flow: "night" }),
    ['-  - { number: "(212) 555-0100", flow: day }', '+  - { number: "(212) 555-0100", flow: night }'],
  ],
  [
    "a number that has steps instead of a flow",
    (c) => {
      const [first] = c.numbers ?? [];
      delete first?.flow;
      Object.assign(first ?? {}, { steps: [{ send: "group:sales" }] });
    },
    [
      '-  - { number: "(212) 555-0100", flow: day }',
      '+  - { number: "(212) 555-0100", steps: [ { send: group:sales } ] }',
    ],
  ],
  [
    "a setting of the office",
    (c) => Object.assign(c.office ?? {}, { timezone: "UTC" }),
    [
      "-office: { name: Acme, country: US, timezone: America/New_York } # since 1999",
      "+office: { name: Acme, country: US, timezone: UTC } # since 1999",
    ],
  ],
  [
    "a mailbox of its own, with what was said of it and no default",
    (c) => Object.assign(c.users?.[1] ?? {}, { voicemail: { limit: 120, email: "attached" } }),
    ["+    voicemail:", "+      email: attached", "+      limit: 120"],
  ],
  [
    "a mailbox of its own of which nothing else was said",
    (c) => Object.assign(c.users?.[1] ?? {}, { voicemail: {} }),
    ["+    voicemail: {}"],
  ],
  [
    "a flow that goes, with its comment",
    (c) => {
      delete c.flows?.["night"];
      Object.assign(c.numbers?.[1] ?? {}, { steps: [{ send: "group:sales" }] });
    },
    [
      "-  # by night",
      "-  night: [ { hangup: unavailable } ]",
      "-      - send: flow:night",
      "+      - send: group:sales",
    ],
  ],
  [
    "a flow that comes",
    (c) => Object.assign(c.flows ?? {}, { noon: [{ hangup: "busy" }] }),
    ["+  noon:", "+    - { hangup: busy }"],
  ],
  [
    "a user who comes",
    (c) =>
      void c.users?.push({
        username: "dana.reed",
        name: "Dana",
        no_answer: [{ voicemail: "user:dana.reed" }],
      }),
    ["+  - { username: dana.reed, name: Dana, no_answer: [ { voicemail: user:dana.reed } ] }"],
  ],
  [
    "a user who goes, with what was said of them",
    (c) => {
      c.users?.splice(1, 1);
      group(c, "sales").members?.pop();
      group(c, "support").members?.splice(1, 1);
    },
    [
      "-  - username: bob.stone",
      "-    name: Bob Stone",
      "-    extension: 102",
      "-    # - { id: old, sip: bob-old }",
      "-    members: [ { user: alice.wong }, { user: bob.stone, delay: 5 } ]",
      "+    members: [ { user: alice.wong } ]",
      "-      # the second",
      "-      - user: bob.stone",
      "-        delay: 5 # seconds",
    ],
  ],
  [
    "a mailbox's setting",
    (c) => Object.assign(user(c, "carol.diaz"), { voicemail: { greeting: "carol.wav" } }),
    [
      "-  - { username: carol.diaz, name: Carol, extension: 103 }",
      "+  - { username: carol.diaz, name: Carol, extension: 103, voicemail: { greeting: carol.wav } }",
    ],
  ],
];

describe("written where it stands:", () => {
  it.each(CHANGES)("%s", (_, edit, expected) => {
    expect(lines({ "office.yaml": OFFICE }, edit)).toEqual(expected);
  });

  it.each(CHANGES)("with the line ends of Windows, and none at the end: %s", (_, edit, expected) => {
    const text = OFFICE.trimEnd().replaceAll("\n", "\r\n");
    const { files } = written({ "office.yaml": text }, edit);
    expect(files[0]?.after).not.toMatch(/[^\r]\n/);
    expect(files[0]?.after.endsWith("\n")).toBe(false);
    expect(lines({ "office.yaml": text }, edit)).toEqual(expected);
  });

  it.each(CHANGES)("in JSON, which is YAML: %s", (_, edit) => {
    const { office } = readOfficeFrom([{ name: "office.yaml", text: OFFICE }]);
    if (office === undefined) throw new Error("no office");
    const text = JSON.stringify(exportOffice(office), null, 2);
    const { files, left } = written({ "office.yaml": text }, edit);
    expect(left).toEqual([]);
    // Only what changed, in a file of more than a hundred lines.
    const changed = unifiedDiff("office.json", text, files[0]?.after ?? "").match(/^[-+](?![-+])/gm) ?? [];
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(40);
  });
});

it("an office in lines of its own gets a line for a setting that is new", () => {
  const text =
    "office:\n  name: Acme # since 1999\n  country: US\n  timezone: UTC\ncarriers:\n  - id: main\n    proxy: sip.example.net\n";
  const edit: Edit = (c) => {
    Object.assign(c.office ?? {}, { outside_caller_id: "called", outside_calls: { countries: ["CA"] } });
    Object.assign(c.carriers?.[0] ?? {}, { ping: 30 });
  };
  expect(lines({ "office.yaml": text }, edit)).toEqual([
    "+  outside_caller_id: called",
    "+  outside_calls:",
    "+    countries:",
    "+      - CA",
    "+    ping: 30",
  ]);
});

const SPLIT = {
  "office/main.yaml": "office: { name: Acme, country: US, timezone: UTC }\n",
  "office/people.yaml": "users:\n  - { username: alice.wong, name: Alice }\n",
};

describe("what is new", () => {
  const addBob: Edit = (c) => void c.users?.push({ username: "bob.stone", name: "Bob" });
  const addGroup: Edit = (c) =>
    Object.assign(c, { groups: [{ id: "sales", members: [{ user: "alice.wong" }] }] });

  it("goes to the file where its kind stands, in its style", () => {
    const { files } = written(SPLIT, addBob, "office");
    expect(files.map(({ name }) => name)).toEqual(["office/people.yaml"]);
    expect(files[0]?.after).toContain("\n  - { username: bob.stone, name: Bob, no_answer:");
  });

  it("goes to a new file, if its kind stands in none", () => {
    const { files } = written(SPLIT, addGroup, "office");
    expect(files).toMatchObject([{ name: "office/from-commands.yaml", before: null }]);
    expect(files[0]?.after).toContain("groups:\n  - id: sales\n");
  });

  it("goes to that file again, and to the office's own where files were named one by one", () => {
    const again = written({ ...SPLIT, "office/from-commands.yaml": "# of commands\n" }, addGroup, "office");
    expect(again.files).toMatchObject([{ name: "office/from-commands.yaml", before: "# of commands\n" }]);
    expect(written(SPLIT, addGroup).files).toMatchObject([{ name: "office/main.yaml" }]);
  });

  it.each(["users: []", "users: [] # nobody yet", "users: []\n# nobody yet", "users: [ ]\n\ngroups: []"])(
    "is written into %j",
    (users) => {
      const text = `office: { name: Acme, country: US, timezone: UTC }\n${users}\n`;
      const added = lines({ "office.yaml": text }, (c) =>
        Object.assign(c, { users: [{ username: "bob.stone", name: "Bob" }] }),
      );
      expect(added.slice(0, 3)).toEqual([
        expect.stringMatching(/^-users: \[ ?\]/),
        expect.stringMatching(/^\+users:/),
        "+  - username: bob.stone",
      ]);
    },
  );
});

const SHARED = `office: { name: Acme, country: US, timezone: UTC }
users:
  - username: alice.wong
    name: Alice
    no_answer: &standard
      - { ring: user:alice.wong, timeout: 20 }
      - { hangup: no_answer }
  - { username: bob.stone, name: &same Bob, no_answer: *standard }
  - { username: carol.diaz, name: *same }
`;

describe("what cannot be written in place is left and said:", () => {
  it.each<[string, Edit, string, number]>([
    [
      "a flow that is an alias",
      (c) => Object.assign(user(c, "bob.stone"), { no_answer: [{ hangup: "busy" }], extension: 104 }),
      "user:bob.stone.no_answer: it is an alias of &standard",
      1,
    ],
    [
      "a flow that others share",
      (c) => Object.assign(user(c, "alice.wong"), { no_answer: [{ hangup: "busy" }] }),
      "user:alice.wong.no_answer: an alias refers to it",
      0,
    ],
    [
      "a name that others share",
      (c) => Object.assign(user(c, "bob.stone"), { name: "Bo" }),
      "user:bob.stone.name: an alias refers to it",
      0,
    ],
    [
      "a user of whom others have a part",
      (c) => void c.users?.splice(1, 1),
      "user:bob.stone: an alias refers to it",
      0,
    ],
  ])("%s", (_, edit, why, files) => {
    const { left, files: changed } = written({ "office.yaml": SHARED }, edit);
    expect(left).toEqual([why]);
    expect(changed).toHaveLength(files);
    for (const { after } of changed) expect(after).toContain("no_answer: *standard");
  });

  it("an alias itself can go with its entry", () => {
    const { left, files } = written({ "office.yaml": SHARED }, (c) => void c.users?.splice(2, 1));
    expect([left, files[0]?.after]).toEqual([
      [],
      SHARED.replace("  - { username: carol.diaz, name: *same }\n", ""),
    ]);
  });
});

describe("another country", () => {
  it("is left to the operator where numbers are written as in the one before, and all else is written", () => {
    const { files, left } = written({ "office.yaml": OFFICE }, (c) => {
      Object.assign(c.office ?? {}, { country: "CA", timezone: "UTC" });
      Object.assign(c.numbers?.[0] ?? {}, { label: "Main" });
    });
    expect(left).toEqual([]);
    expect(files[0]?.after).toContain("country: CA, timezone: UTC");
    const german = written({ "office.yaml": OFFICE }, (c) => {
      Object.assign(c.office ?? {}, { country: "DE", timezone: "UTC" });
    });
    expect(german.left).toEqual([expect.stringContaining("office.country: numbers in the files")]);
    expect(german.files[0]?.after).toBe(OFFICE.replace("timezone: America/New_York", "timezone: UTC"));
  });
});
