/**
 * Message lamps (MWI): every phone of every member of a mailbox shows how many messages its user has, in their
 * own mailbox and in those of their groups. Told when the switch asks (a phone has registered), when something
 * has changed, here or by a command of another process, and after each connection.
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

/** How often it is looked whether another process has changed something. */
export const LAMPS_POLL_MS = 500;

const NONE: MessageCounts = { fresh: 0, old: 0, freshUrgent: 0, oldUrgent: 0 };

/**
 * The first such event in a switch's life stops the delivery of all events for half a second, while it starts a
 * thread (sofia_presence_event_handler). It is better spent right after connecting than in the middle of a call.
 */
const NOBODY = "ringline-nobody";

export class Lamps {
  readonly #deps: LampsDeps;
  /** SIP name -> what it was told last, on this connection. */
  readonly #told = new Map<string, string>();
  /** Phones that have just registered: they are told whatever they were told before. */
  readonly #asking = new Set<string>();
  #version = -1;
  #up = false;
  #looking: Promise<void> | undefined;
  #again = false;
  #timer: TimerHandle | undefined;

  constructor(deps: LampsDeps) {
    this.#deps = deps;
  }

  linkUp(): void {
    this.#up = true;
    this.#told.clear();
    this.#send(NOBODY, NONE);
    void this.look();
    this.#poll();
  }

  linkDown(): void {
    this.#up = false;
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  /** MESSAGE_QUERY: `Message-Account: sip:<name>@<domain>`. */
  asked(event: SwitchEvent): void {
    const name = /^sips?:([^@;]+)@/.exec(event["Message-Account"] ?? "")?.[1];
    if (name === undefined || this.#deps.table().deviceBySip(name) === undefined) return;
    this.#asking.add(name);
    void this.look();
  }

  /** Something may have changed: whoever's lamp is not right is told. Resolves when that is done; never rejects. */
  look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#lookWhileAsked().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#again && this.#up) {
      this.#again = false;
      await this.#lookNow().catch((error: unknown) =>
        this.#deps.log.error({ err: error }, "message lamps cannot be looked at"),
      );
    }
  }

  #poll(): void {
    this.#timer = this.#deps.clock.after(LAMPS_POLL_MS, () => {
      this.#deps.store
        .version()
        .then((version) => {
          if (version !== this.#version) void this.look();
          this.#version = version;
        })
        .catch((error: unknown) => this.#deps.log.debug({ err: error }, "the database cannot be looked at"))
        .finally(() => {
          if (this.#up) this.#poll();
        });
    });
  }

  async #lookNow(): Promise<void> {
    const asking = [...this.#asking];
    this.#asking.clear();
    const counts = this.#byUser(await this.#deps.store.counts());
    if (!this.#up) return;
    for (const name of asking) this.#told.delete(name);
    const names = new Set([...asking, ...[...this.#deps.registered()].map(([sipName]) => sipName)]);
    for (const name of names) {
      const owner = this.#deps.table().deviceBySip(name)?.user.username;
      if (owner !== undefined) this.#tell(name, counts.get(owner) ?? NONE);
    }
  }

  #byUser(rows: readonly MemberCount[]): Map<string, MessageCounts> {
    const counts = new Map<string, MessageCounts>();
    const table = this.#deps.table();
    // Who is in a mailbox is looked up once for all of its messages.
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
    if (this.#told.get(sipName) === text) return;
    this.#told.set(sipName, text);
    this.#send(sipName, counts);
  }

  #send(sipName: string, counts: MessageCounts): void {
    this.#deps.link.send(messageWaiting(sipName, this.#deps.domain, counts), (reply) => {
      // Nobody knows whether the phone was told: then it is told again.
      if (reply.outcome !== "ok") this.#told.delete(sipName);
    });
  }
}
