/**
 * Sends the mails of the outbox, one at a time; no call waits for them. A mail that a server does not take is tried
 * again after growing waits; a mail that is refused for good, or was tried too often, is given up and logged. Before
 * the last bytes of a mail go out, the outbox row becomes `sending`: from then on only the server knows whether it has
 * the mail. If its answer is lost, with the connection or with this process, the mail is not sent again.
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

/** A mail as it is handed to a server. */
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
  /** Not taken for now, refused for good, or unknown whether the server has it. */
  | { readonly outcome: "not_taken" | "refused" | "unknown"; readonly error: unknown };

/**
 * Sends one mail; never rejects.
 * @param committing must resolve before the last bytes of the mail go out
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

  /** Sends all mails that are due. Resolves when none is left; never rejects. */
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
      const mail = await this.#deps.outbox.takeDue(this.#deps.clock.nowMs());
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

  /** Undefined: the message or call does not exist any more. */
  async #envelope(mail: OutboxMail): Promise<Envelope | undefined> {
    const content = await (mail.about.kind === "message"
      ? this.#aboutMessage(mail.about.id)
      : this.#aboutCall(mail.about.id));
    // The same message id on every attempt, so that a server that gets the mail twice can tell.
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

/** The subject of a mail as a field for the log. */
function named({ kind, id }: MailSubject): { readonly [kind: string]: string } {
  return { [kind]: id };
}

/** A 5xx reply is final (RFC 5321, section 4.2.1). Without any reply after the mail's end the server may have the mail. */
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
 * Limit of a wait for a server, so that a server that hangs delays neither other mails nor the engine's end for long.
 * RFC 5321, section 4.5.3.2.6, asks for ten minutes for the last reply, lest a mail be sent twice; we never resend a
 * mail without a reply.
 */
const SERVER_MS = 30_000;

/** Passes a mail on, but its last piece only after `committing` has resolved. */
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
          // Without TLS an attacker on the line could read the password, so TLS is required.
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
