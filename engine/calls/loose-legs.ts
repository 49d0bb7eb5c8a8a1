/**
 * Ends legs whose caller is gone and that nobody ends: the caller hung up while no engine was there and before the switch
 * had made the leg's channel, or its end was never confirmed. Such a leg rings on, or waits in park, for nobody. It is
 * known by its mark, the id of its caller's channel. A leg that talks is left alone: after an attended transfer, the
 * caller it was dialled for is gone, and another one talks to it.
 */
import * as commands from "../switch/commands.js";
import { isUuid } from "../switch/safe-text.js";
import type { SwitchEvent } from "../switch/wire.js";
import { isCaller } from "./inputs.js";
import { bridgedTo, dumpChannel, isParked, type Listed, type Sender } from "./resync.js";
import { CALL_VARIABLE } from "./switch-contract.js";

export interface LooseLegsDeps {
  /** What paces the questions. */
  readonly paced: Sender;
  /** Whether a call of this engine has this channel as a leg or as its caller, or is about to. */
  readonly isTended: (channel: string) => boolean;
}

export class LooseLegs {
  readonly #deps: LooseLegsDeps;
  /** Legs that another caller's channel is alive for, or that are no legs of ours; as long as they are listed. */
  readonly #others = new Set<string>();
  /** Legs that were neither ringing nor parked nor bridged at the last look: a bridge may be about to be made. */
  readonly #between = new Set<string>();

  constructor(deps: LooseLegsDeps) {
    this.#deps = deps;
  }

  look({ callers, others }: Listed): void {
    for (const ids of [this.#others, this.#between])
      for (const id of [...ids]) if (!others.has(id)) ids.delete(id);
    for (const leg of others)
      if (!this.#deps.isTended(leg) && !this.#others.has(leg)) this.#askForMark(leg, callers);
  }

  #askForMark(leg: string, callers: ReadonlySet<string>): void {
    this.#deps.paced.send(commands.readVariable(leg, CALL_VARIABLE), (mark) => {
      if (mark.outcome !== "ok") return; // The next look asks again.
      if (!isUuid(mark.text)) this.#others.add(leg);
      else if (!callers.has(mark.text)) this.#askForCaller(leg, mark.text);
    });
  }

  #askForCaller(leg: string, caller: string): void {
    this.#deps.paced.send(commands.exists(caller), (reply) => {
      if (reply.outcome !== "ok" || reply.text !== "false") return;
      dumpChannel(this.#deps.paced, leg, (dump) => {
        if (typeof dump !== "string" && !this.#deps.isTended(leg)) this.#endUnlessBridged(leg, dump);
      });
    });
  }

  #endUnlessBridged(leg: string, dump: SwitchEvent): void {
    if (bridgedTo(dump) !== null) return;
    // The list lags: a phone has transferred this leg, which is a caller now.
    if (isCaller(dump)) return;
    const rings = dump["Answer-State"] !== "answered";
    const isCertain = rings || isParked(dump) || this.#between.has(leg);
    if (isCertain) this.#kill(leg, rings);
    else this.#between.add(leg);
  }

  #kill(leg: string, rings: boolean): void {
    // As the switch itself ends the legs of a caller who hangs up (api_hangup_hook of hand_over.inc).
    this.#deps.paced.send(commands.kill(leg, rings ? "ORIGINATOR_CANCEL" : "NORMAL_CLEARING"), () => {});
  }
}
