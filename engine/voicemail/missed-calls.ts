/**
 * Mails about missed calls: calls that nobody answered and that left no message. They go through the same outbox as
 * mails about messages, and no call waits for them.
 */
import type { Logger } from "pino";
import { boxOwner, type MailedMember, mailboxSettings, mailedMembers } from "../../policy/mailbox/mailbox.js";
import { type Box, boxName, parseBox } from "../../policy/office/box.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { OutboxStore } from "../../storage/outbox.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "../switch/backoff.js";
import type { MissedCall } from "./voicemail-port.js";

export interface MissedCallsDeps {
  readonly outbox: OutboxStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** The newest office: it says which members want these mails. */
  readonly table: () => RoutingTable;
  /** The name of a mailbox now, for a call that began with a revision. */
  readonly boxSince: (box: string, revision: number) => Promise<string>;
  /** Mails were added to the outbox. */
  readonly written: () => void;
}

/** A busy database is tried again; after about a minute the mails are given up, and the log says so. */
const RETRY = { firstMs: 500, maxMs: 15_000 } as const;
const TRIES_MAX = 8;

export class MissedCalls {
  readonly #deps: MissedCallsDeps;

  constructor(deps: MissedCallsDeps) {
    this.#deps = deps;
  }

  /** Writes the mails about a missed call. Resolves when they are written or given up; never rejects. */
  async tell(call: MissedCall): Promise<void> {
    const { callId, box: called, from, revision, ...facts } = call;
    const box = await this.#boxNow(called, revision);
    const mails = this.#mails(box, from);
    if (mails.length === 0) return;
    const row = { ...facts, call: callId, box: boxName(box) };
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      try {
        await this.#deps.outbox.missed(row, mails);
        this.#deps.written();
        return;
      } catch (error) {
        await this.#wait(callId, error, attempt);
      }
    }
    this.#deps.log.error({ call: callId }, "no mail about a missed call: it cannot be written");
  }

  #wait(call: string, error: unknown, attempt: number): Promise<void> {
    const { clock, ids, log } = this.#deps;
    const inMs = backoffMs(attempt, { ...RETRY, ids });
    log.warn({ err: error, call, inMs }, "a mail about a missed call is not written yet; it is tried again");
    return new Promise((resolve) => void clock.after(inMs, resolve));
  }

  /** The call may know the mailbox by a name of an earlier revision. */
  async #boxNow(called: Box, revision: number): Promise<Box> {
    if (boxOwner(called, this.#deps.table()) !== undefined) return called;
    const name = await this.#deps.boxSince(boxName(called), revision).catch((error: unknown) => {
      this.#deps.log.warn({ err: error, box: boxName(called) }, "a mailbox cannot be looked up");
      return boxName(called);
    });
    return parseBox(name) ?? called;
  }

  /** The members who get mails, if the mailbox wants them; without the caller, who knows already. */
  #mails(box: Box, from: string | null): readonly MailedMember[] {
    const table = this.#deps.table();
    if (!mailboxSettings(box, table).missedCalls) return [];
    return mailedMembers(box, table).filter(({ username }) => username !== from);
  }
}
