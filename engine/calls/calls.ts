/**
 * All calls in progress: takes those that park, hands each event to the call whose channel it is about,
 * and puts every call in order again when the connection comes back.
 */
import type { Logger } from "pino";
import type { Note } from "../../policy/call/command.js";
import { derivedId } from "../../policy/call/derived-id.js";
import type { RoutingTable } from "../../policy/table.js";
import type { Contact, Memory } from "../../policy/world.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { Call, type CallDeps } from "./call.js";
import { channelOf, readArrival, readJob } from "./inputs.js";
import { CONTEXT_INBOUND, CONTEXT_PHONES } from "./switch-words.js";

export interface CallsDeps {
  readonly link: SwitchLink;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly engineId: string;
  /** The newest revision: what a call that begins now keeps to its end. */
  readonly table: () => RoutingTable;
  readonly contactsOf: (sipName: string) => readonly Contact[];
  readonly memory: Memory;
  readonly remember: CallDeps["remember"];
  readonly told: (call: Call, note: Note) => void;
  /** Whether any call waits for news of the switch; see `nudging` of the link. */
  readonly waiting?: (waiting: boolean) => void;
}

export class Calls {
  readonly #deps: CallsDeps;
  readonly #calls = new Map<string, Call>();
  /** Leg's channel -> its call. */
  readonly #legs = new Map<string, Call>();
  /** Calls in which something is about to happen. */
  readonly #waiting = new Set<string>();

  constructor(deps: CallsDeps) {
    this.#deps = deps;
  }

  /** Calls in progress. */
  get count(): number {
    return this.#calls.size;
  }

  list(): readonly Call[] {
    return [...this.#calls.values()];
  }

  event(event: SwitchEvent): void {
    if (event["Event-Name"] === "BACKGROUND_JOB") {
      this.#job(event);
      return;
    }
    const channel = channelOf(event);
    if (channel === undefined) return;
    const call = this.#calls.get(channel) ?? this.#legs.get(channel);
    if (call !== undefined) call.event(event);
    else if (event["Event-Name"] === "CHANNEL_PARK") this.#arrival(event);
    // The other side of a bridge may be the one of ours (an attended transfer).
    else if (event["Event-Name"] === "CHANNEL_BRIDGE")
      this.#calls.get(event["Bridge-B-Unique-ID"] ?? "")?.event(event);
  }

  contactsChanged(sipName: string): void {
    const atMs = this.#deps.clock.nowMs();
    for (const call of this.#calls.values())
      if (call.state.phase.kind === "ringing") call.input({ type: "contacts_changed", atMs, sipName });
  }

  #job(event: SwitchEvent): void {
    const input = readJob(event, this.#deps.clock.nowMs());
    if (input?.type !== "leg_ended") return;
    this.#legs.get(input.leg)?.input(input);
  }

  #arrival(event: SwitchEvent): void {
    const context = event["Caller-Context"];
    if (context !== CONTEXT_INBOUND && context !== CONTEXT_PHONES) return;
    if (event["Call-Direction"] !== "inbound") return;
    const arrival = readArrival(event, this.#deps.clock.nowMs());
    if (arrival === undefined) return;
    const call = Call.arrive(this.#callDeps(), arrival);
    this.#calls.set(call.id, call);
    this.#changed(call);
  }

  #callDeps(): CallDeps {
    const { link, clock, ids, log, engineId, contactsOf, memory, remember, told } = this.#deps;
    return {
      link,
      clock,
      ids,
      log,
      engineId,
      world: { office: this.#deps.table(), contactsOf, memory },
      remember,
      told,
      legOpened: (leg, call) => this.#legs.set(leg, call),
      changed: (call) => this.#changed(call),
    };
  }

  #changed(call: Call): void {
    const before = this.#waiting.size;
    if (call.ended) this.#forget(call);
    else if (call.state.phase.kind === "connected") this.#waiting.delete(call.id);
    else this.#waiting.add(call.id);
    const now = this.#waiting.size;
    if ((before === 0) !== (now === 0)) this.#deps.waiting?.(now > 0);
  }

  #forget(call: Call): void {
    this.#waiting.delete(call.id);
    this.#calls.delete(call.id);
    for (let n = 1; n <= call.state.legCount; n++) this.#legs.delete(derivedId(call.id, n));
  }
}
