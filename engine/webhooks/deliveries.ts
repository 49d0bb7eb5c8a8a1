/**
 * Delivers the events of all webhooks, each by a sender of its own, so that a server that is slow or dead keeps no other
 * one waiting. One process delivers at a time: while an engine takes over from another, the lease says which.
 */
import type { Logger } from "pino";
import { alarmEvent } from "../../policy/webhooks/events.js";
import { wants } from "../../policy/webhooks/webhook.js";
import type { HookState, NewDelivery, WebhookOffice, WebhookTables } from "../../storage/webhooks.js";
import type { ResolveHost } from "../carriers/resolver.js";
import type { ReadSecret } from "../carriers/secrets.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import { TIMEOUT_MS } from "./post.js";
import { Sender } from "./sender.js";
import { Settling } from "./settling.js";

/** How often the office, alarms, and what commands have changed are looked at. */
const LOOK_MS = 2_000;
const LEASE_MS = TIMEOUT_MS + 5_000;

export interface DeliveriesDeps {
  readonly tables: WebhookTables;
  readonly currentRevision: () => Promise<number>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly readSecret: ReadSecret;
  readonly resolve: ResolveHost;
  /** A name of this process that no other has, which begins with its process id. */
  readonly holder: string;
  /** Whether the process of another holder is gone. */
  readonly isOver: (holder: string) => boolean;
}

export class Deliveries {
  readonly #deps: DeliveriesDeps;
  readonly #settling: Settling;
  readonly #senders = new Map<string, Sender>();
  readonly #retries = new Map<string, number | null>();
  #office: WebhookOffice | undefined;
  #off: ReadonlySet<string> = new Set();
  /** Until when this process may deliver. */
  #leaseUntilMs = 0;
  #timer: TimerHandle | undefined;
  #looking: Promise<void> | undefined;
  #isClosed = false;
  /** It was said that they cannot be looked at. */
  #isSaid = false;

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps;
    this.#settling = new Settling(deps);
  }

  /** The office of the newest revision that was looked at, or a newer one; undefined: there is none yet. */
  async office(): Promise<WebhookOffice | undefined> {
    const revision = await this.#deps.currentRevision();
    if (this.#office?.revision !== revision) await this.#follow(revision);
    return this.#office;
  }

  /** Whether a webhook was switched off by its server; events for it are not queued. */
  isOff(hook: string): boolean {
    return this.#off.has(hook);
  }

  open(): void {
    void this.#look();
  }

  /** Events were queued. */
  wake(): void {
    for (const sender of this.#senders.values()) sender.look();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    await this.#looking;
    const settled = this.#settling.close();
    await Promise.all([...this.#senders.values()].map((sender) => sender.close()));
    await settled;
    await this.#settling.close();
    await this.#deps.tables.release(this.#deps.holder).catch(() => undefined);
  }

  /** Looks at all that others may have changed, and again after a while. Never rejects. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookNow()
      .then(
        () => {
          this.#isSaid = false;
        },
        (error: unknown) => {
          if (!this.#isSaid) this.#deps.log.warn({ err: error }, "webhooks cannot be looked at yet");
          this.#isSaid = true;
        },
      )
      .finally(() => {
        this.#looking = undefined;
        if (!this.#isClosed) this.#timer = this.#deps.clock.after(LOOK_MS, () => void this.#look());
      });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    const office = await this.office();
    if (office === undefined) return;
    const { tables, clock } = this.#deps;
    await tables.takeAlarms((alarm) => this.#alarmed(office, alarm), clock.nowMs());
    if (office.webhooks.length === 0) return;
    await this.#lease();
    await this.#readStates();
    this.wake();
  }

  #alarmed(
    office: WebhookOffice,
    alarm: Parameters<typeof alarmEvent>[1] & { readonly id: string },
  ): NewDelivery[] {
    const event = alarmEvent(alarm.id, alarm, office.name);
    return deliveriesOf(office, [event.id, event.event, event.id, JSON.stringify(event)], (hook) =>
      this.isOff(hook),
    );
  }

  async #lease(): Promise<void> {
    const { tables, clock, holder, isOver, log } = this.#deps;
    const nowMs = clock.nowMs();
    const untilMs = nowMs + LEASE_MS;
    const other = await tables.lease(holder, { nowMs, untilMs, isOver });
    if (other === undefined) this.#leaseUntilMs = untilMs;
    else log.debug({ holder: other }, "another process delivers to webhooks");
  }

  /** A request that begins now must have ended when the lease is over. */
  #mayBegin(): boolean {
    return !this.#isClosed && this.#deps.clock.nowMs() + TIMEOUT_MS < this.#leaseUntilMs;
  }

  /** Commands switch webhooks on, and make them try again. */
  async #readStates(): Promise<void> {
    const states = await this.#deps.tables.states();
    this.#off = offOf(states);
    for (const { hook, retryMs } of states) {
      if (this.#retries.has(hook) && this.#retries.get(hook) !== retryMs) this.#senders.get(hook)?.again();
      this.#retries.set(hook, retryMs);
    }
  }

  async #follow(revision: number): Promise<void> {
    const { tables } = this.#deps;
    const office = await tables.office(revision);
    if (office === undefined) return;
    const hasChanged = JSON.stringify(office.webhooks) !== JSON.stringify(this.#office?.webhooks ?? []);
    if (hasChanged || this.#office === undefined) await tables.follow(office.webhooks);
    if (hasChanged) {
      this.#off = offOf(await tables.states());
      await this.#changeSenders(office);
    }
    this.#office = office;
  }

  async #changeSenders({ webhooks }: WebhookOffice): Promise<void> {
    const ids = new Set(webhooks.map(({ id }) => id));
    for (const [id, sender] of this.#senders) {
      if (ids.has(id)) continue;
      this.#senders.delete(id);
      // Its requests may go on for a while; nothing waits for them.
      void sender.close();
    }
    for (const hook of webhooks) {
      const sender = this.#senders.get(hook.id);
      if (sender === undefined) this.#senders.set(hook.id, this.#sender(hook));
      else sender.change(hook);
    }
  }

  #sender(hook: Sender["hook"]): Sender {
    return new Sender(hook, {
      ...this.#deps,
      mayBegin: () => this.#mayBegin(),
      settle: (delivery, outcome) => this.#settling.settle(delivery, outcome),
    });
  }
}

function offOf(states: readonly HookState[]): ReadonlySet<string> {
  return new Set(states.flatMap(({ hook, offMs }) => (offMs === null ? [] : [hook])));
}

/** An event, as it is queued for each webhook that asks for it and is in use. */
export function deliveriesOf(
  { webhooks }: Pick<WebhookOffice, "webhooks">,
  [eventId, event, stream, body]: readonly [
    id: string,
    event: Parameters<typeof wants>[1],
    stream: string,
    body: string,
  ],
  isOff: (hook: string) => boolean,
): NewDelivery[] {
  return webhooks
    .filter((hook) => wants(hook, event) && !isOff(hook.id))
    .map(({ id: hook }) => ({ hook, stream, eventId, event, body }));
}
