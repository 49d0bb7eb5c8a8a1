/**
 * Goal: a message that was deleted 30 days ago is removed, its file first, and one that can still be brought back is not;
 * trouble with that is said, and it is tried again. Method: a real database and folder, on a virtual clock.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { office } from "../../fixtures/core/scene.js";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { toneWav } from "../../fixtures/tone-wav.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { Store } from "../../storage/store.js";
import { Recordings } from "./recordings.js";
import { RETENTION_MS } from "./retention.js";
import { VoicemailService } from "./service.js";

const OLD = "11111111-2222-4333-8444-000000000001";
const YOUNG = "11111111-2222-4333-8444-000000000002";
const KEPT = "11111111-2222-4333-8444-000000000003";
const DAY_MS = 86_400_000;
const STARTED_MS = 1_700_000_000_000;

let folder: string;
let store: Store;
let clock: VirtualClock;
let service: VoicemailService;
let fails: boolean;
let logged: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-service-"));
  store = await newStore(join(folder, "test.db"));
  for (const id of [OLD, YOUNG, KEPT]) await deliver(id);
  await store.voicemail.deleteForAll(OLD, STARTED_MS - RETENTION_MS - 1);
  await store.voicemail.deleteForAll(YOUNG, STARTED_MS - RETENTION_MS + DAY_MS);
  clock = new VirtualClock(STARTED_MS);
  fails = false;
  logged = [];
  const recordings = new Recordings(folder, 0);
  const remove = recordings.remove.bind(recordings);
  recordings.remove = (id) => (fails ? Promise.reject(new Error("the disk is away")) : remove(id));
  service = new VoicemailService({
    link: {
      open: () => undefined,
      // The switch has none of these calls.
      send: (_command, done) => done({ outcome: "ok", text: "false" }),
      close: async () => undefined,
    },
    clock,
    ids: new SeededIds(1),
    log: pino({ level: "info", base: null }, { write: (line) => logged.push(JSON.parse(line).msg) }),
    store: store.voicemail,
    mailboxAccess: store.mailboxAccess,
    recordings,
    table: () => RoutingTable.of(office([]), 1),
    newestTable: async () => RoutingTable.of(office([]), 1),
    domain: "ringline",
    registered: () => [],
    isRegistered: () => false,
    isUnsafe: () => false,
    isOwned: () => false,
  });
  await service.open();
  service.linkUp();
});

afterEach(async () => {
  await service.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function deliver(id: string): Promise<void> {
  const box = "user:alice";
  writeFileSync(join(folder, `${id}.wav`), toneWav(1_000));
  await store.voicemail.open([
    { id, box, call: id, beganMs: 1, callerNumber: "", callerName: "", called: "101" },
  ]);
  await store.voicemail.deliver(id, {
    ...{ box, deliveredMs: 2, lengthMs: 1_000, bytes: 16_044, sha256: "0".repeat(64), urgent: false },
    ...{ recipients: [{ username: "alice", receives: true }], mails: [] },
  });
}

const kept = async (): Promise<string[]> => (await store.voicemail.list()).map(({ id }) => id).sort();
const files = () => [OLD, YOUNG, KEPT].filter((id) => existsSync(join(folder, `${id}.wav`)));

/** Lets sweeps run, which do real work, until the log has so many lines with these words. */
async function until(words: string, count = 1): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (logged.filter((msg) => msg.includes(words)).length >= count) return;
    if (clock.pending > 0) clock.advanceBy(1_000);
    await store.currentRevision();
  }
  throw new Error(`never logged: ${words}`);
}

it("only what was deleted long enough ago is removed, with its file", async () => {
  await until("is removed");
  expect(await kept()).toEqual([YOUNG, KEPT]);
  expect(files()).toEqual([YOUNG, KEPT]);
  clock.advanceBy(DAY_MS);
  await until("is removed", 2);
  expect(await kept()).toEqual([KEPT]);
  expect(files()).toEqual([KEPT]);
});

it("a file that cannot be removed keeps its row, and is tried again", async () => {
  fails = true;
  await until("cannot be looked for", 2);
  expect(await kept()).toEqual([OLD, YOUNG, KEPT]);
  fails = false;
  await until("is removed");
  expect(await kept()).not.toContain(OLD);
});
