/**
 * Going through a flow: which step is next, and what happens where there is none. Rollover, `send` and
 * transfers all come through here, so the hop bound does too.
 */

import { boxName } from "../office/box.js";
import { formatTarget, type Target } from "../office/target.js";
import type { HangupStep } from "../steps/hangup/step.js";
import type { RingStep } from "../steps/ring/step.js";
import type { Step } from "../steps/types.js";
import { ANNOUNCE_MAX_MS, HOPS_MAX } from "./bounds.js";
import { hangUp } from "./ending.js";
import { beginListening } from "./mailbox-session/session.js";
import { stopRingback } from "./ringback.js";
import { beginRing } from "./ringing.js";
import type { FlowSource } from "./state.js";
import type { Turn } from "./turn.js";
import { beginVoicemail } from "./voicemail.js";

/** The sounds the core itself asks for; they are made from `docker/sounds/en.txt`. */
export const SOUND_UNASSIGNED = "cannot-be-completed";
export const SOUND_NOT_PERMITTED = "not-permitted";
export const SOUND_APOLOGY = "apology";

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
/** Where a flow falls off its end: `check` refuses that, so it is only reached by an office older than the check. */
const FELL_OFF: HangupStep = { kind: "hangup", reason: "no_answer" };

/**
 * A number outside rings until it is answered or the caller gives up. Whoever called it from inside, or was
 * handed to it by a person, talks to whatever answers; a caller whom a flow sends there does not talk to a
 * mobile's mailbox.
 */
function dialledSteps(turn: Turn, target: Target): readonly Step[] {
  const byPerson = turn.state.caller.from !== undefined || turn.state.answeredBy !== null;
  const accept = byPerson ? "never" : "auto";
  const ring: RingStep = { kind: "ring", target, timeoutMs: null, accept, skip: false };
  return [ring, { kind: "hangup", reason: "no_answer" }];
}

/** Whoever answers is the emergency service; if nobody can be reached, the caller is told, and not just hung up. */
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
      return []; // Begun by `startFlow`.
    case "unassigned":
      return UNASSIGNED;
    case "not_permitted":
      return NOT_PERMITTED;
    case "apology":
      return APOLOGY;
  }
}

/** Begins a flow from its first step. */
export function startFlow(turn: Turn, source: FlowSource): void {
  turn.patch({ flow: { source, index: 0 } });
  if (source.kind === "emergency")
    turn.note({
      kind: "emergency",
      number: source.number,
      by: turn.state.caller.from?.username ?? turn.state.answeredBy,
      device: turn.state.caller.from?.device ?? null,
    });
  if (source.kind === "listen") beginListening(turn, source.code);
  else runStep(turn);
}

/** Rollover: the step in progress is over, and the next one begins. */
export function nextStep(turn: Turn): void {
  turn.patch({ flow: { ...turn.state.flow, index: turn.state.flow.index + 1 } });
  runStep(turn);
}

function runStep(turn: Turn): void {
  const { source, index } = turn.state.flow;
  const step = stepsOf(turn, source)[index] ?? FELL_OFF;
  switch (step.kind) {
    case "ring":
      turn.note({ kind: "step", text: `ring ${formatTarget(step.target)}` });
      beginRing(turn, step);
      return;
    case "announce":
      turn.note({ kind: "step", text: `announce ${step.sound}` });
      beginAnnounce(turn, step.sound);
      return;
    case "voicemail":
      turn.note({ kind: "step", text: `voicemail ${boxName(step.target)}` });
      beginVoicemail(turn, step.target);
      return;
    case "send":
      turn.note({ kind: "step", text: `send to ${formatTarget(step.target)}` });
      hopTo(turn, sourceOf(turn, step.target));
      return;
    case "hangup":
      turn.note({ kind: "step", text: `hang up: ${step.reason}` });
      hangUp(turn, step.reason);
      return;
  }
}

/** Hands the call to another flow. In circles it ends with a spoken apology, never in silence. */
export function hopTo(turn: Turn, source: FlowSource): void {
  if (turn.state.hops >= HOPS_MAX && source.kind !== "apology") {
    turn.note({ kind: "bound_reached", bound: `hops per call: ${HOPS_MAX}` });
    startFlow(turn, { kind: "apology" });
    return;
  }
  turn.patch({ hops: turn.state.hops + 1 });
  startFlow(turn, source);
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

function beginAnnounce(turn: Turn, sound: string): void {
  stopRingback(turn);
  const playId = turn.playId();
  turn.enter({ kind: "announcing", playId });
  turn.arm("announce", turn.atMs + ANNOUNCE_MAX_MS);
  turn.emit({ type: "save", guard: false });
  // Media on a channel that was not answered makes the switch send 183 by itself (switch_core_session.c:2794).
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds: [sound] });
  if (turn.state.caller.media === "none") turn.patchCaller({ media: "early" });
}
