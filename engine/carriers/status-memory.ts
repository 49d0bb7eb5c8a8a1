/**
 * What the engine knows of each carrier since it started, and the switch does not keep: when its last calls were, its last
 * failures with their SIP status, why a registration was refused. Kept in memory and off the way of calls, which only add
 * to it; `ringline carriers` and monitoring read it.
 */
import type { Logger } from "pino";
import type { LegCommand } from "../../policy/call/command.js";
import type { CallState } from "../../policy/call/state.js";
import { carrierOfGateway, gatewayNames } from "../../policy/office/gateways.js";
import type { Carrier } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import { isCarriersFault } from "../../policy/outside/carrier-answers.js";
import { type CarrierWords, carrierOf } from "../../policy/routing/carrier-places.js";
import type { Clock } from "../clock.js";
import * as commands from "../switch/commands.js";
import { cause, channelId, jobResult, subclass, variable } from "../switch/events.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import {
  type GatewayRow,
  isRegistered,
  isUpIn,
  REGISTRATION_STATES,
  readGatewayRows,
} from "./status-gateways.js";

/** Tells each change of a gateway's registration and of its pings (sofia_reg_fire_custom_gateway_state_event). */
const GATEWAY_STATE_EVENT = "sofia::gateway_state";

/** An answer that was no success. Null: no answer came, or the switch does not say which. */
export interface Refusal {
  readonly atMs: number;
  readonly status: number | null;
  readonly phrase: string | null;
}

export interface CallFailure extends Refusal {
  /** The switch's word for it. */
  readonly cause: string;
}

/** Times in ms since the epoch; counts since the engine started. */
export interface CarrierFacts {
  readonly id: string;
  readonly callsIn: number;
  readonly callsOut: number;
  /** Calls out that failed because of the carrier. */
  readonly failures: number;
  readonly lastInMs: number | null;
  readonly lastOutMs: number | null;
  readonly lastFailure: CallFailure | null;
  /** Why gateways of the carrier cannot be used, as far as it was told. */
  readonly refusals: readonly GatewayRefusal[];
}

export interface GatewayRefusal extends Refusal {
  readonly gateway: string;
}

/** A carrier's figures at one moment, for monitoring; of several gateways one that can be used is enough. */
export interface CarrierFigures extends Pick<CarrierFacts, "id" | "callsIn" | "callsOut" | "failures"> {
  /** Null: not known. */
  readonly isUp: boolean | null;
  /** Null also for a carrier with which the switch does not register. */
  readonly isRegistered: boolean | null;
}

export interface CarrierMemoryDeps {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Logger;
  readonly carriers: () => readonly Carrier[];
}

type Known = Omit<CarrierFacts, "id" | "refusals">;

const NOTHING: Known = {
  callsIn: 0,
  callsOut: 0,
  failures: 0,
  lastInMs: null,
  lastOutMs: null,
  lastFailure: null,
};

/** Legs of which no end was heard are forgotten, the oldest first: the event of an end may be lost. */
const LEGS_MAX = 10_000;
const PHRASE_CHARACTERS_MAX = 60;

export class CarrierMemory {
  readonly #deps: CarrierMemoryDeps;
  readonly #sinceMs: number;
  readonly #known = new Map<string, Known>();
  /** By gateway. */
  readonly #refusals = new Map<string, GatewayRefusal>();
  /** Legs through carriers that were not answered yet: channel -> carrier. */
  readonly #legs = new Map<string, string>();
  /** Null: the switch has not said which gateways it has. */
  #gateways: Map<string, GatewayState> | null = null;
  /** Gateways that cannot be used, as far as was said in the log. */
  readonly #saidDown = new Set<string>();
  /** Gateways that the switch did not have when it was asked last: one that is being made is not told. */
  #missing: ReadonlySet<string> = new Set();

  constructor(deps: CarrierMemoryDeps) {
    this.#deps = deps;
    this.#sinceMs = deps.clock.nowMs();
  }

  /** One entry for each carrier of the office. */
  facts(): readonly CarrierFacts[] {
    return this.#deps.carriers().map((carrier) => ({
      id: carrier.id,
      ...(this.#known.get(carrier.id) ?? NOTHING),
      refusals: gatewayNames(carrier).flatMap((name) => this.#refusals.get(name) ?? []),
    }));
  }

  /** One entry for each carrier of the office. */
  figures(): readonly CarrierFigures[] {
    return this.#deps.carriers().map((carrier) => {
      const { callsIn, callsOut, failures } = this.#known.get(carrier.id) ?? NOTHING;
      const gateways = gatewayNames(carrier).map((name) => this.#stateOf(name));
      const isUp = anyOf(gateways.map((gateway) => gateway.isUp));
      const isRegisteredSomewhere = anyOf(gateways.map((gateway) => gateway.isRegistered));
      return { id: carrier.id, callsIn, callsOut, failures, isUp, isRegistered: isRegisteredSomewhere };
    });
  }

  #stateOf(gateway: string): Pick<CarrierFigures, "isUp" | "isRegistered"> {
    if (this.#gateways === null) return { isUp: null, isRegistered: null };
    const row = this.#gateways.get(gateway);
    if (row === undefined) return { isUp: false, isRegistered: null };
    return { isUp: row.isUp, isRegistered: isRegistered(row) };
  }

  /** The facts as `ringline carriers` reads them (`status-ask.ts`). */
  json(): string {
    return JSON.stringify({ sinceMs: this.#sinceMs, carriers: this.facts() });
  }

  /** A call has arrived from a carrier. */
  arrived(words: CarrierWords | undefined, carriers: readonly Carrier[]): void {
    const carrier = carrierOf(words, carriers);
    if (carrier === undefined) return;
    const lastInMs = this.#deps.clock.nowMs();
    this.#change(carrier.id, ({ callsIn }) => ({ callsIn: callsIn + 1, lastInMs }));
  }

  /** A leg is being dialled. */
  dialled({ leg, dial }: Pick<Extract<LegCommand, { type: "dial" }>, "leg" | "dial">): void {
    if (dial.kind !== "gateway") return;
    const lastOutMs = this.#deps.clock.nowMs();
    const carrier = this.#idOf(dial.carrier);
    this.#change(carrier, ({ callsOut }) => ({ callsOut: callsOut + 1, lastOutMs }));
    this.#follow(leg, carrier);
  }

  /** A call is taken over: its legs may still fail. */
  adopted({ legs }: CallState): void {
    for (const { id, dial, phase } of legs)
      if (dial.kind === "gateway" && (phase === "dialing" || phase === "ringing"))
        this.#follow(id, this.#idOf(dial.carrier));
  }

  /** The carrier of a gateway; one that the office does not have any more stands under its own name. */
  #idOf(gateway: string): string {
    return carrierOfGateway(gateway, this.#deps.carriers())?.id ?? gateway;
  }

  /** An event of a channel, a job, or a gateway. */
  event(event: SwitchEvent): void {
    switch (event["Event-Name"]) {
      case "CUSTOM":
        if (subclass(event) === GATEWAY_STATE_EVENT) this.#gatewayChanged(event);
        return;
      case "BACKGROUND_JOB":
        this.#jobEnded(event);
        return;
      case "CHANNEL_ANSWER":
        this.#legs.delete(channelId(event) ?? "");
        return;
      case "CHANNEL_HANGUP_COMPLETE":
        this.#legEnded(event);
    }
  }

  /** Asks for the state of all gateways: an event may have been lost, and one that is deleted tells nothing. */
  look(): void {
    if (this.#deps.carriers().length === 0) return;
    this.#deps.link.send(commands.sofiaXmlStatusGateways(), ({ outcome, text }) => {
      const rows = outcome === "ok" ? readGatewayRows(text) : null;
      if (rows === null) return;
      const before = this.#gateways;
      this.#gateways = new Map(rows.map((row) => [row.name, settled(row, before?.get(row.name))]));
      this.#sayStates(new Set(rows.map(({ name }) => name)));
    });
  }

  #sayStates(there: ReadonlySet<string>): void {
    const names = this.#deps.carriers().flatMap(gatewayNames);
    const before = this.#missing;
    this.#missing = new Set(names.filter((name) => !there.has(name)));
    for (const name of names) if (!this.#missing.has(name) || before.has(name)) this.#sayState(name);
  }

  /** The connection is gone: what the gateways do now is not known. */
  linkDown(): void {
    this.#gateways = null;
  }

  /** @param name a carrier's id, or the name of one of its gateways; of no other is anything kept */
  #change(name: string, change: (before: Known) => Partial<Known>): void {
    const id = carrierOfGateway(name, this.#deps.carriers())?.id;
    if (id === undefined) return;
    const before = this.#known.get(id) ?? NOTHING;
    this.#known.set(id, { ...before, ...change(before) });
  }

  #follow(leg: string, carrier: string): void {
    this.#legs.set(leg, carrier);
    if (this.#legs.size <= LEGS_MAX) return;
    const [oldest] = this.#legs.keys();
    if (oldest !== undefined) this.#legs.delete(oldest);
  }

  /** Through a gateway that is missing or down no channel is made. All other failures are told by the channel's end. */
  #jobEnded(event: SwitchEvent): void {
    const job = jobResult(event);
    if (job === undefined || job.ok) return;
    const carrier = this.#legs.get(job.jobId);
    if (carrier === undefined || (job.cause !== "GATEWAY_DOWN" && job.cause !== "INVALID_GATEWAY")) return;
    this.#legs.delete(job.jobId);
    const atMs = this.#deps.clock.nowMs();
    this.#failed(carrier, { atMs, status: null, phrase: null, cause: job.cause });
  }

  #legEnded(event: SwitchEvent): void {
    const channel = channelId(event) ?? "";
    const carrier = this.#legs.get(channel);
    if (carrier === undefined) return;
    this.#legs.delete(channel);
    const status = statusIn(variable(event, "sip_invite_failure_status"));
    const phrase = phraseIn(variable(event, "sip_invite_failure_phrase"));
    const why = cause(event);
    if (isCarriersFault({ cause: why, ...given({ status: status ?? undefined }) }))
      this.#failed(carrier, { atMs: this.#deps.clock.nowMs(), status, phrase, cause: why });
  }

  #failed(carrier: string, lastFailure: CallFailure): void {
    this.#change(carrier, ({ failures }) => ({ failures: failures + 1, lastFailure }));
  }

  #gatewayChanged(event: SwitchEvent): void {
    const name = event["Gateway"] ?? "";
    if (carrierOfGateway(name, this.#deps.carriers()) === undefined) return;
    const state = REGISTRATION_STATES.find((known) => known === event["State"]) ?? null;
    const gateway = { state, isUp: isUpIn(state, event["Ping-Status"]) };
    this.#gateways?.set(name, settled(gateway, this.#gateways.get(name)));
    const status = statusIn(event["Status"]);
    const isFine = state === "NOREG" ? gateway.isUp === true : state === "REGED" || state === "REGISTER";
    if (isFine) this.#refusals.delete(name);
    else if (state === "TIMEOUT" || (status !== null && status >= 300)) {
      const atMs = this.#deps.clock.nowMs();
      this.#refusals.set(name, { gateway: name, atMs, status, phrase: phraseIn(event["Phrase"]) });
    }
    this.#sayState(name);
  }

  /** Says once that a gateway cannot be used, and once that it can again. */
  #sayState(name: string): void {
    const { log } = this.#deps;
    const gateway = this.#gateways?.get(name);
    // The answer to the registration will tell.
    if (gateway?.state === "TRYING" || gateway?.state === "UNREGED") return;
    const { isUp } = gateway ?? this.#stateOf(name);
    if (isUp === false && !this.#saidDown.has(name)) {
      this.#saidDown.add(name);
      const { status = null, phrase = null } = this.#refusals.get(name) ?? {};
      const state = gateway?.state ?? "no gateway";
      log.warn({ carrier: name, state, status, phrase }, "a carrier cannot be used; see `ringline carriers`");
    } else if (isUp === true && this.#saidDown.delete(name))
      log.info({ carrier: name }, "a carrier can be used again");
  }
}

type GatewayState = Pick<GatewayRow, "state" | "isUp">;

/** While a registration is renewed, the one before still stands, and the gateway stays up. */
function settled(now: GatewayState, before: GatewayState | undefined): GatewayState {
  const isRenewed = now.isUp === true && (now.state === "UNREGED" || now.state === "TRYING");
  return isRenewed && before !== undefined ? before : now;
}

/** Whether one is true; null: none is known. */
function anyOf(values: ReadonlyArray<boolean | null>): boolean | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.includes(true);
}

/** Status 908 and the like are the switch's own, for a request without an answer. */
function statusIn(text: string | undefined): number | null {
  return text !== undefined && /^[1-6]\d\d$/.test(text) ? Number(text) : null;
}

/** A reason phrase is the carrier's text. */
function phraseIn(text: string | undefined): string | null {
  const phrase = (text ?? "").replace(/\p{C}/gu, "").trim().slice(0, PHRASE_CHARACTERS_MAX);
  return phrase === "" ? null : phrase;
}
