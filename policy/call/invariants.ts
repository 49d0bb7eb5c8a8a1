/**
 * What must hold of a call's state after every input, whatever happened. Checked always, in production
 * too: a call whose state is unsound is ended with an apology rather than tended wrongly.
 */
import { isActive } from "./legs.js";
import type { Listening } from "./mailbox-session/state.js";
import type { CallState, Taking, TakingStage } from "./state.js";

/** The rules broken, in words; empty: the state is sound. */
export function violations(state: CallState): string[] {
  const broken: string[] = [];
  const { phase, legs, timers } = state;
  const anyActive = legs.some(isActive);
  switch (phase.kind) {
    case "claiming":
    case "announcing":
      if (anyActive) broken.push(`a leg rings while ${phase.kind}`);
      break;
    case "ringing": {
      const { ring } = phase;
      const winner = legs.find((leg) => leg.id === ring.winner);
      if (ring.winner !== null && winner === undefined) broken.push("the winner is not a leg of the call");
      if (winner !== undefined && !winner.accepted) broken.push("the winner did not accept");
      if (ring.winner !== null && !("connect" in timers)) broken.push("a connection without its timer");
      const waits = ring.phases.some((p, i) => p === "waiting" && ring.stations[i]?.slot === ring.slot);
      if (ring.winner === null && state.caller.parked && !anyActive && !waits)
        broken.push("nothing rings or decides, and the step is not over");
      if (!state.caller.parked && ring.winner === null && !("repark" in timers))
        broken.push("a caller neither parked nor about to be");
      break;
    }
    case "voicemail":
      if (anyActive) broken.push("a leg rings while a message is taken");
      broken.push(...takingViolations(phase.taking, timers));
      break;
    case "listening":
      if (anyActive) broken.push("a leg rings while somebody listens to messages");
      broken.push(...listeningViolations(phase.listening, timers));
      break;
    case "connected":
      if (anyActive && legs.some((leg) => isActive(leg) && leg.id !== phase.leg))
        broken.push("a loser rings on beside a connected call");
      break;
    case "ending":
      if (anyActive) broken.push("a leg rings on after the end");
      if (!phase.callerGone && !("release" in timers)) broken.push("a caller nobody waits to be gone");
      break;
    case "ended":
      if (legs.length > 0) broken.push("a leg outlives its call");
      if (Object.keys(timers).length > 0) broken.push("a timer outlives its call");
      if (state.ending === null) broken.push("an end without an ending");
      break;
  }
  for (const leg of legs) {
    if (leg.phase === "killed" && !(`kill:${leg.id}` in timers)) broken.push("a killed leg nobody waits for");
    if (leg.phase === "releasing" && !(`taken:${leg.id}` in timers))
      broken.push("a released leg nobody ends");
    if (leg.phase === "deciding" && !(`decide:${leg.id}` in timers))
      broken.push("a decision without its clock");
  }
  return broken;
}

/** The clock that ends each stage whatever else happens: a caller at a mailbox is never left to silence. */
const CLOCK_OF: Readonly<Record<TakingStage, "desk" | "say" | "record">> = {
  opening: "desk",
  refusing: "say",
  greeting: "say",
  recording: "record",
  measuring: "desk",
  again: "say",
  menu: "say",
  replaying: "say",
  told: "say",
  leaving: "say",
  settling: "desk",
};

function takingViolations(taking: Taking, timers: CallState["timers"]): string[] {
  const broken: string[] = [];
  if (!(CLOCK_OF[taking.stage] in timers)) broken.push(`${taking.stage} at a mailbox without its clock`);
  if (taking.callerGone !== (taking.stage === "settling")) broken.push("a message settled beside its caller");
  if (taking.stage === "menu" && taking.kept === null) broken.push("a menu without a message");
  if (taking.message === "") broken.push("a message without an id");
  return broken;
}

function listeningViolations({ stage, admitted, draft }: Listening, timers: CallState["timers"]): string[] {
  const broken: string[] = [];
  const clock = stage.at === "asking" ? "desk" : stage.at === "recording" ? "record" : "say";
  if (!(clock in timers)) broken.push(`${stage.at} while listening without its clock`);
  if (!admitted && !isBeforeAdmission(stage)) broken.push("somebody listens who was not let in");
  if (stage.at === "recording" && draft === "") broken.push("a recording without an id");
  return broken;
}

/** What those hear who have not shown yet who they are. */
function isBeforeAdmission(stage: Listening["stage"]): boolean {
  switch (stage.at) {
    case "entry":
      return stage.entry === "extension" || stage.entry === "pin";
    case "asking":
      return stage.ask.kind === "check_pin";
    case "telling":
      return stage.next.to === "leave";
    default:
      return false;
  }
}
