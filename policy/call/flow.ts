/**
 * Looks up flows: the steps of each, in the call's own revision of the office, and the flow that a target owns.
 */

import type { AcceptRule } from "../office/office.js";
import { given } from "../office/optional.js";
import type { Target } from "../office/target.js";
import { OFFICE, type Payer, type Refused, userPays } from "../outside/payer.js";
import { RING_DEFAULT_MS, type RingStep } from "../steps/ring/step.js";
import type { Step } from "../steps/types.js";
import { RECALL_RING_MS, TRANSFER_RING_MS } from "./bounds.js";
import type { FlowSource, Transferrer } from "./state.js";
import type { Turn } from "./turn.js";

/** The sounds the core itself asks for; they are made from `docker/sounds/en.txt`. */
const SOUND_UNASSIGNED = "cannot-be-completed";
const SOUND_REFUSED: Readonly<Record<Exclude<Refused, "unencrypted">, string>> = {
  permission: "not-permitted",
  nobody_pays: "not-permitted",
  place: "place-not-allowed",
  premium: "place-not-allowed",
  user_calls_at_once: "limit-reached",
  office_calls_at_once: "limit-reached",
  user_minutes: "limit-reached",
  office_minutes: "limit-reached",
  mailbox: "cannot-be-completed",
  anonymous: "number-withheld",
};
const SOUND_APOLOGY = "apology";

const UNASSIGNED: readonly Step[] = [
  { kind: "announce", sound: SOUND_UNASSIGNED },
  { kind: "hangup", reason: "unassigned" },
];
function notPermitted(why: Refused): readonly Step[] {
  // Nothing is played without encryption; the status says it (`ending.ts`).
  if (why === "unencrypted") return [{ kind: "hangup", reason: "declined" }];
  return [
    { kind: "announce", sound: SOUND_REFUSED[why] },
    { kind: "hangup", reason: "declined" },
  ];
}
const APOLOGY: readonly Step[] = [
  { kind: "announce", sound: SOUND_APOLOGY },
  { kind: "hangup", reason: "unavailable" },
];

type Dialled = Extract<FlowSource, { kind: "dialled" }>;

/**
 * A number outside rings until it is answered or the caller gives up. A caller from inside, or one whom a person has
 * transferred there, is connected with whatever answers. For a caller whom a flow sends there, the accept prompt keeps
 * the mailbox of a mobile from taking the call, unless the step that sends them there says otherwise.
 */
function dialledSteps(turn: Turn, { target, accept: said }: Dialled): readonly Step[] {
  const byPerson = turn.state.caller.from !== undefined || turn.state.answeredBy !== null;
  const accept = said ?? (byPerson ? "never" : "auto");
  const timeoutMs = turn.state.transfer === null ? null : TRANSFER_RING_MS;
  const ring: RingStep = { kind: "ring", target, timeoutMs, accept, skip: false };
  return [ring, { kind: "hangup", reason: "no_answer" }];
}

/**
 * Back to whoever transferred the caller. A user's phones ring as in the user's own flow, which then goes on from there.
 * A phone outside is asked to accept, so that the mailbox of a mobile does not take the call.
 */
function recallSteps(turn: Turn, by: Transferrer): readonly Step[] {
  if (by.kind === "number") {
    const ring: RingStep = {
      kind: "ring",
      target: by,
      timeoutMs: RECALL_RING_MS,
      accept: "auto",
      skip: false,
    };
    return [ring, { kind: "hangup", reason: "no_answer" }];
  }
  const flow = turn.world.office.user(by.username)?.flow;
  if (flow === undefined) return APOLOGY;
  const own = flow.findIndex((step) => step.kind === "ring" && rungUser(turn, step.target) === by.username);
  if (own >= 0) return flow.slice(own);
  return [{ kind: "ring", target: by, timeoutMs: RING_DEFAULT_MS.person, skip: false }, ...flow];
}

/** The one user whom a step rings. */
function rungUser(turn: Turn, target: Target): string | undefined {
  if (target.kind === "user") return target.username;
  if (target.kind !== "extension") return undefined;
  const owner = turn.world.office.lookupExtension(target.extension);
  return owner?.kind === "user" ? owner.user.username : undefined;
}

/** No accept prompt, since the emergency service answers. If it cannot be reached, the caller hears so. */
function emergencySteps(number: string): readonly Step[] {
  const target: Target = { kind: "number", number };
  const ring: RingStep = { kind: "ring", target, timeoutMs: null, accept: "never", skip: false };
  return [ring, { kind: "announce", sound: SOUND_UNASSIGNED }, { kind: "hangup", reason: "unavailable" }];
}

/** The steps of a flow, in the call's own revision. */
export function stepsOf(turn: Turn, source: FlowSource): readonly Step[] {
  const { office } = turn.world;
  switch (source.kind) {
    case "number": {
      const leadsTo = (office.lookupNumber(source.number) ?? office.anyNumber)?.leadsTo;
      if (leadsTo === null || leadsTo === undefined) return UNASSIGNED;
      return leadsTo.kind === "steps" ? leadsTo.steps : (office.flow(leadsTo.flow) ?? APOLOGY);
    }
    case "flow":
      return office.flow(source.id) ?? APOLOGY;
    case "user":
      return office.user(source.username)?.flow ?? APOLOGY;
    case "group":
      return office.group(source.id)?.flow ?? APOLOGY;
    case "dialled":
      return dialledSteps(turn, source);
    case "emergency":
      return emergencySteps(source.number);
    case "listen":
      return []; // It is no flow of the office: `transitions.ts` begins the mailbox session.
    case "recall":
      return recallSteps(turn, source.by);
    case "unassigned":
      return UNASSIGNED;
    case "not_permitted":
      return notPermitted(source.why ?? "permission");
    case "apology":
      return APOLOGY;
  }
}

/** Whether the owner of a flow takes no calls from callers who withhold their number, and this caller does. */
export function refusesCaller({ state: { caller }, world: { office } }: Turn, source: FlowSource): boolean {
  if (caller.withheld === undefined) return false;
  switch (source.kind) {
    case "number":
      return office.lookupNumber(source.number)?.refusesAnonymous === true;
    case "user":
      return office.user(source.username)?.refusesAnonymous === true;
    case "group":
      return office.group(source.id)?.refusesAnonymous === true;
    default:
      return false;
  }
}

/**
 * The flow a target owns. An outside number owns none: it is rung, and that is all.
 * @param accept whether whoever answers at an outside number is asked to accept; left out: if nobody has dialled it
 */
export function sourceOf(turn: Turn, target: Target, accept?: AcceptRule): FlowSource {
  switch (target.kind) {
    case "user":
      return { kind: "user", username: target.username };
    case "group":
      return { kind: "group", id: target.id };
    case "flow":
      return { kind: "flow", id: target.id };
    case "extension": {
      const owner = turn.world.office.lookupExtension(target.extension);
      if (owner === undefined) return { kind: "apology" };
      return owner.kind === "user"
        ? { kind: "user", username: owner.user.username }
        : { kind: "group", id: owner.group.id };
    }
    case "number":
      return turn.world.office.lookupNumber(target.number) === undefined
        ? { kind: "dialled", target, ...given({ payer: payerOf(turn) ?? undefined, accept }) }
        : { kind: "number", number: target.number };
  }
}

/**
 * Who pays when a step of the flow in progress leads to an outside phone; null: nobody, since it is a call for help. A user's
 * flow is the user's own forwarding; numbers, groups and named flows are the office's.
 */
export function payerOf({ state: { flow, caller } }: Turn): Payer | null {
  const { source } = flow;
  switch (source.kind) {
    case "user":
      return userPays(source.username);
    case "recall":
      return source.by.kind === "user" ? userPays(source.by.username) : OFFICE;
    case "dialled":
      return source.payer ?? (caller.from === undefined ? OFFICE : userPays(caller.from.username));
    case "emergency":
      return null;
    default:
      return OFFICE;
  }
}
