/**
 * Goal: a phone's password is made, shown once, and stored as a digest; the office is changed by a new revision or not
 * at all. Method: command lines on a database of their own.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ran, ringline } from "../../../fixtures/cli/run-program.js";
import { openStore } from "../../../storage/store.js";

const OFFICE = `office: { name: Acme, country: US, timezone: UTC }
users:
  - username: alice.wong
    name: Alice Wong
    devices: [{ id: desk, sip: alice-desk }, { id: cell, phone: "+12125550144" }]
  - { username: bob.stone, name: Bob Stone }
`;

let folder: string;
let db: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-device-"));
  db = join(folder, "ringline.db");
  const file = join(folder, "office.yaml");
  writeFileSync(file, OFFICE);
  expect((await ringline("apply", file, "--db", db)).code).toBe(0);
});
afterEach(() => rmSync(folder, { recursive: true }));

function device(...args: string[]): Promise<Ran> {
  return ringline("device", ...args, "--db", db);
}

interface Shown {
  readonly sipName: string;
  readonly password: string;
  readonly domain: string;
  readonly revision: number;
}

async function shown(...args: string[]): Promise<Shown> {
  const ran = await device(...args, "--json");
  expect(ran.code).toBe(0);
  return JSON.parse(ran.out);
}

async function held(sipName: string) {
  const opened = await openStore(db, { mustExist: true });
  if (!opened.ok) throw new Error("no database");
  const credential = await opened.store.credentialOf(sipName);
  await opened.store.close();
  return credential;
}

const digest = ({ sipName, domain, password }: Shown) =>
  createHash("md5").update(`${sipName}:${domain}:${password}`).digest("hex");

describe("device", () => {
  it("credentials makes a password once, of which only the digest is kept", async () => {
    const made = await shown("credentials", "alice.wong", "desk");
    expect(made.password).toMatch(/^[A-Za-z2-9]{24}$/);
    expect(await held("alice-desk")).toMatchObject({
      username: "alice.wong",
      realm: "ringline",
      a1Hash: digest(made),
      madeBy: "ann",
    });
    expect(readFileSync(db).includes(made.password)).toBe(false);
    const again = await device("credentials", "alice.wong", "desk");
    expect(again.code).toBe(1);
    expect(again.err).toContain("ringline device rotate");
  });

  it("rotate replaces a password, and only an existing one", async () => {
    expect((await device("rotate", "alice.wong", "desk")).err).toContain("ringline device credentials");
    const first = await shown("credentials", "alice.wong", "desk");
    const second = await shown("rotate", "alice.wong", "desk");
    expect(second.password).not.toBe(first.password);
    expect((await held("alice-desk"))?.a1Hash).toBe(digest(second));
  });

  it("add makes a phone as a new revision, and its password", async () => {
    const made = await shown("add", "bob.stone", "laptop", "--delay", "5");
    expect(made).toMatchObject({ sipName: "bob.stone-laptop", revision: 2 });
    expect((await held("bob.stone-laptop"))?.a1Hash).toBe(digest(made));
    const { out } = await ringline("history", "--db", db);
    expect(out).toContain("add device laptop of bob.stone");
  });

  it.each([
    [["add", "bob.stone", "desk", "--sip", "alice-desk"], "taken by alice.wong"],
    [["add", "alice.wong", "desk"], "has a device desk already"],
    [["add", "bob.ston", "desk"], "did you mean bob.stone?"],
    [["add", "bob.stone", "A Desk"], "expected an id"],
    [["add", "bob.stone", "desk", "--sip", "with space"], "expected a SIP name"],
    [["add", "bob.stone", "desk", "--ring", "1"], "expected whole seconds"],
    [["add", "bob.stone", "desk", "--expect", "7"], "revision 1 is live, not 7"],
    [["credentials", "alice.wong", "cell"], "outside phone +12125550144"],
    [["credentials", "alice.wong", "laptop"], "has desk, cell"],
    [["remove", "nobody", "desk"], "there is no user nobody"],
  ])("%j changes nothing and says why", async (args, why) => {
    const ran = await device(...args);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(why);
    const { out } = await ringline("history", "--db", db, "--json");
    expect(out.trim().split("\n")).toHaveLength(1);
  });

  it("remove removes phone and password", async () => {
    await shown("credentials", "alice.wong", "desk");
    expect((await device("remove", "alice.wong", "desk")).out).toContain(
      "alice-desk cannot sign in any more",
    );
    expect(await held("alice-desk")).toBeUndefined();
    expect((await device("list")).out).toBe("");
  });

  it("list says which phones cannot sign in", async () => {
    expect((await device("list")).out).toMatch(
      /^alice\.wong desk +alice-desk +no password: cannot sign in\n$/,
    );
    await shown("credentials", "alice.wong", "desk");
    expect((await device("list")).out).toContain("password of 2023-11-14 22:13 by ann");
  });

  it("shows the settings to people, with a QR code if they want one", async () => {
    const { out } = await device("credentials", "alice.wong", "desk", "--proxy", "203.0.113.5", "--qr");
    expect(out).toContain("203.0.113.5:5060");
    expect(out).toMatch(/[\u2580\u2584\u2588]{3}/);
    const { out: plain } = await device("rotate", "alice.wong", "desk");
    expect(plain).not.toMatch(/[\u2580\u2584\u2588]{3}/);
  });
});
