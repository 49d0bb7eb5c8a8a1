/**
 * Sends the mails of the outbox, one at a time; no call waits for them. A mail that a server does not want now is tried
 * again for days, after growing waits. If the server takes no mail at all, all mails wait for it together. A mail that
 * is refused for good, or was tried too often, is given up and logged. Before the last bytes of a mail go out, the
 * outbox row becomes `sending`: from then on only the server knows whether it has the mail. If its answer is lost, with
 * the connection or with this process, the mail is not sent again, unless it is about a call for help.
 */
import type { Logger } from "pino";
import type { MailSubject, MailsAbout } from "../../storage/outbox.js";
import { LATEST_DUE_MS, MAYBE_SENT, type OutboxMail, type Unsent } from "../../storage/outbox.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";
import { inWords, isClosedAtMail, MAIL_RETRY, MailServerTrouble } from "./mail-trouble.js";
import { MailWriter, type MailWriterDeps } from "./mail-writer.js";
import type { Envelope, NotSent, Send, Sending } from "./smtp.js";

export interface MailerDeps extends MailWriterDeps {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly send: Send;
  /**
   * Which mails; left out: all but those about calls for help. These have a mailer of their own, so that they wait for no
   * other mail, and for no pause of the others.
   */
  readonly about?: MailsAbout;
}

/** Mails since the start, by what has become of them. */
export type MailCounts = Readonly<Record<"sent" | "refused" | "given_up" | "unknown", number>>;

/** The figures of a mailer, for monitoring. */
export interface MailFigures {
  readonly ended: MailCounts;
  /** Mails that waited when the outbox was looked at last. */
  readonly waiting: number;
  /** For how long the mail that has waited longest has waited; 0: none waits. */
  readonly oldestMs: number;
  /** The server takes no mails. */
  readonly isFailing: boolean;
}

/** Waits between the tries of a mail about a call for help, as long as it takes. */
const HELP_RETRY = { firstMs: 2_000, maxMs: 60_000 } as const;
const WRITE_RETRY = { firstMs: 500, maxMs: 5_000 } as const;
/**
 * A mail is given up after so many tries, about six days of them, and never while it is younger than five days: RFC 5321,
 * section 4.5.4.1, asks for four or five at least.
 */
const ATTEMPTS_MAX = 100;
const TRIED_MS_MIN = 5 * 24 * 3_600_000;
/** A mail at which the process died so often in a row is not tried again: it may be the reason. */
const CUT_SHORT_MAX = 50;
const POLL_MS = 5_000;
/** The longest time for one mail: a server that lets each byte wait does not hold up the others. */
const MAIL_MS = 300_000;
/** A mail that broke off so often goes without its sound. */
const BROKE_OFF_MAX = 4;
/** When the server wants none of so many mails now, more would fare the same. */
const NOT_TAKEN_MAX = 5;

export class Mailer {
  readonly #deps: MailerDeps & { readonly about: MailsAbout };
  readonly #retry: { readonly firstMs: number; readonly maxMs: number };
  readonly #writer: MailWriter;
  readonly #trouble: MailServerTrouble;
  readonly #ended = { sent: 0, refused: 0, given_up: 0, unknown: 0 };
  #waiting = 0;
  #waitingSinceMs: number | undefined;
  /** Mails that the server did not want since it took one. */
  readonly #notTaken = new Set<number>();
  /** A mail has passed since the server took none. */
  #hasPassed = false;
  #timer: TimerHandle | undefined;
  #working: Promise<void> | undefined;
  /** Breaks off the mail under way; undefined: there is none, or the server may have it. */
  #breakOff: (() => void) | undefined;
  #isUnreadable = false;
  #closed = false;
  /** Mails were written while the outbox was being looked at. */
  #isAsked = false;

  constructor(deps: MailerDeps) {
    this.#deps = { about: "others", ...deps };
    this.#retry = deps.about === "help" ? HELP_RETRY : MAIL_RETRY;
    this.#writer = new MailWriter(deps);
    this.#trouble = new MailServerTrouble({ ...deps, retry: this.#retry, again: () => void this.work() });
  }

  get figures(): MailFigures {
    const nowMs = this.#deps.clock.nowMs();
    return {
      ended: { ...this.#ended },
      waiting: this.#waiting,
      oldestMs: Math.max(0, nowMs - (this.#waitingSinceMs ?? nowMs)),
      isFailing: this.#trouble.isThere,
    };
  }

  async open(): Promise<void> {
    await this.#settleInterrupted();
    await this.#trouble.open();
    void this.work();
  }

  async #settleInterrupted(): Promise<void> {
    const { outbox, clock, log } = this.#deps;
    if (this.#deps.about === "help") {
      for (const about of await outbox.repeatInterrupted(clock.nowMs()))
        log.warn(named(about), `a mail was interrupted: ${MAYBE_SENT}; it is sent again`);
      return;
    }
    for (const about of await outbox.giveUpInterrupted()) {
      this.#ended.unknown += 1;
      log.warn(named(about), `a mail was interrupted: ${MAYBE_SENT}; it is not sent again`);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#trouble.close();
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#breakOff?.();
    await this.#working;
  }

  /** Sends all mails that are due. Resolves when none is left, or all have to wait; never rejects. */
  work(): Promise<void> {
    this.#isAsked = true;
    this.#working ??= this.#sendDue()
      .then(
        () => {
          this.#isUnreadable = false;
        },
        (error: unknown) => {
          if (!this.#isUnreadable) this.#deps.log.error({ err: error }, "the outbox cannot be looked at");
          this.#isUnreadable = true;
        },
      )
      .finally(() => {
        this.#working = undefined;
        if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
        if (!this.#closed) this.#timer = this.#deps.clock.after(POLL_MS, () => void this.work());
      });
    return this.#working;
  }

  async #sendDue(): Promise<void> {
    const { outbox, clock, about } = this.#deps;
    while (this.#isAsked) {
      this.#isAsked = false;
      while (!this.#closed && !this.#trouble.isPausing) {
        const mail = await outbox.takeDue(clock.nowMs(), about);
        if (mail === undefined) break;
        await this.#sendOne(mail);
      }
      this.#waiting = await outbox.waiting();
      this.#waitingSinceMs = await outbox.waitingSinceMs();
    }
  }

  async #sendOne(mail: OutboxMail): Promise<void> {
    if ((mail.cutShort ?? 0) >= CUT_SHORT_MAX) {
      await this.#giveUp(mail, "given_up", "the engine has died at each try");
      return;
    }
    const written = await this.#writer.write(mail);
    if (written.outcome === "gone") {
      await this.#write(mail, { givenUp: true, why: null });
      return;
    }
    if (written.outcome === "nobody") {
      const why = "the office sends this member no such mails now";
      await this.#later(mail, why, this.#retryMs(mail), false);
      return;
    }
    const sending = await this.#send(mail, written.envelope);
    await this.#settle(mail, written.envelope, this.#aboutMailOrServer(sending));
  }

  /** A server that takes other mails and closes the session at this one does not want this one now. */
  #aboutMailOrServer(sending: Sending): Sending {
    const isOfMail = sending.outcome === "server_failed" && this.#hasPassed && isClosedAtMail(sending.error);
    return isOfMail ? { ...sending, outcome: "not_taken" } : sending;
  }

  async #send(mail: OutboxMail, envelope: Envelope): Promise<Sending> {
    const { outbox, send, clock } = this.#deps;
    const limit = new AbortController();
    const timer = clock.after(MAIL_MS, () => limit.abort());
    this.#breakOff = () => limit.abort();
    const committing = async () => {
      await outbox.committing(mail.id);
      this.#breakOff = undefined;
    };
    try {
      return await send(envelope, committing, limit.signal);
    } finally {
      this.#breakOff = undefined;
      clock.cancel(timer);
    }
  }

  async #settle(mail: OutboxMail, envelope: Envelope, sending: Sending): Promise<void> {
    const { outbox, clock, log } = this.#deps;
    if (sending.outcome === "sent") {
      this.#ended.sent += 1;
      await this.#writeDown(() => outbox.sent(mail.id));
      log.info({ ...named(mail.about), to: mail.username }, "mail sent");
    } else if (this.#closed && sending.outcome !== "unknown") {
      // This engine may have broken it off itself.
      await this.#write(mail, { nextMs: clock.nowMs(), withoutSound: mail.withoutSound ?? false });
    } else {
      await this.#notSent(mail, envelope, sending);
    }
    await this.#judgeServer(mail, sending);
  }

  async #notSent(mail: OutboxMail, envelope: Envelope, { outcome, error }: NotSent): Promise<void> {
    const attempts = mail.attempts + 1;
    const why = inWords(error);
    switch (outcome) {
      case "unknown":
        if (this.#deps.about === "help")
          await this.#later(mail, MAYBE_SENT, this.#retryMs(mail), false, error);
        else await this.#giveUp(mail, "unknown", MAYBE_SENT, error);
        return;
      case "refused":
        await this.#giveUp(mail, "refused", why, error);
        return;
      case "too_large":
        await this.#later(mail, why, 0, true, error);
        return;
      case "server_failed": {
        // The pause is that of all mails, and ends when another one passes: this mail waits by its own tries, too.
        const inMs = Math.max(await this.#serverFailed(error), this.#retryMs(mail));
        await this.#later(mail, why, inMs, false, error);
        return;
      }
      case "broke_off":
      case "not_taken": {
        const withoutSound =
          outcome === "broke_off" && envelope.attachment !== null && attempts >= BROKE_OFF_MAX;
        await this.#later(mail, why, this.#retryMs(mail), withoutSound, error);
      }
    }
  }

  /** What an outcome says of the server: that it works, or not. */
  async #judgeServer(mail: OutboxMail, sending: Sending): Promise<void> {
    switch (sending.outcome) {
      case "sent":
      case "refused":
      case "too_large":
        this.#notTaken.clear();
        this.#hasPassed = true;
        await this.#trouble.passed();
        return;
      case "not_taken":
      case "broke_off":
        this.#notTaken.add(mail.id);
        if (this.#notTaken.size >= NOT_TAKEN_MAX) await this.#serverFailed(sending.error);
        return;
      default:
        return;
    }
  }

  /** @returns how long all mails wait */
  #serverFailed(error: unknown): Promise<number> {
    this.#hasPassed = false;
    return this.#trouble.failed(error);
  }

  #retryMs(mail: OutboxMail): number {
    return backoffMs(mail.attempts, { ...this.#retry, ids: this.#deps.ids });
  }

  /** @param withoutSound from now on; once without, always without */
  async #later(
    mail: OutboxMail,
    why: string,
    inMs: number,
    withoutSound: boolean,
    error?: unknown,
  ): Promise<void> {
    const { clock, log } = this.#deps;
    const attempts = mail.attempts + 1;
    if (attempts >= ATTEMPTS_MAX && clock.nowMs() - mail.sinceMs >= TRIED_MS_MIN) {
      await this.#giveUp(mail, "given_up", why, error);
      return;
    }
    const said = { ...named(mail.about), to: mail.username, attempts, why, inMs };
    if (withoutSound) log.warn(said, "a mail was not taken with its sound; it is sent without");
    else if (attempts === 1) log.warn(said, "a mail was not taken; it is tried again");
    else log.debug(said, "a mail was not taken; it is tried again");
    const nextMs = clock.nowMs() + Math.min(inMs, LATEST_DUE_MS);
    await this.#write(mail, { nextMs, withoutSound: withoutSound || mail.withoutSound === true });
  }

  async #giveUp(mail: OutboxMail, as: keyof MailCounts, why: string, error?: unknown): Promise<void> {
    this.#ended[as] += 1;
    const { log } = this.#deps;
    const said = { ...named(mail.about), to: mail.username, attempts: mail.attempts + 1, why, err: error };
    if (as === "unknown") log.warn(said, "a mail is not sent again");
    else log.error(said, "a mail is given up");
    await this.#write(mail, { givenUp: true, why });
  }

  #write(mail: OutboxMail, unsent: Unsent): Promise<void> {
    return this.#writeDown(() => this.#deps.outbox.failed(mail.id, unsent));
  }

  /** Writes the outcome of a mail, as often as it takes: only this process knows it. */
  async #writeDown(write: () => Promise<void>): Promise<void> {
    const { clock, ids, log } = this.#deps;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await write();
        return;
      } catch (error) {
        // The next start finds the row `sending` and gives the mail up as interrupted.
        if (this.#closed) return;
        const inMs = backoffMs(attempt, { ...WRITE_RETRY, ids });
        log.error({ err: error, inMs }, "what has become of a mail cannot be written down yet");
        await new Promise<void>((resolve) => void clock.after(inMs, resolve));
      }
    }
  }
}

/** The figures of two mailers of one outbox; null: no mails are sent. */
export function mailFigures(
  one: MailFigures | undefined,
  other: MailFigures | undefined,
): MailFigures | null {
  if (one === undefined || other === undefined) return one ?? other ?? null;
  const sum = (outcome: keyof MailCounts) => one.ended[outcome] + other.ended[outcome];
  return {
    ended: { sent: sum("sent"), refused: sum("refused"), given_up: sum("given_up"), unknown: sum("unknown") },
    // Each has looked at the whole outbox.
    waiting: one.waiting,
    oldestMs: one.oldestMs,
    isFailing: one.isFailing || other.isFailing,
  };
}

/** The subject of a mail as a field for the log. */
function named({ kind, id }: MailSubject): { readonly [kind: string]: string } {
  return { [kind]: id };
}
