/** A `ring` step at run time. */
import type { Turn } from "../../call/turn.js";
import { boxOf } from "../../mailbox/mailbox.js";
import type { Box } from "../../office/box.js";
import type { StepRun } from "../run.js";
import { violations } from "./invariants.js";
import { beginRing, ringing } from "./ringing.js";
import { savedRinging } from "./saved.js";
import { checkOver } from "./stations.js";
import type { RingStep } from "./step.js";

/** In a user's or group's own flow, their mailbox; in any other flow, the mailbox of the step's target. */
function missedBox(turn: Turn, step: RingStep): Box | null {
  const { source } = turn.state.flow;
  if (source.kind === "user") return { kind: "user", username: source.username };
  if (source.kind === "group") return { kind: "group", id: source.id };
  return boxOf(step.target, turn.world.office) ?? null;
}

export const ringRun = {
  begin: beginRing,
  phases: {
    ringing: {
      handle: (turn, { ring }, input) => ringing(turn, ring, input),
      violations,
      checkOver,
      saved: savedRinging,
      watchesContacts: true,
      // CHANNEL_BRIDGE is not waited for: the two talk already.
      awaitsEvent: ({ ring }) => !ring.bridging && !ring.native,
    },
  },
  timers: { ring: true, slot: true, connect: true, repark: true, appear: true, gone: true },
  missedBox,
} satisfies StepRun<RingStep>;
