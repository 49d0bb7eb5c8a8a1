/**
 * Callers whose saved state this engine cannot go on from, and who must not be answered a second time:
 * - An engine of a later release has the call. It may be back in a moment, so nothing is done at first. A caller who
 *   still waits when the lease is over is hung up with 503, like the callers of an engine that died. A caller who talks
 *   is left to the switch.
 * - The state is unreadable, and the caller is leaving a message. The recording goes on to its end. Then the call ends,
 *   and the mailroom delivers the message as one that was left behind (`Mailroom.recover`).
 */
import type { Logger } from "pino";
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import { channelId } from "../switch/events.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { LEASE_S, WAITING_VARIABLE } from "./lease.js";
import { dumpChannel, isPlaying, isRecording } from "./resync.js";

/** How often the switch is asked whether a recording is over. */
const RECORDING_AGAIN_MS = 1_000;
/**
 * Before the greeting, before the tone and before the recording the switch shows nothing for up to 20 ms each. So a look at
 * which nothing plays and nothing is recorded proves nothing, and three of them may fall into the three gaps: the next
 * ones, so much later each, have to say the same.
 */
const OVER_AGAIN_MS = 200;
const OVER_LOOKS = 4;
const LEASE_MS = LEASE_S * 1_000;

export interface LeftCallersDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly log: Logger;
  readonly engineId: string;
  /** Called with the channel as it is some time later: what is to become of the caller is decided anew. */
  readonly again: (dump: SwitchEvent) => void;
}

interface LeftCaller {
  readonly sinceMs: number;
  readonly againMs: number;
  /** At so many looks in a row nothing played and nothing was recorded. */
  readonly quietLooks: number;
  timer: TimerHandle | undefined;
}

export class LeftCallers {
  readonly #deps: LeftCallersDeps;
  readonly #left = new Map<string, LeftCaller>();

  constructor(deps: LeftCallersDeps) {
    this.#deps = deps;
  }

  has(id: string): boolean {
    return this.#left.has(id);
  }

  leaveToNewerEngine(dump: SwitchEvent, version: number): void {
    const id = channelId(dump) ?? "";
    const before = this.#left.get(id);
    if (before === undefined)
      this.#deps.log.error(
        { call: id, version },
        "a call is left alone: its state was written by a newer engine, which can go on with it",
      );
    else if (this.#deps.clock.nowMs() - before.sinceMs >= LEASE_MS && this.#isWaiting(dump))
      this.#deps.link.send(commands.kill(id, "NORMAL_TEMPORARY_FAILURE"), () => {});
    this.#leave(id, LEASE_MS);
  }

  /** @returns whether the caller is at a mailbox; then this ends the call when the recording is over */
  leaveToMessage(dump: SwitchEvent, why: string): boolean {
    const id = channelId(dump) ?? "";
    if (!isAtMailbox(dump)) return false;
    // While the greeting plays, tone and recording are queued behind it.
    const isBusy = isRecording(dump) || isPlaying(dump);
    if (!this.#left.has(id))
      this.#deps.log.error(
        { call: id, why },
        "the state of a call at a mailbox is unreadable: the recording goes on to its end",
      );
    const quietLooks = isBusy ? 0 : (this.#left.get(id)?.quietLooks ?? 0) + 1;
    if (quietLooks >= OVER_LOOKS) this.#deps.link.send(commands.kill(id, "NORMAL_CLEARING"), () => {});
    this.#leave(id, isBusy ? RECORDING_AGAIN_MS : OVER_AGAIN_MS, quietLooks);
    return true;
  }

  forget(id: string): void {
    this.#cancel(this.#left.get(id));
    this.#left.delete(id);
  }

  /** The connection is gone. */
  pause(): void {
    for (const left of this.#left.values()) this.#cancel(left);
  }

  /** The connection is back. */
  resume(): void {
    for (const [id, left] of this.#left) this.#arm(id, left);
  }

  #isWaiting(dump: SwitchEvent): boolean {
    return dump[`variable_${WAITING_VARIABLE}`] === this.#deps.engineId;
  }

  #leave(id: string, againMs: number, quietLooks = 0): void {
    const before = this.#left.get(id);
    const sinceMs = before?.sinceMs ?? this.#deps.clock.nowMs();
    const left: LeftCaller = { sinceMs, againMs, quietLooks, timer: before?.timer };
    this.#left.set(id, left);
    this.#arm(id, left);
  }

  #arm(id: string, left: LeftCaller): void {
    this.#cancel(left);
    left.timer = this.#deps.clock.after(left.againMs, () => this.#check(id, left));
  }

  #check(id: string, left: LeftCaller): void {
    dumpChannel(this.#deps.link, id, (dump) => {
      if (this.#left.get(id) !== left) return;
      if (dump === "gone") {
        this.forget(id);
        return;
      }
      // What is asked next may get no answer, too.
      this.#arm(id, left);
      if (dump !== "unknown") this.#deps.again(dump);
    });
  }

  #cancel(left: LeftCaller | undefined): void {
    if (left?.timer !== undefined) this.#deps.clock.cancel(left.timer);
  }
}

/** Whether a caller leaves a message: hears the greeting or the tone, or is recorded. */
export function isAtMailbox(dump: SwitchEvent): boolean {
  return isRecording(dump) || dump["variable_playback_terminators"] === "#";
}
