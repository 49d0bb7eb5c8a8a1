/**
 * Mails about messages, to a real mail server on this machine: each is sent once to the right address, tried again
 * later, and given up when refused. Their text is safe for every caller's name.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { group, office, user } from "../../fixtures/core/scene.js";
import { toneWav } from "../../fixtures/core/wav.js";
import { type MailServer, startMailServer } from "../../fixtures/mail-server.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { MessageAsk } from "../../policy/call/mailbox-requests.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import type { MailboxSettings, MessageMail } from "../../policy/office/office.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { openStore, type Store } from "../../storage/store.js";
import { messageMail } from "./mail.js";
import { Mailer } from "./mailer.js";
import { Mailroom } from "./mailroom.js";
import { Recordings } from "./recordings.js";
import { smtpSend } from "./smtp.js";

const ID = "11111111-2222-4333-8444-000000000001";

let folder: string;
let store: Store;
let server: MailServer;
let mailer: Mailer;
let table: RoutingTable;
const clock = new VirtualClock();
const common = { clock, ids: new SeededIds(1), log: pino({ level: "silent" }), table: () => table };

function tableWith(email: MessageMail, more: Partial<MailboxSettings> = {}): RoutingTable {
  const sales = group("sales", ["alice", "bobby", "carol", "dave1"]);
  return RoutingTable.of(
    office([], {
      timezone: "America/New_York",
      users: [
        user("alice", [], { email: "alice@example.com" }),
        user("bobby", [], { email: "bob@example.com" }),
        user("carol", [], { email: "carol@example.com" }),
        user("dave1", []),
      ],
      groups: [
        {
          ...sales,
          name: "Sales",
          voicemail: { ...MAILBOX_DEFAULTS, email, ...more },
          members: sales.members.map((one) => ({ ...one, voicemail: one.username !== "carol" })),
        },
      ],
    }),
    1,
  );
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-mail-"));
  const opened = await openStore(join(folder, "test.db"));
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
  table = tableWith("attached");
  server = await startMailServer();
  const recordings = new Recordings(folder, 0);
  mailer = new Mailer({
    ...common,
    store: store.voicemail,
    outbox: store.outbox,
    recordings,
    send: smtpSend({
      url: new URL(server.url),
      password: undefined,
      from: "office@example.com",
    }),
  });
  await delivered(recordings);
});

afterEach(async () => {
  await mailer.close();
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function delivered(recordings: Recordings): Promise<void> {
  const mailroom = new Mailroom({
    ...common,
    store: store.voicemail,
    recordings,
    greetings: async () => [],
    mails: true,
    onChange: () => {},
  });
  const caller = { callId: "c", callerNumber: "+19175550144", callerName: "Jane", called: "+12125550100" };
  const asker = { askId: "", ...caller, atMs: 1 };
  const ask = (asked: MessageAsk) => new Promise((resolve) => mailroom.ask(asked, asker, resolve));
  await ask({ kind: "open_message", message: ID, box: { kind: "group", id: "sales" } });
  writeFileSync(join(folder, `${ID}.wav`), toneWav(3_000));
  await ask({ kind: "deliver_message", messages: [ID], urgent: false });
}

describe("mail about a message", () => {
  it("goes once to each member who gets the message and has an address, with the sound", async () => {
    await mailer.work();
    await mailer.work();
    expect(server.received.map(({ to }) => to).sort()).toEqual(["alice@example.com", "bob@example.com"]);
    expect(server.received[0]?.text).toContain("Content-Disposition: attachment");
    expect(server.received[0]?.text).toContain("tel:+19175550144");
  });

  it("is tried again later when the server does not take it", async () => {
    server.answers.push(451, 451);
    await mailer.work();
    expect(server.received).toEqual([]);
    clock.advanceBy(60_000);
    // The first run may be one that a timer had begun before the mail was due.
    await mailer.work();
    await mailer.work();
    expect(server.received).toHaveLength(2);
  });

  it("is given up when the server refuses it for good", async () => {
    server.answers.push(550);
    await mailer.work();
    clock.advanceBy(7_200_000);
    await mailer.work();
    await mailer.work();
    expect(server.received).toHaveLength(1);
  });

  it("that a crash interrupted at its end is not sent again: the server may have it", async () => {
    const mail = await store.outbox.takeDue(clock.nowMs());
    await store.outbox.committing(mail?.id ?? 0);
    expect(await store.outbox.giveUpInterrupted()).toEqual([{ kind: "message", id: ID }]);
    await mailer.work();
    expect(server.received).toHaveLength(1);
  });

  it("that a crash interrupted before its end is sent", async () => {
    await store.outbox.takeDue(clock.nowMs());
    expect(await store.outbox.giveUpInterrupted()).toEqual([]);
    await mailer.work();
    expect(server.received).toHaveLength(1);
    clock.advanceBy(120_000);
    await mailer.work();
    await mailer.work();
    expect(server.received).toHaveLength(2);
  });

  it.each([
    { lost: "taken, and the line breaks", before: 2, copies: [1, 1] },
    { lost: "the line breaks midway", before: 1, copies: [1, 1] },
  ] as const)("is there once when $lost", async ({ lost, before, copies }) => {
    server.answers.push(lost);
    await mailer.work();
    expect(server.received).toHaveLength(before);
    clock.advanceBy(7_200_000);
    await mailer.work();
    await mailer.work();
    const of = (address: string) => server.received.filter(({ to }) => to === address).length;
    expect([of("alice@example.com"), of("bob@example.com")]).toEqual(copies);
  });

  it("is not sent, and tried again, when it cannot be written down that it is about to be", async () => {
    const { committing } = store.outbox;
    store.outbox.committing = () => Promise.reject(new Error("database is locked"));
    await mailer.work();
    expect(server.received).toEqual([]);
    store.outbox.committing = committing;
    clock.advanceBy(7_200_000);
    await mailer.work();
    await mailer.work();
    expect(server.received.map(({ to }) => to).sort()).toEqual(["alice@example.com", "bob@example.com"]);
  });

  it("that was not taken is tried again, also when the database is busy just then", async () => {
    // Reading the database gives other work its turn.
    const turn = () => store.voicemail.list();
    const { failed } = store.outbox;
    let isBusy = true;
    store.outbox.failed = (...args) =>
      isBusy ? Promise.reject(new Error("database is locked")) : failed.apply(store.outbox, args);
    server.answers.push(451);
    const working = mailer.work();
    while (server.answers.length > 0) await turn();
    for (let n = 0; n < 200; n += 1) await turn();
    isBusy = false;
    let isOver = false;
    void working.then(() => {
      isOver = true;
    });
    while (!isOver) {
      clock.advanceBy(100);
      await turn();
    }
    clock.advanceBy(7_200_000);
    await mailer.work();
    await mailer.work();
    expect(server.received.map(({ to }) => to).sort()).toEqual(["alice@example.com", "bob@example.com"]);
  });

  it("is given up when each try ends the process", async () => {
    // Each time both mails are due again, and neither is sent.
    for (let tries = 0; tries < 100; tries += 1) await store.outbox.takeDue(clock.nowMs() + tries * 120_000);
    clock.advanceBy(100 * 120_000);
    await mailer.work();
    await mailer.work();
    expect(server.received).toEqual([]);
    expect(await store.outbox.takeDue(clock.nowMs() + 1e9)).toBeUndefined();
  });

  it("goes without the sound when its file is gone", async () => {
    rmSync(join(folder, `${ID}.wav`));
    await mailer.work();
    expect(server.received).toHaveLength(2);
    expect(server.received[0]?.text).not.toContain("Content-Disposition: attachment");
    expect(server.received[0]?.text).toContain("The message is in the mailbox");
  });

  it("is not sent for a message that was deleted meanwhile", async () => {
    await store.voicemail.deleteForAll(ID, 5);
    await mailer.work();
    expect(server.received).toEqual([]);
  });

  it.each([
    { room: "enough", says: /The message is in the mailbox\.$/ },
    { room: "little", says: /nearly full/ },
    { room: "none", says: /takes no more/ },
  ] as const)("says that the mailbox fills: $room", async ({ room, says }) => {
    const [message] = await store.voicemail.list();
    if (message === undefined) throw new Error("no message");
    const { text, html } = messageMail(message, { timezone: "UTC", boxName: "Sales", attached: false, room });
    expect(text.trim()).toMatch(says);
    expect(html.replace(/<[^>]+>/g, "")).toMatch(says);
  });

  it("counts what is in the mailbox", async () => {
    table = tableWith("notice", { messagesMax: 1 });
    await mailer.work();
    expect(server.received[0]?.text).toContain("takes no more messages");
  });

  it("says the time in the office's zone, and nothing a caller sends is markup or a header", async () => {
    const [message] = await store.voicemail.list();
    if (message === undefined) throw new Error("no message");
    const facts = {
      timezone: "America/New_York",
      boxName: "Sales",
      attached: false,
      room: "enough",
    } as const;
    const nasty = {
      ...message,
      deliveredMs: Date.UTC(2026, 0, 31, 17, 5),
      callerName: 'x\r\nBcc: a@b <b>"&',
    };
    const { subject, text, html } = messageMail(nasty, facts);
    expect(text).toContain("Saturday, January 31, 2026 at 12:05");
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toMatch(/[\r\n]|<b>/);
    expect(text.split("\n").some((line) => line.startsWith("Bcc"))).toBe(false);
  });
});
