/**
 * Sends the outbox, one mail at a time, beside the calls and never before them. What a server does not take is
 * tried again, later and later; what it refuses for good, and what is too old, is given up and said. Before the
 * last of a mail goes out, that is written down: from then on only the server knows whether it has the mail, and
 * without its answer, be it lost with a line or with this process, nothing is sent again.
 */
import { Transform } from "node:stream";
import nodemailer from "nodemailer";
import type { Logger } from "pino";
import { boxOwner, mailboxSettings, roomIn } from "../../policy/mailbox/mailbox.js";
import { parseBox } from "../../policy/office/box.js";
import type { RoutingTable } from "../../policy/routing/table.js";
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

export type Sending =
  | { readonly outcome: "sent" }
  /** The server does not take it, for now or for good; or nobody can tell whether it has. */
  | { readonly outcome: "not_taken" | "refused" | "unknown"; readonly error: unknown };

/**
 * Never rejects.
 * @param committing is to have resolved before the last of the mail goes out
 */
export type Send = (envelope: Envelope, committing: () => Promise<void>) => Promise<Sending>;

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
const WRITE_RETRY = { firstMs: 500, maxMs: 5_000 } as const;
/** About two days of trying. */
const ATTEMPTS_MAX = 50;
const POLL_MS = 5_000;
const MAYBE_SENT = "a mail was interrupted, and may or may not have been sent; it is not sent again";

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
      this.#deps.log.warn(named(about), MAYBE_SENT);
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
    if (mail.attempts >= ATTEMPTS_MAX) {
      await this.#failed(mail, { outcome: "refused", error: new Error("each try before had no end") });
      return;
    }
    const envelope = await this.#envelope(mail);
    if (envelope === undefined) {
      await outbox.failed(mail.id, null);
      return;
    }
    const sending = await send(envelope, () => outbox.committing(mail.id));
    if (sending.outcome !== "sent") {
      await this.#failed(mail, sending);
      return;
    }
    await this.#writeDown(() => outbox.sent(mail.id));
    log.info({ ...named(mail.about), to: mail.username }, "mail sent");
  }

  async #failed(mail: OutboxMail, { outcome, error }: Exclude<Sending, { outcome: "sent" }>): Promise<void> {
    const { outbox, clock, ids, log } = this.#deps;
    const attempts = mail.attempts + 1;
    const said = { ...named(mail.about), to: mail.username, attempts, err: error };
    if (outcome === "unknown") {
      log.warn(said, MAYBE_SENT);
      await this.#writeDown(() => outbox.failed(mail.id, null));
      return;
    }
    if (attempts >= ATTEMPTS_MAX || outcome === "refused") {
      log.error(said, "a mail is given up");
      await this.#writeDown(() => outbox.failed(mail.id, null));
      return;
    }
    const inMs = backoffMs(mail.attempts, { ...RETRY, ids });
    log.warn({ ...said, inMs }, "a mail was not taken; it is tried again");
    await this.#writeDown(() => outbox.failed(mail.id, clock.nowMs() + inMs));
  }

  /** What has become of a mail is known here alone, so it is written however often that takes. */
  async #writeDown(write: () => Promise<void>): Promise<void> {
    const { clock, ids, log } = this.#deps;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await write();
        return;
      } catch (error) {
        // The next start takes it for interrupted.
        if (this.#closed) return;
        const inMs = backoffMs(attempt, { ...WRITE_RETRY, ids });
        log.error({ err: error, inMs }, "what has become of a mail cannot be written down yet");
        await new Promise<void>((resolve) => void clock.after(inMs, resolve));
      }
    }
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
    const wanted = box !== undefined && mailboxSettings(box, table).email === "attached";
    const attached = wanted && (await this.#deps.recordings.isPlayable(id));
    const room = box === undefined ? "enough" : roomIn(box, await this.#deps.store.count(message.box), table);
    return {
      ...messageMail(message, { ...this.#facts(message.box), attached, room }),
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

/** 5xx of SMTP is the server's last word (RFC 5321, section 4.2.1); without any after the end it may have the mail. */
function outcomeOf(error: unknown, committed: boolean): "not_taken" | "refused" | "unknown" {
  const code = error instanceof Error && "responseCode" in error ? error.responseCode : undefined;
  if (typeof code !== "number") return committed ? "unknown" : "not_taken";
  return code >= 500 ? "refused" : "not_taken";
}

export interface MailServer {
  /** `smtp://host:port`, `smtps://user@host`. */
  readonly url: URL;
  readonly password: string | undefined;
  readonly from: string;
}

/**
 * A server's wait is bounded, so that one that hangs holds up neither other mail nor the engine's end for long. RFC
 * 5321, section 4.5.3.2.6, would wait ten minutes for the last answer, lest a mail be sent twice; ours is not.
 */
const SERVER_MS = 30_000;

/** Lets a mail through, and its end only once `committing` has resolved. */
function gate(committing: () => Promise<void>): Transform {
  let held: Buffer | null = null;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      done(null, held);
      held = piece;
    },
    flush(done) {
      committing().then(() => done(null, held), done);
    },
  });
}

/** Sends through a mail server (nodemailer). */
export function smtpSend({ url, password, from }: MailServer): Send {
  const secure = url.protocol === "smtps:";
  const server = {
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
  };
  return async ({ to, messageId, subject, text, html, attachment }, committing) => {
    let committed = false;
    const transport = nodemailer.createTransport(server);
    transport.use("stream", ({ message }, next) => {
      message.transform(
        gate(async () => {
          await committing();
          committed = true;
        }),
      );
      next();
    });
    try {
      await transport.sendMail({
        from,
        to,
        messageId,
        subject,
        text,
        html,
        ...(attachment === null ? {} : { attachments: [attachment] }),
      });
      return { outcome: "sent" };
    } catch (error) {
      return { outcome: outcomeOf(error, committed), error };
    }
  };
}
