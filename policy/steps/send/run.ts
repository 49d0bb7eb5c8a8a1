/** A `send` step at run time: the call goes to the flow of the step's target, for good. */
import { sourceOf } from "../../call/flow.js";
import type { StepRun } from "../run.js";
import type { SendStep } from "./step.js";

export const sendRun = {
  begin(turn, step) {
    turn.goOn = { kind: "hop", source: sourceOf(turn, step.target, step.accept) };
  },
} satisfies StepRun<SendStep>;
