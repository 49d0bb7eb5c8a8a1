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
import { type MailServer, type Said, type Stage, startMailServer } from "../../fixtures/mail-server.js";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { toneWav } from "../../fixtures/tone-wav.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { MessageAsk } from "../../policy/call/mailbox-requests.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import type { MailboxSettings, MessageMail } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { Store } from "../../storage/store.js";
import { messageMail } from "./mail.js";
import { Mailer } from "./mailer.js";
import { Mailroom } from "./mailroom.js";
import { Recordings } from "./recordings.js";
import { smtpSend } from "./smtp.js";

const ID = "11111111-2222-4333-8444-000000000001";

let logged: Array<{ readonly level: number; readonly msg: string }> = [];

let folder: string;
let store: Store;
let server: MailServer;
let mailer: Mailer;
let table: RoutingTable;
const clock = new VirtualClock();
const log = pino({ level: "info", base: null }, { write: (line) => logged.push(JSON.parse(line)) });
const common = { clock, ids: new SeededIds(1), log, table: () => table };

function tableWith(
  email: MessageMail,
  more: Partial<MailboxSettings> = {},
  addresses: Readonly<Record<string, string | undefined>> = {},
): RoutingTable {
  const bobby = given({ email: "bobby" in addresses ? addresses["bobby"] : "bob@example.com" });
  const sales = group("sales", ["alice", "bobby", "carol", "dave1"]);
  return RoutingTable.of(
    office([], {
      timezone: "America/New_York",
      users: [
        user("alice", [], { email: "alice@example.com" }),
        user("bobby", [], bobby),
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
  store = await newStore(join(folder, "test.db"));
  table = tableWith("attached");
  server = await startMailServer();
  const recordings = new Recordings(folder, 0);
  mailer = newMailer();
  await delivered(recordings);
  logged = [];
});

function newMailer(): Mailer {
  return new Mailer({
    ...common,
    store: store.voicemail,
    outbox: store.outbox,
    recordings: new Recordings(folder, 0),
    send: smtpSend({ url: new URL(server.url), password: undefined, from: "office@example.com" }),
  });
}

/** Lets time pass, with all that the mailer does meanwhile. */
async function pass(ms: number, stepMs: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advanceBy(stepMs);
    // The first run may be one that a timer had begun before a mail was due.
    await mailer.work();
    await mailer.work();
  }
}

function addressees(): string[] {
  return server.received.map(({ to }) => to).sort();
}

const HOUR_MS = 3_600_000;
const BOTH = ["alice@example.com", "bob@example.com"];

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
    newestTable: async () => common.table(),
    mails: true,
    onChange: () => {},
  });
  const caller = { callId: "c", callerNumber: "+19175550144", callerName: "Jane", called: "+12125550100" };
  const asker = { askId: "", ...caller, atMs: 1, revision: 1 };
  const ask = (asked: MessageAsk) => new Promise((resolve) => mailroom.ask(asked, asker, resolve));
  await ask({ kind: "open_message", message: ID, box: { kind: "group", id: "sales" } });
  writeFileSync(join(folder, `${ID}.wav`), toneWav(3_000));
  await ask({ kind: "deliver_message", messages: [ID], urgent: false });
}

const HOSTILE_FACTS = { timezone: "UTC", boxName: "Sales", attached: false, room: "enough" } as const;
const HEADERS = ["Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"];

/** Adds mails about missed calls. */
async function fill(mails: number): Promise<void> {
  const facts = { callerNumber: "", callerName: "", called: "", rang: [], arrivedMs: 1, endedMs: 2 };
  for (let n = 0; n < mails; n += 1)
    await store.outbox.missed({ ...facts, call: `call-${n}`, box: "group:sales" }, [
      { username: "alice", address: "alice@example.com" },
    ]);
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

  it.each<readonly [Stage, Said]>([
    ["greeting", "554 5.3.2 no service today"],
    ["EHLO", "421 4.3.2 closing"],
    ["MAIL", "550 5.7.1 sender unknown"],
    ["RCPT", "530 5.7.0 authentication required"],
    ["RCPT", "450 4.2.0 greylisted"],
    ["DATA", "451 4.3.0 local trouble"],
    ["DATA", "break"],
  ])("waits for days for a server that answers %s with %s", async (stage, said) => {
    server.says.set(stage, said);
    await pass(3 * 24 * HOUR_MS, 4 * HOUR_MS);
    expect(server.received).toEqual([]);
    expect(server.connections).toBeLessThan(100);
    server.says.clear();
    await pass(8 * HOUR_MS, 4 * HOUR_MS);
    expect(addressees()).toEqual(BOTH);
  });

  it("is given up in the end when the server never takes it, and that is said", async () => {
    // Almost all tries are over.
    for (let tries = 0; tries < 2 * 96; tries += 1) {
      const nowMs = clock.nowMs() + tries;
      const mail = await store.outbox.takeDue(nowMs);
      await store.outbox.failed(mail?.id ?? 0, { nextMs: nowMs, withoutSound: false });
    }
    server.says.set("RCPT", "450 4.2.0 greylisted");
    await pass(24 * HOUR_MS, 4 * HOUR_MS);
    expect(await store.outbox.waiting()).toBe(2);
    await pass(5 * 24 * HOUR_MS, 4 * HOUR_MS);
    expect(await store.outbox.waiting()).toBe(0);
    expect(await store.outbox.givenUp(0)).toEqual(
      ["bob@example.com", "alice@example.com"].map((address) => ({
        address,
        why: "RCPT TO: 450 4.2.0 greylisted",
      })),
    );
    expect(mailer.figures.ended).toEqual({ sent: 0, refused: 0, given_up: 2, unknown: 0 });
  });

  it("at which the server closes the session while it takes others waits by its own tries, for days", async () => {
    const tried: number[] = [];
    table = tableWith("attached", { missedCalls: true });
    await mailer.close();
    mailer = new Mailer({
      ...common,
      store: store.voicemail,
      outbox: store.outbox,
      recordings: new Recordings(folder, 0),
      send: async ({ to }, committing) => {
        if (to === "alice@example.com") {
          tried.push(clock.nowMs());
          const reply = { response: "421 4.7.28 too many", responseCode: 421, command: "RCPT TO" };
          return { outcome: "server_failed", error: reply };
        }
        await committing();
        return { outcome: "sent" };
      },
    });
    const [facts, bob] = [
      {
        box: "group:sales",
        callerNumber: "",
        callerName: "",
        called: "",
        rang: [],
        arrivedMs: 1,
        endedMs: 2,
      },
      { username: "bobby", address: "bob@example.com" },
    ];
    for (let minute = 0; minute < 6 * 60; minute += 10) {
      await store.outbox.missed({ ...facts, call: `call-${minute}` }, [bob]);
      await pass(600_000, 120_000);
    }
    expect(mailer.figures.ended).toMatchObject({ given_up: 0, sent: 6 * 6 + 1 });
    expect(mailer.figures).toMatchObject({ waiting: 1, isFailing: false });
    expect(tried.length).toBeLessThan(15);
  });

  it("that waits for the server is said once, and again when the server is back", async () => {
    server.says.set("greeting", "554 5.3.2 no service today");
    await pass(24 * HOUR_MS, 3 * HOUR_MS);
    const about = (word: string) => logged.filter(({ msg }) => msg.includes(word)).map(({ level }) => level);
    expect(about("takes no mails")).toEqual([50]);
    expect(await store.outbox.trouble()).toMatchObject({ what: "CONN: 554 5.3.2 no service today" });
    expect(mailer.figures).toMatchObject({ waiting: 2, isFailing: true });
    server.says.clear();
    await pass(8 * HOUR_MS, 4 * HOUR_MS);
    expect(about("takes mails again")).toEqual([30]);
    expect(await store.outbox.trouble()).toBeUndefined();
    expect(mailer.figures).toMatchObject({ waiting: 0, isFailing: false, ended: { sent: 2 } });
  });

  it("waits with hundreds of others, of which one is tried for all", async () => {
    await fill(300);
    server.says.set("greeting", "421 4.3.2 too busy");
    await pass(24 * HOUR_MS, 3 * HOUR_MS);
    expect(server.connections).toBeLessThan(30);
    expect(await store.outbox.waiting()).toBe(302);
  });

  it("waits when the server wants none of many just now", async () => {
    await fill(50);
    server.says.set("DATA", "452 4.3.1 disk full");
    await pass(24 * HOUR_MS, 3 * HOUR_MS);
    expect(server.connections).toBeLessThan(40);
  });

  it("is sent at once by the next engine, which may have the right password", async () => {
    server.says.set("greeting", "554 5.3.2 no service today");
    await pass(24 * HOUR_MS, 3 * HOUR_MS);
    await mailer.close();
    server.says.clear();
    mailer = newMailer();
    await mailer.open();
    await mailer.work();
    expect(addressees()).toEqual(BOTH);
  });

  it("goes again without the sound when it is too large, and says so", async () => {
    server.bytesMax = 20_000;
    await mailer.work();
    expect(addressees()).toEqual(BOTH);
    for (const { text } of server.received) {
      expect(text).not.toContain("Content-Disposition: attachment");
      expect(text.replace(/=\r?\n/g, "")).toContain(
        "It is not attached, because the mail server did not take",
      );
    }
  });

  it("goes without the sound when its line breaks each time the sound passes", async () => {
    const { committing } = store.outbox;
    let tries = 0;
    store.outbox.committing = (id) => {
      tries += 1;
      if (tries > 8) return committing.call(store.outbox, id);
      server.cut();
      return new Promise(() => {});
    };
    await pass(24 * HOUR_MS, 3 * HOUR_MS);
    expect(addressees()).toEqual(BOTH);
    for (const { text } of server.received) expect(text).not.toContain("Content-Disposition: attachment");
  });

  it("goes to the address that the member has now", async () => {
    server.says.set("greeting", "421 4.3.2 too busy");
    await mailer.work();
    table = tableWith("attached", {}, { bobby: "robert@example.com" });
    server.says.clear();
    await pass(HOUR_MS, HOUR_MS);
    expect(addressees()).toEqual(["alice@example.com", "robert@example.com"]);
  });

  it("waits for a member who is gone for a while, by a slip", async () => {
    table = tableWith("attached", {}, { bobby: undefined });
    await pass(HOUR_MS, HOUR_MS);
    expect(addressees()).toEqual(["alice@example.com"]);
    table = tableWith("attached");
    await pass(2 * HOUR_MS, HOUR_MS);
    expect(addressees()).toEqual(BOTH);
  });

  it("is not sent to a member who has deleted the message meanwhile", async () => {
    await store.voicemail.mark(ID, "alice", "deleted", clock.nowMs());
    await mailer.work();
    expect(addressees()).toEqual(["bob@example.com"]);
  });

  it("is sent although the clock was set back by a year", async () => {
    server.answers.push(451, 451);
    await mailer.work();
    const later = clock.nowMs() + 365 * 24 * HOUR_MS;
    for (const id of [1, 2]) await store.outbox.failed(id, { nextMs: later, withoutSound: false });
    await pass(HOUR_MS, HOUR_MS);
    expect(addressees()).toEqual(BOTH);
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

  it.each([
    {
      name: "a header",
      callerName: "x\r\nBcc: eve@example.com\r\n\r\nbody",
      shows: "x Bcc: eve@example.com body",
    },
    { name: "a line of another script", callerName: "x\u2028Bcc: eve\u0085y", shows: "x Bcc: eve y" },
    {
      name: "writing from right to left",
      callerName: "\u202e0110-555\u202c Bank\u2066",
      shows: "0110-555 Bank",
    },
    { name: "half a character", callerName: "Jane \ud83d", shows: "Jane \ufffd" },
    { name: "a long name of wide characters", callerName: "😀".repeat(500), shows: "😀".repeat(120) },
    { name: "an encoded word", callerName: "=?utf-8?B?QmNjOiBldmU=?=", shows: "=?utf-8?B?QmNjOiBldmU=?=" },
    { name: "an address", callerName: '"eve" <eve@example.com>, other@example.com', shows: "eve" },
  ])("goes to its member alone when the caller's name is $name", async ({ callerName, shows }) => {
    const [message] = await store.voicemail.list();
    if (message === undefined) throw new Error("no message");
    const { delivered } = store.voicemail;
    store.voicemail.delivered = async (id) => {
      const found = await delivered.call(store.voicemail, id);
      return found && { ...found, callerName };
    };
    expect(messageMail({ ...message, callerName }, HOSTILE_FACTS).subject).toContain(shows);
    await mailer.work();
    expect(addressees()).toEqual(BOTH);
    for (const { text } of server.received) {
      const headers = text.slice(0, text.indexOf("\r\n\r\n")).split(/\r\n(?![ \t])/);
      expect(headers.map((header) => header.slice(0, header.indexOf(":"))).sort()).toEqual(HEADERS);
    }
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
