/**
 * Finds the phones a number rings, step after step, if nobody answers: in the order in which they begin to ring, with
 * suspended users and refused calls outside left out, and along the way that a call takes at one moment. Comparing two
 * offices by it tells people whose phones a change will ring.
 */
import type { Memory, World } from "../call/world.js";
import type { E164 } from "../office/office.js";
import type { Target } from "../office/target.js";
import { OFFICE, type Payer, userPays } from "../outside/payer.js";
import type { Showing } from "../ring/caller-id.js";
import { planRing, type Station } from "../ring/plan.js";
import type { RoutingTable } from "../routing/table.js";
import type { Exit } from "../steps/definition.js";
import { type FlowKey, flowKeyOf } from "../steps/graph.js";
import { kindOf } from "../steps/registry.js";
import type { RingStep } from "../steps/ring/step.js";
import type { Step } from "../steps/types.js";

/** Phones that ring together, those that begin first in front: `alice.wong/desk`, `alice.wong/cell +12125550100 after 5 s`. */
export type Stage = readonly string[];

/** What the way of a call depends on, beside the office. */
export interface Moment {
  readonly atMs: number;
  readonly memory: Memory;
}

const NO_MEMORY: Memory = {
  rungFirst: () => undefined,
  answeredMs: () => undefined,
  byHand: () => undefined,
};

/** A moment of an office whose engine remembers nothing. */
export function emptyMoment(atMs: number): Moment {
  return { atMs, memory: NO_MEMORY };
}

/** At most this many flows are followed for one number. */
const FLOWS_MAX = 100;

/** Where calls to the numbers of one office go. Results are kept: many numbers lead to the same steps. */
export class Reach {
  readonly #office: RoutingTable;
  readonly #world: World;
  readonly #atMs: number | undefined;
  readonly #rung = new Map<string, readonly Stage[]>();

  /** @param moment undefined: every way that a call can take at some time is followed */
  constructor(office: RoutingTable, moment: Moment | undefined) {
    this.#office = office;
    this.#atMs = moment?.atMs;
    // Where phones are registered is not the office's affair: every phone counts as registered.
    const contact = [{ url: "" }];
    this.#world = { office, contactsOf: () => contact, memory: moment?.memory ?? NO_MEMORY };
  }

  /** The stages of a call to a number, or to a number of a block, that nobody answers; empty: it rings nobody. */
  of(number: E164): Stage[] {
    const leadsTo = this.#office.numberEntry(number)?.leadsTo;
    if (leadsTo === undefined || leadsTo === null) return [];
    return leadsTo.kind === "steps"
      ? this.#follow(`number:${number}`, leadsTo.steps)
      : this.#follow(`flow:${leadsTo.flow}`, this.#office.flow(leadsTo.flow) ?? []);
  }

  /** Flow by flow: the steps of a flow, then those of the flows it leads to. Each flow is followed once. */
  #follow(key: FlowKey, first: readonly Step[]): Stage[] {
    const stages: Stage[] = [];
    const flows = new Map<FlowKey, readonly Step[]>([[key, first]]);
    for (const [owner, steps] of flows) {
      for (const step of steps) {
        const ring = ringOf(step);
        if (ring !== undefined) stages.push(...this.#stages(ring, payerOf(owner)));
        const exits = this.#exits(step);
        for (const exit of exits) {
          if (exit.to !== "target") continue;
          const to = this.#keyOf(exit.target);
          if (to === undefined) stages.push(...this.#outside(exit.target, payerOf(owner)));
          else if (!flows.has(to) && flows.size < FLOWS_MAX) flows.set(to, this.#stepsOf(exit.target));
        }
        if (!exits.some(({ to }) => to === "next")) break;
      }
    }
    return stages;
  }

  /** The ways on from a step; at a moment a step may have decided for one of them. */
  #exits(step: Step): readonly Exit[] {
    const kind = kindOf(step);
    const decided = this.#atMs === undefined ? undefined : kind.leadsAt?.(step, this.#world, this.#atMs);
    return decided === undefined ? kind.leads(step) : [decided];
  }

  #stages(ring: RingStep, payer: Payer): readonly Stage[] {
    const key = `${payer} ${JSON.stringify(ring)}`;
    const known = this.#rung.get(key);
    if (known !== undefined) return known;
    const { stations, slotMs } = planRing(ring, showing(payer), this.#world, "");
    const isRandom = ring.strategy === "random" || this.#groupOf(ring.target)?.strategy === "random";
    const stages = stagesOf(stations, slotMs, ring.timeoutMs);
    // Nobody knows in which order the members of a random group will ring.
    const shown =
      isRandom && stages.length > 1
        ? [
            stages
              .flat()
              .sort()
              .map((phone) => `${phone} (at random)`),
          ]
        : stages;
    // A step that rings nobody is shown: callers wait there, or go on at once.
    const result = shown.length === 0 ? [[]] : shown;
    this.#rung.set(key, result);
    return result;
  }

  /** A number outside to which a step hands the call. */
  #outside(target: Target, payer: Payer): readonly Stage[] {
    if (target.kind !== "number") return [];
    return this.#stages({ kind: "ring", target, timeoutMs: null, skip: false }, payer);
  }

  #groupOf(target: Target) {
    if (target.kind === "group") return this.#office.group(target.id);
    if (target.kind !== "extension") return undefined;
    const owner = this.#office.lookupExtension(target.extension);
    return owner?.kind === "group" ? owner.group : undefined;
  }

  #keyOf(target: Target): FlowKey | undefined {
    if (target.kind === "number")
      return this.#office.lookupNumber(target.number) === undefined ? undefined : `number:${target.number}`;
    return flowKeyOf(target, (extension) => ownerKey(this.#office, extension));
  }

  #stepsOf(target: Target): readonly Step[] {
    const office = this.#office;
    switch (target.kind) {
      case "user":
        return office.user(target.username)?.flow ?? [];
      case "group":
        return office.group(target.id)?.flow ?? [];
      case "flow":
        return office.flow(target.id) ?? [];
      case "extension": {
        const owner = office.lookupExtension(target.extension);
        return (owner?.kind === "user" ? owner.user.flow : owner?.group.flow) ?? [];
      }
      case "number": {
        const leadsTo = office.lookupNumber(target.number)?.leadsTo;
        if (leadsTo === undefined || leadsTo === null) return [];
        return leadsTo.kind === "steps" ? leadsTo.steps : (office.flow(leadsTo.flow) ?? []);
      }
    }
  }
}

/** The step as a ring step, whatever kind it is that rings; undefined: it rings nobody. */
function ringOf(step: Step): RingStep | undefined {
  if (step.kind === "ring") return step;
  const target = kindOf(step).rings?.(step);
  return target && { kind: "ring", target, timeoutMs: null, skip: false };
}

/** A user's flow is the user's own forwarding; all others are the office's. */
function payerOf(owner: FlowKey): Payer {
  return owner.startsWith("user:") ? userPays(owner.slice("user:".length)) : OFFICE;
}

/** A call from outside that shows its number. */
function showing(payer: Payer): Showing {
  return {
    callerNumber: "",
    callerName: "",
    called: null,
    prefix: null,
    payer,
    emergency: false,
    from: null,
  };
}

function ownerKey(office: RoutingTable, extension: string): FlowKey | undefined {
  const found = office.lookupExtension(extension);
  if (found === undefined) return undefined;
  return found.kind === "user" ? `user:${found.user.username}` : `group:${found.group.id}`;
}

/** One stage for each slot in which somebody rings before the step's time is over. */
function stagesOf(
  stations: readonly Station[],
  slotMs: readonly (number | null)[],
  timeoutMs: number | null,
): Stage[] {
  const endsMs = timeoutMs ?? Number.POSITIVE_INFINITY;
  let beganMs = 0;
  return slotMs.flatMap((lengthMs, slot): Stage[] => {
    const began = beganMs;
    beganMs += lengthMs ?? Number.POSITIVE_INFINITY;
    const ringing = stations
      .filter((station) => station.slot === slot && began + station.startMs < endsMs)
      .map((station) => ({ startMs: station.startMs, text: phoneText(station) }))
      .sort((a, b) => a.startMs - b.startMs || (a.text < b.text ? -1 : 1));
    return ringing.length === 0 ? [] : [ringing.map(({ text }) => text)];
  });
}

function phoneText({ who, device, at, startMs }: Station): string {
  const phone =
    at.kind === "sip" ? `${who}/${device}` : who === at.number ? who : `${who}/${device} ${at.number}`;
  return startMs === 0 ? phone : `${phone} after ${startMs / 1000} s`;
}
