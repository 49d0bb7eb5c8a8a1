/**
 * Goal: a large file is read entry by entry as the library reads it whole: the same content, the same faults at the same places.
 * Method: offices of every kind as files, made large by comments; and files that are written in unusual ways.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import { exportOffice } from "../../../policy/office-file/export.js";
import { parseYamlFile } from "./large-yaml.js";
import { readPlainYaml } from "./plain-yaml.js";
import { readOfficeFrom } from "./read.js";
import { writeOfficeFile } from "./write.js";
import { parseYamlSource } from "./yaml-source.js";

/** Files of this size are read entry by entry. */
const FILLER = `# ${"x".repeat(1_000)}\n`.repeat(300);
/** Files of this size are not read whole by the library, whatever is in them. */
const MUCH_FILLER = FILLER.repeat(15);

/** The text with so many comments behind it that it is read entry by entry. */
function large(text: string): string {
  return `${text}\n${FILLER}`;
}

describe("a large file", () => {
  it("has the content that the library reads, whatever the office", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        const content = exportOffice(office);
        const text = writeOfficeFile(content);
        expect(parse(text)).toEqual(JSON.parse(JSON.stringify(content)));
        const read = parseYamlFile(large(text));
        expect(read.problems).toEqual([]);
        expect(read.content).toEqual(parse(text));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["comments", "users: # all\n  # alice\n  - username: alice.wong # the boss\n\n    name: Alice\n"],
    [
      "lists at the indent of their key",
      "users:\n- username: alice.wong\n  name: Alice\n- username: bob.stone\n  name: Bob\n",
    ],
    [
      "texts over several lines",
      'users:\n  - username: alice.wong\n    name: "Alice\n      Wong"\n  - { username: bob.stone,\n      name: Bob }\n',
    ],
    [
      "texts that are no numbers",
      'users:\n  - { username: "12345", name: "true", extension: 0 }\n  - { username: null, name: ~, x: 1.5 }\n',
    ],
    [
      "block texts",
      "users:\n  - username: alice.wong\n    name: |\n      - Alice\n      users:\n  - username: bob.stone\n",
    ],
    ["anchors within an entry", "groups:\n  - { id: a, x: &x 5, y: *x }\n"],
    [
      "mappings",
      "office: { name: Acme }\nflows:\n  main:\n    - { hangup: busy }\n  night-1: [ { hangup: busy } ]\n",
    ],
    ["keys like words of the language", "users:\n  - { constructor: a, toString: b }\n"],
    ["CRLF", "users:\r\n  - username: alice.wong\r\n    name: Alice\r\n"],
    ["anchors across entries", "groups:\n  - { id: a, x: &x 5 }\n  - { id: b, x: *x }\n"],
    ["sections without entries", "users:\ngroups:\n  - id: a\n"],
    ["no sections", "- a\n- b\n"],
  ])("with %s is read as the library reads it", (_what, text) => {
    const whole = parseYamlSource(text);
    const read = parseYamlFile(large(text));
    expect(read.problems).toEqual(whole.problems);
    expect(read.content).toEqual(whole.content);
  });

  it.each([
    ["users:\n  - username: alice.wong\n    name: A: B\n"],
    ["users:\n  - username: alice.wong\n    extension: 0101\n"],
    ["users:\n  - username: alice.wong\n    username: bob.stone\n"],
    ['users:\n  - username: "alice\n  - username: bob.stone\n'],
    ["users:\n  - a: 1\nusers:\n  - a: 2\n"],
  ])("has the faults of %j", (text) => {
    const read = parseYamlFile(large(text));
    expect(read.problems.map(({ code, message }) => [code, message])).toEqual(
      parseYamlSource(text).problems.map(({ code, message }) => [code, message]),
    );
    const larger = parseYamlFile(`users:\n  - username: alice.wong\n${MUCH_FILLER}`);
    expect(larger.problems).toEqual([]);
  });

  it("has faults of an entry at their place, also where the library does not read it whole", () => {
    const text =
      "office: { name: Acme, country: US, timezone: UTC }\nusers:\n  - username: alice.wong\n    name: Alice\n    emial: a@b.example\n  - { username: bob.stone, name: 0x5 }\nflows:\n  main:\n    - { ring: user:nobody }\n    - { hangup: busy }\n";
    const places = (each: string) =>
      readOfficeFrom([{ name: "a.yaml", text: each }]).problems.map(({ line, column, message }) => [
        line,
        column,
        message,
      ]);
    expect(places(large(text))).toEqual(places(text));
    const correct = text.replace("0x5", "Bob");
    expect(places(large(correct))).toEqual(places(correct));
    expect(places(`${correct}${MUCH_FILLER}`)).toEqual(places(correct));
  });

  it("that is written otherwise is refused in words", () => {
    const { problems } = parseYamlFile(`{ users: [] }\n${MUCH_FILLER}`);
    expect(problems).toMatchObject([{ message: expect.stringContaining("is read entry by entry") }]);
  });
});

it("whatever the plain reader reads, the library reads so, too", () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      "alice",
      "true",
      "null",
      "0",
      "007",
      "1e3",
      '"+1917"',
      "user:bob",
      "a: b",
      "x #y",
      "~",
      "é",
      "- a",
      "'q'",
      "12:30",
      "No",
      ".5",
      "a  b",
      "@x",
      "*x",
      "&x y",
      "!t",
      "[a]",
      "{ a: b }",
      '{ a: b, c: "d" }',
      "{ a: b, a: c }",
      "{}",
      "|",
      "> x",
      "%x",
      "a\\b",
      '"a\\nb"',
      "x,y",
    ),
    fc.string({ maxLength: 12 }),
  );
  const indent = fc.constantFrom("", "  ", "    ", "      ");
  const key = fc.constantFrom("a", "b", "name", "true", "a-b", "a.b", "0", "A");
  const line = fc.oneof(
    fc.tuple(indent, key, scalar).map(([space, name, value]) => `${space}${name}: ${value}`),
    fc.tuple(indent, key).map(([space, name]) => `${space}${name}:`),
    fc.tuple(indent, scalar).map(([space, value]) => `${space}- ${value}`),
    fc.tuple(indent, key, scalar).map(([space, name, value]) => `${space}- ${name}: ${value}`),
    fc.tuple(indent, scalar).map(([space, value]) => `${space}${value}`),
    fc.constantFrom("", "# c", "   # c"),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 7 }), (lines) => {
      const text = lines.join("\n");
      const plain = readPlainYaml(text);
      if (plain === undefined) return;
      const library = parseYamlSource(text);
      expect(library.problems, text).toEqual([]);
      expect(plain, text).toEqual(library.content);
    }),
    { numRuns: 20_000 },
  );
});
