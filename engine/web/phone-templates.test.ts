/**
 * Goal: a value that a person has chosen never becomes a setting of a desk phone. Method: any text as a name in each
 * template of the package, read back by the rules of the file's format.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packageFile } from "../cli/shared/package-file.js";
import { type PhoneValues, readTemplates, splitServer, type Template } from "./phone-templates.js";

const OURS = packageFile("docker/phones");

const VALUES: PhoneValues = {
  name: "Alice Wong",
  sip_name: "alice-desk",
  password: "hVqk7WnGm2xPzR9dYc4TtKfB",
  domain: "ringline",
  server: "203.0.113.5:5060",
  server_host: "203.0.113.5",
  server_port: "5060",
};

function template(make: string): Template {
  const read = readTemplates([OURS]);
  const found = read.ok ? read.templates.get(make) : undefined;
  if (found === undefined) throw new Error(`no template ${make}`);
  return found;
}

/** A Yealink file: `key = value` a line. */
function settingsOf(text: string): Map<string, string> {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(" = ");
      return [line.slice(0, at), line.slice(at + 3)] as const;
    }),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The elements of a Snom file, each once. */
function elementsOf(text: string): Map<string, string> {
  const found = text.matchAll(/<([a-z_]+) idx="1" perm="">([^<]*)<\/\1>/g);
  return new Map(
    [...found].map(([, name = "", value = ""]) => [
      name,
      value.replace(/&([a-z]+);/g, (_all, entity: string) => ENTITIES[entity] ?? "?"),
    ]),
  );
}

const NAME = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "$& $' $1",
    "{{password}}",
    "A\r\naccount.1.password = x",
    "</user_pass><x>",
    "O'Brien & Söhne",
  ),
);

describe("the settings of a desk phone", () => {
  it("are the person's, whatever the name is (Yealink)", () => {
    const yealink = template("yealink");
    const keys = [...settingsOf(yealink.fill(VALUES)).keys()];
    fc.assert(
      fc.property(NAME, (name) => {
        const settings = settingsOf(yealink.fill({ ...VALUES, name }));
        expect([...settings.keys()]).toEqual(keys);
        expect(settings.get("account.1.password")).toBe(VALUES.password);
        expect(settings.get("account.1.user_name")).toBe("alice-desk");
        expect(settings.get("account.1.outbound_proxy.1.address")).toBe("203.0.113.5");
      }),
    );
  });

  it("are the person's, whatever the name is (Snom)", () => {
    const snom = template("snom");
    fc.assert(
      fc.property(NAME, (name) => {
        const text = snom.fill({ ...VALUES, name });
        const elements = elementsOf(text);
        expect(elements.size).toBe(elementsOf(snom.fill(VALUES)).size);
        expect(elements.get("user_pass")).toBe(VALUES.password);
        const shown = name
          .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
          .replace(/[\ufffe\uffff]/g, "")
          .trim();
        expect(elements.get("user_realname")).toBe(shown);
      }),
    );
  });
});

describe("templates of the operator", () => {
  it("take the place of ours, and a name that does not exist is refused", () => {
    const folder = mkdtempSync(join(tmpdir(), "ringline-templates-"));
    writeFileSync(join(folder, "yealink.cfg"), "mine = {{ sip_name }}\n");
    writeFileSync(join(folder, "grandstream.json"), `{ "P47": "{{name}}" }\n`);
    writeFileSync(join(folder, "README"), "{{nothing}}");
    const read = readTemplates([OURS, folder]);
    if (!read.ok) throw new Error(read.why);
    expect([...read.templates.keys()].sort()).toEqual(["grandstream", "snom", "yealink"]);
    expect(read.templates.get("yealink")?.fill(VALUES)).toBe("mine = alice-desk\n");
    const json = read.templates.get("grandstream")?.fill({ ...VALUES, name: `a"b\\c` }) ?? "";
    expect(JSON.parse(json)).toEqual({ P47: `a"b\\c` });
    writeFileSync(join(folder, "acme.cfg"), "x = {{sip_nam}}\n");
    expect(readTemplates([OURS, folder])).toMatchObject({
      ok: false,
      why: expect.stringContaining("there is no {{sip_nam}}"),
    });
    rmSync(folder, { recursive: true });
  });

  it("in a folder that is not there are said", () => {
    expect(readTemplates(["/nowhere"])).toMatchObject({ ok: false, why: expect.stringContaining("ENOENT") });
  });
});

it.each([
  ["203.0.113.5:5060", "203.0.113.5", "5060"],
  ["pbx.example.com", "pbx.example.com", "5060"],
  ["[2001:db8::1]:5070", "[2001:db8::1]", "5070"],
])("%s is a host and a port", (server, host, port) => {
  expect(splitServer(server)).toEqual({ host, port });
});
