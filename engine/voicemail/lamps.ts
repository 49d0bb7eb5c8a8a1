/**
 * Message lamps (MWI): every phone shows how many messages its user has, in the user's own mailbox and in those of
 * their groups. A lamp is sent when the switch asks for it (a phone has registered), when messages change, here or by
 * a command of another process, and after each connection.
 *
 * The counts are kept in memory. A phone that registers is answered from there, and a change costs a look at the
 * messages of the users whom it is about: thousands of phones may register in a minute, beside any number of messages.
 */
import type { Logger } from "pino";
import { isMember, seesMessage } from "../../policy/mailbox/mailbox.js";
import { parseBox } from "../../policy/office/box.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { MemberCount, MessageStore } from "../../storage/voicemail.js";
import type { Clock, TimerHandle } from "../clock.js";
import { type MessageCounts, messageWaiting } from "../switch/commands.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";

export interface LampsDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: Pick<MessageStore, "changesSince" | "counts">;
  readonly table: () => RoutingTable;
  readonly domain: string;
  readonly registered: () => Iterable<readonly [sipName: string, contacts: unknown]>;
  readonly isRegistered: (sipName: string) => boolean;
  /** Whether a NOTIFY to the device's contacts could harm the switch (`Registrations.hasUndialable`). */
  readonly isUnsafe: (sipName: string) => boolean;
}

/** How often the database is asked for changes by other processes. */
const LAMPS_POLL_MS = 500;

/** The serial before all changes: nothing is known yet. */
const NOTHING_KNOWN = -1;

const NONE: MessageCounts = { fresh: 0, old: 0, freshUrgent: 0, oldUrgent: 0 };

/**
 * The name of no phone. The first MESSAGE_WAITING in the life of a switch stops the delivery of all events for half a
 * second, while the switch starts a thread (sofia_presence_event_handler). So we send one to nobody right after
 * connecting, instead of the first real one in the middle of a call.
 */
const NOBODY = "ringline-nobody";

export class Lamps {
  readonly #deps: LampsDeps;
  /** The counts of each user who has messages, in all mailboxes. */
  readonly #counts = new Map<string, readonly MemberCount[]>();
  #serial = NOTHING_KNOWN;
  /** The office that the lamps were sent for last: another one may have other members of mailboxes. */
  #office: RoutingTable | undefined;
  /** SIP name -> the counts sent last on this connection, as JSON. */
  readonly #lastSent = new Map<string, string>();
  /** Phones whose lamps are to be sent with the next look at the database. */
  readonly #owed = new Set<string>();
  #up = false;
  #refreshing: Promise<void> | undefined;
  #again = false;
  #timer: TimerHandle | undefined;
  /** The last failure that was logged: each is logged once, and not twice a second. */
  #trouble = "";

  constructor(deps: LampsDeps) {
    this.#deps = deps;
  }

  linkUp(): void {
    this.#up = true;
    this.#lastSent.clear();
    this.#owed.clear();
    this.#office = undefined;
    this.#send(NOBODY, NONE);
    void this.refresh();
    this.#poll();
  }

  linkDown(): void {
    this.#up = false;
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  /** Handles MESSAGE_QUERY, with `Message-Account: sip:<name>@<domain>`. */
  messageQuery(event: SwitchEvent): void {
    const name = /^sips?:([^@;]+)@/.exec(event["Message-Account"] ?? "")?.[1];
    if (name === undefined || this.#ownerOf(name) === undefined) return;
    // The phone shows nothing yet, whatever was sent before.
    this.#lastSent.delete(name);
    if (this.#up && this.#serial !== NOTHING_KNOWN) this.#tell(name);
    else this.#owed.add(name);
  }

  /** Sends the lamps whose counts have changed. Resolves when that is done; never rejects. */
  refresh(): Promise<void> {
    this.#again = true;
    this.#refreshing ??= this.#refreshWhileAsked().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refreshWhileAsked(): Promise<void> {
    while (this.#again && this.#up) {
      this.#again = false;
      try {
        await this.#refreshNow();
        this.#trouble = "";
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        if (text !== this.#trouble) this.#deps.log.error({ err: error }, "message lamps cannot be looked at");
        this.#trouble = text;
      }
    }
  }

  #poll(): void {
    this.#timer = this.#deps.clock.after(LAMPS_POLL_MS, () => {
      void this.refresh().finally(() => {
        if (this.#up) this.#poll();
      });
    });
  }

  async #refreshNow(): Promise<void> {
    const users = await this.#readChanges();
    if (!this.#up) return;
    const table = this.#deps.table();
    const names = new Set(this.#owed);
    this.#owed.clear();
    if (users === "all" || table !== this.#office)
      for (const [sipName] of this.#deps.registered()) names.add(sipName);
    else for (const username of users) for (const name of this.#phonesOf(username, table)) names.add(name);
    this.#office = table;
    for (const name of names) this.#tell(name);
  }

  /** Brings the counts in memory up to date. Returns the users whose counts were read. */
  async #readChanges(): Promise<readonly string[] | "all"> {
    const { store } = this.#deps;
    const { serial, usernames, everything } = await store.changesSince(this.#serial);
    if (!everything && usernames.length === 0) return [];
    const rows = await store.counts(everything ? undefined : usernames);
    if (everything) this.#counts.clear();
    for (const username of usernames) this.#counts.delete(username);
    for (const row of rows) this.#counts.set(row.username, [...(this.#counts.get(row.username) ?? []), row]);
    this.#serial = serial;
    return everything ? "all" : usernames;
  }

  /** The registered phones of a user. */
  #phonesOf(username: string, table: RoutingTable): string[] {
    const { isRegistered } = this.#deps;
    const devices = table.user(username)?.devices ?? [];
    return devices.flatMap(({ at }) => (at.kind === "sip" && isRegistered(at.name) ? [at.name] : []));
  }

  #ownerOf(sipName: string): string | undefined {
    return this.#deps.table().deviceBySip(sipName)?.user.username;
  }

  /** The messages that a user sees in all mailboxes. */
  #countsOf(username: string): MessageCounts {
    const table = this.#deps.table();
    let sum = NONE;
    for (const row of this.#counts.get(username) ?? []) {
      const box = parseBox(row.box);
      if (box === undefined || !isMember(box, username, table)) continue;
      if (!seesMessage(box, username, row.received, table)) continue;
      sum = {
        fresh: sum.fresh + row.fresh,
        old: sum.old + row.old,
        freshUrgent: sum.freshUrgent + row.freshUrgent,
        oldUrgent: sum.oldUrgent + row.oldUrgent,
      };
    }
    return sum;
  }

  #tell(sipName: string): void {
    const owner = this.#ownerOf(sipName);
    if (owner === undefined) return;
    if (this.#deps.isUnsafe(sipName)) {
      this.#owed.add(sipName);
      return;
    }
    const counts = this.#countsOf(owner);
    const text = JSON.stringify(counts);
    if (this.#lastSent.get(sipName) === text) return;
    this.#lastSent.set(sipName, text);
    this.#send(sipName, counts);
  }

  #send(sipName: string, counts: MessageCounts): void {
    this.#deps.link.send(messageWaiting(sipName, this.#deps.domain, counts), (reply) => {
      if (reply.outcome === "ok" || sipName === NOBODY) return;
      // The switch may not have got it: send it again with the next look.
      this.#lastSent.delete(sipName);
      if (this.#up) this.#owed.add(sipName);
    });
  }
}
