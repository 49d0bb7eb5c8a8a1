/** An `announce` step at run time. When the announcement ends, or reaches its bound, the flow goes on. */
import { ANNOUNCE_MAX_MS } from "../../call/bounds.js";
import { askSwitch, checkSound, endCheck, showsCaller } from "../../call/dialogue/recording-check.js";
import { callerGone } from "../../call/ending.js";
import type { Input } from "../../call/input.js";
import { isActive } from "../../call/legs.js";
import { stopRingback } from "../../call/ringback.js";
import type { PhaseOf } from "../../call/state.js";
import type { Turn } from "../../call/turn.js";
import type { StepRun } from "../run.js";
import { savedAnnouncing } from "./saved.js";
import type { AnnounceStep } from "./step.js";

function begin(turn: Turn, { sound }: AnnounceStep): void {
  stopRingback(turn);
  const playId = turn.playId();
  turn.enter({ kind: "announcing", playId });
  turn.arm("announce", turn.atMs + ANNOUNCE_MAX_MS);
  turn.emit({ type: "save", guard: false });
  // Media on a channel that was not answered makes the switch send 183 by itself (switch_core_session.c:2794).
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds: [sound] });
  if (turn.state.caller.media === "none") turn.patchCaller({ media: "early" });
}

function handle(turn: Turn, phase: PhaseOf<"announcing">, input: Input): boolean {
  switch (input.type) {
    case "played":
      if (input.playId !== phase.playId) return false;
      done(turn);
      return true;
    case "timer":
      if (input.id === "check") {
        askSwitch(turn, "check");
        return true;
      }
      if (input.id !== "announce") return false;
      turn.note({ kind: "bound_reached", bound: "length of an announcement" });
      turn.emit({ type: "stop_playing", channel: turn.state.id });
      done(turn);
      return true;
    case "caller_gone":
      callerGone(turn);
      return true;
    case "resync":
      if (!showsCaller(input)) callerGone(turn);
      else if (checkSound(turn, input)) done(turn);
      return true;
    default:
      return false;
  }
}

function done(turn: Turn): void {
  turn.disarm("announce");
  endCheck(turn);
  turn.goOn = { kind: "next_step" };
}

declare module "../types.js" {
  interface StepPhases {
    announcing: { readonly playId: string };
  }
  interface StepTimers {
    announce: true;
  }
}

export const announceRun = {
  begin,
  phases: {
    announcing: {
      handle,
      violations: ({ legs }) => (legs.some(isActive) ? ["a leg rings while announcing"] : []),
      saved: savedAnnouncing,
    },
  },
  timers: { announce: true },
} satisfies StepRun<AnnounceStep>;
