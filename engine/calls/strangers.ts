/**
 * Callers whom nobody tends: an earlier run of this engine has left them, they parked while there was no connection, or
 * the event of their parking was lost. They are looked for after connecting and with each HEARTBEAT, in the switch's list
 * of channels. A reply that does not come, or is broken, says nothing about a caller: the switch is asked again.
 */
import type { Logger } from "pino";
import type { CallState } from "../../policy/call/state.js";
import type { Clock, TimerHandle } from "../clock.js";
import * as commands from "../switch/commands.js";
import { channelId } from "../switch/events.js";
import type { Reply, SwitchEvent, SwitchLink } from "../switch/wire.js";
import { handToFallback } from "./call.js";
import { isCaller, markedFor } from "./inputs.js";
import { isAtMailbox, type LeftCallers } from "./left-callers.js";
import { dumpChannel, isParked, type Listed, listChannels, type Sender } from "./resync.js";
import { readState, type SavedState } from "./saved-state.js";
import { CLAIM_REALM, STATE_VARIABLE } from "./switch-contract.js";

/** How soon the switch is asked again when one of its replies did not come. */
const LOOK_AGAIN_MS = 1_000;

/**
 * When the switch is asked again for its list of channels after connecting. A channel was seen to be missing from the
 * list for 100 ms on an idle machine; a thread writes it that falls behind under load (switch_core_sqldb.c).
 */
const LIST_AGAIN_MS: readonly number[] = [250, 750, 3_000];

/** How soon a party who was transferred is asked about again, while the call of which they were a leg is not taken over yet. */
const OWNER_AGAIN_MS = 250;

export interface StrangersDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly log: Logger;
  readonly engineId: string;
  /** What paces the questions about single channels. */
  readonly paced: Sender;
  readonly left: LeftCallers;
  /** Whether a call of this engine has this caller, or is about to. */
  readonly isTended: (id: string) => boolean;
  /** Whether a call of this engine has this caller, and knows what the switch has of it. */
  readonly isInOrder: (id: string) => boolean;
  /** A caller who is parked and has no call yet. */
  readonly arrive: (dump: SwitchEvent) => void;
  /** A call that an earlier run of this engine has begun. */
  readonly adopt: (saved: CallState, dump: SwitchEvent) => void;
  /** Called with each list of the switch's channels. */
  readonly listed: (listed: Listed) => void;
}

export class Strangers {
  readonly #deps: StrangersDeps;
  /** Callers about whom this round has decided or is asking. */
  #seen = new Set<string>();
  /** Callers whom another engine, or the switch's fallback, has claimed. */
  readonly #claimedByOthers = new Set<string>();
  /** Callers with a saved state and no claim, who were seen parked once. */
  readonly #givenUp = new Set<string>();
  #again: TimerHandle | undefined;
  #isUp = false;

  constructor(deps: StrangersDeps) {
    this.#deps = deps;
  }

  /**
   * The connection is up. The list lags, so it is asked for several times: a caller who parked just before the connection
   * was up is in none of its events, and not yet in the list.
   */
  connected(): void {
    this.#isUp = true;
    this.#claimedByOthers.clear();
    this.#givenUp.clear();
    this.#beginRound(LIST_AGAIN_MS);
  }

  /** With each HEARTBEAT. A round that goes on is not disturbed. */
  look(): void {
    if (this.#isUp && this.#again === undefined) this.#beginRound([]);
  }

  /** The connection is gone. */
  pause(): void {
    this.#isUp = false;
    this.#cancel();
  }

  /** The claim on a caller was refused: another engine has it, or the switch's fallback. */
  claimedByOther(id: string): void {
    this.#claimedByOthers.add(id);
  }

  #cancel(): void {
    if (this.#again !== undefined) this.#deps.clock.cancel(this.#again);
    this.#again = undefined;
  }

  #beginRound(againMs: readonly number[]): void {
    this.#cancel();
    this.#seen = new Set();
    this.#list(againMs);
  }

  #list(againMs: readonly number[]): void {
    const round = this.#seen;
    const [nextMs, ...laterMs] = againMs;
    if (nextMs !== undefined) this.#again = this.#deps.clock.after(nextMs, () => this.#listNow(laterMs));
    listChannels(this.#deps.link, (listed) => {
      if (!this.#isUp || this.#seen !== round) return;
      if (listed === "unknown") this.#listAgain();
      else {
        this.#forgetAllBut(listed.callers);
        for (const id of listed.callers) this.#dump(id);
        this.#deps.listed(listed);
      }
    });
  }

  #listNow(againMs: readonly number[]): void {
    this.#again = undefined;
    this.#list(againMs);
  }

  /** Something is not known yet. A list that will be asked for anyway is soon enough. */
  #listAgain(): void {
    if (this.#isUp) this.#again ??= this.#deps.clock.after(LOOK_AGAIN_MS, () => this.#listNow([]));
  }

  /** Asks about this caller again. */
  #askAgain(id: string): void {
    this.#seen.delete(id);
    this.#listAgain();
  }

  #forgetAllBut(callers: ReadonlySet<string>): void {
    for (const ids of [this.#claimedByOthers, this.#givenUp])
      for (const id of [...ids]) if (!callers.has(id)) ids.delete(id);
  }

  #isTended(id: string): boolean {
    return this.#deps.isTended(id) || this.#deps.left.has(id);
  }

  #dump(id: string): void {
    if (this.#isTended(id) || this.#seen.has(id) || this.#claimedByOthers.has(id)) return;
    this.#seen.add(id);
    dumpChannel(this.#deps.paced, id, (dump) => {
      if (dump === "unknown") this.#askAgain(id);
      else if (dump !== "gone" && !this.#isTended(id)) this.decide(dump);
    });
  }

  /** What is to become of a caller whom no call has. */
  decide(dump: SwitchEvent): void {
    const id = channelId(dump) ?? "";
    const saved = savedIn(dump);
    if (saved === undefined) {
      // A leg that the switch has rung itself parks when its phone transfers its caller.
      if (isParked(dump) && isCaller(dump)) this.#begin(id, dump);
      return;
    }
    this.#deps.link.send(commands.hashSelect(CLAIM_REALM, id), (held) => {
      if (!this.#deps.isTended(id)) this.#decideByClaim(id, saved, dump, held);
    });
  }

  /** A party whom the phone that had called them has transferred parks. Their channel is asked what it was before. */
  parked(id: string): void {
    this.#seen.delete(id);
    this.#dump(id);
  }

  /**
   * A caller who waits, and of whom nothing was saved. Who was a leg until a phone transferred them is known by the call
   * whose leg that was, so that call comes first. If its caller is gone, nothing more is to be learned.
   */
  #begin(id: string, dump: SwitchEvent): void {
    const { paced, clock, left, arrive, isInOrder } = this.#deps;
    const owner = markedFor(dump);
    if (owner === undefined || isInOrder(owner)) {
      arrive(dump);
      return;
    }
    const round = this.#seen;
    dumpChannel(paced, owner, (found) => {
      if (this.#isTended(id)) return;
      if (found === "gone") arrive(dump);
      // Another engine has that call, and so will have this one.
      else if (!this.#claimedByOthers.has(owner) && !left.has(owner))
        clock.after(OWNER_AGAIN_MS, () => {
          if (this.#isUp && this.#seen === round) this.parked(id);
        });
    });
  }

  #decideByClaim(id: string, saved: SavedState, dump: SwitchEvent, held: Reply): void {
    const { left, engineId } = this.#deps;
    if (held.outcome === "unknown") this.#askAgain(id);
    else if (held.text === engineId) {
      if (this.#givenUp.has(id)) this.#giveToFallback(id, dump);
      else this.#goOn(saved, dump);
    } else if (held.outcome !== "refused") {
      left.forget(id);
      this.#claimedByOthers.add(id);
    } else if (saved.kind === "unreadable") this.#claimUnreadable(id, dump);
    else {
      left.forget(id);
      this.#withoutClaim(id, dump);
    }
  }

  /** Two engines may have seen that nobody has claimed a caller. Only one of them gets the claim, and acts. */
  #claim(id: string, act: () => void): void {
    const { link, engineId } = this.#deps;
    link.send(commands.hashInsertIfEmpty(CLAIM_REALM, id, engineId), ({ outcome }) => {
      if (this.#deps.isTended(id)) return;
      // Whose the claim is now is asked with the next look: also of an unknown outcome, and then it may be ours.
      if (outcome === "ok") act();
      else this.#askAgain(id);
    });
  }

  #claimUnreadable(id: string, dump: SwitchEvent): void {
    if (isParked(dump) || isAtMailbox(dump)) this.#claim(id, () => this.#decideAnew(id));
  }

  /** With the claim it is decided anew: the caller may have gone on meanwhile, or have gone. */
  #decideAnew(id: string): void {
    const { paced, link, engineId } = this.#deps;
    dumpChannel(paced, id, (now) => {
      if (now === "unknown") this.#askAgain(id);
      else if (now === "gone") {
        this.#givenUp.delete(id);
        link.send(commands.hashDeleteIfMatch(CLAIM_REALM, id, engineId), () => {});
      } else if (!this.#deps.isTended(id)) this.decide(now);
    });
  }

  /**
   * A call was given up, and the command was lost that sends its caller to the switch's fallback. A caller who is just
   * being hung up looks the same for a moment, and the dump of an engine that was held up may be older than their end.
   */
  #withoutClaim(id: string, dump: SwitchEvent): void {
    if (!isParked(dump)) return;
    if (!this.#givenUp.has(id)) {
      this.#givenUp.add(id);
      this.#askAgain(id);
      return;
    }
    this.#claim(id, () => this.#decideAnew(id));
  }

  #giveToFallback(id: string, dump: SwitchEvent): void {
    if (!isParked(dump)) return;
    const { link, log, engineId } = this.#deps;
    this.#givenUp.delete(id);
    log.error({ call: id }, "a caller waits whose call was given up: the switch's fallback takes them");
    handToFallback(link, id, engineId);
  }

  /** Goes on with a call from the state that an earlier run of this engine has saved. */
  #goOn(saved: SavedState, dump: SwitchEvent): void {
    const { left, log, adopt, arrive } = this.#deps;
    if (saved.kind === "newer") {
      left.leaveToNewerEngine(dump, saved.version);
      return;
    }
    const call = channelId(dump) ?? "";
    if (saved.kind === "unreadable" && left.leaveToMessage(dump, saved.why)) return;
    left.forget(call);
    if (saved.kind === "state") {
      adopt(saved.state, dump);
      return;
    }
    if (!isParked(dump)) return;
    log.error({ call, why: saved.why }, "the state of a call is unreadable: the call begins anew");
    // It finds the claim, and so ends the legs of the earlier run before it dials under their ids.
    arrive(dump);
  }
}

/** The saved state on a caller's channel; undefined: there is none. */
export function savedIn(channel: SwitchEvent): SavedState | undefined {
  const text = channel[`variable_${STATE_VARIABLE}`] ?? "";
  return text === "" ? undefined : readState(text, channelId(channel) ?? "");
}
