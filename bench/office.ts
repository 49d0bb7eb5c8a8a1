/**
 * What a running engine pays for a large office: calls that are taken over on an earlier revision, an apply of everything
 * meanwhile, and lamps of phones that register beside many messages.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pino } from "pino";
import { stopwatchMs, systemClock } from "../engine/clock.js";
import { LiveOffice } from "../engine/office/live-office.js";
import { Lamps } from "../engine/voicemail/lamps.js";
import { office, sipDevice, user } from "../fixtures/core/scene.js";
import { sleep } from "../fixtures/harness/clock.js";
import { RoutingTable } from "../policy/routing/table.js";
import { Database } from "../storage/database.js";
import { openStore, type Store } from "../storage/store.js";
import type { Bench } from "./bench.js";
import { median, percentile, rounded } from "./figures.js";
import { startWriter } from "./writer.js";

const SILENT = pino({ level: "silent" });
const CALLS = 100;
const MAILBOXES = 400;
const REGISTRATIONS = 200;
/** A running engine reads and writes for its calls this often. */
const EVERY_MS = 20;

/** `--numbers` of the office that is taken over (20000) and of the one that is applied (300000), and `--messages` (40000). */
export const officeBench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      takeover: { type: "string", default: "20000" },
      apply: { type: "string", default: "300000" },
      messages: { type: "string", default: "40000" },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "ringline-office-"));
  try {
    const takeover = await measureTakeover(join(folder, "takeover.db"), Number(values.takeover));
    say("takeover measured");
    const applied = await measureApply(join(folder, "apply.db"), Number(values.apply));
    say("apply measured");
    const lamps = await measureLamps(join(folder, "lamps.db"), Number(values.messages));
    const parts = [
      {
        heads: [`${CALLS} calls taken over after an apply`, "seconds", "MB"],
        rows: [
          [
            `${values.takeover} numbers, one revision`,
            takeover.one.seconds.toFixed(2),
            takeover.one.megabytes.toFixed(1),
          ],
          [
            `${values.takeover} numbers, ten revisions`,
            takeover.ten.seconds.toFixed(2),
            takeover.ten.megabytes.toFixed(1),
          ],
        ],
      },
      {
        heads: [`all of ${values.apply} numbers applied`, "ms"],
        rows: [
          ["the apply", applied.applyMs.toFixed(0)],
          ["live after its commit", applied.liveMs.toFixed(0)],
          ["a read meanwhile, p99", percentile(applied.readsMs, 0.99).toFixed(0)],
          ["a read meanwhile, slowest", Math.max(...applied.readsMs).toFixed(0)],
          ["a write meanwhile, slowest", Math.max(...applied.writesMs).toFixed(0)],
          ["writes that failed", String(applied.failed)],
        ],
      },
      {
        heads: [`the lamp of a phone that registers, ${values.messages} messages`, "ms"],
        rows: [
          ["median", median(lamps).toFixed(3)],
          ["p99", percentile(lamps, 0.99).toFixed(3)],
        ],
      },
    ];
    const json = {
      bench: "office",
      takeover,
      apply: {
        ...applied,
        readsMs: rounded(Math.max(...applied.readsMs)),
        writesMs: rounded(Math.max(...applied.writesMs)),
      },
      lampMs: rounded(median(lamps)),
    };
    return { parts, json };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function open(path: string): Promise<Store> {
  const opened = await openStore(path);
  if (!opened.ok) throw new Error(opened.failure.reason);
  return opened.store;
}

/** Revisions 1 to 11 differ in one user each; the calls began on earlier ones. */
async function measureTakeover(path: string, numbers: number) {
  const writer = startWriter(path, numbers, "whole");
  await writer.says();
  for (let revision = 2; revision <= 11; revision += 1) {
    writer.change();
    await writer.says();
  }
  await writer.end();
  const store = await open(path);
  const load = async (revisionOf: (call: number) => number) => {
    const live = new LiveOffice(store, systemClock, SILENT);
    await live.open();
    const before = await usedMegabytes();
    const startedMs = stopwatchMs();
    const tables = await Promise.all(
      Array.from({ length: CALLS }, (_, call) => live.tableOf(revisionOf(call))),
    );
    const seconds = (stopwatchMs() - startedMs) / 1_000;
    const megabytes = (await usedMegabytes()) - before;
    if (tables.some((each, call) => each.revision !== revisionOf(call))) throw new Error("a wrong revision");
    live.close();
    return { seconds, megabytes };
  };
  const one = await load(() => 10);
  const ten = await load((call) => 1 + (call % 10));
  await store.close();
  return { one, ten };
}

/** Megabytes in use after garbage collection. */
async function usedMegabytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  await sleep(EVERY_MS);
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

/** Another process changes every number, while this one reads and writes as an engine does for its calls. */
async function measureApply(path: string, numbers: number) {
  const writer = startWriter(path, numbers, "whole");
  await writer.says();
  const store = await open(path);
  let live: (atMs: number) => void = () => {};
  const isLive = new Promise<number>((resolve) => (live = resolve));
  const offices = new LiveOffice(store, systemClock, SILENT, () => live(systemClock.nowMs()));
  await offices.open();
  let ended = false;
  let failed = 0;
  const [readsMs, writesMs]: [number[], number[]] = [[], []];
  const repeat = async (work: () => Promise<unknown>, took: number[]) => {
    while (!ended) {
      const startedMs = stopwatchMs();
      await work().catch(() => {
        failed += 1;
      });
      took.push(stopwatchMs() - startedMs);
      await sleep(EVERY_MS);
    }
  };
  const working = [
    repeat(() => store.voicemail.count("user:alice"), readsMs),
    repeat(() => store.remember({ kind: "answered", username: "alice", atMs: 1 }), writesMs),
  ];
  writer.change("all");
  const [atMs, { committedMs, applyMs }] = await Promise.all([isLive, writer.says()]);
  ended = true;
  await Promise.all(working);
  offices.close();
  await store.close();
  await writer.end();
  return { applyMs, liveMs: atMs - committedMs, readsMs, writesMs, failed };
}

/** From the switch's question about a phone that registers until its lamp is sent. */
async function measureLamps(path: string, messages: number): Promise<number[]> {
  const store = await open(path);
  await leaveMessages(path, messages);
  const users = Array.from({ length: MAILBOXES }, (_, n) => user(`user${n}`, [sipDevice(`phone${n}`)]));
  const routing = RoutingTable.of(office([], { users }), 1);
  let sent: (line: string) => void = () => {};
  const lamps = new Lamps({
    link: {
      open: () => {},
      close: async () => {},
      send: (command, done) => {
        if (command.verb === "sendevent") sent(command.headers.map(([, value]) => value).join(" "));
        done({ outcome: "ok", text: "" });
      },
    },
    clock: systemClock,
    log: SILENT,
    store: store.voicemail,
    table: () => routing,
    domain: "ringline",
    registered: () => [],
    isRegistered: () => true,
    isUnsafe: () => false,
  });
  lamps.linkUp();
  await lamps.refresh();
  const tookMs: number[] = [];
  for (let n = 0; n < REGISTRATIONS; n += 1) {
    const name = `phone${n % MAILBOXES}`;
    const startedMs = stopwatchMs();
    await new Promise<void>((resolve) => {
      sent = (line) => {
        if (line.includes(`sip:${name}@`)) resolve();
      };
      lamps.messageQuery({ "Event-Name": "MESSAGE_QUERY", "Message-Account": `sip:${name}@ringline` });
    });
    tookMs.push(stopwatchMs() - startedMs);
  }
  lamps.linkDown();
  await store.close();
  return tookMs;
}

async function leaveMessages(path: string, messages: number): Promise<void> {
  const database = await Database.open(path, true);
  await database.transaction(async () => {
    await database.run(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
       INSERT INTO messages (id, box, state, call, caller_number, caller_name, called, began_ms, delivered_ms)
       SELECT 'message ' || i, 'user:user' || (i % ?2), 'delivered', '', '', '', '', 0, 0 FROM n`,
      [messages, MAILBOXES],
    );
    await database.run(
      `INSERT INTO message_members (message, username, state, received, changed_ms)
       SELECT id, substr(box, 6), 'new', 1, 0 FROM messages`,
    );
  });
  await database.close();
}
