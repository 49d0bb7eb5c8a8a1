/**
 * Goal: the first administrator is invited by a command, and whoever cannot sign in is helped by one. Method: command lines
 * on a real database; links are used by the use cases that the web server calls.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ringline, ringlineIn, TEST_NOW_MS } from "../../../fixtures/cli/run-program.js";
import { type MailServer, startMailServer } from "../../../fixtures/mail-server.js";
import { openStore } from "../../../storage/store.js";
import { activate, chooseNewPassword } from "../../accounts/activation.js";
import { systemIds } from "../../ids.js";

const OFFICE = `office: { name: Acme, country: US, timezone: Europe/Berlin }
users:
  - { username: alice.wong, name: Alice Wong, email: alice@example.com }
  - { username: bob.stone, name: Bob Stone, suspended: true }
  - { username: carol.diaz, name: Carol Diaz }
`;
const ADMINS = "groups: [{ id: system-admins, name: System Admins, members: [{ user: alice.wong }] }]\n";

let folder: string;
let db: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-account-"));
  db = join(folder, "office.db");
  writeFileSync(join(folder, "office.yaml"), OFFICE + ADMINS);
  const { err, code } = await ringline("apply", join(folder, "office.yaml"), "--db", db);
  expect({ err, code }).toMatchObject({ code: 0 });
});
afterEach(() => rmSync(folder, { recursive: true }));

function account(...args: string[]) {
  return ringline("account", ...args, "--db", db);
}

const URL_OPTION = ["--public-url", "https://phones.example.com/"] as const;

async function using<T>(work: (deps: Parameters<typeof activate>[0]) => Promise<T>): Promise<T> {
  const opened = await openStore(db);
  if (!opened.ok) throw new Error(opened.failure.reason);
  try {
    return await work({ store: opened.store, clock: { nowMs: () => TEST_NOW_MS }, ids: systemIds });
  } finally {
    await opened.store.close();
  }
}

function secretIn(out: string): string {
  return /#([\w-]{43})\n/.exec(out)?.[1] ?? "";
}

describe("ringline account", () => {
  it("invite prints a link that makes an account", async () => {
    const { out, err, code } = await account("invite", "alice.wong", ...URL_OPTION);
    expect(out).toMatch(/^alice\.wong {2}https:\/\/phones\.example\.com\/activate#[\w-]{43}\n$/);
    expect({ err, code }).toEqual({ err: "works once, until 2023-11-21 22:13 UTC\n", code: 0 });
    expect((await account("list", "--state", "invited")).out).toContain("link was shown");
    const done = await using((deps) => activate(deps, secretIn(out), "kestrel7"));
    expect(done).toEqual({ outcome: "password_chosen", username: "alice.wong" });
    expect((await account("show", "alice.wong")).out).toMatch(/alice\.wong\s+active/);
    const again = await account("invite", "alice.wong");
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("account reset") });
  });

  it("resend ends the link before, and withdraw the invitation", async () => {
    const first = secretIn((await account("invite", "alice.wong")).out);
    expect(await account("invite", "alice.wong")).toMatchObject({ code: 1 });
    const second = secretIn((await account("resend", "alice.wong")).out);
    const used = await using((deps) => activate(deps, first, "kestrel7"));
    expect(used).toEqual({ outcome: "link_refused", why: "replaced" });
    expect((await account("withdraw", "alice.wong")).code).toBe(0);
    const late = await using((deps) => activate(deps, second, "kestrel7"));
    expect(late).toEqual({ outcome: "link_refused", why: "withdrawn" });
    expect((await account("withdraw", "alice.wong")).code).toBe(1);
    expect((await account("resend", "alice.wong")).code).toBe(1);
  });

  it("says of each who cannot be invited why", async () => {
    const { out, err, code } = await account("invite", "carol.diaz", "bob.stone", "dana.reed", ...URL_OPTION);
    expect(out).toContain("carol.diaz  https://phones.example.com/activate#");
    expect(err).toContain("bob.stone is suspended");
    expect(err).toContain("dana.reed is not in the office");
    expect(code).toBe(1);
  });

  it("says when nobody could change the office on the page", async () => {
    const hint = "ringline group member add system-admins";
    const other = join(folder, "other.db");
    writeFileSync(join(folder, "other.yaml"), OFFICE);
    expect((await ringline("apply", join(folder, "other.yaml"), "--db", other)).code).toBe(0);
    expect((await ringline("account", "invite", "alice.wong", "--db", other)).err).toContain(hint);
    expect((await account("invite", "carol.diaz")).err).not.toContain(hint);
  });

  it("reset makes a link for a new password, sign-out and remove end what there is", async () => {
    expect((await account("reset", "alice.wong")).code).toBe(1);
    const link = secretIn((await account("invite", "alice.wong")).out);
    await using((deps) => activate(deps, link, "kestrel7"));
    const reset = JSON.parse((await account("reset", "alice.wong", "--json", ...URL_OPTION)).out);
    expect(reset).toMatchObject({ ok: true, link: expect.stringContaining("/new-password#") });
    const secret = String(reset.link).split("#")[1] ?? "";
    const done = await using((deps) => chooseNewPassword(deps, secret, "kestrel8"));
    expect(done).toMatchObject({ outcome: "password_chosen" });
    expect(await account("sign-out", "alice.wong")).toMatchObject({ code: 0, out: "0 sessions ended\n" });
    expect((await account("remove", "alice.wong")).code).toBe(0);
    expect((await account("remove", "alice.wong")).code).toBe(1);
    expect((await account("sign-out", "alice.wong")).code).toBe(1);
  });

  it("user remove takes the account in the same revision", async () => {
    const link = secretIn((await account("invite", "carol.diaz")).out);
    await using((deps) => activate(deps, link, "kestrel7"));
    expect(await ringline("user", "remove", "carol.diaz", "--db", db)).toMatchObject({ code: 0 });
    const add = ["user", "add", "carol.diaz", "--name", "Another Carol", "--db", db];
    expect(await ringline(...add)).toMatchObject({ code: 0 });
    expect((await account("show", "carol.diaz")).out).toMatch(/carol\.diaz\s+none/);
  });

  it("remove-factors asks a user for the password only", async () => {
    expect(await account("remove-factors", "alice.wong")).toMatchObject({
      code: 1,
      err: expect.stringContaining("alice.wong is asked for the password only"),
    });
    const link = secretIn((await account("invite", "alice.wong")).out);
    await using((deps) => activate(deps, link, "kestrel7"));
    await using(({ store }) => store.secondFactors.beginTotp("alice.wong", "AAAA", 1));
    expect((await account("remove-factors", "alice.wong")).code).toBe(0);
    expect((await account("remove-factors", "alice.wong")).code).toBe(1);
  });

  it("list says who can sign in, and each deed is in the audit", async () => {
    await account("invite", "alice.wong", "--mail");
    const { out } = await account("list");
    expect(out).toMatch(/alice\.wong\s+invited\s+alice@example\.com\s+by ann, mail waits/);
    expect(out).toMatch(/bob\.stone\s+suspended/);
    expect(out).toMatch(/carol\.diaz\s+none/);
    const entries = await using(({ store }) => store.audit.list({ action: "invited" }, { limit: 10 }));
    expect(entries).toMatchObject([
      { actor: null, address: null, subject: "user:alice.wong", detail: { by: "ann", by_mail: true } },
    ]);
  });
});

describe("ringline mail test", () => {
  let mails: MailServer;
  beforeEach(async () => {
    mails = await startMailServer();
  });
  afterEach(() => mails.close());

  function mail(address: string, ...args: string[]) {
    return ringlineIn(
      { env: { RINGLINE_SMTP: mails.url, RINGLINE_MAIL_FROM: "office@example.com" } },
      ...["mail", "test", address, "--db", db, ...args],
    );
  }

  it("sends a mail with the office's name and its time", async () => {
    expect(await mail("alice@example.com")).toMatchObject({ code: 0, err: "" });
    const [received] = mails.received;
    expect(received?.to).toBe("alice@example.com");
    expect(received?.text).toContain("Subject: Acme: a test of mails");
    expect(received?.text.replace(/=\r\n/g, "")).toContain("14 November 2023 at 23:13 (Europe/Berlin)");
  });

  it("says what the mail server answers", async () => {
    mails.says.set("RCPT", "550 5.1.1 no such person");
    const { err, code } = await mail("alice@example.com");
    expect({ err, code }).toMatchObject({ err: expect.stringContaining("no such person"), code: 1 });
  });

  it.each(["alice", "a@example.com, b@example.com", "a@example.com\nBcc: c@example.com"])(
    "%j is no address",
    async (address) => {
      expect(await mail(address)).toMatchObject({ code: 1 });
      expect(mails.received).toEqual([]);
    },
  );
});
