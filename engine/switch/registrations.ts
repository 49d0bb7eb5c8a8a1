/**
 * Where each SIP device is registered right now: the contacts the switch would dial. They come from the switch's
 * events while the link is up, and from its own list whenever it comes up.
 *
 * The list is `sofia xmlstatus profile <p> reg`: the profile's own table, with the same contact text as the events.
 * `show registrations` is another table, which forgets a device's other contacts when one of them goes unless
 * switch.conf says otherwise (switch_core_sqldb.c). What an event said since the link came up beats the list: an
 * UNREGISTER written otherwise than its REGISTER (another display name) leaves its row in the switch's table.
 *
 * In doubt a contact is kept: ringing a phone that is gone costs nothing, not ringing one that is there loses a call.
 */
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import { sofiaXmlStatusReg } from "./commands.js";
import { subclass } from "./events.js";
import { isDialableContact, isPlainName } from "./safe-text.js";
import type { Reply, SwitchEvent, SwitchLink } from "./wire.js";

/** One registration of a SIP device. */
export interface Contact {
  /** What a dial string needs: `sofia/<profile>/sip:…`, with the path through NAT where there is one. */
  readonly url: string;
  readonly callId: string;
  /** The phone's own description of itself. */
  readonly agent: string;
  /** When we first heard of it, and when the switch forgets it unless it is renewed; ms since the epoch. */
  readonly sinceMs: number;
  /** When it last registered, as far as we know. */
  readonly seenMs: number;
  readonly expiresAtMs: number;
}

/** Contacts kept for one device, the newest: each is rung, and a device that signs in for ever must not flood. */
export const CONTACTS_PER_DEVICE_MAX = 16;

/**
 * How long the switch keeps a contact that was not renewed: `sip-expires-late-margin` (60 s when it is not set,
 * sofia.c) and one round of its sweep. After that we forget it ourselves, should the event have been lost.
 */
const LATE_MARGIN_MS = 90_000;

/**
 * `sofia::expire` waits in the profile's own queue, which its worker looks into every half second
 * (sofia_event_fire), while `sofia::register` is fired at once: a phone that registers again in between is heard
 * of before the end of its old registration. An expiry of a contact that was renewed so recently proves nothing.
 */
const OVERTAKEN_MS = 2_000;

/** What one event says. */
export type RegistrationChange =
  | { readonly kind: "added"; readonly sipName: string; readonly contact: Contact }
  /** `url` null: the event names no contact, only the REGISTER's Call-ID. */
  | {
      readonly kind: "removed";
      readonly sipName: string;
      readonly url: string | null;
      readonly callId: string;
      /** The event may have been overtaken by a newer registration's, see {@link OVERTAKEN_MS}. */
      readonly late: boolean;
    }
  /** A contact that must not be put into a dial string. */
  | { readonly kind: "undialable"; readonly sipName: string };

/** Reads an event; undefined when it is not about registrations. */
function readRegistrationEvent(event: SwitchEvent, nowMs: number): RegistrationChange | undefined {
  const profile = event["profile-name"] ?? "";
  const callId = event["call-id"] ?? "";
  const url = contactUrl(profile, event["contact"] ?? "");
  switch (subclass(event)) {
    case "sofia::register": {
      // `from-user` is the registered name (To), `to-user` is From: sofia_reg.c has them crossed.
      const sipName = event["from-user"];
      const seconds = Number(event["expires"]);
      if (sipName === undefined || !Number.isFinite(seconds)) return undefined;
      if (!isDialableContact(url)) return { kind: "undialable", sipName };
      const expiresAtMs = nowMs + seconds * 1000 + LATE_MARGIN_MS;
      const agent = event["user-agent"] ?? "";
      return {
        kind: "added",
        sipName,
        contact: { url, callId, agent, sinceMs: nowMs, seenMs: nowMs, expiresAtMs },
      };
    }
    case "sofia::unregister":
      return removal(event["from-user"], url, callId, false);
    case "sofia::expire":
      return removal(event["user"], url, callId, true);
    default:
      return undefined;
  }
}

/**
 * `Contact: *` and a lost TCP connection come without a usable contact: they speak for the phone that sent them,
 * known by its Call-ID. RFC 3261 section 10.2.2 has `*` remove every binding of the name; the switch does not,
 * and phones that send it as they start would silence their user's other phones.
 */
function removal(
  sipName: string | undefined,
  url: string,
  callId: string,
  late: boolean,
): RegistrationChange | undefined {
  if (sipName === undefined) return undefined;
  const names = url !== "" && !url.includes("(null)");
  return { kind: "removed", sipName, url: names ? url : null, callId, late };
}

/** The dial string of `"Name" <sip:…>;params`; "" when there is none. */
function contactUrl(profile: string, contact: string): string {
  const uri = /<([^<>]*)>[^<>]*$/.exec(contact)?.[1] ?? contact.trim();
  return uri === "" || !isPlainName(profile) ? "" : `sofia/${profile}/${uri}`;
}

/** One row of the switch's list. */
export interface ListedContact {
  readonly sipName: string;
  readonly contact: Contact;
}

/** One row of the switch's list, with all that it says. */
export interface RegistrationRow {
  readonly sipName: string;
  /** As in {@link Contact}; it may not be dialable. */
  readonly url: string;
  readonly callId: string;
  readonly agent: string;
  /** Where its packets come from: ip:port. */
  readonly address: string;
  /** Until the switch forgets it, its margin counted in; below zero: it waits for the sweep. */
  readonly expiresInMs: number;
  /** What OPTIONS found; `unknown` before the first, and where the phone is not asked. */
  readonly ping: "reachable" | "unreachable" | "unknown";
  /** How long the last answer took. */
  readonly pingMs: number | null;
}

/**
 * Reads `sofia xmlstatus profile <p> reg`. By lines and not as XML: the switch does not escape the Call-ID, which
 * the phone chooses (show_reg_callback_xml in mod_sofia.c), but none of its fields can hold a line break.
 * Rows that cannot be dialled are left out.
 */
export function readRegistrationList(text: string, profile: string, nowMs: number): readonly ListedContact[] {
  return readRegistrationRows(text, profile).flatMap(({ sipName, url, callId, agent, expiresInMs }) => {
    if (!isDialableContact(url)) return [];
    // The list counts the switch's margin in already; only its sweep may be late.
    const expiresAtMs = nowMs + expiresInMs + SWEEP_MS;
    return [{ sipName, contact: { url, callId, agent, sinceMs: nowMs, seenMs: nowMs, expiresAtMs } }];
  });
}

/** All rows of the list, also those that cannot be dialled; for people to look at. */
export function readRegistrationRows(text: string, profile: string): readonly RegistrationRow[] {
  return text
    .split("<registration>\n")
    .slice(1)
    .flatMap((row) => {
      const sipName = field(row, "user").replace(/@[^@]*$/, "");
      const seconds = /expsecs\((-?\d+)\)$/.exec(field(row, "status"))?.[1];
      if (sipName === "" || seconds === undefined) return [];
      const pingMs = Number(field(row, "ping-time"));
      return [
        {
          sipName,
          url: contactUrl(profile, unescapeXml(field(row, "contact"))),
          callId: field(row, "call-id"),
          agent: unescapeXml(field(row, "agent")),
          address: `${field(row, "network-ip")}:${field(row, "network-port")}`,
          expiresInMs: Number(seconds) * 1000,
          ping: pingState(field(row, "ping-status")),
          pingMs: pingMs > 0 ? pingMs : null,
        },
      ];
    });
}

/** Words of sofia_ping_status in mod_sofia. */
function pingState(word: string): RegistrationRow["ping"] {
  if (/^reachable$/i.test(word)) return "reachable";
  return /^unreachable$/i.test(word) ? "unreachable" : "unknown";
}

/** The switch looks for expired contacts this often (IREG_SECONDS in mod_sofia.h). */
const SWEEP_MS = 30_000;

function field(row: string, name: string): string {
  return new RegExp(`^ {8}<${name}>(.*)</${name}>$`, "m").exec(row)?.[1] ?? "";
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&quot;": '"',
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&apos;": "'",
};

function unescapeXml(text: string): string {
  return text.replace(/&(quot|amp|lt|gt|apos);/g, (entity) => ENTITIES[entity] ?? entity);
}

type Removal = Extract<RegistrationChange, { readonly kind: "removed" }>;

export interface RegistrationsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** The profiles that phones register at, for example `["phones"]`. */
  readonly profiles: readonly string[];
  /** Somebody has to look at the switch's list again ({@link Registrations.refresh}): an event was ambiguous. */
  readonly inDoubt?: () => void;
}

/** The live state. Feed it every event, and call {@link Registrations.refresh} on each `up` of the link. */
export class Registrations {
  readonly #options: RegistrationsOptions;
  /** SIP name -> url -> contact, oldest first. */
  readonly #devices = new Map<string, Map<string, Contact>>();
  readonly #listeners = new Set<(sipName: string) => void>();
  /** While lists are awaited: the names and contacts that events spoke of. They know better than a list. */
  #spokenOf: Set<string> | null = null;

  constructor(options: RegistrationsOptions) {
    this.#options = options;
  }

  /** Where the device is registered now, oldest registration first; empty when it is not. */
  contactsOf(sipName: string): readonly Contact[] {
    const nowMs = this.#options.clock.nowMs();
    const contacts = this.#devices.get(sipName);
    return contacts === undefined ? [] : [...contacts.values()].filter((one) => one.expiresAtMs > nowMs);
  }

  /** Every device that is registered, with its contacts. */
  *all(): IterableIterator<readonly [sipName: string, contacts: readonly Contact[]]> {
    for (const sipName of this.#devices.keys()) {
      const contacts = this.contactsOf(sipName);
      if (contacts.length > 0) yield [sipName, contacts];
    }
  }

  /** Devices with at least one contact. */
  get registered(): number {
    const nowMs = this.#options.clock.nowMs();
    let count = 0;
    for (const contacts of this.#devices.values())
      if ([...contacts.values()].some((one) => one.expiresAtMs > nowMs)) count += 1;
    return count;
  }

  /**
   * Calls `listener` with a SIP name whenever that device gained or lost a contact; a mere renewal is no change.
   * Returns what takes the listener away.
   */
  onChange(listener: (sipName: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes in one event of the switch; those about other things are ignored. */
  event(event: SwitchEvent): void {
    if (event["Event-Name"] !== "CUSTOM") return;
    const change = readRegistrationEvent(event, this.#options.clock.nowMs());
    if (change === undefined || !this.#options.profiles.includes(event["profile-name"] ?? "")) return;
    switch (change.kind) {
      case "added":
        this.#spokenOf?.add(key(change.sipName, change.contact.url));
        if (this.#add(change.sipName, change.contact)) this.#changed(change.sipName);
        break;
      case "removed":
        if (this.#isOvertaken(change)) this.#options.inDoubt?.();
        else if (this.#remove(change)) this.#changed(change.sipName);
        break;
      case "undialable":
        this.#options.log.warn(
          { sipName: change.sipName, contact: event["contact"]?.slice(0, 200) },
          "a phone registered a contact that cannot be dialled; it will not ring",
        );
    }
  }

  /** Asks the switch for its lists and takes them over; call it on each `up`. `done` comes after the last one. */
  refresh(link: Pick<SwitchLink, "send">, done: () => void = () => {}): void {
    const spokenOf = new Set<string>();
    this.#spokenOf = spokenOf;
    let waiting = this.#options.profiles.length;
    for (const profile of this.#options.profiles)
      link.send(sofiaXmlStatusReg(profile), (reply) => {
        this.#takeList(profile, reply);
        waiting -= 1;
        if (waiting > 0) return;
        // A later refresh may be under way by now, with a set of its own.
        if (this.#spokenOf === spokenOf) this.#spokenOf = null;
        done();
      });
  }

  #takeList(profile: string, reply: Reply): void {
    if (reply.outcome !== "ok" || !reply.text.includes("<registrations>")) {
      // Kept as they were: a phone that is gone by now fails at once when it is rung.
      this.#options.log.warn({ profile, reply: reply.text.slice(0, 200) }, "no list of registrations");
      return;
    }
    const listed = readRegistrationList(reply.text, profile, this.#options.clock.nowMs());
    const present = new Set(listed.map((row) => key(row.sipName, row.contact.url)));
    const changed = new Set<string>();
    for (const [sipName, contacts] of this.#devices)
      for (const url of [...contacts.keys()])
        if (url.startsWith(`sofia/${profile}/`) && !this.#stays(sipName, url, present)) {
          this.#delete(sipName, url);
          changed.add(sipName);
        }
    for (const { sipName, contact } of listed)
      if (!this.#spokenOf?.has(key(sipName, contact.url)) && this.#add(sipName, contact))
        changed.add(sipName);
    for (const sipName of changed) this.#changed(sipName);
  }

  #stays(sipName: string, url: string, listed: ReadonlySet<string>): boolean {
    return listed.has(key(sipName, url)) || this.#spokenOf?.has(key(sipName, url)) === true;
  }

  /** Returns whether the contact is new. */
  #add(sipName: string, contact: Contact): boolean {
    const contacts = this.#devices.get(sipName) ?? new Map<string, Contact>();
    this.#devices.set(sipName, contacts);
    this.#forgetExpired(contacts);
    const before = contacts.get(contact.url);
    contacts.set(contact.url, before === undefined ? contact : { ...contact, sinceMs: before.sinceMs });
    if (contacts.size > CONTACTS_PER_DEVICE_MAX) {
      const oldest = contacts.keys().next().value;
      if (oldest !== undefined) contacts.delete(oldest);
      this.#options.log.warn(
        { sipName, max: CONTACTS_PER_DEVICE_MAX },
        "too many contacts; the oldest was dropped",
      );
    }
    return before === undefined;
  }

  #forgetExpired(contacts: Map<string, Contact>): void {
    const nowMs = this.#options.clock.nowMs();
    for (const [url, contact] of contacts) if (contact.expiresAtMs <= nowMs) contacts.delete(url);
  }

  #isOvertaken(change: Removal): boolean {
    if (!change.late) return false;
    const sinceMs = this.#options.clock.nowMs() - OVERTAKEN_MS;
    const contacts = this.#devices.get(change.sipName);
    return this.#urlsOf(change).some((url) => (contacts?.get(url)?.seenMs ?? 0) > sinceMs);
  }

  #urlsOf({ sipName, url, callId }: Removal): string[] {
    if (url !== null) return [url];
    const contacts = [...(this.#devices.get(sipName)?.values() ?? [])];
    return contacts.filter((one) => one.callId === callId).map((one) => one.url);
  }

  /** Returns whether anything was there to remove. */
  #remove(change: Removal): boolean {
    const urls = this.#urlsOf(change);
    for (const url of urls) this.#spokenOf?.add(key(change.sipName, url));
    return urls.filter((url) => this.#delete(change.sipName, url)).length > 0;
  }

  #delete(sipName: string, url: string): boolean {
    const contacts = this.#devices.get(sipName);
    const deleted = contacts?.delete(url) ?? false;
    if (contacts?.size === 0) this.#devices.delete(sipName);
    return deleted;
  }

  #changed(sipName: string): void {
    for (const listener of [...this.#listeners]) listener(sipName);
  }
}

function key(sipName: string, url: string): string {
  return `${sipName} ${url}`;
}
