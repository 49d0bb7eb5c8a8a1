/**
 * Goal: a mail about a call for help goes at once, whatever becomes of other mails and of messages' sounds. Method: two
 * mailers on one outbox, as an engine has them, and a real mail server on this machine.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { office, user } from "../../fixtures/core/scene.js";
import { type MailServer, startMailServer } from "../../fixtures/mail-server.js";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { Database } from "../../storage/database.js";
import { EmergencyTables } from "../../storage/emergency.js";
import type { Store } from "../../storage/store.js";
import { Mailer } from "./mailer.js";
import { smtpSend } from "./smtp.js";

const TABLE = RoutingTable.of(
  office([], {
    users: [
      user("alice", [], {
        email: "alice@example.com",
        voicemail: { ...MAILBOX_DEFAULTS, missedCalls: true },
      }),
    ],
  }),
  1,
);

let folder: string;
let store: Store;
let server: MailServer;
let clock: VirtualClock;
let help: Mailer;
let others: Mailer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-help-"));
  store = await newStore(join(folder, "test.db"));
  server = await startMailServer();
  clock = new VirtualClock();
  [help, others] = [mailer("help"), mailer("others")];
});
afterEach(async () => {
  await Promise.all([help.close(), others.close()]);
  await server.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

function mailer(about: "help" | "others"): Mailer {
  return new Mailer({
    ...{ clock, ids: new SeededIds(1), log: pino({ level: "silent" }), about },
    table: () => TABLE,
    ...{ store: store.voicemail, outbox: store.outbox },
    send: smtpSend({ url: new URL(server.url), password: undefined, from: "office@example.com" }),
  });
}

/** Writes the mail about a call for help, as the recorder's thread does: by a connection of its own. */
async function called(id: string): Promise<void> {
  const database = await Database.open(join(folder, "test.db"), true);
  const nobody = {
    user: null,
    userName: null,
    extension: null,
    device: null,
    location: null,
    callBack: null,
  };
  const call = { id, call: id, atMs: clock.nowMs(), number: "911", isTest: false, ...nobody };
  await new EmergencyTables(database).write(
    call,
    [{ username: "", address: `${id}@example.com` }],
    clock.nowMs(),
  );
  await database.close();
}

async function missed(id: string): Promise<void> {
  const who = { callerNumber: "", callerName: "", called: "", rang: [], arrivedMs: 1, endedMs: 1 };
  await store.outbox.missed({ call: id, box: "user:alice", ...who }, [
    { username: "alice", address: "alice@example.com" },
  ]);
}

const addressees = () => server.received.map(({ to }) => to);

it("goes while another mail hangs at the mail server", async () => {
  await missed("m");
  server.says.set("MAIL", "hang");
  const working = others.work();
  await server.hung();
  server.says.clear();
  await called("a");
  await help.work();
  expect(addressees()).toEqual(["a@example.com"]);
  server.cut();
  await working;
});

it("is left alone by the mailer of all others", async () => {
  await missed("m");
  await called("a");
  await others.work();
  expect(addressees()).toEqual(["alice@example.com"]);
  await help.work();
  expect(addressees()).toEqual(["alice@example.com", "a@example.com"]);
});

it("that is written while the outbox is looked at does not wait for the next look", async () => {
  await called("a");
  const working = help.work();
  await called("b");
  void help.work();
  await working;
  expect(addressees()).toEqual(["a@example.com", "b@example.com"]);
});

it("is tried each minute while the mail server takes none", async () => {
  server.says.set("MAIL", "451 4.3.0 not now");
  await called("a");
  for (let minutes = 0; minutes < 15; minutes += 1) {
    clock.advanceBy(60_000);
    await help.work();
  }
  expect(addressees()).toEqual([]);
  server.says.clear();
  clock.advanceBy(60_000);
  await help.work();
  expect(addressees()).toEqual(["a@example.com"]);
});

it.each([
  ["whose answer was lost", async () => void server.answers.push("taken, and the line breaks")],
  [
    "at which the process died",
    async () => {
      const mail = await store.outbox.takeDue(clock.nowMs(), "help");
      await store.outbox.committing(mail?.id ?? 0);
    },
  ],
])("%s goes again: twice is better than not at all", async (_which, lose) => {
  await called("a");
  await lose();
  await help.open();
  await help.work();
  clock.advanceBy(60_000);
  await help.work();
  expect(addressees().at(-1)).toBe("a@example.com");
  expect(await store.outbox.waiting()).toBe(0);
  expect(await store.outbox.givenUp(0)).toEqual([]);
});
