/**
 * Mails about missed calls, to a real mail server on this machine: to the right members, once for each call, also when a
 * call is reported twice or the database is busy. Their text is safe for a hostile caller's name.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, user } from "../../fixtures/core/scene.js";
import { type MailServer, startMailServer } from "../../fixtures/mail-server.js";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import type { Box } from "../../policy/office/box.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { SqlError } from "../../storage/database.js";
import type { OutboxStore } from "../../storage/outbox.js";
import type { Store } from "../../storage/store.js";
import { missedCallMail } from "./mail.js";
import { Mailer } from "./mailer.js";
import { MissedCalls } from "./missed-calls.js";
import { Recordings } from "./recordings.js";
import { smtpSend } from "./smtp.js";
import type { MissedCall } from "./voicemail-port.js";

const SALES: Box = { kind: "group", id: "sales" };
const ALICE: Box = { kind: "user", username: "alice" };
const CALL: MissedCall = {
  callId: "11111111-2222-4333-8444-000000000001",
  revision: 1,
  box: SALES,
  callerNumber: "+19175550144",
  callerName: "Jane",
  from: null,
  called: "+12125550100",
  rang: ["alice", "bobby", "+12125550177"],
  arrivedMs: Date.UTC(2026, 0, 31, 17, 5),
  endedMs: Date.UTC(2026, 0, 31, 17, 5, 24),
};

const MAILBOX = { ...MAILBOX_DEFAULTS, missedCalls: true };
const sales = group("sales", ["alice", "bobby", "carol", "dave1"]);
const table = RoutingTable.of(
  office([], {
    timezone: "America/New_York",
    users: [
      user("alice", [], { name: "Alice Wong", email: "alice@example.com" }),
      user("bobby", [], { name: "Bob Stone", email: "bob@example.com", voicemail: MAILBOX }),
      user("carol", [], { email: "carol@example.com" }),
      user("dave1", []),
    ],
    groups: [
      {
        ...sales,
        name: "Sales",
        voicemail: MAILBOX,
        members: sales.members.map((one) => ({ ...one, voicemail: one.username !== "carol" })),
      },
    ],
  }),
  1,
);

let folder: string;
let store: Store;
let server: MailServer;
let mailer: Mailer;
const clock = new VirtualClock(CALL.endedMs + 1);
const common = { clock, ids: new SeededIds(1), log: pino({ level: "silent" }), table: () => table };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-missed-"));
  store = await newStore(join(folder, "test.db"));
  server = await startMailServer();
  const url = new URL(server.url);
  mailer = new Mailer({
    ...common,
    store: store.voicemail,
    outbox: store.outbox,
    recordings: new Recordings(folder, 0),
    send: smtpSend({ url, password: undefined, from: "office@example.com" }),
  });
});

afterEach(async () => {
  await mailer.close();
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function told(call: Partial<MissedCall>, outbox: Pick<OutboxStore, "missed"> = store.outbox) {
  const calls = new MissedCalls({
    ...common,
    outbox: outbox as OutboxStore,
    boxSince: (box, revision) => store.voicemail.boxSince(box, revision),
    written: () => {},
  });
  await calls.tell({ ...CALL, ...call });
}

async function mailsTo(): Promise<string[]> {
  await mailer.work();
  await mailer.work();
  return server.received.map(({ to }) => to).sort();
}

describe("mail about a missed call", () => {
  it("goes once to each member who gets messages and has an address", async () => {
    await told({});
    await told({});
    expect(await mailsTo()).toEqual(["alice@example.com", "bob@example.com"]);
    const [{ text } = { text: "" }] = server.received;
    expect(text).toContain("Subject: Missed call from Jane, +19175550144 for Sales");
    expect(text).toContain("Alice Wong, Bob Stone, +12125550177");
    expect(text).toContain("Saturday, January 31, 2026 at 12:05");
    expect(text).toContain("tel:+19175550144");
  });

  it.each<[string, Partial<MissedCall>, string[]]>([
    ["does not go where the mailbox does not want it", { box: ALICE }, []],
    [
      "goes to the owner of a mailbox that wants it",
      { box: { kind: "user", username: "bobby" } },
      ["bob@example.com"],
    ],
    ["does not go to who called", { from: "alice" }, ["bob@example.com"]],
    ["goes nowhere for a mailbox that nobody owns any more", { box: { kind: "group", id: "gone" } }, []],
  ])("%s", async (_what, call, to) => {
    await told(call);
    expect(await mailsTo()).toEqual(to);
  });

  it("is written when the database is busy for a moment", async () => {
    let tries = 0;
    const outbox: Pick<OutboxStore, "missed"> = {
      missed: async (call, mails) => {
        tries += 1;
        if (tries < 3) throw new SqlError(Object.assign(new Error("busy"), { code: "SQLITE_BUSY" }));
        await store.outbox.missed(call, mails);
      },
    };
    let done = false;
    const written = told({}, outbox).then(() => {
      done = true;
    });
    while (!done) {
      await Promise.resolve();
      if (tries < 3) clock.advanceBy(1_000);
      else await written;
    }
    expect(tries).toBe(3);
    expect(await mailsTo()).toHaveLength(2);
  });

  it("is forgotten with its call after a while, sent or not", async () => {
    await told({});
    await store.outbox.forgetMissed(CALL.endedMs);
    expect(await store.outbox.missedCall(CALL.callId)).toBeDefined();
    await store.outbox.forgetMissed(CALL.endedMs + 1);
    expect(await store.outbox.missedCall(CALL.callId)).toBeUndefined();
    expect(await mailsTo()).toEqual([]);
  });

  it("says nothing that a caller could make a header or markup of", () => {
    const facts = { timezone: "UTC", boxName: "Sales" };
    const nasty = {
      ...CALL,
      call: CALL.callId,
      box: "group:sales",
      callerName: 'x\r\nBcc: a@b <b>"&',
      callerNumber: "",
    };
    const { subject, text, html } = missedCallMail(nasty, facts, []);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toMatch(/[\r\n]|<b>/);
    expect(text.split("\n").some((line) => line.startsWith("Bcc"))).toBe(false);
    expect(text).toContain("Rang:     no phone could be reached");
  });
});
