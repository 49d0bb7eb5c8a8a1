/**
 * Looks up flows: the steps of each, in the call's own revision of the office, and the flow that a target owns.
 */

import type { Target } from "../office/target.js";
import type { RingStep } from "../steps/ring/step.js";
import type { Step } from "../steps/types.js";
import type { FlowSource } from "./state.js";
import type { Turn } from "./turn.js";

/** The sounds the core itself asks for; they are made from `docker/sounds/en.txt`. */
const SOUND_UNASSIGNED = "cannot-be-completed";
const SOUND_NOT_PERMITTED = "not-permitted";
const SOUND_APOLOGY = "apology";

const UNASSIGNED: readonly Step[] = [
  { kind: "announce", sound: SOUND_UNASSIGNED },
  { kind: "hangup", reason: "unassigned" },
];
const NOT_PERMITTED: readonly Step[] = [
  { kind: "announce", sound: SOUND_NOT_PERMITTED },
  { kind: "hangup", reason: "declined" },
];
const APOLOGY: readonly Step[] = [
  { kind: "announce", sound: SOUND_APOLOGY },
  { kind: "hangup", reason: "unavailable" },
];

/**
 * A number outside rings until it is answered or the caller gives up. A caller from inside, or one whom a person has
 * transferred there, is connected with whatever answers. For a caller whom a flow sends there, the accept prompt keeps
 * the mailbox of a mobile from taking the call.
 */
function dialledSteps(turn: Turn, target: Target): readonly Step[] {
  const byPerson = turn.state.caller.from !== undefined || turn.state.answeredBy !== null;
  const accept = byPerson ? "never" : "auto";
  const ring: RingStep = { kind: "ring", target, timeoutMs: null, accept, skip: false };
  return [ring, { kind: "hangup", reason: "no_answer" }];
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
      const leadsTo = office.lookupNumber(source.number)?.leadsTo;
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
      return dialledSteps(turn, source.target);
    case "emergency":
      return emergencySteps(source.number);
    case "listen":
      return []; // It is no flow of the office: `transitions.ts` begins the mailbox session.
    case "unassigned":
      return UNASSIGNED;
    case "not_permitted":
      return NOT_PERMITTED;
    case "apology":
      return APOLOGY;
  }
}

/** The flow a target owns. An outside number owns none: it is rung, and that is all. */
export function sourceOf(turn: Turn, target: Target): FlowSource {
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
        ? { kind: "dialled", target }
        : { kind: "number", number: target.number };
  }
}
