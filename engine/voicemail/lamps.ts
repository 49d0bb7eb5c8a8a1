/**
 * Message lamps (MWI): every phone shows how many messages its user has, in the user's own mailbox and in those of
 * their groups. A lamp is sent when the switch asks for it (a phone has registered), when messages change, here or by
 * a command of another process, and after each connection.
 */
import type { Logger } from "pino";
import { recipients, seesMessage } from "../../policy/mailbox/mailbox.js";
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
  readonly store: MessageStore;
  readonly table: () => RoutingTable;
  readonly domain: string;
  readonly registered: () => Iterable<readonly [sipName: string, contacts: unknown]>;
}

/** How often the database is checked for changes by other processes. */
const LAMPS_POLL_MS = 500;

const NONE: MessageCounts = { fresh: 0, old: 0, freshUrgent: 0, oldUrgent: 0 };

/**
 * The name of no phone. The first MESSAGE_WAITING in the life of a switch stops the delivery of all events for half a
 * second, while the switch starts a thread (sofia_presence_event_handler). So we send one to nobody right after
 * connecting, instead of the first real one in the middle of a call.
 */
const NOBODY = "ringline-nobody";

export class Lamps {
  readonly #deps: LampsDeps;
  /** SIP name -> the counts sent last on this connection, as JSON. */
  readonly #lastSent = new Map<string, string>();
  /** Phones that have just registered: their lamps are sent even if the counts are the same. */
  readonly #justRegistered = new Set<string>();
  #version = -1;
  #up = false;
  #refreshing: Promise<void> | undefined;
  #again = false;
  #timer: TimerHandle | undefined;

  constructor(deps: LampsDeps) {
    this.#deps = deps;
  }

  linkUp(): void {
    this.#up = true;
    this.#lastSent.clear();
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
    if (name === undefined || this.#deps.table().deviceBySip(name) === undefined) return;
    this.#justRegistered.add(name);
    void this.refresh();
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
      await this.#refreshNow().catch((error: unknown) =>
        this.#deps.log.error({ err: error }, "message lamps cannot be looked at"),
      );
    }
  }

  #poll(): void {
    this.#timer = this.#deps.clock.after(LAMPS_POLL_MS, () => {
      this.#deps.store
        .version()
        .then((version) => {
          if (version !== this.#version) void this.refresh();
          this.#version = version;
        })
        .catch((error: unknown) => this.#deps.log.debug({ err: error }, "the database cannot be looked at"))
        .finally(() => {
          if (this.#up) this.#poll();
        });
    });
  }

  async #refreshNow(): Promise<void> {
    const justRegistered = [...this.#justRegistered];
    this.#justRegistered.clear();
    const counts = this.#byUser(await this.#deps.store.counts());
    if (!this.#up) return;
    for (const name of justRegistered) this.#lastSent.delete(name);
    const names = new Set([...justRegistered, ...[...this.#deps.registered()].map(([sipName]) => sipName)]);
    for (const name of names) {
      const owner = this.#deps.table().deviceBySip(name)?.user.username;
      if (owner !== undefined) this.#tell(name, counts.get(owner) ?? NONE);
    }
  }

  #byUser(rows: readonly MemberCount[]): Map<string, MessageCounts> {
    const counts = new Map<string, MessageCounts>();
    const table = this.#deps.table();
    // The members of a mailbox are looked up once for all its rows.
    const members = new Map<string, ReadonlySet<string>>();
    for (const row of rows) {
      const box = parseBox(row.box);
      if (box === undefined) continue;
      const those = members.get(row.box) ?? new Set(recipients(box, table).map(({ username }) => username));
      members.set(row.box, those);
      if (!those.has(row.username) || !seesMessage(box, row.username, row.received, table)) continue;
      const before = counts.get(row.username) ?? NONE;
      counts.set(row.username, {
        fresh: before.fresh + row.fresh,
        old: before.old + row.old,
        freshUrgent: before.freshUrgent + row.freshUrgent,
        oldUrgent: before.oldUrgent + row.oldUrgent,
      });
    }
    return counts;
  }

  #tell(sipName: string, counts: MessageCounts): void {
    const text = JSON.stringify(counts);
    if (this.#lastSent.get(sipName) === text) return;
    this.#lastSent.set(sipName, text);
    this.#send(sipName, counts);
  }

  #send(sipName: string, counts: MessageCounts): void {
    this.#deps.link.send(messageWaiting(sipName, this.#deps.domain, counts), (reply) => {
      // The switch may not have got it: send it again with the next refresh.
      if (reply.outcome !== "ok") this.#lastSent.delete(sipName);
    });
  }
}
