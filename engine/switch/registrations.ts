/**
 * The contacts of each SIP device that is registered right now. They come from the switch's list whenever the link
 * comes up, and from its events after that.
 *
 * The list is `sofia xmlstatus profile <p> reg`: the profile's own table, with the same contact text as the events.
 * `show registrations` reads another table, which loses a device's other contacts when one of them goes, unless
 * switch.conf says otherwise (switch_core_sqldb.c). An event since the link came up outweighs the list, because the
 * switch's table keeps the row of an UNREGISTER whose text differs from its REGISTER (another display name).
 *
 * When in doubt, a contact is kept: ringing a phone that is gone costs nothing, but not ringing a phone that is
 * there loses a call.
 */
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import { sofiaXmlStatusReg } from "./commands.js";
import { type DialledAt, dialledAt } from "./dialled-at.js";
import { subclass } from "./events.js";
import { isDialableContact, isPlainName } from "./safe-text.js";
import type { Reply, SwitchEvent, SwitchLink } from "./wire.js";

/** One registration of a SIP device. */
export interface Contact {
  /** For a dial string: `sofia/<profile>/sip:…`, with the way to where the phone has signed in from. */
  readonly url: string;
  readonly callId: string;
  /** The phone's User-Agent. */
  readonly agent: string;
  /** When we first heard of the contact; ms since the epoch, as all times here. */
  readonly sinceMs: number;
  /** When the contact last registered, as far as we know. */
  readonly seenMs: number;
  /** When the switch drops the contact unless it is renewed. */
  readonly expiresAtMs: number;
}

/** Limit of contacts for one device; the newest are kept. Each contact is rung, so a faulty device must not pile them up. */
export const CONTACTS_PER_DEVICE_MAX = 16;

/**
 * How long the switch keeps a contact that was not renewed: `sip-expires-late-margin` (60 s by default, sofia.c) and
 * one round of its sweep. After that we drop the contact ourselves, in case the event was lost.
 */
const LATE_MARGIN_MS = 90_000;

/**
 * `sofia::expire` waits in the profile's queue, which a worker empties every half second (sofia_event_fire), while
 * `sofia::register` is fired at once. So a phone's new registration may be reported before the end of its old one,
 * and the expiry of a contact that was renewed within this time proves nothing.
 */
const OVERTAKEN_MS = 2_000;

/** What an event says about registrations. */
export type RegistrationChange =
  | ({ readonly kind: "added" } & ListedContact)
  /** `url` null: the event names no contact, only the REGISTER's Call-ID. */
  | {
      readonly kind: "removed";
      readonly sipName: string;
      readonly url: string | null;
      readonly callId: string;
      /** A newer registration may have been reported before this event, see {@link OVERTAKEN_MS}. */
      readonly late: boolean;
    }
  /** A contact that must not be put into a dial string. */
  | {
      readonly kind: "undialable";
      readonly sipName: string;
      readonly registered: string;
      readonly callId: string;
      readonly expiresAtMs: number;
    };

/** Reads an event; undefined: it is not about registrations. */
function readRegistrationEvent(
  event: SwitchEvent,
  nowMs: number,
  isCarriers: IsCarriers,
): RegistrationChange | undefined {
  const profile = event["profile-name"] ?? "";
  const callId = event["call-id"] ?? "";
  const url = contactUrl(profile, event["contact"] ?? "");
  switch (subclass(event)) {
    case "sofia::register": {
      // `from-user` is the registered name (To) and `to-user` is From: sofia_reg.c swaps them.
      const sipName = event["from-user"];
      const seconds = Number(event["expires"]);
      if (sipName === undefined || !Number.isFinite(seconds)) return undefined;
      const dialled = dialable(url, `${event["network-ip"]}:${event["network-port"]}`, isCarriers);
      const expiresAtMs = nowMs + seconds * 1000 + LATE_MARGIN_MS;
      if (dialled === undefined) return { kind: "undialable", sipName, registered: url, callId, expiresAtMs };
      const agent = event["user-agent"] ?? "";
      return {
        kind: "added",
        sipName,
        registered: url,
        isElsewhere: dialled.isElsewhere,
        contact: { url: dialled.url, callId, agent, sinceMs: nowMs, seenMs: nowMs, expiresAtMs },
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
 * The events of `Contact: *` and of a lost TCP connection name no usable contact. They are about the one phone with
 * that Call-ID. By RFC 3261 section 10.2.2 `*` removes every binding of the name; the switch does not do that, and
 * neither do we, as phones that send `*` when they start would silence their user's other phones.
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

/** The dial string for `"Name" <sip:…>;params`; "": there is none. */
function contactUrl(profile: string, contact: string): string {
  const uri = /<([^<>]*)>[^<>]*$/.exec(contact)?.[1] ?? contact.trim();
  return uri === "" || !isPlainName(profile) ? "" : `sofia/${profile}/${uri}`;
}

/** Whether a carrier is at this IP address. */
type IsCarriers = (ip: string) => boolean;

/** What is dialled for a contact; undefined: it must not be put into a dial string. @param address `ip:port` */
function dialable(registered: string, address: string, isCarriers: IsCarriers): DialledAt | undefined {
  const [, ip, port] = /^([0-9.]+):([0-9]{1,5})$/.exec(address) ?? [];
  if (ip === undefined || !isDialableContact(registered)) return undefined;
  const dialled = dialledAt(registered, { ip, port: Number(port), isCarriers: isCarriers(ip) });
  return dialled !== undefined && isDialableContact(dialled.url) ? dialled : undefined;
}

/**
 * Whether a request that the switch itself sends to the contact (NOTIFY, OPTIONS) could be its end: it gives the first
 * `fs_path` to NUTAG_PROXY, which takes an empty text for a parsed URL (sofia_glue_get_destination; sofia_glue_send_notify,
 * sofia_reg_nat_callback). Whatever is no SIP URI counts, since several texts are empty once they are decoded.
 */
function stopsTheSwitch(registered: string): boolean {
  const [, path] = registered.split(";fs_path=");
  return path !== undefined && !/^(?:<|%3c)?sips?(?::|%3a)./i.test(path);
}

/** A contact that can be dialled. */
export interface ListedContact {
  readonly sipName: string;
  /** The dial string of the contact as the phone has registered it, which events name; it is not dialled. */
  readonly registered: string;
  readonly contact: Contact;
  /** The contact names a place from which the phone has not signed in. */
  readonly isElsewhere: boolean;
}

/** A row of the switch's list in full. */
export interface RegistrationRow {
  readonly sipName: string;
  /** As in {@link Contact}, but it may not be dialable. */
  readonly url: string;
  readonly callId: string;
  readonly agent: string;
  /** The address its packets come from, as ip:port. */
  readonly address: string;
  /** Until the switch drops the contact, including its margin; below zero: it waits for the sweep. */
  readonly expiresInMs: number;
  /** The result of the last OPTIONS; `unknown`: the phone was not asked. */
  readonly ping: "reachable" | "unreachable" | "unknown";
  /** How long the answer to the last OPTIONS took. */
  readonly pingMs: number | null;
}

/**
 * Reads the dialable rows of `sofia xmlstatus profile <p> reg`. It is read line by line and not as XML: the switch
 * does not escape the Call-ID, which the phone chooses (show_reg_callback_xml in mod_sofia.c), but no field can
 * contain a line break.
 */
export function readRegistrationList(
  text: string,
  profile: string,
  nowMs: number,
  isCarriers: IsCarriers,
): readonly ListedContact[] {
  return readRegistrationRows(text, profile).flatMap((row) => {
    const { sipName, url: registered, callId, agent, expiresInMs } = row;
    const dialled = dialable(registered, row.address, isCarriers);
    if (dialled === undefined) return [];
    // The list includes the switch's margin already; only its sweep may be late.
    const expiresAtMs = nowMs + expiresInMs + SWEEP_MS;
    const contact = { url: dialled.url, callId, agent, sinceMs: nowMs, seenMs: nowMs, expiresAtMs };
    return [{ sipName, registered, isElsewhere: dialled.isElsewhere, contact }];
  });
}

/** All rows of the list, also those that cannot be dialled, for people to read. */
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

/** Reads a word of sofia_ping_status in mod_sofia. */
function pingState(word: string): RegistrationRow["ping"] {
  if (/^reachable$/i.test(word)) return "reachable";
  return /^unreachable$/i.test(word) ? "unreachable" : "unknown";
}

/** How often the switch sweeps expired contacts (IREG_SECONDS in mod_sofia.h). */
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
  /** Whether a carrier is at this IP address; left out: none is. */
  readonly isCarriers?: (ip: string) => boolean;
  /** An event was ambiguous: the owner should call {@link Registrations.refresh} soon. */
  readonly onAmbiguous?: () => void;
  /** A phone has registered a contact at an address from which it has not signed in. */
  readonly onElsewhere?: () => void;
  /** The switch has a contact to which no request of its own may be sent (`stopsTheSwitch`). */
  readonly onHarmful?: (sipName: string, callId: string) => void;
}

/** The live contacts. Pass every event to it, and call {@link Registrations.refresh} on each `up` of the link. */
export class Registrations {
  readonly #options: RegistrationsOptions;
  /** SIP name -> dial string as registered -> contact, oldest first. */
  readonly #devices = new Map<string, Map<string, Contact>>();
  readonly #listeners = new Set<(sipName: string) => void>();
  /** SIP name -> dial string as registered of a contact that cannot be dialled -> until when the switch may have it. */
  readonly #undialable = new Map<string, Map<string, number>>();
  /** The contacts (by name and dial string as registered) in events since a list was asked for, which outweigh the list; null: none is awaited. */
  #seenInEvents: Set<string> | null = null;

  readonly #isCarriers: IsCarriers;

  constructor(options: RegistrationsOptions) {
    this.#options = options;
    this.#isCarriers = options.isCarriers ?? (() => false);
  }

  /** The contacts of a device now, the oldest first; empty: it is not registered. */
  contactsOf(sipName: string): readonly Contact[] {
    const nowMs = this.#options.clock.nowMs();
    const contacts = this.#devices.get(sipName);
    return contacts === undefined
      ? []
      : [...contacts.values()].filter((contact) => contact.expiresAtMs > nowMs);
  }

  /**
   * Whether the switch may have a contact of the device that cannot be dialled. It must not send a NOTIFY there either
   * (`stopsTheSwitch`).
   */
  hasUndialable(sipName: string): boolean {
    const nowMs = this.#options.clock.nowMs();
    return [...(this.#undialable.get(sipName)?.values() ?? [])].some((untilMs) => untilMs > nowMs);
  }

  #sayHarmful(sipName: string, registered: string, callId: string): void {
    if (stopsTheSwitch(registered)) this.#options.onHarmful?.(sipName, callId);
  }

  #noteUndialable(sipName: string, registered: string, untilMs: number): void {
    const nowMs = this.#options.clock.nowMs();
    const known = [...(this.#undialable.get(sipName) ?? [])].filter(([, until]) => until > nowMs);
    // The last of them keep the device marked, however many a phone registers.
    const kept = [...known.filter(([url]) => url !== registered), [registered, untilMs] as const].toSorted(
      ([, a], [, b]) => a - b,
    );
    this.#undialable.set(sipName, new Map(kept.slice(-CONTACTS_PER_DEVICE_MAX)));
  }

  /** Every registered device with its contacts. */
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
      if ([...contacts.values()].some((contact) => contact.expiresAtMs > nowMs)) count += 1;
    return count;
  }

  /**
   * Calls `listener` with a SIP name whenever that device gained or lost a contact; a renewal is no change. Returns
   * the function that removes the listener.
   */
  onChange(listener: (sipName: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Handles an event of the switch; ignores events that are not about registrations. */
  event(event: SwitchEvent): void {
    if (event["Event-Name"] !== "CUSTOM") return;
    const change = readRegistrationEvent(event, this.#options.clock.nowMs(), this.#isCarriers);
    if (change === undefined || !this.#options.profiles.includes(event["profile-name"] ?? "")) return;
    switch (change.kind) {
      case "added":
        this.#seenInEvents?.add(key(change.sipName, change.registered));
        if (this.#add(change)) this.#changed(change.sipName);
        break;
      case "removed":
        if (this.#isOvertaken(change)) this.#options.onAmbiguous?.();
        else if (this.#remove(change)) this.#changed(change.sipName);
        break;
      case "undialable":
        this.#noteUndialable(change.sipName, change.registered, change.expiresAtMs);
        this.#options.log.warn(
          { sipName: change.sipName, contact: event["contact"]?.slice(0, 200) },
          "a phone registered a contact that cannot be dialled; it will not ring, and the device gets no message lamp",
        );
        this.#sayHarmful(change.sipName, change.registered, change.callId);
    }
  }

  /**
   * Asks the switch for its lists and applies them; call it on each `up`. `done` is called after the last list.
   * `isAnswered`: false when a reply did not come, so that nobody knows which phones are there.
   */
  refresh(link: Pick<SwitchLink, "send">, done: (isAnswered: boolean) => void = () => {}): void {
    const seenInEvents = new Set<string>();
    this.#seenInEvents = seenInEvents;
    let waiting = this.#options.profiles.length;
    let isAnswered = true;
    for (const profile of this.#options.profiles)
      link.send(sofiaXmlStatusReg(profile), (reply) => {
        this.#applyList(profile, reply);
        if (reply.outcome === "unknown") isAnswered = false;
        waiting -= 1;
        if (waiting > 0) return;
        // A later refresh may be under way by now, with its own set.
        if (this.#seenInEvents === seenInEvents) this.#seenInEvents = null;
        done(isAnswered);
      });
  }

  #applyList(profile: string, reply: Reply): void {
    if (reply.outcome !== "ok" || !reply.text.includes("<registrations>")) {
      // Keep the contacts: a phone that is gone fails at once when it is rung.
      this.#options.log.warn({ profile, reply: reply.text.slice(0, 200) }, "no list of registrations");
      return;
    }
    const nowMs = this.#options.clock.nowMs();
    const rows = readRegistrationRows(reply.text, profile);
    for (const { sipName, url, callId, address, expiresInMs } of rows)
      if (dialable(url, address, this.#isCarriers) === undefined) {
        this.#noteUndialable(sipName, url, nowMs + expiresInMs + SWEEP_MS);
        this.#sayHarmful(sipName, url, callId);
      }
    const listed = readRegistrationList(reply.text, profile, nowMs, this.#isCarriers);
    const present = new Set(listed.map((row) => key(row.sipName, row.registered)));
    const changed = new Set<string>();
    for (const [sipName, contacts] of this.#devices)
      for (const url of [...contacts.keys()])
        if (url.startsWith(`sofia/${profile}/`) && !this.#stays(sipName, url, present)) {
          this.#delete(sipName, url);
          changed.add(sipName);
        }
    for (const row of listed)
      if (!this.#seenInEvents?.has(key(row.sipName, row.registered)) && this.#add(row))
        changed.add(row.sipName);
    for (const sipName of changed) this.#changed(sipName);
  }

  #stays(sipName: string, url: string, listed: ReadonlySet<string>): boolean {
    return listed.has(key(sipName, url)) || this.#seenInEvents?.has(key(sipName, url)) === true;
  }

  /** Returns whether the contact is new. */
  #add({ sipName, registered, contact, isElsewhere }: ListedContact): boolean {
    const contacts = this.#devices.get(sipName) ?? new Map<string, Contact>();
    this.#devices.set(sipName, contacts);
    this.#forgetExpired(contacts);
    const before = contacts.get(registered);
    contacts.set(registered, before === undefined ? contact : { ...contact, sinceMs: before.sinceMs });
    if (isElsewhere && before === undefined) {
      this.#options.log.warn(
        { sipName, contact: registered.slice(0, 200), dialled: contact.url.slice(0, 200) },
        "a phone registered a contact at another address; it is called where it signed in from",
      );
      this.#options.onElsewhere?.();
    }
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
    const contacts = [...(this.#devices.get(sipName)?.entries() ?? [])];
    return contacts.filter(([, contact]) => contact.callId === callId).map(([registered]) => registered);
  }

  /** Returns whether there was a contact to remove. */
  #remove(change: Removal): boolean {
    const urls = this.#urlsOf(change);
    for (const url of urls) this.#seenInEvents?.add(key(change.sipName, url));
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
