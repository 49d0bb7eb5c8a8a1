/**
 * The outbox of webhooks: events that wait for their delivery, in order within each call. Only the first event of a call
 * that waits for a webhook is ever due; when it is over, the next one becomes due. So the order survives every crash.
 */

import { parseSectionKey, SETTINGS_KEY } from "../policy/office/entities.js";
import type { EmergencySettings, User } from "../policy/office/office.js";
import { given } from "../policy/office/optional.js";
import type { Alarm } from "../policy/webhooks/events.js";
import { WEBHOOKS, type Webhook } from "../policy/webhooks/webhook.js";
import type { Database } from "./database.js";
import { readByKeys, readEntities } from "./read.js";

/** An event for one webhook. */
export interface NewDelivery {
  readonly hook: string;
  /** Events of one stream are delivered in order: those of a call. */
  readonly stream: string;
  readonly eventId: string;
  readonly event: string;
  readonly body: string;
}

export interface Delivery extends NewDelivery {
  readonly seq: number;
  readonly sinceMs: number;
  /** How often it was tried before. */
  readonly attempts: number;
}

/** An event that waits, without what it says. */
export interface WaitingDelivery extends Omit<Delivery, "hook" | "body"> {
  /** When it is tried next; null: an earlier event of its call comes first. */
  readonly nextMs: number | null;
  /** Why the last attempt was no delivery. */
  readonly why: string | null;
}

/** What has become of an attempt. */
export type DeliveryOutcome =
  | { readonly kind: "delivered" }
  | { readonly kind: "later"; readonly nextMs: number; readonly why: string }
  | { readonly kind: "given_up"; readonly why: string };

/** How a webhook fares. Times are milliseconds since the epoch. */
export interface HookState {
  readonly hook: string;
  readonly url: string;
  readonly delivered: number;
  readonly givenUp: number;
  readonly dropped: number;
  readonly lastMs: number | null;
  readonly failingMs: number | null;
  readonly why: string | null;
  readonly offMs: number | null;
  readonly retryMs: number | null;
}

/** Events that wait for a webhook. */
export interface Waiting {
  readonly hook: string;
  readonly waiting: number;
  readonly oldestMs: number;
}

/** What the office says that events and deliveries need. */
export interface WebhookOffice {
  readonly revision: number;
  readonly name: string;
  readonly timezone: string;
  readonly emergency?: EmergencySettings;
  readonly shownNumber?: string;
  readonly webhooks: readonly Webhook[];
}

export interface AlarmRow extends Alarm {
  readonly id: string;
}

/** Events that may wait for one webhook: days of a busy office, and some 50 MB. */
export const WAITING_MAX = 50_000;
/** How many more go when there are too many, so that not every event has to push out another one. */
const DROPPED_AT_ONCE = 1_000;
/** No attempt is due later than this: a later time shows that the clock was set back since. */
const LATEST_DELIVERY_MS = 3_600_000;

const DELIVERY = `seq, hook, stream, event_id AS eventId, event, body, since_ms AS sinceMs, attempts`;
const STATE = `hook, url, delivered, given_up AS givenUp, dropped, last_ms AS lastMs, failing_ms AS failingMs, why,
  off_ms AS offMs, retry_ms AS retryMs`;

export class WebhookTables {
  constructor(
    private readonly database: Database,
    private readonly waitingMax: number = WAITING_MAX,
  ) {}

  /** What the newest revision says; undefined: nothing was applied yet. */
  async office(revision: number): Promise<WebhookOffice | undefined> {
    const settings = (await readByKeys(this.database, "settings", revision, [SETTINGS_KEY])).get(
      SETTINGS_KEY,
    );
    if (settings === undefined) return undefined;
    const webhooks: Webhook[] = [];
    for await (const page of readEntities(this.database, "sections", revision, {
      first: `${WEBHOOKS}:`,
      next: `${WEBHOOKS};`,
    }))
      for (const { key, value } of page)
        if (parseSectionKey(key).section === WEBHOOKS) webhooks.push(value as Webhook);
    const { name, timezone, emergency, outsideCallerId } = settings;
    const shownNumber = outsideCallerId.kind === "fixed" ? outsideCallerId.number : undefined;
    return { revision, name, timezone, ...given({ emergency, shownNumber }), webhooks };
  }

  /** Users of a revision by their names; those that it does not have are left out. */
  users(revision: number, usernames: readonly string[]): Promise<ReadonlyMap<string, User>> {
    return readByKeys(this.database, "users", revision, usernames);
  }

  /**
   * Queues events, in the order of the list, in the transaction of the caller. An event that is queued already stays as it
   * is. Where too many wait, the oldest are dropped, calls for help excepted.
   */
  async add(deliveries: readonly NewDelivery[], nowMs: number): Promise<void> {
    if (deliveries.length === 0) return;
    await this.database.run(
      `INSERT INTO webhook_outbox (hook, stream, event_id, event, body, since_ms, next_ms)
       SELECT hook, stream, event_id, event, body, ?2,
         CASE WHEN place = 1 AND NOT EXISTS (SELECT 1 FROM webhook_outbox AS o
           WHERE o.hook = fresh.hook AND o.stream = fresh.stream) THEN ?2 END
       FROM (SELECT value ->> '$.hook' AS hook, value ->> '$.stream' AS stream, value ->> '$.eventId' AS event_id,
           value ->> '$.event' AS event, value ->> '$.body' AS body, key AS written,
           row_number() OVER (PARTITION BY value ->> '$.hook', value ->> '$.stream' ORDER BY key) AS place
         FROM json_each(?1)) AS fresh
       WHERE true ORDER BY written
       ON CONFLICT (hook, event_id) DO NOTHING`,
      [JSON.stringify(deliveries), nowMs],
    );
    for (const hook of new Set(deliveries.map((delivery) => delivery.hook))) await this.#bound(hook, nowMs);
  }

  async #bound(hook: string, nowMs: number): Promise<void> {
    const last = await this.database.get<{ seq: number }>(
      "SELECT seq FROM webhook_outbox WHERE hook = ? ORDER BY seq DESC LIMIT 1 OFFSET ?",
      [hook, this.waitingMax],
    );
    if (last === undefined) return;
    const keep = Math.max(1, this.waitingMax - DROPPED_AT_ONCE);
    const gone = await this.database.runReturning<{ stream: string }>(
      `DELETE FROM webhook_outbox WHERE hook = ?1 AND event <> 'emergency.call' AND seq <=
         (SELECT seq FROM webhook_outbox WHERE hook = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)
       RETURNING stream`,
      [hook, keep],
    );
    await this.database.run("UPDATE webhook_state SET dropped = dropped + ? WHERE hook = ?", [
      gone.length,
      hook,
    ]);
    for (const stream of new Set(gone.map((each) => each.stream))) await this.#promote(hook, stream, nowMs);
  }

  /** The first event of a stream that waits becomes due. */
  #promote(hook: string, stream: string, nowMs: number): Promise<void> {
    return this.database.run(
      `UPDATE webhook_outbox SET next_ms = ?3 WHERE next_ms IS NULL AND seq =
         (SELECT min(seq) FROM webhook_outbox WHERE hook = ?1 AND stream = ?2)`,
      [hook, stream, nowMs],
    );
  }

  /** Events that are due for a webhook, those first that have waited longest; one of each stream. */
  due(hook: string, nowMs: number, limit: number): Promise<Delivery[]> {
    return this.database.all<Delivery>(
      `SELECT ${DELIVERY} FROM webhook_outbox
       WHERE hook = ?1 AND next_ms IS NOT NULL AND (next_ms <= ?2 OR next_ms > ?3)
       ORDER BY next_ms, seq LIMIT ?4`,
      [hook, nowMs, nowMs + LATEST_DELIVERY_MS, limit],
    );
  }

  /** When the next event of a webhook is due; null: none waits. */
  async nextMs(hook: string): Promise<number | null> {
    const row = await this.database.get<{ nextMs: number | null }>(
      "SELECT min(next_ms) AS nextMs FROM webhook_outbox WHERE hook = ? AND next_ms IS NOT NULL",
      [hook],
    );
    return row?.nextMs ?? null;
  }

  /** Writes down what has become of attempts, all in one transaction. */
  settle(outcomes: ReadonlyMap<Delivery, DeliveryOutcome>, nowMs: number): Promise<void> {
    return this.database.transaction(async () => {
      for (const [delivery, outcome] of outcomes) {
        if (outcome.kind === "later") await this.#later(delivery, outcome);
        else await this.#over(delivery, nowMs);
        await this.#note(delivery.hook, outcome, nowMs);
      }
    });
  }

  #later(
    { seq }: Delivery,
    { nextMs, why }: { readonly nextMs: number; readonly why: string },
  ): Promise<void> {
    return this.database.run(
      "UPDATE webhook_outbox SET attempts = attempts + 1, next_ms = ?, why = ? WHERE seq = ?",
      [nextMs, why, seq],
    );
  }

  async #over({ seq, hook, stream }: Delivery, nowMs: number): Promise<void> {
    await this.database.run("DELETE FROM webhook_outbox WHERE seq = ?", [seq]);
    await this.#promote(hook, stream, nowMs);
  }

  #note(hook: string, outcome: DeliveryOutcome, nowMs: number): Promise<void> {
    switch (outcome.kind) {
      case "delivered":
        return this.database.run(
          `UPDATE webhook_state SET delivered = delivered + 1, last_ms = ?, failing_ms = NULL, why = NULL WHERE hook = ?`,
          [nowMs, hook],
        );
      case "later":
      case "given_up":
        return this.database.run(
          `UPDATE webhook_state SET given_up = given_up + ?, failing_ms = coalesce(failing_ms, ?), why = ? WHERE hook = ?`,
          [outcome.kind === "given_up" ? 1 : 0, nowMs, outcome.why, hook],
        );
    }
  }

  /**
   * Makes the tables know these webhooks and no others: events for a webhook that the office has no more are dropped. One
   * that has moved to another URL is in use again.
   */
  follow(hooks: readonly Pick<Webhook, "id" | "url">[]): Promise<void> {
    return this.database.transaction(async () => {
      const ids = JSON.stringify(hooks.map(({ id }) => id));
      await this.database.run(
        "DELETE FROM webhook_outbox WHERE hook NOT IN (SELECT value FROM json_each(?))",
        [ids],
      );
      await this.database.run(
        "DELETE FROM webhook_state WHERE hook NOT IN (SELECT value FROM json_each(?))",
        [ids],
      );
      for (const { id, url } of hooks)
        await this.database.run(
          `INSERT INTO webhook_state (hook, url) VALUES (?1, ?2) ON CONFLICT (hook) DO UPDATE
             SET url = excluded.url, off_ms = NULL, failing_ms = NULL, why = NULL WHERE url <> excluded.url`,
          [id, url],
        );
    });
  }

  /** Switches a webhook off: its server has said that nobody is there any more. What waits for it is dropped. */
  switchOff(hook: string, why: string, nowMs: number): Promise<void> {
    return this.database.transaction(async () => {
      const gone = await this.database.runReturning(
        "DELETE FROM webhook_outbox WHERE hook = ? RETURNING seq",
        [hook],
      );
      await this.database.run(
        "UPDATE webhook_state SET off_ms = ?, why = ?, dropped = dropped + ? WHERE hook = ?",
        [nowMs, why, gone.length, hook],
      );
    });
  }

  /** Makes all that waits for a webhook due at once, and switches it on again; left out: for all webhooks. */
  retry(nowMs: number, hook?: string): Promise<void> {
    return this.database.transaction(async () => {
      await this.database.run(
        "UPDATE webhook_outbox SET next_ms = ?1 WHERE next_ms > ?1 AND (?2 IS NULL OR hook = ?2)",
        [nowMs, hook ?? null],
      );
      await this.database.run(
        "UPDATE webhook_state SET off_ms = NULL, retry_ms = ?2 WHERE ?1 IS NULL OR hook = ?1",
        [hook ?? null, nowMs],
      );
    });
  }

  /** All that waits for a webhook is due at once: its server is there again. */
  allDue(hook: string, nowMs: number): Promise<void> {
    return this.database.run("UPDATE webhook_outbox SET next_ms = ?1 WHERE hook = ?2 AND next_ms > ?1", [
      nowMs,
      hook,
    ]);
  }

  /**
   * Takes or keeps the right to deliver until a time; undefined: it is taken. Else the holder that has it.
   * @param isOver whether another holder is known to be gone
   */
  async lease(
    holder: string,
    {
      nowMs,
      untilMs,
      isOver,
    }: { readonly nowMs: number; readonly untilMs: number; readonly isOver: (holder: string) => boolean },
  ): Promise<string | undefined> {
    return this.database.transaction(async (rollback) => {
      const row = await this.database.get<{ holder: string; untilMs: number }>(
        "SELECT holder, until_ms AS untilMs FROM webhook_lease",
      );
      // A time further away than anybody takes it for shows that the clock was set back.
      const isTaken =
        row !== undefined &&
        row.holder !== holder &&
        row.untilMs > nowMs &&
        row.untilMs <= untilMs &&
        !isOver(row.holder);
      if (isTaken) {
        rollback();
        return row.holder;
      }
      await this.database.run(
        `INSERT INTO webhook_lease (only_row, holder, until_ms) VALUES (1, ?1, ?2)
         ON CONFLICT (only_row) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms`,
        [holder, untilMs],
      );
      return undefined;
    });
  }

  release(holder: string): Promise<void> {
    return this.database.run("DELETE FROM webhook_lease WHERE holder = ?", [holder]);
  }

  states(): Promise<HookState[]> {
    return this.database.all<HookState>(`SELECT ${STATE} FROM webhook_state ORDER BY hook`);
  }

  waiting(): Promise<Waiting[]> {
    return this.database.all<Waiting>(
      "SELECT hook, count(*) AS waiting, min(since_ms) AS oldestMs FROM webhook_outbox GROUP BY hook ORDER BY hook",
    );
  }

  /** Events that wait for a webhook, those first that were queued first. @param after only events behind this one */
  waitingFor(hook: string, { after = 0, limit }: { readonly after?: number; readonly limit: number }) {
    return this.database.all<WaitingDelivery>(
      `SELECT seq, event_id AS eventId, event, stream, since_ms AS sinceMs, attempts, next_ms AS nextMs, why
       FROM webhook_outbox WHERE hook = ? AND seq > ? ORDER BY seq LIMIT ?`,
      [hook, after, limit],
    );
  }

  /** Notes an alarm, of which the recorder makes events. */
  raise({ id, atMs, kind, payer, figures }: AlarmRow): Promise<void> {
    return this.database.run(
      "INSERT INTO webhook_alarms (id, at_ms, kind, payer, figures) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      [id, atMs, kind, payer, JSON.stringify(figures)],
    );
  }

  /**
   * Makes deliveries of the alarms that were noted, each once.
   * @param make what an alarm becomes
   * @returns whether there was any
   */
  async takeAlarms(make: (alarm: AlarmRow) => readonly NewDelivery[], nowMs: number): Promise<boolean> {
    const any = await this.database.get("SELECT 1 FROM webhook_alarms LIMIT 1");
    if (any === undefined) return false;
    return this.database.transaction(async () => {
      const rows = await this.database.runReturning<{
        id: string;
        atMs: number;
        kind: Alarm["kind"];
        payer: string | null;
        figures: string;
      }>("DELETE FROM webhook_alarms RETURNING id, at_ms AS atMs, kind, payer, figures");
      const alarms = rows.map((row): AlarmRow => ({ ...row, figures: JSON.parse(row.figures) }));
      await this.add(
        alarms.sort((a, b) => a.atMs - b.atMs).flatMap((alarm) => make(alarm)),
        nowMs,
      );
      return rows.length > 0;
    });
  }
}
