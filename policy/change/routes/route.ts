/**
 * The steps behind a number, as people see them who know nothing of flows: calls go to one place, which rings for a
 * while, and then something happens. Opening hours and announcements may come first. Flows that do more are not changed
 * bit by bit; they can only be replaced.
 */

import { given } from "../../office/optional.js";
import { exportSteps } from "../../office-file/export.js";
import { exitTargets, goesOn } from "../../steps/graph.js";
import { kindOf, type StepFile } from "../../steps/registry.js";
import type { RingFile } from "../../steps/ring/file.js";
import { RING_DEFAULT_MS } from "../../steps/ring/step.js";
import type { SendFile } from "../../steps/send/file.js";
import type { Step } from "../../steps/types.js";
import type { RefusalCause } from "../edit.js";
import type { Destination } from "./destination.js";

/** One place rings, and then one step ends the flow. */
interface Rings {
  readonly kind: "rings";
  readonly ring: RingFile;
  readonly after: StepFile;
}

/** Another flow decides; a number outside has none, and rings until its carrier gives up. */
interface HandsOver {
  readonly kind: "hands_over";
  readonly send: SendFile;
}

/** A message is taken at once, or the call is ended. */
interface Ends {
  readonly kind: "ends";
}

/** It rings more than once, or asks for the time in between. */
interface DoesMore {
  readonly kind: "does_more";
}

export interface Route {
  /** Opening hours and announcements that come first. */
  readonly before: readonly Step[];
  readonly goes: Rings | HandsOver | Ends | DoesMore;
  /** All steps behind {@link Route.before}. */
  readonly rest: readonly StepFile[];
}

/** What is to be changed of a route; what is left out stays as it is. */
export interface RouteWish {
  readonly to?: Destination;
  /** Seconds, or `none`: until the caller gives up or nothing rings any more. */
  readonly ring?: number | "none";
  /** Whether who answers must press 1; null: as each phone says. */
  readonly accept?: "always" | "never" | null;
  readonly after?: AfterWish;
  /** Without the opening hours and announcements that come first. */
  readonly plain?: true;
}

/** What happens when nobody answers. */
export type AfterWish =
  /** Left out: the mailbox of the user or group that rings. */
  | { readonly kind: "voicemail"; readonly box?: string }
  | { readonly kind: "hangup"; readonly reason: string }
  | { readonly kind: "keep_ringing" }
  | { readonly kind: "destination"; readonly target: string };

/** The new steps, or why the wish makes no sense for this route. */
export type RouteMade =
  | { readonly ok: true; readonly steps: readonly StepFile[] }
  | { readonly ok: false; readonly cause: RefusalCause; readonly reason: string };

export function readRoute(steps: readonly Step[]): Route {
  const first = steps.findIndex((step) => !goesOn(step) || kindOf(step).rings !== undefined);
  const at = first < 0 ? steps.length : first;
  const rest = exportSteps(steps.slice(at));
  return { before: steps.slice(0, at), goes: goes(rest), rest };
}

function goes(rest: readonly StepFile[]): Route["goes"] {
  const [first, second, ...more] = rest;
  if (first === undefined || more.length > 0) return { kind: "does_more" };
  if ("ring" in first) {
    return second === undefined || "ring" in second
      ? { kind: "does_more" }
      : { kind: "rings", ring: first, after: second };
  }
  if (second !== undefined) return { kind: "does_more" };
  return "send" in first ? { kind: "hands_over", send: first } : { kind: "ends" };
}

/** @param route null: calls lead nowhere yet */
export function changeRoute(route: Route | null, wish: RouteWish): RouteMade {
  const made = wish.to === undefined ? tuned(route, wish) : sentTo(wish.to, route, wish);
  return made.ok ? { ok: true, steps: [...exportSteps(kept(route, wish)), ...made.steps] } : made;
}

/** An announcement before a hangup or a message is about those; it does not come before another place. */
function kept(route: Route | null, wish: RouteWish): readonly Step[] {
  if (route === null || wish.plain === true) return [];
  const isAbout = wish.to !== undefined && route.goes.kind === "ends";
  return isAbout ? route.before.filter((step) => exitTargets(step).length > 0) : route.before;
}

function sentTo(to: Destination, route: Route | null, wish: RouteWish): RouteMade {
  if (to.kind === "flow" || to.kind === "extension") {
    const [option] = optionsOf(wish);
    return option === undefined
      ? { ok: true, steps: [{ send: to.target }] }
      : refuse(`${to.target} says itself how long its phones ring and what comes then; leave out ${option}`);
  }
  const now = route?.goes.kind === "rings" ? route.goes : undefined;
  return ringing(to, now, wish);
}

function tuned(route: Route | null, wish: RouteWish): RouteMade {
  const [option] = optionsOf(wish);
  if (route === null) return refuse("calls lead nowhere yet; say --to");
  if (option === undefined) return { ok: true, steps: route.rest };
  const { goes } = route;
  switch (goes.kind) {
    case "rings":
      return ringing(destinationOf(goes.ring.ring), goes, wish);
    case "hands_over":
      return tunedSend(goes.send, wish, option);
    case "ends":
      return refuse(`nothing rings there, so ${option} says nothing; say --to as well`);
    case "does_more":
      return refuse(
        `its flow does more than ring in one place, so ${option} is not clear; --to replaces what it does, and --steps, or \`ringline flow set\` for a named flow, says each step`,
      );
  }
}

function tunedSend(send: SendFile, wish: RouteWish, option: string): RouteMade {
  const isOutside = send.send.startsWith("number:");
  if (!isOutside || wish.ring !== undefined || wish.after !== undefined)
    return refuse(
      `calls are handed to ${send.send}, which says how long phones ring and what comes then; say --to with ${option}`,
    );
  return { ok: true, steps: [{ send: send.send, ...acceptOf(wish, send.accept) }] };
}

/** The options that only mean something where one place rings. */
function optionsOf({ ring, accept, after }: RouteWish): string[] {
  return [
    ...(ring === undefined ? [] : ["--ring"]),
    ...(accept === undefined ? [] : ["--press-1"]),
    ...(after === undefined ? [] : ["--then"]),
  ];
}

function destinationOf(target: string): Destination {
  const kind = target.slice(0, target.indexOf(":"));
  return { kind: kind as Destination["kind"], target };
}

function ringing(to: Destination, now: Rings | undefined, wish: RouteWish): RouteMade {
  const keeps = now !== undefined && keepsRinging(now);
  if (wish.after?.kind === "keep_ringing" && typeof wish.ring === "number")
    return refuse("phones that keep ringing have no ring time; leave out --ring");
  if (keeps && typeof wish.ring === "number" && wish.after === undefined)
    return refuse("the phones keep ringing until the caller gives up; say --then with --ring");
  const after = afterStep(to, now, wish.after);
  if (!after.ok) return after;
  const time = wish.after?.kind === "keep_ringing" ? "none" : (wish.ring ?? ringTime(to, now, wish));
  const { strategy, skip } = now?.ring ?? {};
  const ring: RingFile = {
    ring: to.target,
    timeout: time,
    ...acceptOf(wish, now?.ring.accept),
    // Only a group has an order; an extension may be a group's.
    ...given({ strategy: to.target === now?.ring.ring ? strategy : undefined, skip }),
  };
  return { ok: true, steps: [ring, ...after.steps] };
}

/** The time now, unless it was endless only because the phones were to keep ringing. */
function ringTime(to: Destination, now: Rings | undefined, wish: RouteWish): number | "none" {
  const isOver = now !== undefined && keepsRinging(now) && wish.after !== undefined;
  if (now?.ring.timeout !== undefined && !isOver) return now.ring.timeout;
  return (to.kind === "group" ? RING_DEFAULT_MS.group : RING_DEFAULT_MS.person) / 1000;
}

export function keepsRinging({ ring, after }: Pick<Rings, "ring" | "after">): boolean {
  return ring.timeout === "none" && "hangup" in after && after.hangup === "no_answer";
}

function acceptOf({ accept }: RouteWish, now: RingFile["accept"]): Pick<RingFile, "accept"> {
  return given({ accept: accept === undefined ? now : (accept ?? undefined) });
}

function afterStep(to: Destination, now: Rings | undefined, wish: AfterWish | undefined): RouteMade {
  switch (wish?.kind) {
    case undefined:
      return { ok: true, steps: [afterAsBefore(to, now)] };
    case "voicemail": {
      const box = wish.box ?? (hasMailbox(to) ? to.target : undefined);
      return box === undefined
        ? refuse(`${to.target} has no mailbox; say whose: --then voicemail:user:NAME or voicemail:group:ID`)
        : { ok: true, steps: [{ voicemail: box }] };
    }
    case "keep_ringing":
      return { ok: true, steps: [NOBODY_ANSWERED] };
    case "hangup":
      // The edit's own checks say which reasons there are.
      return { ok: true, steps: [{ hangup: wish.reason } as StepFile] };
    case "destination":
      return { ok: true, steps: [{ send: wish.target }] };
  }
}

const NOBODY_ANSWERED: StepFile = { hangup: "no_answer" };

/** A mailbox that was the old place's own gives way to that of the new place. */
function afterAsBefore(to: Destination, now: Rings | undefined): StepFile {
  const own = hasMailbox(to) ? { voicemail: to.target } : undefined;
  if (now === undefined) return own ?? NOBODY_ANSWERED;
  const wasOwn = "voicemail" in now.after && now.after.voicemail === now.ring.ring;
  return wasOwn ? (own ?? now.after) : now.after;
}

/** Also an extension that a file rings: it is a user's or a group's. */
function hasMailbox({ kind }: Destination): boolean {
  return kind === "user" || kind === "group" || kind === "extension";
}

function refuse(reason: string): RouteMade {
  return { ok: false, cause: "senseless", reason };
}
