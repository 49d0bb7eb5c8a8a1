/**
 * Hands one mail to a mail server (nodemailer), and says what has become of it. The question behind each outcome: is it
 * this mail that the server does not want, or can the server take no mail at all at the moment? A password that has
 * expired must cost no mail.
 */
import { Readable } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import nodemailer from "nodemailer";
import { given } from "../../policy/office/optional.js";

/** A mail as it is handed to a server. */
export interface Envelope {
  readonly to: string;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachment: { readonly filename: string; readonly path: string } | null;
}

/**
 * - `refused`: the server wants this mail never.
 * - `too_large`: the server refuses it with its sound, for its size.
 * - `not_taken`: the server does not want it now, or hung up before it came to the mail.
 * - `broke_off`: something broke while the mail was passing: the connection, or its sound; the server does not have it.
 * - `server_failed`: it had not come to the mail; the next mail would fare the same.
 * - `unknown`: only the server knows whether it has the mail.
 */
export type NotSent = {
  readonly outcome: "refused" | "too_large" | "not_taken" | "broke_off" | "server_failed" | "unknown";
  readonly error: unknown;
};

export type Sending = { readonly outcome: "sent" } | NotSent;

/**
 * Sends one mail; never rejects.
 * @param committing must resolve before the last bytes of the mail go out
 * @param limit breaks off
 */
export type Send = (
  envelope: Envelope,
  committing: () => Promise<void>,
  limit: AbortSignal,
) => Promise<Sending>;

export interface SmtpServer {
  /** `smtp://host:port`, `smtps://user@host`. */
  readonly url: URL;
  readonly password: string | undefined;
  readonly from: string;
  /** In place of Node's settings. */
  readonly tls?: ConnectionOptions;
}

/**
 * Limit of a wait for a server, so that a server that hangs delays neither other mails nor the engine's end for long.
 * RFC 5321, section 4.5.3.2.6, asks for ten minutes for the last reply, lest a mail be sent twice; we never resend a
 * mail without a reply.
 */
const SERVER_MS = 30_000;

/** How far a mail has come. */
interface Progress {
  readonly hasSound: boolean;
  /** The server has asked for the mail's text (354). */
  began: boolean;
  /** The last bytes may go out. */
  committed: boolean;
}

/** Sends through a mail server. */
export function smtpSend(to: SmtpServer): Send {
  const server = settings(to);
  return async ({ messageId, attachment, ...content }, committing, signal) => {
    const progress: Progress = { began: false, committed: false, hasSound: attachment !== null };
    const transport = nodemailer.createTransport(server);
    transport.use("stream", ({ message }, next) => {
      const read = message.createReadStream.bind(message);
      message.createReadStream = () =>
        Readable.from(pieces(read, progress, committing), { objectMode: false });
      next();
    });
    try {
      await transport.sendMail({
        ...content,
        from: to.from,
        messageId,
        signal,
        ...(attachment === null ? {} : { attachments: [attachment] }),
      });
      return { outcome: "sent" };
    } catch (error) {
      return { outcome: outcomeOf(error, progress), error };
    }
  };
}

function settings({ url, password, tls }: SmtpServer) {
  const secure = url.protocol === "smtps:";
  return {
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
    ...given({ tls }),
    connectionTimeout: SERVER_MS,
    greetingTimeout: SERVER_MS,
    socketTimeout: SERVER_MS,
  };
}

/**
 * The text of a mail, read when the server asks for it and not before, with its last piece only after `committing` has
 * resolved. nodemailer alone would read the text while the server still thinks about the address.
 */
async function* pieces(
  read: () => AsyncIterable<Buffer>,
  progress: Progress,
  committing: () => Promise<void>,
): AsyncGenerator<Buffer> {
  progress.began = true;
  let held: Buffer | undefined;
  for await (const piece of read()) {
    if (held !== undefined) yield held;
    held = piece;
  }
  await committing();
  progress.committed = true;
  if (held !== undefined) yield held;
}

/** What nodemailer's errors say of an attempt. */
interface Failure {
  /** nodemailer's name of what failed. */
  readonly kind: string | undefined;
  /** The operating system's name of it, such as ECONNREFUSED. */
  readonly reason: string | undefined;
  /** The server's reply: its code, and its enhanced code (RFC 3463) if it has one. */
  readonly reply: number | undefined;
  readonly enhanced: string | undefined;
  /** The command that the server has answered; `CONN` and `API`: none. */
  readonly command: string | undefined;
}

function failureOf(error: unknown): Failure {
  const field = (name: string): unknown =>
    typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
  const text = (name: string): string | undefined => {
    const value = field(name);
    return typeof value === "string" ? value : undefined;
  };
  const reply = field("responseCode");
  return {
    kind: text("code"),
    reason: text("originalCode"),
    reply: typeof reply === "number" && reply >= 400 ? reply : undefined,
    enhanced: /^\d{3}[ -](\d\.\d+\.\d+)/.exec(text("response") ?? "")?.[1],
    command: text("command"),
  };
}

/** The server has let us in and hung up without a word: there is no telling whether it was for this mail. */
const BROKEN: ReadonlySet<string> = new Set(["ECONNECTION", "ECONNRESET", "EPIPE"]);
/** nodemailer does not take the mail itself, for example because of its address. */
const OF_THE_TEXT: ReadonlySet<string> = new Set(["EENVELOPE", "EMESSAGE", "EFILEACCESS"]);
/** The mail's text could not be read to its end: its sound is unreadable, or `committing` has rejected. */
const UNREADABLE = "ESTREAM";

function outcomeOf(error: unknown, progress: Progress): NotSent["outcome"] {
  const failure = failureOf(error);
  if (failure.reply !== undefined) return outcomeOfReply(failure, failure.reply, progress);
  // The server has said neither yes nor no.
  if (progress.committed) return "unknown";
  const { kind = "", reason = kind } = failure;
  if (progress.began || kind === UNREADABLE) return "broke_off";
  return OF_THE_TEXT.has(kind) || BROKEN.has(reason) ? "not_taken" : "server_failed";
}

/** Commands whose replies are about the mail: RFC 5321, section 4.2.1: a 5yz is final. */
const OF_THE_MAIL: ReadonlySet<string> = new Set(["RCPT TO", "DATA"]);
/**
 * Replies that are about the session, whatever the command: the service shuts down (421), the commands are in a wrong
 * order (503), and the login is missing, has expired or is too weak (RFC 4954, section 6).
 */
const OF_THE_SESSION: ReadonlySet<number> = new Set([421, 503, 530, 534, 535, 538]);

function outcomeOfReply(failure: Failure, reply: number, progress: Progress): NotSent["outcome"] {
  const { command = "" } = failure;
  if (OF_THE_SESSION.has(reply)) return "server_failed";
  const isOfTheMail = OF_THE_MAIL.has(command);
  if ((isOfTheMail || command === "MAIL FROM") && progress.hasSound && isTooLarge(failure, reply))
    return "too_large";
  if (isOfTheMail) return reply >= 500 ? "refused" : "not_taken";
  return progress.began ? "broke_off" : "server_failed";
}

/** 552 (RFC 1870, section 6.1), or another 5yz for the size of a mail (RFC 3463, X.2.3 and X.3.4). */
function isTooLarge({ enhanced }: Failure, reply: number): boolean {
  return reply === 552 || (reply >= 500 && (enhanced === "5.2.3" || enhanced === "5.3.4"));
}
