/** Goal: links and passwords for all phones at once, each only where it was asked for. Method: command lines. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ran, ringline } from "../../../fixtures/cli/run-program.js";
import { type MailServer, startMailServer } from "../../../fixtures/mail-server.js";
import { readCsv } from "../../office/tables/csv.js";

const OFFICE = `office: { name: Acme, country: US, timezone: UTC }
users:
  - username: alice.wong
    name: "=Alice, \\"Wong\\""
    email: alice@example.com
    devices: [{ id: desk, sip: alice-desk }, { id: home, sip: alice-home }, { id: cell, phone: "+12125550144" }]
  - { username: bob.stone, name: Bob Stone, devices: [{ id: desk, sip: bob-desk }] }
  - { username: dora.lake, name: Dora Lake, suspended: true, devices: [{ id: desk, sip: dora-desk }] }
`;
const AT = ["--public-url", "https://phones.example.com/ringline/", "--proxy", "203.0.113.5"] as const;

let folder: string;
let db: string;
let mails: MailServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-link-"));
  db = join(folder, "ringline.db");
  const file = join(folder, "office.yaml");
  writeFileSync(file, OFFICE);
  expect((await ringline("apply", file, "--db", db)).code).toBe(0);
  mails = await startMailServer();
});
afterEach(async () => {
  await mails.close();
  rmSync(folder, { recursive: true });
});

function device(...args: readonly string[]): Promise<Ran> {
  return ringline("device", ...args, "--db", db);
}

function table(file: string): readonly (readonly string[])[] {
  const read = readCsv(readFileSync(file, "utf8"), () => 0);
  if (!read.ok) throw new Error(read.reason);
  return read.grids.flatMap(({ rows }) => rows.slice(1).map(({ cells }) => cells));
}

describe("device link", () => {
  it("prints a link for each phone of a user, and none for an outside phone", async () => {
    const { out, code } = await device("link", "alice.wong", ...AT);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^alice\.wong desk {2}https:\/\/phones\.example\.com\/ringline\/setup\/[A-Za-z2-9]{40}\nalice\.wong home {2}\S+\n$/,
    );
  });

  it("--all --csv writes them into a table that only its owner may read, without suspended users", async () => {
    const file = join(folder, "links.csv");
    const { out, err, code } = await device("link", "--all", "--for", "yealink", "--csv", file, ...AT);
    expect(code).toBe(0);
    expect(out).toBe(`3 links written to ${file}\n`);
    expect(err).toContain("suspended, so no link: dora.lake");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const rows = table(file);
    expect(rows.map(([username, name, , id]) => [username, name, id])).toEqual([
      ["alice.wong", `'=Alice, "Wong"`, "desk"],
      ["alice.wong", `'=Alice, "Wong"`, "home"],
      ["bob.stone", "Bob Stone", "desk"],
    ]);
    for (const row of rows) expect(row[5]).toMatch(/\/ringline\/phone\/[A-Za-z2-9]{40}\/yealink\.cfg$/);
    const again = await device("link", "--all", "--csv", file, ...AT);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("exists already") });
  });

  it("--mail sends each person their links and no password, and says who got none", async () => {
    const smtp = ["--smtp", mails.url, "--mail-from", "office@example.com"];
    const { out, err, code } = await device("link", "--all", "--mail", ...smtp, ...AT);
    expect(code).toBe(1);
    expect(out).toBe("1 mails sent\n");
    expect(err).toContain("bob.stone has no e-mail address");
    expect(mails.received).toHaveLength(1);
    const [mail] = mails.received;
    expect(mail?.to).toBe("alice@example.com");
    const text = (mail?.text ?? "").replace(/=\r\n/g, "").replaceAll("=3D", "=");
    expect(text.match(/https:\/\/phones\.example\.com\/ringline\/setup\/[A-Za-z2-9]{40}/g)?.length).toBe(6);
    expect(text).not.toMatch(/password:/i);
  });

  it("--mail leaves the link of somebody without an address as it is", async () => {
    const made = await device("link", "bob.stone", "desk", ...AT);
    expect(made.code).toBe(0);
    const smtp = ["--smtp", mails.url, "--mail-from", "office@example.com"];
    await device("link", "--all", "--mail", ...smtp, ...AT);
    // It is there to be withdrawn, and it is the one that was printed.
    const rest = await device("link", "bob.stone", "desk", "--withdraw", "--json");
    expect(rest).toMatchObject({ code: 0 });
    const json = await device("link", "bob.stone", "--mail", "--json", ...smtp, ...AT);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, links: [], mails: [{ username: "bob.stone" }] });
    expect(await device("link", "bob.stone", "desk", "--withdraw")).toMatchObject({ code: 1 });
  });

  it("--mail says whose mail a server refuses", async () => {
    mails.says.set("RCPT", "550 5.1.1 no such person");
    const smtp = ["--smtp", mails.url, "--mail-from", "office@example.com"];
    const { err, code } = await device("link", "alice.wong", "--mail", ...smtp, ...AT);
    expect(code).toBe(1);
    expect(err).toContain("alice.wong was sent no mail");
    expect(err).toContain("no such person");
  });

  it("--withdraw ends a link, once", async () => {
    await device("link", "alice.wong", "desk", ...AT);
    expect(await device("link", "alice.wong", "desk", "--withdraw")).toMatchObject({ code: 0 });
    expect(await device("link", "alice.wong", "desk", "--withdraw")).toMatchObject({ code: 1 });
  });

  it.each<[string, readonly string[], string]>([
    ["nobody", [...AT], "name a user, or --all"],
    ["a user and all", ["alice.wong", "--all", ...AT], "name a user, or --all"],
    ["an unknown user", ["alice.won", ...AT], "did you mean alice.wong?"],
    ["an outside phone", ["alice.wong", "cell", ...AT], "does not sign in"],
    ["an unknown make", ["alice.wong", "--for", "snon", ...AT], "person, snom, yealink"],
    ["no address", ["alice.wong", "--proxy", "203.0.113.5"], "--public-url is missing"],
    [
      "an address with a query",
      ["alice.wong", "--public-url", "https://x.example/?a=b"],
      "expected https://HOST",
    ],
    [
      "mail to a desk phone",
      [
        "alice.wong",
        "--for",
        "snom",
        "--mail",
        "--smtp",
        "smtp://127.0.0.1:1",
        "--mail-from",
        "a@b.example",
        ...AT,
      ],
      "desk phones read no mail",
    ],
    ["mail without a server", ["alice.wong", "--mail", ...AT], "--mail needs --smtp"],
    ["too many days", ["alice.wong", "--valid", "90", ...AT], "1 to 60 days"],
  ])("refuses %s", async (_what, args, words) => {
    const ran = await device("link", ...args);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(words);
  });
});

describe("device credentials --all", () => {
  it("gives each phone without a password one, in a table, and leaves the others", async () => {
    await device("credentials", "alice.wong", "desk");
    const file = join(folder, "phones.csv");
    const { out } = await device("credentials", "--all", "--csv", file, "--proxy", "203.0.113.5");
    expect(out).toBe(`3 passwords made, in ${file}; 1 phones had one already\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(table(file)).toEqual([
      ["alice.wong", "home", "alice-home", expect.stringMatching(/^\w{24}$/), "ringline", "203.0.113.5:5060"],
      ["bob.stone", "desk", "bob-desk", expect.stringMatching(/^\w{24}$/), "ringline", "203.0.113.5:5060"],
      ["dora.lake", "desk", "dora-desk", expect.stringMatching(/^\w{24}$/), "ringline", "203.0.113.5:5060"],
    ]);
    expect((await device("list")).out).not.toContain("no password");
  });

  it.each<[string, readonly string[]]>([
    ["no table", ["credentials", "--all"]],
    ["a user as well", ["credentials", "alice.wong", "--all", "--csv", "x.csv"]],
    ["one device and a table", ["credentials", "alice.wong", "desk", "--csv", "x.csv"]],
    ["a folder that is not there", ["credentials", "--all", "--csv", "/nowhere/x.csv"]],
  ])("makes no password with %s", async (_what, args) => {
    expect((await device(...args)).code).toBe(1);
    expect((await device("list")).out.match(/no password/g)?.length).toBe(4);
  });
});
