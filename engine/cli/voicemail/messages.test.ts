/**
 * Goal: commands list, delete, restore and claim messages, for one user or for all, and an impossible request is
 * reported. Method: command lines on a real database.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeApplied } from "../../../fixtures/cli/office-of-a-test.js";
import { type Ran, ringline } from "../../../fixtures/cli/run-program.js";
import { openStore } from "../../../storage/store.js";

const ACME = fileURLToPath(new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url));
const FIRST = "11111111-2222-4333-8444-000000000001";
const SECOND = "11111111-2222-4333-8444-000000000002";
const OTHER = "99999999-2222-4333-8444-000000000003";

let folder: string;
let db: string;

/** Two messages of Alice, and one of the group of Alice and Bob, in which Bob's voicemail is switched off. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-messages-"));
  db = join(folder, "office.db");
  await writeApplied(db, ACME);
  const opened = await openStore(db);
  if (!opened.ok) throw new Error("no database");
  const { voicemail } = opened.store;
  const alone = [{ username: "alice.wong", receives: true }];
  const both = [...alone, { username: "bob.stone", receives: false }];
  for (const [id, box, recipients, callerNumber] of [
    [FIRST, "user:alice.wong", alone, "+19175550144"],
    [SECOND, "user:alice.wong", alone, ""],
    [OTHER, "group:sales", both, "+19175550144"],
  ] as const) {
    await voicemail.open([{ id, box, call: id, beganMs: 1, callerNumber, callerName: "", called: "101" }]);
    const sound = { lengthMs: 3_000, bytes: 48_044, sha256: "0".repeat(64) };
    await voicemail.deliver(id, {
      box,
      deliveredMs: 10,
      urgent: id === OTHER,
      recipients,
      mails: [],
      ...sound,
    });
  }
  await opened.store.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

const on = (...args: string[]): Promise<Ran> => ringline("voicemail", ...args, "--db", db);

async function listed(...options: string[]): Promise<string[]> {
  const { out } = await on("list", "--json", ...options);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { id: string }).id);
}

async function done(...args: string[]): Promise<void> {
  const { err, code } = await on(...args);
  expect({ err, code }).toEqual({ err: "", code: 0 });
}

async function refused(...args: string[]): Promise<string> {
  const { out, err, code } = await on(...args);
  expect({ out, code }).toEqual({ out: "", code: 1 });
  return err;
}

describe("voicemail list", () => {
  it("shows all messages, those of a mailbox, or those that a user may hear", async () => {
    expect((await listed()).sort()).toEqual([FIRST, SECOND, OTHER].sort());
    expect(await listed("--box", "group:sales")).toEqual([OTHER]);
    expect(await listed("--for", "bob.stone")).toEqual([]);
    expect((await listed("--for", "alice.wong")).length).toBe(3);
  });

  it("has one line for each message, and says when there is none", async () => {
    expect((await on("list", "--box", "group:sales")).out).toBe(
      "99999999  1970-01-01 00:00:00 UTC  group:sales  from +19175550144  3.0 s  " +
        "alice.wong new, bob.stone switched off  urgent\n",
    );
    expect((await on("list", "--box", "user:alice.wong")).out).toContain("  from unknown  ");
    expect(await on("list", "--box", "user:bob.stone")).toEqual({ out: "", err: "no messages\n", code: 0 });
  });

  it("refuses a mailbox that does not exist", async () => {
    expect(await refused("list", "--box", "alice")).toContain("--box is user:NAME or group:ID");
  });
});

describe("voicemail show", () => {
  it("prints every fact, for people and for programs", async () => {
    const { out } = await on("show", "9999");
    expect(out).toMatch(/^message +99999999-.*\nmailbox +group:sales\n/);
    expect(out).toMatch(/^bob\.stone +new, voicemail was switched off$/m);
    const { out: json } = await on("show", "9999", "--json");
    expect(JSON.parse(json)).toMatchObject({ id: OTHER, box: "group:sales", urgent: true });
  });

  it.each([
    ["12345678", "there is no message 12345678"],
    ["999", "there is no message 999"],
    ["1111", "more than one message begins with 1111"],
  ])("%s: %s", async (id, why) => {
    expect(await refused("show", id)).toContain(why);
  });
});

describe("voicemail delete and undelete", () => {
  it("act for all members when no user is named; then the message is listed with --all only", async () => {
    await done("delete", FIRST);
    expect(await listed()).not.toContain(FIRST);
    expect(await listed("--all")).toContain(FIRST);
    expect((await on("list", "--all", "--box", "user:alice.wong")).out).toContain("  deleted\n");
    expect(await refused("delete", FIRST)).toContain("nothing was changed: message 11111111 is so already");
    await done("undelete", FIRST);
    expect(await listed()).toContain(FIRST);
    expect(await refused("undelete", FIRST)).toContain("is so already");
  });

  it("act for one user, who then has the undeleted message as saved", async () => {
    const { out } = await on("delete", OTHER, "--for", "alice.wong", "--json");
    expect(JSON.parse(out)).toEqual({ ok: true, message: OTHER });
    expect(await listed("--for", "alice.wong")).not.toContain(OTHER);
    expect(await listed()).toContain(OTHER);
    await done("undelete", OTHER, "--for", "alice.wong");
    expect((await on("list", "--for", "alice.wong", "--box", "group:sales")).out).toContain(
      "alice.wong saved",
    );
  });

  it("for a user who does not have the message change nothing", async () => {
    expect(await refused("delete", FIRST, "--for", "bob.stone")).toContain("is none of bob.stone's");
    expect(await refused("undelete", FIRST, "--for", "alice.wong")).toContain(
      "alice.wong has not deleted it",
    );
  });
});

describe("voicemail claim", () => {
  it("succeeds for one member only, until the claim is released", async () => {
    expect((await on("claim", OTHER, "--by", "bob.stone")).out).toBe("bob.stone calls back\n");
    expect((await on("list", "--box", "group:sales")).out).toContain("  bob.stone calls back");
    expect(await refused("claim", OTHER, "--by", "alice.wong")).toContain(
      "bob.stone calls this caller back already",
    );
    expect((await on("claim", OTHER, "--release")).out).toBe("nobody calls back\n");
    const { out } = await on("claim", OTHER, "--by", "alice.wong", "--json");
    expect(JSON.parse(out)).toEqual({ ok: true, by: "alice.wong" });
  });

  it.each([
    [[], "one of --by USERNAME and --release is needed"],
    [["--by", "bob.stone", "--release"], "one of --by USERNAME and --release is needed"],
    [["--by", "carol.diaz"], "carol.diaz is no member of group:sales"],
  ])("with %j is refused", async (options, why) => {
    expect(await refused("claim", OTHER, ...options)).toContain(why);
  });
});
