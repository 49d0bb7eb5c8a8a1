/**
 * Makes the switch forget what no longer holds: its remembered answers, the registrations of phones that may
 * not sign in any more or have a new password, and, if the operator wants it so, their calls.
 */
import type { Logger } from "pino";
import { PHONES_PROFILE } from "../calls/switch-contract.js";
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import { isSipName } from "../switch/safe-text.js";
import type { SwitchLink, WireCommand } from "../switch/wire.js";
import type { Access } from "./access.js";

/** What becomes of calls in progress of a phone that was removed or whose user was suspended. */
export const CALLS_OF_REMOVED = ["keep", "end"] as const;
export type CallsOfRemoved = (typeof CALLS_OF_REMOVED)[number];

/**
 * An answer that was on its way when something changed is remembered by the switch after we told it to forget;
 * it waits for an answer for 3 s (xml_curl.conf), so after that we tell it again.
 */
export const SECOND_PASS_MS = 4_000;

/** More names at once than this are not gone through one by one: the switch forgets all its answers. */
const NAMES_MAX = 500;

export interface AccessKeeperOptions {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly domain: string;
  readonly callsOfRemoved: CallsOfRemoved;
  readonly accessOf: (sipName: string) => Access;
  /** Names that are signed in as far as we know. */
  readonly registered: () => Iterable<string>;
  readonly isRegistered: (sipName: string) => boolean;
}

export class AccessKeeper {
  readonly #options: AccessKeeperOptions;
  readonly #timers = new Set<TimerHandle>();
  /** While the switch is away: names to be seen to when it is back. */
  readonly #pending = new Set<string>();
  #up = false;

  constructor(options: AccessKeeperOptions) {
    this.#options = options;
  }

  /** The switch is there, and who is registered is known: it may remember answers of an earlier engine. */
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

  /** These names may sign in otherwise than before: with another password, for the first time, or not at all. */
  accessChanged(sipNames: ReadonlySet<string>): void {
    if (sipNames.size === 0) return;
    if (!this.#up) {
      for (const sipName of sipNames) this.#pending.add(sipName);
      return;
    }
    this.#forgetAll(sipNames);
    // A phone whose registration has run out may still be in a call.
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

  /** A name has to wait for its next try: the switch must ask us then. */
  forget(sipName: string): void {
    if (this.#up && isSipName(sipName)) this.#send(commands.flushUser(sipName, this.#options.domain));
  }

  forgetEverybody(): void {
    if (this.#up) this.#send(commands.flushAllUsers());
  }

  close(): void {
    for (const timer of this.#timers) this.#options.clock.cancel(timer);
  }

  #forgetAll(sipNames: ReadonlySet<string>): void {
    if (sipNames.size > NAMES_MAX) this.#send(commands.flushAllUsers());
    else for (const sipName of sipNames) this.forget(sipName);
  }

  /** Who may sign in with a new password has done so by now, perhaps, and is left alone. */
  #secondPass(sipNames: ReadonlySet<string>): void {
    const { isRegistered, accessOf } = this.#options;
    this.#forgetAll(sipNames);
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

  /** Of a phone with a new password they go on: who talks there is still of the office. */
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
