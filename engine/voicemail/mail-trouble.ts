/**
 * The trouble with a mail server that takes no mails: while it lasts, all mails wait, and one is tried after pauses that
 * grow. The trouble is said once in the log, and noted in the database for `ringline doctor`, which runs elsewhere.
 */
import type { Logger } from "pino";
import type { OutboxStore } from "../../storage/outbox.js";
import type { Clock, TimerHandle } from "../clock.js";
import { oneLine } from "../html.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";

export interface MailTroubleDeps {
  readonly outbox: OutboxStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** The pauses. */
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
  /** A pause is over. */
  readonly again: () => void;
}

/** Waits between the tries of one mail, and pauses of all mails: half a minute at first, two hours at most. */
export const MAIL_RETRY = { firstMs: 30_000, maxMs: 7_200_000 } as const;

export class MailServerTrouble {
  readonly #deps: MailTroubleDeps;
  #failures = 0;
  /** A timer, not a time: the machine's clock may be set back. */
  #pause: TimerHandle | undefined;
  /** What was said of this trouble. */
  readonly #said = new Set<string>();
  /** An engine before this one may have noted trouble. */
  #isNoted = false;

  constructor(deps: MailTroubleDeps) {
    this.#deps = deps;
  }

  get isPausing(): boolean {
    return this.#pause !== undefined;
  }

  get isThere(): boolean {
    return this.#failures > 0;
  }

  /** A new engine tries at once: its operator may have mended what was wrong. */
  async open(): Promise<void> {
    this.#isNoted = (await this.#deps.outbox.trouble()) !== undefined;
    if (this.#isNoted) await this.#deps.outbox.allDue(this.#deps.clock.nowMs());
  }

  close(): void {
    if (this.#pause !== undefined) this.#deps.clock.cancel(this.#pause);
    this.#pause = undefined;
  }

  /** The server takes no mails. @returns how long all mails wait */
  async failed(error: unknown): Promise<number> {
    const { outbox, clock, ids, log, retry } = this.#deps;
    const inMs = backoffMs(this.#failures, { ...retry, ids });
    this.#failures += 1;
    this.close();
    this.#pause = clock.after(inMs, () => {
      this.#pause = undefined;
      this.#deps.again();
    });
    const what = inWords(error);
    this.#say(what, error);
    await outbox.writeTrouble({ sinceMs: clock.nowMs(), what }).then(
      () => {
        this.#isNoted = true;
      },
      (failure: unknown) => log.error({ err: failure }, "trouble with the mail server cannot be noted"),
    );
    return inMs;
  }

  /** The server has answered for a mail: it works. */
  async passed(): Promise<void> {
    const { outbox, log } = this.#deps;
    this.close();
    if (this.#failures > 0) log.info({ failures: this.#failures }, "the mail server takes mails again");
    this.#failures = 0;
    this.#said.clear();
    if (!this.#isNoted) return;
    await outbox.writeTrouble(null).then(
      () => {
        this.#isNoted = false;
      },
      (error: unknown) =>
        log.error({ err: error }, "the end of trouble with the mail server cannot be noted"),
    );
  }

  /**
   * Each kind of failure is said once. A reply that will stay as it is needs an operator; any other server may be away
   * for a moment.
   */
  #say(what: string, error: unknown): void {
    const { code, responseCode, command } = fieldsOf(error);
    const kind = [command, responseCode ?? code].join(" ");
    if (this.#said.has(kind)) return;
    this.#said.add(kind);
    const isFinal = typeof responseCode === "number" && responseCode >= 500;
    const text = "the mail server takes no mails; they wait, and are tried again";
    this.#deps.log[isFinal ? "error" : "warn"]({ what, err: error }, text);
  }
}

/** The reply of a server or the reason of a failure, in one line: `AUTH PLAIN: 535 5.7.8 the password has expired`. */
export function inWords(error: unknown): string {
  const { response, command, message } = fieldsOf(error);
  if (typeof response !== "string") return oneLine(String(message ?? error));
  return oneLine(typeof command === "string" ? `${command}: ${response}` : response);
}

/**
 * Whether a server has closed the session (421) at a mail's addressee or text. Servers also say so of one mail, for
 * example when its addressee gets too many.
 */
export function isClosedAtMail(error: unknown): boolean {
  const { responseCode, command } = fieldsOf(error);
  return responseCode === 421 && (command === "RCPT TO" || command === "DATA");
}

/** What nodemailer's errors have. */
interface ErrorFields {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly response?: unknown;
  readonly responseCode?: unknown;
  readonly command?: unknown;
}

function fieldsOf(error: unknown): ErrorFields {
  return typeof error === "object" && error !== null ? error : {};
}
