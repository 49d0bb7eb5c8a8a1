/**
 * Goal: what a running engine asks again and again costs the same in a large database as in a small one. Method: the
 * statements that the store really runs are caught, and SQLite says how it would carry out each: it may search an index
 * or a key, and go through no table.
 */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { madeCall, SMALL_OFFICE } from "../fixtures/records/made-calls.js";
import { recordOf } from "../policy/record/fold.js";
import type { NewSession } from "./accounts/sessions.js";
import { Database, type SqlValue } from "./database.js";
import type { Within } from "./records/filter.js";
import { openStore, type Store } from "./store.js";

const MONTH = { fromDay: "2026-11-01", untilDay: "2026-11-30" } as const;

const SESSION: NewSession = {
  id: "x",
  secretHash: "x",
  username: "x",
  nowMs: 5,
  address: "x",
  userAgent: "x",
  way: "password",
  browser: { hash: "x", shown: "y" },
};
const CHALLENGE = { challenge: "x", purpose: "sign_in", username: null, address: "x", expiresMs: 9 } as const;

let store: Store;
let databases: Database[];
let statements: string[];

beforeEach(async () => {
  databases = [];
  statements = [];
  const opened = await openStore(":memory:");
  if (!opened.ok) throw new Error(opened.failure.reason);
  store = opened.store;
  const catches = (database: Database, sql: string) => {
    databases[0] ??= database;
    if (!/^(BEGIN|COMMIT|ROLLBACK|PRAGMA)/.test(sql)) statements.push(sql);
  };
  const { all, run } = Database.prototype;
  vi.spyOn(Database.prototype, "all").mockImplementation(function <Row>(
    this: Database,
    sql: string,
    values: readonly SqlValue[] = [],
  ): Promise<Row[]> {
    catches(this, sql);
    return all.call<Database, [string, readonly SqlValue[]], Promise<Row[]>>(this, sql, values);
  });
  const { exec } = Database.prototype;
  vi.spyOn(Database.prototype, "exec").mockImplementation(function (this: Database, sql: string) {
    for (const one of sql.split(";"))
      if (/\bcall_/.test(one) && !/^\s*PRAGMA/.test(one)) catches(this, one.trim());
    return exec.call(this, sql);
  });
  vi.spyOn(Database.prototype, "run").mockImplementation(function (
    this: Database,
    sql: string,
    values: readonly SqlValue[] = [],
  ) {
    catches(this, sql);
    return run.call(this, sql, values);
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

it.each<[string, () => Promise<unknown>]>([
  ["the newest revision", () => store.currentRevision()],
  ["the changes of a revision", () => store.changesSince(0)],
  ["credentials that are new", () => store.credentialsSince(1)],
  ["whose messages have changed", () => store.voicemail.changesSince(1)],
  ["the lamps of some users", () => store.voicemail.counts(["alice", "bobby"])],
  ["whether a mailbox has room", () => store.voicemail.count("user:alice")],
  ["messages being recorded", () => store.voicemail.recording()],
  ["the mailboxes recorded for", () => store.voicemail.recordingBoxes()],
  [
    "the messages that a member hears",
    () => store.voicemail.listFor("user:alice", "alice", "new", true, 100),
  ],
  ["a message", () => store.voicemail.one("x")],
  [
    "the messages that a member sees in several mailboxes",
    () =>
      store.voicemail.page(
        {
          boxes: [
            { box: "user:alice", unreceived: true },
            { box: "group:sales", unreceived: false },
          ],
          reader: { username: "alice", states: ["new"] },
        },
        { limit: 5 },
      ),
  ],
  ["since when a name is somebody's", () => store.livesSince("users", ["alice"])],
  [
    "calls of a user and of a group that were missed",
    () => store.records.list({ within: WITHIN, result: "missed" }, { limit: 5 }),
  ],
  ["events that wait for a webhook", () => store.webhooks.waitingFor("x", { after: 5, limit: 5 })],
  ["messages deleted long ago", () => store.voicemail.expired(5)],
  ["the greetings of a mailbox", () => store.mailboxAccess.greetings("user:alice")],
  ["greetings out of use", () => store.mailboxAccess.removedGreetings(5)],
  ["PINs of removed users", () => store.mailboxAccess.forgetKeptPins(5)],
  ["mails that are due", () => store.outbox.takeDue(5)],
  ["mails that were interrupted", () => store.outbox.giveUpInterrupted()],
  ["missed calls of long ago", () => store.outbox.forgetMissed(5)],
  ["calls that are not over", () => store.records.unfinished()],
  ["calls since a change", () => store.records.changedAfter(5, 10)],
  [
    "calls of a user that were missed",
    () => store.records.list({ user: "x", result: "missed" }, { limit: 5 }),
  ],
  ["calls of a time", () => store.records.list({ fromMs: 5, untilMs: 9 }, { limit: 5 })],
  ["calls whose ids begin so", () => store.records.find("ab")],
  ["statistics of a month", () => store.records.sums({ kind: "user", ...MONTH, by: ["day"] })],
  ["waits of a month", () => store.records.waits({ kind: "user", ...MONTH, by: ["day"] })],
  ["records of calls that go on", () => store.recordTables.records(["x"])],
  ["the session of a browser", () => store.sessions.bySecret("x")],
  ["the use of a session", () => store.sessions.used("x", { nowMs: 5, address: "x" })],
  ["a key of the API", () => store.apiKeys.bySecret("x", "y")],
  ["the keys of a user", () => store.apiKeys.list("x", { after: "", limit: 5 })],
  [
    "a guess",
    () => store.signInFailures.count([{ scope: "account", key: "x" }], 5, () => ({ failures: [1] })),
  ],
  ["a session that begins", () => store.sessions.begin(SESSION, { idleMs: 5, wholeMs: 5 })],
  ["sessions that end", () => store.sessions.endAll("x", "y")],
  ["second factors", () => store.secondFactors.of("x")],
  ["what a passkey has to sign", () => store.passkeys.addChallenge(CHALLENGE, 5)],
  ["what the recorder writes", () => write(1)],
  ["calls that are old", async () => write(1).then(() => store.recordTables.deleteOld(1_000, 5))],
  ["callers of a while ago", async () => write(1).then(() => store.recordTables.anonymiseOld(1_000, 5))],
])("%s", async (_what, ask) => {
  await ask();
  const [database] = databases;
  const caught = statements.splice(0);
  expect(caught.length).toBeGreaterThan(0);
  for (const sql of caught) {
    const steps = await database?.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    // All names of a kind are nearly all names there are, which only a reader may go through.
    const isWriting = /^(DELETE|INSERT|UPDATE)/.test(sql);
    const scans = (steps ?? []).filter(
      ({ detail }) =>
        /^SCAN (?!json_each|\(|CONSTANT|\d+-ROW VALUES)/.test(detail) ||
        (isWriting && /call_names_1 \(kind=\?\)/.test(detail)),
    );
    expect(
      scans.filter(({ detail }) => !BOUNDED.test(detail)),
      sql,
    ).toEqual([]);
  }
});

const WITHIN: readonly Within[] = [
  { kind: "user", name: "x", fromMs: 0 },
  { kind: "group", name: "y", fromMs: 5 },
];

/** A call in the tables. */
async function write(call: number): Promise<void> {
  const after = recordOf(madeCall(call, 5, SMALL_OFFICE));
  await store.recordTables.write({
    changes: [{ before: undefined, after, news: after.happenings }],
    zone: "UTC",
  });
}

/** What may be gone through whole: indexes that hold only rows of one short-lived state, and intermediate results. */
const BOUNDED =
  /USING (COVERING )?INDEX (messages_open|outbox_sending|greetings_removed|calls_live)\b|^SCAN (one|call_state|found|life|began|(asked|mark|place) VIRTUAL TABLE.*)$/;
