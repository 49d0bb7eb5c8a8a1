/**
 * Callers and phones in one process with one clock, so that the time from the INVITE into the switch to the INVITE out
 * of it is measured outside both switch and engine. Only callers with a voice send RTP: media costs the same, whether
 * the engine or the dialplan routes the call.
 */
import { stopwatchMs } from "../../engine/clock.js";
import { sleep } from "../../fixtures/harness/clock.js";
import type { CallPlan, CallTimes } from "./call.js";
import { Callers } from "./callers.js";
import { type Phone, Phones } from "./phones.js";

export interface PairOptions {
  readonly callerPort: number;
  readonly phonePort: number;
  /** Where the switch takes calls of carriers, and sign-ins of phones. */
  readonly switchSip: { readonly host: string; readonly phones: number; readonly carriers: number };
  readonly domain: string;
  readonly phones: readonly Phone[];
}

export class SipPair {
  readonly #callers: Callers;
  readonly #phones: Phones;

  private constructor(callers: Callers, phones: Phones) {
    this.#callers = callers;
    this.#phones = phones;
  }

  /** Binds both ports and signs the phones in. Rejects when a port is taken or the switch refuses. */
  static async open({ callerPort, phonePort, switchSip, domain, phones }: PairOptions): Promise<SipPair> {
    const { host } = switchSip;
    const callers = await Callers.open(callerPort, { host, port: switchSip.carriers });
    const opened = await Phones.open({
      port: phonePort,
      registrar: { host, port: switchSip.phones },
      domain,
      phones,
      callOf: (caller) => callers.of(caller),
    });
    return new SipPair(callers, opened);
  }

  close(): void {
    this.#callers.close();
    this.#phones.close();
  }

  /** Messages that had to be sent again. */
  get resent(): number {
    return this.#callers.resent + this.#phones.resent;
  }

  /** Phones that ring or talk now. */
  get ringing(): number {
    return this.#phones.ringing;
  }

  /** Calls, talks, hangs up; resolves with the times when the call is over, also if it failed. */
  call(plan: CallPlan): Promise<CallTimes> {
    return this.#callers.call(plan);
  }

  /** Places calls at an even rate, whether or not earlier calls are over; resolves when the last is over. */
  async place(rate: number, count: number, plan: (index: number) => CallPlan): Promise<readonly CallTimes[]> {
    const startMs = stopwatchMs();
    const calls: Array<Promise<CallTimes>> = [];
    while (calls.length < count) {
      const due = Math.min(count, Math.floor(((stopwatchMs() - startMs) * rate) / 1000) + 1);
      while (calls.length < due) calls.push(this.call(plan(calls.length)));
      await sleep(1);
    }
    return Promise.all(calls);
  }
}
