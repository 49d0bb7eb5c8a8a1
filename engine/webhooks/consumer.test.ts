/**
 * Goal: what happens in calls is told to webhooks and, of calls for help, to people, each once, with the records and never
 * without them. Method: the journal of the sample calls is read into a database, whole and with failures.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EMPTY_OFFICE } from "../../fixtures/empty-office.js";
import { newStore } from "../../fixtures/new-store.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Office } from "../../policy/office/office.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { eventSchema, type WebhookEvent } from "../../policy/webhooks/shape.js";
import type { Webhook } from "../../policy/webhooks/webhook.js";
import { SqlError } from "../../storage/database.js";
import type { Store } from "../../storage/store.js";
import type { RecordConsumer } from "../records/consumer.js";
import { Ingest } from "../records/ingest.js";
import { MailWriter } from "../voicemail/mail-writer.js";
import { webhookConsumer } from "./consumer.js";

const SAMPLE = "fixtures/records/sample-calls.jsonl";
const SILENT = pino({ level: "silent" });

let folder: string;
let store: Store;
let clock: VirtualClock;
let consumers: RecordConsumer[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringline-consumer-"));
  store = await newStore(join(folder, "test.db"));
  clock = new VirtualClock();
  consumers = [];
});
afterEach(async () => {
  for (const consumer of consumers) await consumer.close?.();
  await store.close();
  rmSync(folder, { recursive: true });
});

const hook = (id: string, more: Partial<Webhook> = {}): Webhook => ({
  id,
  url: "https://crm.example.com/",
  secrets: [{ env: "NOT_SET" }],
  ...more,
});

function office(parts: Partial<Office>): Office {
  return {
    ...EMPTY_OFFICE,
    users: [
      {
        username: "carol.diaz",
        name: "Carol Díaz",
        email: "carol@example.com",
        extension: "103",
        location: "Building 2",
        devices: [
          {
            id: "desk",
            at: { kind: "sip", name: "carol-desk" },
            delayMs: 0,
            ringMs: null,
            accept: "auto",
            location: "Building 2, room 310",
          },
        ],
        flow: [{ kind: "hangup", reason: "busy" }],
      },
    ],
    ...parts,
  };
}

async function apply(parts: Partial<Office>): Promise<Office> {
  const applied = office(parts);
  await store.applyOffice(applied, { author: "test", message: "", sourceHash: "", nowMs: clock.nowMs() });
  return applied;
}

function consumer(helpMailed?: () => void): RecordConsumer {
  const made = webhookConsumer({ store, clock, log: SILENT, env: {}, helpMailed } as never, {
    ids: new SeededIds(1),
    resolve: async () => null,
    pid: 1,
    isRunning: () => false,
  });
  consumers.push(made);
  return made;
}

async function readSample(using: RecordConsumer): Promise<void> {
  copyFileSync(SAMPLE, join(folder, "1-engine.jsonl"));
  const ingest = new Ingest({
    store,
    folder,
    log: SILENT,
    consumers: [using],
    sinceMs: 5,
    isOver: () => true,
  });
  for (let failures = 0; ; )
    try {
      if (!(await ingest.step())) return;
    } catch (error) {
      failures += 1;
      if (failures > 1_000) throw error;
    }
}

/** What waits for a webhook, in its order. */
async function queued(id: string): Promise<WebhookEvent[]> {
  const events: WebhookEvent[] = [];
  for (;;) {
    const due = await store.webhooks.due(id, Number.MAX_SAFE_INTEGER / 4, 100);
    if (due.length === 0) return events;
    events.push(...due.map(({ body }) => eventSchema.parse(JSON.parse(body))));
    await store.webhooks.settle(new Map(due.map((each) => [each, { kind: "delivered" as const }])), 1);
  }
}

describe("the events of calls", () => {
  it("are queued for each webhook that asks for them", async () => {
    await apply({
      sections: { webhooks: [hook("all"), hook("ends", { events: ["call.ended", "emergency.call"] })] },
    });
    await readSample(consumer());
    const all = await queued("all");
    const count = (kind: string) => all.filter(({ event }) => event === kind).length;
    expect(count("call.started")).toBeGreaterThan(10);
    expect(count("call.ended")).toBe(count("call.started"));
    const ends = await queued("ends");
    expect(new Set(ends.map(({ event }) => event))).toEqual(new Set(["call.ended", "emergency.call"]));
    expect(ends.map(({ id }) => id).sort()).toEqual(
      all
        .flatMap(({ id, event }) => (event === "call.ended" || event === "emergency.call" ? [id] : []))
        .sort(),
    );
  });

  it("are queued once, although writing fails again and again", async () => {
    await apply({ sections: { webhooks: [hook("all")] } });
    const good = consumer();
    await readSample(good);
    const expected = (await queued("all")).map(({ id }) => id);
    // The same journal, under the name of another engine, into a database of its own.
    await store.close();
    rmSync(join(folder, "test.db"));
    store = await newStore(join(folder, "other.db"));
    await apply({ sections: { webhooks: [hook("all")] } });
    const inner = consumer();
    let writes = 0;
    const failing: RecordConsumer = {
      ...inner,
      written: async (database, changes) => {
        writes += 1;
        await inner.written?.(database, changes);
        if (writes % 3 !== 0) throw new SqlError(Object.assign(new Error("disk"), { code: "SQLITE_IOERR" }));
      },
    };
    await readSample(failing);
    expect((await queued("all")).map(({ id }) => id).sort()).toEqual([...expected].sort());
  });

  it("cost nothing where nobody asks for them", async () => {
    await apply({});
    await readSample(consumer());
    expect(await store.webhooks.waiting()).toEqual([]);
  });
});

describe("a call for help", () => {
  const NOTIFY = [
    { kind: "user", username: "carol.diaz" },
    { kind: "address", address: "desk@example.com" },
    { kind: "address", address: "Carol@example.com" },
  ] as const;

  async function mails(parts: Partial<Office>) {
    const applied = await apply(parts);
    await readSample(consumer());
    const writer = new MailWriter({
      store: store.voicemail,
      outbox: store.outbox,
      recordings: undefined as never,
      table: () => RoutingTable.of(applied, 1),
    });
    const written = [];
    for (;;) {
      const mail = await store.outbox.takeDue(clock.nowMs());
      if (mail === undefined) return written;
      written.push(await writer.write(mail));
      await store.outbox.sent(mail.id);
    }
  }

  it("is told by mail to whom the office names, each address once, with the place and the number to call back", async () => {
    const written = await mails({ emergency: { notify: NOTIFY, callBack: "+12125550199" } });
    expect(written).toMatchObject([
      { outcome: "written", envelope: { to: "carol@example.com" } },
      { outcome: "written", envelope: { to: "desk@example.com" } },
    ]);
    const [first] = written;
    if (first?.outcome !== "written") throw new Error("no mail");
    const { subject, text } = first.envelope;
    expect(subject).toBe("Test of emergency calls: Carol Díaz called 933");
    expect(text).toBe(
      [
        "Called:    933",
        "By:        Carol Díaz (carol.diaz)",
        "Extension: 103",
        "Phone:     desk",
        "Location:  Building 2, room 310",
        "Call back: +12125550199",
        "When:      Monday, November 30, 2026 at 3:57 PM (UTC)",
        "Call:      24e4c91e",
        "",
        "This was a test: the number only tries emergency calls. Nobody needs help.",
        "",
      ].join("\n"),
    );
  });

  it("has its mails sent as soon as they are written", async () => {
    await apply({ emergency: { notify: NOTIFY } });
    const waiting: number[] = [];
    const asked: Promise<void>[] = [];
    await readSample(
      consumer(() => void asked.push(store.outbox.waiting().then((mails) => void waiting.push(mails)))),
    );
    await Promise.all(asked);
    expect(waiting).toEqual([2]);
  });

  it("is told to nobody where the office names nobody", async () => {
    expect(await mails({})).toEqual([]);
  });
});
