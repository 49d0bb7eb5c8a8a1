/**
 * Removes from the switch what is no longer valid: cached directory answers, the registrations of phones that may
 * not sign in any more or have a new password, and, if the operator wants so, the calls of removed phones.
 */
import type { Logger } from "pino";
import { PHONES_PROFILE } from "../calls/switch-contract.js";
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import { isSipName } from "../switch/safe-text.js";
import type { SwitchLink, WireCommand } from "../switch/wire.js";
import type { Access } from "./access.js";

/** What happens to the calls in progress of a phone that was removed or whose user was suspended. */
export const CALLS_OF_REMOVED = ["keep", "end"] as const;
export type CallsOfRemoved = (typeof CALLS_OF_REMOVED)[number];

/**
 * The switch may cache an answer that was on its way when access changed, after we flushed the cache. It waits 3 s
 * for an answer (xml_curl.conf), so we flush a second time after that.
 */
export const SECOND_PASS_MS = 4_000;

/** For more names than this at once the whole cache of the switch is flushed, instead of name by name. */
const NAMES_MAX = 500;

export interface AccessKeeperOptions {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly domain: string;
  readonly callsOfRemoved: CallsOfRemoved;
  readonly accessOf: (sipName: string) => Access;
  /** Names that are registered, as far as we know. */
  readonly registered: () => Iterable<string>;
  readonly isRegistered: (sipName: string) => boolean;
}

export class AccessKeeper {
  readonly #options: AccessKeeperOptions;
  readonly #timers = new Set<TimerHandle>();
  /** Names whose access changed while the link was down. */
  readonly #pending = new Set<string>();
  #up = false;

  constructor(options: AccessKeeperOptions) {
    this.#options = options;
  }

  /** The link is up and the registrations are known. The switch may still cache answers of an earlier engine. */
  linkUp(): void {
    this.#up = true;
    this.#send(commands.flushAllUsers());
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const sipName of pending) this.#signOut(sipName);
    for (const sipName of [...this.#options.registered()])
      if (this.#options.accessOf(sipName).kind === "denied") this.#signOut(sipName);
  }

  linkDown(): void {
    this.#up = false;
  }

  /** The access of these names changed: another password, access for the first time, or none any more. */
  accessChanged(sipNames: ReadonlySet<string>): void {
    if (sipNames.size === 0) return;
    if (!this.#up) {
      for (const sipName of sipNames) this.#pending.add(sipName);
      return;
    }
    this.forgetAll(sipNames);
    // A phone whose registration has expired may still be in a call.
    const few = sipNames.size <= NAMES_MAX;
    for (const sipName of sipNames)
      if (this.#options.isRegistered(sipName)) this.#signOut(sipName);
      else if (few) this.#endCalls(sipName);
    const timer = this.#options.clock.after(SECOND_PASS_MS, () => {
      this.#timers.delete(timer);
      if (this.#up) this.#secondPass(sipNames);
    });
    this.#timers.add(timer);
  }

  /** A name is locked for a while: its next sign-in must reach us, not the switch's cache. */
  forget(sipName: string): void {
    if (this.#up && isSipName(sipName)) this.#send(commands.flushUser(sipName, this.#options.domain));
  }

  forgetEverybody(): void {
    if (this.#up) this.#send(commands.flushAllUsers());
  }

  close(): void {
    for (const timer of this.#timers) this.#options.clock.cancel(timer);
  }

  /** The switch asks again about these phones, at their next sign-in or call. */
  forgetAll(sipNames: ReadonlySet<string>): void {
    if (!this.#up) return;
    if (sipNames.size > NAMES_MAX) this.#send(commands.flushAllUsers());
    else for (const sipName of sipNames) this.forget(sipName);
  }

  /** Signs out only phones without access: a phone with a new password may have signed in with it by now. */
  #secondPass(sipNames: ReadonlySet<string>): void {
    const { isRegistered, accessOf } = this.#options;
    this.forgetAll(sipNames);
    for (const sipName of sipNames)
      if (isRegistered(sipName) && accessOf(sipName).kind === "denied") this.#signOut(sipName);
  }

  #signOut(sipName: string): void {
    if (!isSipName(sipName)) return;
    const { domain, log } = this.#options;
    const access = this.#options.accessOf(sipName);
    const why = access.kind === "denied" ? access.why : "renewed";
    log.info({ sipName, why }, "phone signed out");
    this.#send(commands.flushRegistrations(PHONES_PROFILE, sipName, domain));
    this.#endCalls(sipName);
  }

  /** The calls of a phone with a new password go on: its user still belongs to the office. */
  #endCalls(sipName: string): void {
    const { callsOfRemoved, accessOf } = this.#options;
    if (callsOfRemoved === "keep" || !isSipName(sipName) || accessOf(sipName).kind === "granted") return;
    for (const command of commands.hangUpPhone("NORMAL_CLEARING", sipName)) this.#send(command);
  }

  #send(command: WireCommand): void {
    this.#options.link.send(command, (reply) => {
      if (reply.outcome === "refused")
        this.#options.log.warn({ reply: reply.text.slice(0, 200) }, "the switch would not forget a phone");
    });
  }
}
