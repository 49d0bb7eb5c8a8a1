/**
 * Bounds the contacts of a device: with one more than the limit, the contact that has not registered for longest is
 * signed out. The switch by itself would refuse the newest (sofia_reg_parse_auth, max-registrations-per-extension), which
 * is the phone that its user holds, in favour of contacts that an app has left behind. A contact without TLS of a device
 * that needs it is signed out as well: the switch lets a phone in from its cache without asking. So is a contact to which
 * the switch must send nothing.
 */
import type { Logger } from "pino";
import { PHONES_PROFILE } from "../calls/switch-contract.js";
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import { isReachedByTls } from "../switch/dialled-at.js";
import type { Contact, Registrations } from "../switch/registrations.js";
import { isCallIdOfOnePhone, isSipName } from "../switch/safe-text.js";
import type { SwitchLink } from "../switch/wire.js";

/** More phones than a person has. The switch's own limit is higher, for a time without an engine. */
export const CONTACTS_KEPT = 10;

/**
 * The switch writes a REGISTER to its table some time after it has reported it (the queue of sofia_glue_execute_sql), and
 * signs out only what is in the table. So a device that still has too many contacts is looked at again after this time.
 */
export const LOOK_AGAIN_MS = 3_000;

/**
 * A contact that could stop the switch is signed out at once, and again after these times, since the switch sends its first
 * OPTIONS at any moment of the 30 s after the REGISTER (sofia_reg_uniform_distribution).
 */
const HARMFUL_AGAIN_MS: readonly number[] = [50, 150, 400, 1_000, 3_000, 6_000];

export interface ContactLimitDeps {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly domain: string;
  readonly registrations: Pick<Registrations, "contactsOf" | "all">;
  /** Whether a device may sign in by TLS only. */
  readonly needsTls: (sipName: string) => boolean;
}

export class ContactLimit {
  readonly #deps: ContactLimitDeps;
  /** By SIP name: when the device is looked at again. */
  readonly #timers = new Map<string, TimerHandle>();
  /** When harmful contacts are signed out again. */
  readonly #harmful = new Set<TimerHandle>();

  constructor(deps: ContactLimitDeps) {
    this.#deps = deps;
  }

  /** The registrations are known. */
  linkUp(): void {
    for (const [sipName] of [...this.#deps.registrations.all()]) this.changed(sipName);
  }

  /** A device has gained or lost a contact. */
  changed(sipName: string): void {
    const { registrations, domain, log, needsTls } = this.#deps;
    const contacts = registrations.contactsOf(sipName);
    const callIds = surplus(contacts, domain);
    const plain = needsTls(sipName)
      ? contacts.flatMap(({ url, callId }) => (isReachedByTls(url) ? [] : [callId]))
      : [];
    if (callIds.length + plain.length > 0) this.#lookAgain(sipName);
    for (const callId of callIds) {
      log.info({ sipName, callId, max: CONTACTS_KEPT }, "too many contacts; the oldest was signed out");
      this.#signOut(sipName, callId);
    }
    for (const callId of new Set(plain)) {
      if (callIds.includes(callId) || !isCallIdOfOnePhone(callId, domain)) continue;
      log.warn(
        { sipName, callId },
        "a phone with srtp: required has signed in without TLS; it was signed out",
      );
      this.#signOut(sipName, callId);
    }
  }

  /** The switch has a contact to which it must send nothing, or it may end. */
  harmful(sipName: string, callId: string): void {
    const { domain, log, clock } = this.#deps;
    log.warn(
      { sipName, callId },
      "a phone registered a contact that could stop the switch; it was signed out",
    );
    // A phone may choose a Call-ID by which it cannot be named; then all contacts of its device go.
    const signOut = isCallIdOfOnePhone(callId, domain)
      ? () => this.#signOut(sipName, callId)
      : () => this.#signOutDevice(sipName);
    signOut();
    for (const afterMs of HARMFUL_AGAIN_MS) {
      const timer = clock.after(afterMs, () => {
        this.#harmful.delete(timer);
        signOut();
      });
      this.#harmful.add(timer);
    }
  }

  #signOutDevice(sipName: string): void {
    const { domain, link } = this.#deps;
    if (isSipName(sipName)) link.send(commands.flushRegistrations(PHONES_PROFILE, sipName, domain), () => {});
  }

  #signOut(sipName: string, callId: string): void {
    const { domain, log, link } = this.#deps;
    link.send(commands.flushContact(PHONES_PROFILE, callId, domain), (reply) => {
      if (reply.outcome === "refused")
        log.warn({ sipName, reply: reply.text.slice(0, 200) }, "the switch would not sign a contact out");
    });
  }

  close(): void {
    for (const timer of this.#timers.values()) this.#deps.clock.cancel(timer);
    this.#timers.clear();
    for (const timer of this.#harmful) this.#deps.clock.cancel(timer);
    this.#harmful.clear();
  }

  #lookAgain(sipName: string): void {
    if (this.#timers.has(sipName)) return;
    const timer = this.#deps.clock.after(LOOK_AGAIN_MS, () => {
      this.#timers.delete(sipName);
      this.changed(sipName);
    });
    this.#timers.set(sipName, timer);
  }
}

/**
 * The Call-IDs of the contacts to sign out, by which alone the switch does that. All contacts of one Call-ID go together,
 * so that of the newest is never among them, nor one by which other phones would be signed out.
 */
function surplus(contacts: readonly Contact[], domain: string): readonly string[] {
  const oldestFirst = [...contacts].sort((one, other) => one.seenMs - other.seenMs);
  const newest = oldestFirst.at(-1)?.callId;
  const callIds: string[] = [];
  let left = contacts.length;
  for (const { callId } of oldestFirst) {
    if (left <= CONTACTS_KEPT) break;
    if (callId === newest || callIds.includes(callId) || !isCallIdOfOnePhone(callId, domain)) continue;
    callIds.push(callId);
    left -= contacts.filter((each) => each.callId === callId).length;
  }
  return callIds;
}
