/**
 * What follows for webhooks, and for whom the office tells of calls for help, when records are written: events are queued
 * and mails written in the same transaction, so that each happening is told once, whatever dies.
 */

import type { User } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import { type EventOffice, eventsOf } from "../../policy/webhooks/events.js";
import type { Database } from "../../storage/database.js";
import { EmergencyTables } from "../../storage/emergency.js";
import type { RecordChange } from "../../storage/records/change.js";
import { type NewDelivery, type WebhookOffice, WebhookTables } from "../../storage/webhooks.js";
import { type ResolveHost, resolveHost } from "../carriers/resolver.js";
import { secretReader } from "../carriers/secrets.js";
import { type IdSource, systemIds } from "../ids.js";
import type { MakeConsumer, RecordConsumer, RecorderContext } from "../records/consumer.js";
import { Deliveries, deliveriesOf } from "./deliveries.js";
import { emergencyMails } from "./emergency-mails.js";

export interface WebhookWorld {
  readonly ids: IdSource;
  readonly resolve: ResolveHost;
  readonly pid: number;
  readonly isRunning: (pid: number) => boolean;
}

const SYSTEM: WebhookWorld = {
  ids: systemIds,
  resolve: resolveHost,
  pid: process.pid,
  isRunning: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // A process of another user is there as well.
      return error instanceof Error && "code" in error && error.code === "EPERM";
    }
  },
};

/** The consumer that queues, mails and delivers. */
export const webhooks: MakeConsumer = (context) => webhookConsumer(context, SYSTEM);

export function webhookConsumer(context: RecorderContext, world: WebhookWorld): RecordConsumer {
  const { store, clock, log, env, helpMailed } = context;
  const { ids, resolve, pid, isRunning } = world;
  const deliveries = new Deliveries({
    tables: store.webhooks,
    currentRevision: () => store.currentRevision(),
    clock,
    ids,
    log,
    readSecret: secretReader(env, "signature"),
    resolve,
    holder: `${pid} ${ids.uuid()}`,
    isOver: (holder) => !isRunning(Number(holder.split(" ")[0])),
  });
  deliveries.open();
  let office: WebhookOffice | undefined;
  let hasMailed = false;
  return {
    prepare: async () => {
      office = await deliveries.office();
    },
    written: async (database, changes) => {
      hasMailed = false;
      if (office === undefined) return;
      const news = new News(database, office, clock.nowMs(), (hook) => deliveries.isOff(hook));
      hasMailed = await news.write(changes);
    },
    committed: () => {
      deliveries.wake();
      if (hasMailed) helpMailed?.();
    },
    isHasty: () => (office?.webhooks.length ?? 0) > 0,
    close: () => deliveries.close(),
  };
}

/** Writes what follows from changed calls. */
class News {
  readonly #tables: WebhookTables;

  constructor(
    private readonly database: Database,
    private readonly office: WebhookOffice,
    private readonly nowMs: number,
    private readonly isOff: (hook: string) => boolean,
  ) {
    this.#tables = new WebhookTables(database);
  }

  /** @returns whether mails about a call for help were written */
  async write(changes: readonly RecordChange[]): Promise<boolean> {
    const { webhooks: hooks, emergency } = this.office;
    if (hooks.length === 0 && (emergency?.notify ?? []).length === 0) return false;
    let hasMailed = false;
    const users = await this.#users(changes);
    const office = eventOffice(this.office, users);
    const deliveries: NewDelivery[] = [];
    for (const { before, after } of changes)
      for (const event of eventsOf(after, before, office)) {
        if (event.event === "emergency.call" && (await this.#mail(event, users))) hasMailed = true;
        const entry = [event.id, event.event, after.id, JSON.stringify(event)] as const;
        deliveries.push(...deliveriesOf(this.office, entry, this.isOff));
      }
    await this.#tables.add(deliveries, this.nowMs);
    return hasMailed;
  }

  /** The users who have called for help, and those who are told: nobody else is named in detail. */
  async #users(changes: readonly RecordChange[]): Promise<ReadonlyMap<string, User>> {
    const callers = changes.flatMap(({ news }) =>
      news.flatMap(({ what }) => (what.kind === "emergency" ? [what.user] : [])),
    );
    if (callers.length === 0) return new Map();
    const told = (this.office.emergency?.notify ?? []).flatMap((contact) =>
      contact.kind === "user" ? [contact.username] : [],
    );
    const names = [...callers.filter((name) => name !== null), ...told];
    return this.#tables.users(this.office.revision, [...new Set(names)]);
  }

  async #mail(
    event: Parameters<typeof emergencyMails>[0],
    users: ReadonlyMap<string, User>,
  ): Promise<boolean> {
    const mails = emergencyMails(event, this.office.emergency?.notify ?? [], users);
    if (mails.to.length === 0) return false;
    await new EmergencyTables(this.database).write(mails.call, mails.to, this.nowMs);
    return true;
  }
}

function eventOffice(office: WebhookOffice, users: ReadonlyMap<string, User>): EventOffice {
  const { name, emergency, shownNumber } = office;
  return { name, ...given({ emergency, shownNumber }), user: (username) => users.get(username) };
}
