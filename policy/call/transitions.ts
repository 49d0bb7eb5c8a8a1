/**
 * Going through a flow: which step is next, and what happens where there is none. Rollover, `send` and transfers all
 * come through here, so the bound of hops does too. Only `machine.ts` calls this: a phase says by `turn.goOn` where the
 * call goes.
 */

import { isTestNumber } from "../routing/emergency.js";
import type { HangupStep } from "../steps/hangup/step.js";
import { kindOf } from "../steps/registry.js";
import { HOPS_MAX } from "./bounds.js";
import { refusesCaller, stepsOf } from "./flow.js";
import { beginListening } from "./mailbox-session/session.js";
import { noteRefusal } from "./refusal.js";
import type { FlowSource } from "./state.js";
import { nameOf } from "./transferrer.js";
import type { Turn } from "./turn.js";

/**
 * What happens where a flow has no step left. `check` refuses such flows, so only an office older than the check has
 * one.
 */
const FELL_OFF: HangupStep = { kind: "hangup", reason: "no_answer" };

/** Begins a flow from its first step. */
export function startFlow(turn: Turn, wanted: FlowSource): void {
  // Whoever was answered, and is transferred or sent on by a person, is known to that person.
  const isRefused = turn.state.answeredBy === null && refusesCaller(turn, wanted);
  const source: FlowSource = isRefused ? { kind: "not_permitted", why: "anonymous" } : wanted;
  // Who goes back need not hear that a wrong number was dialled for them.
  const goesBack = (turn.state.transfer?.by ?? null) !== null;
  if (goesBack && (source.kind === "unassigned" || source.kind === "apology")) {
    turn.goOn = { kind: "recall", why: source.kind === "unassigned" ? "unassigned" : "unavailable" };
    return;
  }
  turn.patch({ flow: { source, index: 0 } });
  turn.note({ kind: "flow", source });
  noteRefusal(turn, { called: turn.state.caller.called, source });
  if (source.kind === "emergency")
    turn.note({
      kind: "emergency",
      number: source.number,
      by: turn.state.caller.from?.username ?? nameOf(turn.state.transfer?.by ?? null),
      device: turn.state.caller.from?.device ?? null,
      ...(isTestNumber(source.number, turn.world.office.settings) ? { isTest: true as const } : {}),
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
  turn.note({ kind: "step", step });
  kindOf(step).run.begin(turn, step);
}

/** Hands the call to another flow. A call that goes in circles ends with a spoken apology, never in silence. */
export function hop(turn: Turn, source: FlowSource): void {
  if (turn.state.hops >= HOPS_MAX && source.kind !== "apology") {
    turn.note({ kind: "bound_reached", bound: `hops per call: ${HOPS_MAX}` });
    startFlow(turn, { kind: "apology" });
    return;
  }
  turn.patch({ hops: turn.state.hops + 1 });
  startFlow(turn, source);
}
