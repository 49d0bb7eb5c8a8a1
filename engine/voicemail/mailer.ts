/**
 * Sends the outbox, one mail at a time, beside the calls and never before them. What a server does not take is
 * tried again, later and later; what it refuses for good, and what is too old, is given up and said.
 */
import nodemailer from "nodemailer";
import type { Logger } from "pino";
import { boxOwner, mailboxSettings, parseBox } from "../../policy/mailbox.js";
import type { RoutingTable } from "../../policy/table.js";
import type { MailSubject, OutboxMail, OutboxStore } from "../../storage/outbox.js";
import type { MessageStore } from "../../storage/voicemail.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";
import { messageMail, missedCallMail } from "./mail.js";
import type { RecordingFolder } from "./recordings.js";

/** A mail as a server gets it. */
export interface Envelope {
  readonly to: string;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachment: { readonly filename: string; readonly path: string } | null;
}

type Content = Omit<Envelope, "to" | "messageId">;

/** Rejects when the server did not take it. */
export type Send = (envelope: Envelope) => Promise<unknown>;

export interface MailerDeps {
  readonly store: MessageStore;
  readonly outbox: OutboxStore;
  readonly recordings: RecordingFolder;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly table: () => RoutingTable;
  readonly send: Send;
}

const RETRY = { firstMs: 30_000, maxMs: 3_600_000 } as const;
/** About two days of trying. */
const ATTEMPTS_MAX = 50;
const POLL_MS = 5_000;

export class Mailer {
  readonly #deps: MailerDeps;
  #timer: TimerHandle | undefined;
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(deps: MailerDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    for (const about of await this.#deps.outbox.giveUpInterrupted())
      this.#deps.log.warn(named(about), "a mail was interrupted, and may or may not have been sent");
    void this.work();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    await this.#working;
  }

  /** Sends all that is due. Resolves when nothing is; never rejects. */
  work(): Promise<void> {
    this.#working ??= this.#sendDue()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, "the outbox cannot be looked at"))
      .finally(() => {
        this.#working = undefined;
        if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
        if (!this.#closed) this.#timer = this.#deps.clock.after(POLL_MS, () => void this.work());
      });
    return this.#working;
  }

  async #sendDue(): Promise<void> {
    for (;;) {
      if (this.#closed) return;
      const mail = await this.#deps.outbox.take(this.#deps.clock.nowMs());
      if (mail === undefined) return;
      await this.#sendOne(mail);
    }
  }

  async #sendOne(mail: OutboxMail): Promise<void> {
    const { outbox, send, log } = this.#deps;
    const envelope = await this.#envelope(mail);
    if (envelope === undefined) {
      await outbox.failed(mail.id, null);
      return;
    }
    try {
      await send(envelope);
    } catch (error) {
      await this.#failed(mail, error);
      return;
    }
    await outbox.sent(mail.id);
    log.info({ ...named(mail.about), to: mail.username }, "mail sent");
  }

  async #failed(mail: OutboxMail, error: unknown): Promise<void> {
    const { outbox, clock, ids, log } = this.#deps;
    const attempts = mail.attempts + 1;
    const said = { ...named(mail.about), to: mail.username, attempts, err: error };
    if (attempts >= ATTEMPTS_MAX || isRefused(error)) {
      log.error(said, "a mail is given up");
      await outbox.failed(mail.id, null);
      return;
    }
    const inMs = backoffMs(mail.attempts, { ...RETRY, ids });
    log.warn({ ...said, inMs }, "a mail was not taken; it is tried again");
    await outbox.failed(mail.id, clock.nowMs() + inMs);
  }

  /** Undefined: what it is about is not there any more. */
  async #envelope(mail: OutboxMail): Promise<Envelope | undefined> {
    const content = await (mail.about.kind === "message"
      ? this.#aboutMessage(mail.about.id)
      : this.#aboutCall(mail.about.id));
    // The id is always the same, so that a server that got it twice can tell.
    return content && { to: mail.address, messageId: `<${mail.about.id}.${mail.id}@ringline>`, ...content };
  }

  async #aboutMessage(id: string): Promise<Content | undefined> {
    const [message] = await this.#deps.store.find(id);
    if (message === undefined || message.deletedMs !== null) return undefined;
    const table = this.#deps.table();
    const box = parseBox(message.box);
    const attached = box !== undefined && mailboxSettings(box, table).email === "attached";
    return {
      ...messageMail(message, { ...this.#facts(message.box), attached }),
      attachment: attached
        ? { filename: `${message.id.slice(0, 8)}.wav`, path: this.#deps.recordings.path(message.id) }
        : null,
    };
  }

  async #aboutCall(id: string): Promise<Content | undefined> {
    const call = await this.#deps.outbox.missedCall(id);
    if (call === undefined) return undefined;
    const rang = call.rang.map((who) => this.#deps.table().user(who)?.name ?? who);
    return { ...missedCallMail(call, this.#facts(call.box), rang), attachment: null };
  }

  #facts(boxText: string): { readonly timezone: string; readonly boxName: string } {
    const table = this.#deps.table();
    const box = parseBox(boxText);
    return {
      timezone: table.settings.timezone,
      boxName: (box && boxOwner(box, table)?.name) ?? boxText,
    };
  }
}

/** For the log. */
function named({ kind, id }: MailSubject): { readonly [kind: string]: string } {
  return { [kind]: id };
}

/** 5xx of SMTP is the server's last word (RFC 5321, section 4.2.1). */
function isRefused(error: unknown): boolean {
  const code = error instanceof Error && "responseCode" in error ? error.responseCode : undefined;
  return typeof code === "number" && code >= 500;
}

export interface MailServer {
  /** `smtp://host:port`, `smtps://user@host`. */
  readonly url: URL;
  readonly password: string | undefined;
  readonly from: string;
}

/** A server's wait is bounded, so that one that hangs holds up no other mail for long. */
const SERVER_MS = 30_000;

/** Sends through a mail server (nodemailer). */
export function smtpSend({ url, password, from }: MailServer): Send {
  const secure = url.protocol === "smtps:";
  const transport = nodemailer.createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...(url.username === ""
      ? {}
      : {
          auth: { user: decodeURIComponent(url.username), pass: password ?? "" },
          // A password goes over no line that somebody has kept from being encrypted.
          requireTLS: !secure,
        }),
    connectionTimeout: SERVER_MS,
    greetingTimeout: SERVER_MS,
    socketTimeout: SERVER_MS,
  });
  return ({ to, messageId, subject, text, html, attachment }) =>
    transport.sendMail({
      from,
      to,
      messageId,
      subject,
      text,
      html,
      ...(attachment === null ? {} : { attachments: [attachment] }),
    });
}
