/**
 * The ring plan: which devices a ring step rings, from when to when, under which accept rule and caller id, and which
 * are not rung and why. Windows nest: a device's lies inside its user's, that inside the group's, and that inside the
 * step's, which the call's ring timer keeps.
 */
import { MEMBER_RING_MS, STATIONS_MAX } from "../call/bounds.js";
import type { World } from "../call/world.js";
import type { Srtp } from "../office/carrier-settings.js";
import type { Device, Group, Member, Strategy, User } from "../office/office.js";
import { given } from "../office/optional.js";
import { formatTarget, type Target } from "../office/target.js";
import { firstWayOut, type WayOut } from "../outside/carriers.js";
import { type Payer, type Refusal, userPays, whyNotOutside } from "../outside/payer.js";
import type { RingStep } from "../steps/ring/step.js";
import { type CallerShown, type Showing, showOnPhone, showOutside } from "./caller-id.js";
import { shuffled } from "./seeded.js";

/** How the switch reaches one leg. */
export type Dial =
  | { readonly kind: "contact"; readonly sip: string; readonly url: string; readonly srtp?: Srtp }
  /**
   * `carrier`: the carrier's gateway, `main` or that of a further proxy (`office/gateways.ts`). `payer`: who pays for the
   * call; left out: nobody does, since it is a call for help.
   */
  | {
      readonly kind: "gateway";
      readonly carrier: string;
      readonly number: string;
      readonly payer?: Payer;
    };

/** One device to ring within a step. A SIP device is rung at every contact it has while its window is open. */
export interface Station extends CallerShown {
  /** The username, or the number of an outside phone that belongs to no user. */
  readonly who: string;
  readonly device: string;
  readonly at: Device["at"];
  /** The gateway by which an outside phone is rung: of the first carrier that takes its number, or one that follows. */
  readonly carrier: string | null;
  /** Who pays for an outside phone; left out: nobody does. */
  readonly payer?: Payer;
  readonly slot: number;
  /** From the beginning of its slot. */
  readonly startMs: number;
  /** From the beginning of its slot; null: until the slot or the step ends. */
  readonly endMs: number | null;
  /** The person who answers has to press 1. */
  readonly accept: boolean;
}

export type NotRungReason =
  | "calls_off"
  | "suspended"
  | "no_device"
  | "not_registered"
  | "own_device"
  | "rung_already"
  | "no_carrier"
  /** The user's ring time ends before the device's delay does. */
  | "never_in_time"
  | "unknown"
  | "bound_reached"
  /** The caller withholds the number, and the user takes no such calls. */
  | "anonymous"
  | Refusal;

export interface NotRung {
  readonly who: string;
  /** null: the user as a whole. */
  readonly device: string | null;
  readonly reason: NotRungReason;
}

export interface RingPlan {
  /** In the order they ring. */
  readonly stations: readonly Station[];
  /** The length of each slot; null: until its legs or the step end. Slots ring one after the other. */
  readonly slotMs: readonly (number | null)[];
  readonly notRung: readonly NotRung[];
  /** Phones beyond the bound, which are not planned for. */
  readonly leftOut: number;
  /** The member of a rotating group that was rung first: the next call begins with the member after this one. */
  readonly rungFirst: { readonly group: string; readonly username: string } | null;
}

/** One user (or outside number) to ring, with the window the group gives. */
interface Party {
  readonly user: User;
  readonly slot: number;
  readonly delayMs: number;
  readonly endMs: number | null;
}

interface Planning {
  readonly step: RingStep;
  readonly world: World;
  readonly show: Showing;
  readonly stations: Station[];
  readonly notRung: NotRung[];
  readonly seen: Set<string>;
}

/**
 * Plans a ring step.
 * @param seed orders a random group; the call's id and the step's place make a good one
 */
export function planRing(step: RingStep, show: Showing, world: World, seed: string): RingPlan {
  return withinBound(planAll(step, show, world, seed), world);
}

/** Phones that can be reached now come first, then those that begin to ring first. */
function withinBound(plan: RingPlan, world: World): RingPlan {
  const { stations } = plan;
  if (stations.length <= STATIONS_MAX) return plan;
  const ranked = stations.map((station, index) => ({
    station,
    index,
    away: reachable(station, world) ? 0 : 1,
  }));
  ranked.sort(
    (a, b) =>
      a.away - b.away ||
      a.station.slot - b.station.slot ||
      a.station.startMs - b.station.startMs ||
      a.index - b.index,
  );
  const kept = ranked.slice(0, STATIONS_MAX).sort((a, b) => a.index - b.index);
  const slots = [...new Set(kept.map(({ station }) => station.slot))].sort((a, b) => a - b);
  return {
    ...plan,
    stations: kept.map(({ station }) => ({ ...station, slot: slots.indexOf(station.slot) })),
    slotMs: slots.map((slot) => plan.slotMs[slot] ?? null),
    leftOut: stations.length - kept.length,
  };
}

function planAll(step: RingStep, show: Showing, world: World, seed: string): RingPlan {
  const planning: Planning = { step, world, show, stations: [], notRung: [], seen: new Set() };
  const target = resolve(step.target, world);
  if (target?.kind === "group") return planGroup(planning, target.group, seed);
  if (target?.kind === "user" && target.user.refusesAnonymous === true && show.withheld !== undefined) {
    planning.notRung.push({ who: target.user.username, device: null, reason: "anonymous" });
    return { ...NOTHING, notRung: planning.notRung };
  }
  if (target?.kind === "user") addUser(planning, { user: target.user, slot: 0, delayMs: 0, endMs: null });
  else if (target?.kind === "number") addOutside(planning, target.number);
  else planning.notRung.push({ who: formatTarget(step.target), device: null, reason: "unknown" });
  return { ...NOTHING, stations: planning.stations, notRung: planning.notRung };
}

const NOTHING: RingPlan = { stations: [], slotMs: [null], notRung: [], leftOut: 0, rungFirst: null };

type Resolved =
  | { readonly kind: "user"; readonly user: User }
  | { readonly kind: "group"; readonly group: Group }
  | { readonly kind: "number"; readonly number: string };

function resolve(target: Target, world: World): Resolved | undefined {
  switch (target.kind) {
    case "extension": {
      const owner = world.office.lookupExtension(target.extension);
      return owner;
    }
    case "user": {
      const user = world.office.user(target.username);
      return user && { kind: "user", user };
    }
    case "group": {
      const group = world.office.group(target.id);
      return group && { kind: "group", group };
    }
    case "number":
      return { kind: "number", number: target.number };
    case "flow":
      return undefined;
  }
}

function planGroup(planning: Planning, group: Group, seed: string): RingPlan {
  const strategy = planning.step.strategy ?? group.strategy;
  const taking: Member[] = [];
  for (const member of group.members) {
    if (member.calls) taking.push(member);
    else planning.notRung.push({ who: member.username, device: null, reason: "calls_off" });
  }
  const ordered = orderMembers(taking, strategy, group.id, planning.world, seed);
  const together = strategy === "simultaneous";
  const slotMs: (number | null)[] = together ? [null] : [];
  let rungFirst: RingPlan["rungFirst"] = null;
  for (const member of ordered) {
    const user = planning.world.office.user(member.username);
    if (user === undefined) {
      planning.notRung.push({ who: member.username, device: null, reason: "unknown" });
      continue;
    }
    const ringMs = member.ringMs ?? (together ? null : MEMBER_RING_MS);
    const endMs = ringMs === null ? null : member.delayMs + ringMs;
    const before = planning.stations.length;
    addUser(planning, { user, slot: together ? 0 : slotMs.length, delayMs: member.delayMs, endMs });
    if (together || planning.stations.length === before) continue;
    slotMs.push(endMs);
    if (
      rungFirst === null &&
      planning.stations.slice(before).some((station) => reachable(station, planning.world))
    )
      rungFirst = { group: group.id, username: member.username };
  }
  return {
    ...NOTHING,
    stations: planning.stations,
    slotMs,
    notRung: planning.notRung,
    rungFirst: strategy === "rotating" ? rungFirst : null,
  };
}

function reachable(station: Station, world: World): boolean {
  return station.at.kind === "phone" || world.contactsOf(station.at.name).length > 0;
}

function orderMembers(
  members: readonly Member[],
  strategy: Strategy,
  group: string,
  world: World,
  seed: string,
): readonly Member[] {
  switch (strategy) {
    case "simultaneous":
    case "in_order":
      return members;
    case "random":
      return shuffled(members, seed);
    case "rotating": {
      const last = world.memory.rungFirst(group);
      const at = members.findIndex((member) => member.username === last);
      return [...members.slice(at + 1), ...members.slice(0, at + 1)];
    }
    case "longest_idle":
      // A member who never answered counts as idle longest; ties keep the office's order (the sort is stable).
      return [...members].sort(
        (a, b) =>
          (world.memory.answeredMs(a.username) ?? Number.NEGATIVE_INFINITY) -
            (world.memory.answeredMs(b.username) ?? Number.NEGATIVE_INFINITY) || 0,
      );
  }
}

function addUser(planning: Planning, party: Party): void {
  const { user } = party;
  if (user.suspended === true) {
    planning.notRung.push({ who: user.username, device: null, reason: "suspended" });
    return;
  }
  if (user.devices.length === 0)
    planning.notRung.push({ who: user.username, device: null, reason: "no_device" });
  for (const device of user.devices) {
    const reason = whyNot(planning, user, device);
    if (reason === null) addDevice(planning, party, device);
    else planning.notRung.push({ who: user.username, device: device.id, reason });
  }
}

/** Why a phone is not rung: in a step a phone rings once only, not for its own call, and only if it can be reached. */
function whyNot(planning: Planning, user: User, device: Device): NotRungReason | null {
  const from = planning.show.from;
  if (from?.username === user.username && from.device === device.id) return "own_device";
  const key = stationKey(device.at);
  if (planning.seen.has(key)) return "rung_already";
  if (device.at.kind === "phone" && wayOut(planning, device.at.number) === undefined) return "no_carrier";
  if (device.at.kind === "phone") {
    const refusal = whyNotOutside(device.at.number, userPays(user.username), false, planning.world.office);
    if (refusal !== null) return refusal;
  }
  planning.seen.add(key);
  return null;
}

function stationKey(at: Device["at"]): string {
  return at.kind === "sip" ? `sip:${at.name}` : `phone:${at.number}`;
}

function addDevice(planning: Planning, party: Party, device: Device): void {
  const startMs = party.delayMs + device.delayMs;
  const ownEndMs = device.ringMs === null ? null : startMs + device.ringMs;
  const endMs = earlier(party.endMs, ownEndMs);
  if (endMs !== null && endMs <= startMs) {
    const reason: NotRungReason = "never_in_time";
    planning.notRung.push({ who: party.user.username, device: device.id, reason });
    return;
  }
  planning.stations.push({
    who: party.user.username,
    device: device.id,
    at: device.at,
    slot: party.slot,
    startMs,
    endMs,
    accept: mustAccept(planning.step, device),
    ...(device.at.kind === "phone" ? { payer: userPays(party.user.username) } : {}),
    ...carrierAndCaller(planning, device.at),
  });
}

function addOutside(planning: Planning, number: string): void {
  const { payer } = planning.show;
  const at = { kind: "phone", number } as const;
  if (wayOut(planning, number) === undefined) {
    planning.notRung.push({ who: number, device: null, reason: "no_carrier" });
    return;
  }
  const refusal = planning.show.emergency ? null : whyNotOutside(number, payer, false, planning.world.office);
  if (refusal !== null) {
    planning.notRung.push({ who: number, device: null, reason: refusal });
    return;
  }
  planning.stations.push({
    who: number,
    device: "phone",
    at,
    slot: 0,
    startMs: 0,
    endMs: null,
    accept:
      planning.step.accept === undefined || planning.step.accept === "auto"
        ? true
        : planning.step.accept === "always",
    ...given({ payer: payer ?? undefined }),
    ...carrierAndCaller(planning, at),
  });
}

/** If it fails, the others follow (`steps/ring/next-carrier.ts`). */
function wayOut(planning: Planning, number: string): WayOut | undefined {
  return firstWayOut(number, planning.world.office.carriers);
}

function carrierAndCaller(
  planning: Planning,
  at: Device["at"],
): CallerShown & { readonly carrier: string | null } {
  if (at.kind === "sip") return { carrier: null, ...showOnPhone(planning.show) };
  const way = wayOut(planning, at.number);
  return {
    carrier: way?.gateway ?? null,
    ...showOutside(planning.show, planning.world.office, way?.carrier.trusted === true),
  };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}

/**
 * A step's `always` or `never` beats the device's, which beats `auto`: outside phones must accept, SIP phones need not.
 */
function mustAccept(step: RingStep, device: Device): boolean {
  const word = step.accept !== undefined && step.accept !== "auto" ? step.accept : device.accept;
  if (word === "auto") return device.at.kind === "phone";
  return word === "always";
}
