/**
 * How much is called outside, by whom: the channels to outside phones that ring or talk now, and the minutes of the last 24
 * hours. A channel counts from its dialling until the switch has ended it, also when a phone has transferred it and it
 * belongs to another call by then. Minutes are kept in the database, renewed once a minute while people talk, so an engine
 * that starts anew knows them; what a crash loses is a minute. Channels that outlive an engine are found again.
 */
import type { Logger } from "pino";
import type { LegCommand } from "../../policy/call/command.js";
import type { CallState } from "../../policy/call/state.js";
import { given } from "../../policy/office/optional.js";
import { limitsOf, OFFICE, type OutsideUse, type Payer } from "../../policy/outside/payer.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Remembered } from "../../storage/memory.js";
import type { Clock } from "../clock.js";
import * as commands from "../switch/commands.js";
import { channelId, jobResult } from "../switch/events.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { type OutsideAlarm, OutsideAlarms } from "./outside-alarms.js";

type OutsideCall = Extract<Remembered, { kind: "outside_call" }>;

export interface OutsideMeterDeps {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly table: () => RoutingTable;
  readonly remember: (call: OutsideCall) => void;
  /** The call of a channel; undefined: of none that is in progress. */
  readonly callOf?: (channel: string) => string | undefined;
  /** An alarm was raised. */
  readonly onAlarm?: (alarm: OutsideAlarm) => void;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Channels that are looked for at one HEARTBEAT, in case the event of their end was lost. */
const LOOKED_FOR_MAX = 50;

interface Live {
  readonly payer: Payer;
  /** null: it rings. */
  readonly answeredMs: number | null;
  /** When the database last got its minutes. */
  readonly writtenMs: number;
  /** When it was dialled, or last looked for. */
  readonly seenMs: number;
}

export class OutsideMeter implements OutsideUse {
  readonly alarms: OutsideAlarms;
  readonly #deps: OutsideMeterDeps;
  readonly #live = new Map<string, Live>();
  /** Calls that are over; the oldest first. */
  #past: OutsideCall[] = [];
  /** Calls that were ended because a limit was reached. */
  #cut = 0;

  constructor(deps: OutsideMeterDeps) {
    this.#deps = deps;
    this.alarms = new OutsideAlarms(deps.clock, deps.log, deps.onAlarm);
  }

  get cut(): number {
    return this.#cut;
  }

  callsAtOnce(payer: Payer): number {
    let count = 0;
    for (const live of this.#live.values()) if (payer === OFFICE || live.payer === payer) count += 1;
    return count;
  }

  minutes(payer: Payer): number {
    const nowMs = this.#deps.clock.nowMs();
    const fromMs = nowMs - DAY_MS;
    let sumMs = 0;
    for (const call of this.#past)
      if (payer === OFFICE || call.payer === payer)
        sumMs += Math.max(0, call.untilMs - Math.max(call.answeredMs, fromMs));
    for (const live of this.#live.values())
      if (live.answeredMs !== null && (payer === OFFICE || live.payer === payer))
        sumMs += nowMs - Math.max(live.answeredMs, fromMs);
    return sumMs / MINUTE_MS;
  }

  /** A channel to an outside phone is being dialled. Calls for help have no payer, and are not counted. */
  dialled({
    leg,
    dial,
    isAgain,
  }: Pick<Extract<LegCommand, { type: "dial" }>, "leg" | "dial" | "isAgain">): void {
    if (dial.kind !== "gateway" || dial.payer === undefined) return;
    this.#begin(leg, dial.payer, null);
    // A carrier that fails doubles the channels, and not what people do.
    if (isAgain !== true) this.alarms.begun(dial.payer);
  }

  /** A call is taken over: its channels may be on the switch. */
  adopted({ legs }: CallState): void {
    for (const { id, dial, phase } of legs) {
      if (dial.kind !== "gateway" || dial.payer === undefined || this.#live.has(id)) continue;
      const known = this.#past.find(({ channel }) => channel === id);
      this.#past = this.#past.filter((call) => call !== known);
      const answeredMs = phase === "answered" ? this.#deps.clock.nowMs() : null;
      this.#begin(id, dial.payer, known?.answeredMs ?? answeredMs);
    }
  }

  /** What an earlier engine has counted. Whether such a channel still talks shows at the next {@link look}. */
  recall(call: OutsideCall): void {
    if (call.untilMs <= this.#deps.clock.nowMs() - DAY_MS) return;
    this.#past.push(call);
  }

  event(event: SwitchEvent): void {
    if (event["Event-Name"] === "HEARTBEAT") {
      this.look(false);
      return;
    }
    const job = event["Event-Name"] === "BACKGROUND_JOB" ? jobResult(event) : undefined;
    if (job !== undefined && !job.ok) this.#end(job.jobId);
    const channel = channelId(event);
    if (channel === undefined) return;
    if (event["Event-Name"] === "CHANNEL_ANSWER") this.#answered(channel);
    else if (event["Event-Name"] === "CHANNEL_HANGUP_COMPLETE") this.#end(channel);
  }

  /**
   * Writes the minutes of calls that go on, ends those beyond a limit, and looks for channels of which nothing was heard.
   * @param isConnected the link is up anew: every channel is looked for, also those of an earlier engine
   */
  look(isConnected: boolean): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#past = this.#past.filter((call) => call.untilMs > nowMs - DAY_MS);
    if (isConnected) for (const call of this.#past) this.#lookForPast(call);
    let looks = 0;
    for (const [channel, live] of this.#live) {
      if (live.answeredMs !== null && nowMs - live.writtenMs >= MINUTE_MS) this.#write(channel, live, nowMs);
      if (isConnected || (nowMs - live.seenMs >= MINUTE_MS && looks < LOOKED_FOR_MAX)) {
        looks += 1;
        this.#lookFor(channel);
      }
    }
    this.#enforce();
  }

  #begin(channel: string, payer: Payer, answeredMs: number | null): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#live.set(channel, { payer, answeredMs, writtenMs: answeredMs ?? nowMs, seenMs: nowMs });
  }

  #answered(channel: string): void {
    const live = this.#live.get(channel);
    if (live === undefined || live.answeredMs !== null) return;
    const nowMs = this.#deps.clock.nowMs();
    this.#write(channel, { ...live, answeredMs: nowMs }, nowMs);
  }

  #end(channel: string): void {
    const live = this.#live.get(channel);
    if (live === undefined) return;
    this.#live.delete(channel);
    if (live.answeredMs === null) return;
    const call = this.#asRemembered(channel, live.payer, live.answeredMs, this.#deps.clock.nowMs());
    this.#past.push(call);
    this.#deps.remember(call);
  }

  #write(channel: string, live: Live, nowMs: number): void {
    this.#live.set(channel, { ...live, writtenMs: nowMs });
    if (live.answeredMs !== null)
      this.#deps.remember(this.#asRemembered(channel, live.payer, live.answeredMs, nowMs));
  }

  #asRemembered(channel: string, payer: Payer, answeredMs: number, untilMs: number): OutsideCall {
    return { kind: "outside_call", channel, payer, answeredMs, untilMs };
  }

  #lookFor(channel: string): void {
    this.#deps.link.send(commands.exists(channel), ({ outcome, text }) => {
      const live = this.#live.get(channel);
      if (live === undefined || outcome !== "ok") return;
      if (text.trim() === "false") this.#end(channel);
      else this.#live.set(channel, { ...live, seenMs: this.#deps.clock.nowMs() });
    });
  }

  /** An earlier engine wrote these minutes last while the call went on, or when it ended. */
  #lookForPast(call: OutsideCall): void {
    if (call.untilMs < this.#deps.clock.nowMs() - DAY_MS || this.#live.has(call.channel)) return;
    this.#deps.link.send(commands.exists(call.channel), ({ outcome, text }) => {
      if (outcome !== "ok" || text.trim() !== "true") return;
      this.#past = this.#past.filter((other) => other.channel !== call.channel);
      this.#begin(call.channel, call.payer, call.answeredMs);
    });
  }

  #enforce(): void {
    const table = this.#deps.table();
    const payers = new Set([...this.#live.values()].map(({ payer }) => payer));
    const officeLimit = limitsOf(OFFICE, table).office.minutesADay;
    const officeMinutes = this.minutes(OFFICE);
    if (payers.size > 0) this.alarms.used(OFFICE, officeMinutes, officeLimit);
    for (const payer of payers) {
      const isUser = payer !== OFFICE;
      const limit = isUser ? limitsOf(payer, table).user.minutesADay : officeLimit;
      const minutes = isUser ? this.minutes(payer) : officeMinutes;
      if (isUser) this.alarms.used(payer, minutes, limit);
      if (minutes >= limit || officeMinutes >= officeLimit) this.#cutOff(payer);
    }
  }

  /** The minutes are used up, so conversations end too: else one call could cost a night. */
  #cutOff(payer: Payer): void {
    for (const [channel, live] of this.#live) {
      if (live.payer !== payer || live.answeredMs === null) continue;
      this.#cut += 1;
      this.#deps.log.warn(
        { ...given({ call: this.#deps.callOf?.(channel) }), payer, channel },
        "a call outside is ended: its minutes of 24 hours are used up",
      );
      this.#deps.link.send(commands.kill(channel, "ALLOTTED_TIMEOUT"), () => {});
    }
  }
}
