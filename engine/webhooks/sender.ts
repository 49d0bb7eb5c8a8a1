/**
 * Delivers the events of one webhook: several calls at once, the events of one call one after the other. What fails is
 * tried again after growing waits, for three days. A server that answers nobody is asked by one request at a time, and
 * rarely; when it answers again, all that waits goes at once.
 */
import type { Logger } from "pino";
import type { Webhook } from "../../policy/webhooks/webhook.js";
import type { Delivery, DeliveryOutcome, WebhookTables } from "../../storage/webhooks.js";
import type { ResolveHost } from "../carriers/resolver.js";
import type { ReadSecret } from "../carriers/secrets.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";
import { type Answer, Connections, post } from "./post.js";
import { requestHeaders } from "./request-headers.js";

/** Requests to one webhook at a time. */
const AT_ONCE = 8;
/** Waits between the attempts of one event. */
const EVENT_RETRY = { firstMs: 5_000, maxMs: 3_600_000 } as const;
/** An event is given up when it has waited so long. */
export const TRIED_MS = 3 * 24 * 3_600_000;
/** Of so many calls in a row nothing was taken: then the server is in trouble, and is asked rarely. */
const FAILING_STREAMS = 3;
const SERVER_RETRY = { firstMs: 2_000, maxMs: 300_000 } as const;
const RETRY_AFTER_MAX_MS = 3_600_000;
/** What waits is made due at once no more often: one event that always fails must not be tried with every other one. */
const ALL_DUE_MS = 60_000;

export interface SenderDeps {
  readonly tables: WebhookTables;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly readSecret: ReadSecret;
  readonly resolve: ResolveHost;
  /** Whether requests may begin now: another process may deliver. */
  readonly mayBegin: () => boolean;
  /** Writes down what has become of an attempt; resolves when it is written. */
  readonly settle: (delivery: Delivery, outcome: DeliveryOutcome) => Promise<void>;
}

export class Sender {
  readonly #deps: SenderDeps;
  #hook: Webhook;
  readonly #connections = new Connections(AT_ONCE);
  readonly #stop = new AbortController();
  /** Events that were begun and whose outcome is not written down. */
  readonly #begun = new Set<number>();
  readonly #streams = new Set<string>();
  #requests = 0;
  /** Calls of which an event has failed since the last one was taken. */
  readonly #failed = new Set<string>();
  #failures = 0;
  #pausedUntilMs = 0;
  #allDueMs = 0;
  #timer: TimerHandle | undefined;
  #isLooking = false;
  #lookAgain = false;
  /** The server has said that nobody is there any more. */
  #isOff = false;
  readonly #underWay = new Set<Promise<void>>();

  constructor(hook: Webhook, deps: SenderDeps) {
    this.#hook = hook;
    this.#deps = deps;
  }

  get hook(): Webhook {
    return this.#hook;
  }

  /** The webhook as the office says it now. */
  change(hook: Webhook): void {
    if (hook.url !== this.#hook.url) this.again();
    this.#hook = hook;
  }

  /** Forgets that the server was in trouble or gone. */
  again(): void {
    this.#isOff = false;
    this.#failures = 0;
    this.#failed.clear();
    this.#pausedUntilMs = 0;
    this.look();
  }

  /** Begins what is due. Never rejects; what fails is looked at again. */
  look(): void {
    if (this.#isLooking) this.#lookAgain = true;
    else if (!this.#stop.signal.aborted) void this.#look();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#disarm();
    await Promise.all(this.#underWay);
    this.#connections.close();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    try {
      do {
        this.#lookAgain = false;
        await this.#begin();
      } while (this.#lookAgain);
    } catch (error) {
      this.#deps.log.warn(
        { err: error, webhook: this.#hook.id },
        "the outbox of webhooks cannot be read yet",
      );
      this.#arm(EVENT_RETRY.firstMs);
    } finally {
      this.#isLooking = false;
    }
  }

  async #begin(): Promise<void> {
    const { tables, clock, mayBegin } = this.#deps;
    const nowMs = clock.nowMs();
    this.#disarm();
    if (this.#isOff || this.#stop.signal.aborted || !mayBegin()) return;
    if (this.#pausedUntilMs > nowMs) {
      this.#arm(this.#pausedUntilMs - nowMs);
      return;
    }
    const free = (this.#isFailing ? 1 : AT_ONCE) - this.#requests;
    if (free <= 0) return;
    const due = await tables.due(this.#hook.id, nowMs, free + this.#begun.size);
    const fresh = due.filter(({ seq, stream }) => !this.#begun.has(seq) && !this.#streams.has(stream));
    for (const delivery of fresh.slice(0, free)) this.#start(delivery);
    if (fresh.length > 0) return;
    const nextMs = await tables.nextMs(this.#hook.id);
    if (nextMs !== null && nextMs > nowMs) this.#arm(nextMs - nowMs);
  }

  get #isFailing(): boolean {
    return this.#failed.size >= FAILING_STREAMS;
  }

  #start(delivery: Delivery): void {
    const done = this.#deliver(delivery).finally(() => {
      this.#underWay.delete(done);
      this.look();
    });
    this.#underWay.add(done);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { seq, stream } = delivery;
    this.#begun.add(seq);
    this.#streams.add(stream);
    this.#requests += 1;
    try {
      const answer = await this.#send(delivery).finally(() => {
        this.#requests -= 1;
        this.look();
      });
      // A request that this process has broken off itself says nothing of the server.
      if (!this.#stop.signal.aborted || answer.kind === "answered") await this.#judge(delivery, answer);
    } finally {
      this.#begun.delete(seq);
      this.#streams.delete(stream);
    }
  }

  async #send({ event, eventId, body }: Delivery): Promise<Answer> {
    const { clock, resolve, readSecret } = this.#deps;
    const hook = this.#hook;
    const headers = await requestHeaders(hook, { event, eventId, body }, clock.nowMs(), readSecret);
    if (!headers.ok) return { kind: "failed", why: headers.why };
    return post(
      { url: hook.url, allowPrivate: hook.allowPrivate === true },
      { headers: headers.headers, body, signal: this.#stop.signal },
      { clock, resolve, connections: this.#connections },
    );
  }

  async #judge(delivery: Delivery, answer: Answer): Promise<void> {
    if (answer.kind === "answered" && answer.status >= 200 && answer.status < 300) {
      await this.#taken(delivery);
      return;
    }
    if (answer.kind === "answered" && answer.status === 410) {
      await this.#gone();
      return;
    }
    this.#notTaken(delivery, answer);
    const why = whyNot(answer);
    const nowMs = this.#deps.clock.nowMs();
    const { log, settle } = this.#deps;
    const said = { webhook: this.#hook.id, event: delivery.eventId, why, attempts: delivery.attempts + 1 };
    if (nowMs - delivery.sinceMs >= TRIED_MS) {
      log.error(said, "an event is given up: the webhook did not take it for three days");
      await settle(delivery, { kind: "given_up", why });
      return;
    }
    if (this.#failures === 1) log.warn(said, "a webhook did not take an event; it is tried again");
    else log.debug(said, "a webhook did not take an event; it is tried again");
    const inMs = backoffMs(delivery.attempts, { ...EVENT_RETRY, ids: this.#deps.ids });
    await settle(delivery, { kind: "later", nextMs: nowMs + inMs, why });
  }

  async #taken(delivery: Delivery): Promise<void> {
    const { clock, log, tables, settle } = this.#deps;
    const wasInTrouble = this.#failures > 0;
    if (this.#isFailing) log.info({ webhook: this.#hook.id }, "a webhook takes events again");
    this.#failures = 0;
    this.#failed.clear();
    this.#pausedUntilMs = 0;
    await settle(delivery, { kind: "delivered" });
    const nowMs = clock.nowMs();
    if (!wasInTrouble || (nowMs >= this.#allDueMs && nowMs < this.#allDueMs + ALL_DUE_MS)) return;
    this.#allDueMs = nowMs;
    await tables.allDue(this.#hook.id, nowMs).catch((error: unknown) => {
      log.warn({ err: error, webhook: this.#hook.id }, "events of a webhook wait longer than they need to");
    });
  }

  #notTaken({ stream }: Delivery, answer: Answer): void {
    const { clock, ids, log } = this.#deps;
    const wasFailing = this.#isFailing;
    this.#failures += 1;
    this.#failed.add(stream);
    const nowMs = clock.nowMs();
    if (answer.kind === "answered" && answer.retryAfterMs !== null)
      this.#pausedUntilMs = nowMs + Math.min(answer.retryAfterMs, RETRY_AFTER_MAX_MS);
    if (!this.#isFailing) return;
    if (!wasFailing)
      log.error({ webhook: this.#hook.id, why: whyNot(answer) }, "a webhook takes no events; they wait");
    const attempt = Math.max(0, this.#failures - FAILING_STREAMS);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + backoffMs(attempt, { ...SERVER_RETRY, ids }));
  }

  async #gone(): Promise<void> {
    const { tables, clock, log } = this.#deps;
    this.#isOff = true;
    log.error(
      { webhook: this.#hook.id },
      "a webhook is switched off: its server says that it is gone (410); `ringline webhook retry` switches it on",
    );
    await tables
      .switchOff(this.#hook.id, "its server says that it is gone (410)", clock.nowMs())
      .catch((error: unknown) => {
        // Asked again it says the same again.
        this.#isOff = false;
        log.warn({ err: error, webhook: this.#hook.id }, "that a webhook is gone cannot be written down yet");
        this.#pausedUntilMs = clock.nowMs() + EVENT_RETRY.firstMs;
      });
  }

  #arm(inMs: number): void {
    this.#disarm();
    if (this.#stop.signal.aborted) return;
    this.#timer = this.#deps.clock.after(Math.min(inMs, EVENT_RETRY.maxMs), () => this.look());
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}

/** Why an answer is no delivery. */
export function whyNot(answer: Answer): string {
  if (answer.kind === "failed") return answer.why;
  const { status } = answer;
  return status >= 300 && status < 400
    ? `it answered ${status}, a redirect, which is not followed`
    : `it answered ${status}`;
}
